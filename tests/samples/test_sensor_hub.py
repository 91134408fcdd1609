#!/usr/bin/env python3
"""The bundled sample: building it again gives the same facts, both variants print the same, and what the tool says of
them holds in a run."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "samples/sensor-hub"


def report(tool, module, budget):
    command = [tool, "check", "--no-config", "--format", "json", "--budget", str(budget), module]
    facts = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)["modules"][0]
    del facts["path"]
    return facts


def start_with(module, pages, scratch):
    """The module with another initial memory: no maximum, and one byte of LEB128 for the pages before and after."""
    contents = bytearray(module.read_bytes())
    memory_section = contents.index(bytes([5, 3, 1, 0, 64]))
    contents[memory_section + 4] = pages
    smaller = pathlib.Path(scratch) / "smaller.wasm"
    smaller.write_bytes(contents)
    return smaller


def run(module):
    with (SAMPLE / "readings.txt").open() as readings:
        done = subprocess.run(["node", "--no-warnings", SAMPLE / "run.mjs", module], stdin=readings, capture_output=True, text=True, check=True)
    start, end = map(int, re.match(r"(\d+) pages at start, (\d+) at the end", done.stderr).groups())
    return done.stdout, start, end


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    tool = parser.parse_args().tool
    checks = []
    with tempfile.TemporaryDirectory() as scratch:
        rebuilt, fixed = pathlib.Path(scratch) / "sensor-hub.wasm", pathlib.Path(scratch) / "fixed.wasm"
        subprocess.run(["bash", SAMPLE / "build.sh", rebuilt], check=True)
        subprocess.run(["bash", SAMPLE / "build.sh", "--fixed", fixed], check=True)
        committed = SAMPLE / "sensor-hub.wasm"
        before, after = report(tool, committed, 32), report(tool, fixed, 4)
        checks.append(("rebuilding gives the same facts", report(tool, rebuilt, 32) == before))
        checks.append(("it stays below 100 KB", committed.stat().st_size < 100_000))
        text, start, end = run(committed)
        fixed_text, fixed_start, fixed_end = run(fixed)
        checks.append(("both print the same", text == fixed_text and text.count("\n") > 10))
        checks.append(("declared pages are what Node gives", start == before["estimate"]["minimum_pages"] and fixed_start == after["estimate"]["minimum_pages"]))
        rules = {finding["rule"] for finding in before["findings"]}
        expected = {"memory-over-budget", "memory-initial-oversized", "stack-oversized", "data-zero-run", "data-duplicate", "memory-no-maximum",
                    "stack-unbounded"}
        checks.append((f"its mistakes are found: {sorted(rules)}", rules == expected))
        # Its library calls itself where memory runs out: that is worth a remark, and no mistake of the sample.
        left = {finding["rule"] for finding in after["findings"]} - {"stack-unbounded"}
        checks.append((f"the fixed one is silent and fits, proven: {left}", not left and after["verdict"]["outcome"] == "fits"))
        checks.append(("a run stays within the bound", fixed_end <= after["estimate"]["bound_pages"]))
        checks.append(("the prediction holds", before["estimate"]["once_fixed"]["possible_pages"] >= fixed_start))
        recommended = before["estimate"]["recommended_initial_pages"]
        checks.append((f"with the recommended {recommended} pages at start it does the same", run(start_with(committed, recommended, scratch))[0] == text))
    for what, holds in checks:
        if not holds:
            print(f"not so: {what}")
    failed = sum(not holds for _, holds in checks)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
