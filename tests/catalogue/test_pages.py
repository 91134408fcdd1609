#!/usr/bin/env python3
"""Runs the examples of docs/rules/*.md: in a page, ```wat fires must make its rule fire, ```wat silent must not; ```cpp
examples are C++20 sources for wasm32, and silent ones are so under the page's rule.

Words behind "fires" and "silent" are arguments for the tool, or options of the rule: key=value.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "source"))
from project import Project, files_in  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"^```(wat|cpp) (fires|silent)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def rules_that_fire(tool, rule, words, text, scratch):
    options = [word for word in words if "=" in word and not word.startswith("-")]
    arguments = [word for word in words if word not in options]
    config = scratch / "wasm-memlint.toml"
    config.write_text(f"[rules.{rule}]\n" + "\n".join(option.replace("=", " = ") for option in options) + "\n")
    module = scratch / "example.wat"
    module.write_text(text)
    command = [tool, "check", "--config", config, "--format", "json", "--fail-on", "never", *arguments, module]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return {f"error: {done.stderr}"}
    return {finding["rule"] for finding in json.loads(done.stdout)["modules"][0]["findings"]}


def source_rules_that_fire(tool, rule, text):
    with Project(tool, files_in(text, "example.cpp"), ["-std=c++20"]) as project:
        report = json.loads(project.source("--format", "json", "--rule", rule).stdout)
    return {f"error: {error}" for error in report["errors"]} | {finding["rule"] for finding in report["findings"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    tool = parser.parse_args().tool
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for page in sorted((ROOT / "docs/rules").glob("*.md")):
            examples = EXAMPLE.findall(page.read_text())
            for language, kind, words, text in examples:
                if language == "cpp":
                    fired = source_rules_that_fire(tool, page.stem, text)
                else:
                    fired = rules_that_fire(tool, page.stem, words.split(), text, pathlib.Path(scratch))
                right = page.stem in fired if kind == "fires" else not fired
                passed += right
                failed += not right
                if not right:
                    print(f"{page.name}: the example that {kind} gives {str(fired)[:300]}")
            if not examples:
                failed += 1
                print(f"{page.name}: no example")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
