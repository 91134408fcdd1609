#!/usr/bin/env python3
"""Compares what the tool says of allocators with what is known of them (expected.json): the modules that build.py made, and the
real ones where their folder is given. The tool may say that it does not know, but where an entry must be recognised that fails too.

test_allocators.py --tool build/release/analyzer/wasm-memlint --matrix build/allocators [--modules build/real-modules]"""

import argparse
import fnmatch
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# The tool's words for what it cannot tell, by key.
UNKNOWN = {"name": "unknown", "growth_policy": "unknown", "growth_step": None, "uses_initial_slack": None}
KEYS = {"growth_policy": "policy", "growth_step": "step", "uses_initial_slack": "uses_initial_slack"}


def run_tool(tool, files):
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):  # 3: a file could not be read, which its "error" tells
        sys.exit(f"the tool failed with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["modules"]


def wrongs(module, expected):
    """What is wrong in the tool's answer, in words."""
    if module["error"]:
        yield f"it cannot be read: {module['error']['message']}"
        return
    allocator = module["allocator"]
    if allocator["name"] == "unknown":
        if expected["must_recognise"]:
            yield f"not recognised, it is {expected['name']} ({allocator['how']})"
    elif allocator["name"] != expected["name"]:
        yield f"name {allocator['name']!r}, expected {expected['name']!r} ({allocator['how']})"
    for key, ours in KEYS.items():
        if ours in expected and allocator[key] != UNKNOWN[key] and allocator[key] != expected[ours]:
            yield f"{key} {allocator[key]!r}, expected {expected[ours]!r}"


def entry_of(entries, file):
    found = [entry for entry in entries if fnmatch.fnmatchcase(file.name.removesuffix(".wasm"), entry["files"])]
    if len(found) != 1:
        sys.exit(f"expected.json has {len(found)} entries for {file.name}")
    return found[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--matrix", required=True, type=pathlib.Path)
    parser.add_argument("--modules", type=pathlib.Path)
    options = parser.parse_args()
    expected = json.loads((HERE / "expected.json").read_text())
    jobs = [(file, entry_of(expected["matrix"], file)) for file in sorted(options.matrix.glob("*.wasm"))]
    if not jobs:
        sys.exit(f"error: {options.matrix} has no modules; run build.py --into {options.matrix} first")
    if options.modules:
        jobs += [(options.modules / "node_modules" / entry["path"], entry) for entry in expected["real"]]
    failed = 0
    for (file, entry), module in zip(jobs, run_tool(options.tool, [file for file, _ in jobs]), strict=True):
        found = list(wrongs(module, entry))
        failed += bool(found)
        name = file.name if "files" in entry else entry["path"]
        print(f"FAIL {name}: {'; '.join(found)}" if found else f"ok   {name}: {module['allocator']['name']}")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
