#!/usr/bin/env python3
"""Compares what the tool says of allocators with what is known of them (expected.json): the modules that build.py made, and the
real ones where their folder is given. The tool may say that it does not know, but where an entry must be recognised that fails too.

test_allocators.py --tool build/release/analyzer/wasm-memlint --matrix build/allocators [--modules build/real-modules]"""

import argparse
import fnmatch
import glob
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# The tool's words for what it cannot tell, by key.
UNKNOWN = {"name": "unknown", "growth_policy": "unknown", "growth_step": None, "uses_initial_slack": None, "static_bytes": None}
KEYS = {"growth_policy": "policy", "growth_step": "step", "uses_initial_slack": "uses_initial_slack", "static_bytes": "state"}
# Variables of allocators in the toolchains' libraries, by the entry of the matrix that is linked with them.
STATE_SYMBOLS = {"_gm_", "mparams", "freeRegionBuckets", "freeRegionBucketsUsed", "listOfAllRegions"}
LIBRARIES = {
    "wasi-dlmalloc-*": "/usr/lib/wasm32-wasi/libc.a",
    "emscripten-dlmalloc-growing-*": "/usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/libdlmalloc.a",
    "emscripten-emmalloc-growing-*": "/usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/libemmalloc.a",
    "rust-unknown-unknown-*": "/usr/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib",
}


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


    managed = allocator["managed_heap"] and allocator["managed_heap"]["name"]
    if managed != expected.get("managed"):
        yield f"the language runtime is {managed!r}, expected {expected.get('managed')!r}"


def state_problems(entries):
    """The sizes in expected.json against the symbols of the libraries, where these are there."""
    for files, pattern in LIBRARIES.items():
        expected = next(entry["state"] for entry in entries if entry["files"] == files)
        for library in glob.glob(pattern):
            listed = subprocess.run(["llvm-nm-22", "-S", library], capture_output=True, text=True, check=False).stdout
            rows = [line.split() for line in listed.splitlines()]
            size = sum(int(row[1], 16) for row in rows if len(row) == 4 and row[2] in "bBdD" and (row[3] in STATE_SYMBOLS or "8DLMALLOC17h" in row[3]))
            print(f"ok   {library}: {size} bytes of state" if size == expected else f"FAIL {library}: {size} bytes of state, expected {expected}")
            if size != expected:
                yield files


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
    failed = len(list(state_problems(expected["matrix"])))
    for (file, entry), module in zip(jobs, run_tool(options.tool, [file for file, _ in jobs]), strict=True):
        found = list(wrongs(module, entry))
        failed += bool(found)
        name = file.name if "files" in entry else entry["path"]
        print(f"FAIL {name}: {'; '.join(found)}" if found else f"ok   {name}: {module['allocator']['name']}")
    print(f"{len(jobs) + len(LIBRARIES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
