#!/usr/bin/env python3
"""Writes what docs repeat from the program and its tests: the head of each rule's page, the list of rules, README's output, the
judged findings.

write_docs.py --tool PATH           rewrites them
write_docs.py --tool PATH --check   says which are out of date
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/source/real"))
import findings_file  # noqa: E402

DOCS = ROOT / "docs"
EXAMPLE = ["samples/sensor-hub/sensor-hub.wasm", "--budget", "32"]
BLOCK = re.compile(r"<!-- generated -->\n.*?<!-- end -->", re.DOTALL)


def head(rule):
    fix = " Some findings have a fix." if rule["fix"] != "none" else ""
    lines = [rule["summary"], "", f"Severity: {rule['severity']}. Since {rule['since']}.{fix}"]
    if rule["options"]:
        lines += ["", "| Option | Default | |", "|---|---|---|"]
        lines += [f"| `{o['key']}` | {json.dumps(o['default'])} | {o['help']} |" for o in rule["options"]]
    return "\n".join(lines)


def table(rules):
    lines = ["| Rule | Reads | Severity | |", "|---|---|---|---|"]
    lines += [f"| [{rule['id']}](rules/{rule['id']}.md) | {rule['reads']} | {rule['severity']} | {rule['summary']} |" for rule in rules]
    return "\n".join(lines)


def hazards():
    """rules/model/hazard.h as a table."""
    entry = re.compile(r'\{"([a-z-]+)",\s*"([^"]+)",\s*HazardKind::\w+,\s*Effect::(\w+),\s*Effect::(\w+),\s*Effect::(\w+)\}')
    lines = ["| Hazard | A record or enumeration is not changed because | Reordering | Bit-fields | Narrower enumeration |", "|---|---|---|---|---|"]
    for name, text, reorder, bits, narrow in entry.findall((ROOT / "rules/model/hazard.h").read_text()):
        lines.append(f"| `{name}` | {text} | {reorder} | {bits} | {narrow} |".replace(" none |", " - |"))
    return "\n".join(lines)


def example(tool):
    tool = pathlib.Path(tool).resolve()
    done = subprocess.run([tool, "check", "--no-config", "--color", "never", *EXAMPLE], cwd=ROOT, capture_output=True, text=True, check=False)
    return f"```text\n$ wasm-memlint {' '.join(EXAMPLE)}\n{done.stdout}```"


def filled(text, contents):
    return BLOCK.sub(lambda _: f"<!-- generated -->\n{contents}\n<!-- end -->", text, count=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    rules = json.loads(subprocess.run([options.tool, "rules", "--format", "json"], capture_output=True, check=True).stdout)["rules"]
    pages = {DOCS / "rules" / f"{rule['id']}.md": head(rule) for rule in rules}
    pages[DOCS / "rules.md"] = table(rules)
    pages[ROOT / "README.md"] = example(options.tool)
    pages[DOCS / "source-fixes.md"] = hazards()
    pages[DOCS / "precision.md"] = "\n".join(findings_file.table())
    outdated = []
    for page, contents in pages.items():
        text = page.read_text()
        if filled(text, contents) != text:
            outdated.append(page.name)
            if not options.check:
                page.write_text(filled(text, contents))
    if outdated and options.check:
        print(f"out of date: {', '.join(outdated)}; tests/support/write_docs.py rewrites them")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
