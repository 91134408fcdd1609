#!/usr/bin/env python3
"""Runs npm packages on real work: no module may use more stack than it reserves, than its bound, or than the deepest bound of
the exports that were called, where these have bounds.

test_packages.py --tool build/release/analyzer/wasm-memlint --modules build/real-modules [--write]"""

import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import measured  # noqa: E402
FILES = {
    "argon2-browser": "argon2-browser/dist/argon2.wasm",
    "source-map": "source-map/lib/mappings.wasm",
    "brotli-wasm": "brotli-wasm/pkg.node/brotli_wasm_bg.wasm",
    "@bokuweb/zstd-wasm": "@bokuweb/zstd-wasm/dist/common/zstd.wasm",
    "sql.js": "sql.js/dist/sql-wasm.wasm",
    "libheif-js": "libheif-js/libheif-wasm/libheif.wasm",
    "web-tree-sitter": "web-tree-sitter/web-tree-sitter.wasm",
    "@jitl/quickjs-wasmfile-release-sync": "@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm",
}
# Of a stack above the data only this much is painted: what lies below may be bss.
PAINTED = 48 * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--modules", required=True, type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help="write the table into docs/stack.md")
    options = parser.parse_args()
    packages = options.modules / "node_modules"
    command = [options.tool, "stack", "--no-config", "--format", "json", *(packages / file for file in FILES.values())]
    modules = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["modules"]
    stacks = {name: module["stack"] for name, module in zip(FILES, modules, strict=True)}
    passed, problems, rows = 0, [], []
    for name, stack in stacks.items():
        top, reserved = stack["pointer_initial"], stack["reserved_bytes"]
        if top is None:  # the glue sets the imported pointer
            area = [str(PAINTED), "-"]
        else:
            area = [str(top - (reserved["low"] if reserved["low"] == reserved["high"] else min(PAINTED, reserved["high"]))), str(top)]
        done = subprocess.run(["node", HERE / "observe_packages.mjs", packages, name, *area], capture_output=True, text=True,
                              check=False)
        runs = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else []
        if not runs:
            problems.append(f"{name}: {done.stderr[-600:] or 'it made no instance'}")
        bound = stack["bound"]
        entries = {entry["name"]: entry["bytes"] for entry in bound["entries"]}
        for run in runs:
            called = [entries[export] for export in run["called"] if export in entries]
            deepest = max(called) if called and None not in called else None
            if not run["observed"]:
                problems.append(f"{name}: nothing was observed")
            for limit, what in ((bound["bytes"], "the bound"), (deepest, "the deepest bound of what was called"),
                                (reserved and reserved["high"], "what is reserved")):
                if limit is not None and run["observed"] > limit:
                    problems.append(f"{name}: {run['observed']} bytes were used, and {what} is {limit}")
            passed += 1
            bounded = sum(value is not None for value in entries.values())
            rows.append(f"{name:<38} {run['observed']:>8} {bound['bytes'] if bound['bytes'] is not None else 'no bound':>9} "
                        f"{bounded:>5} of {len(entries):>4} {len(run['called']):>4}")
    table = [f"{'package':<38} {'observed':>8} {'bound':>9} {'exports bounded':>13} {'called':>4}", *rows]
    print("\n".join([*table, *problems]))
    if options.write:
        measured.write("stack.md", "packages", ["```text", *table, "```"])
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems or passed < len(FILES) else 0


if __name__ == "__main__":
    sys.exit(main())
