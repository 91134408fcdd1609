#!/usr/bin/env python3
"""Compares what the tool says of real modules with what wabt read (modules.json) and with what Node makes of them."""

import argparse
import json
import pathlib
import subprocess
import sys

import read_with_wabt

HERE = pathlib.Path(__file__).resolve().parent


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, what, actual, expected):
        if actual == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: the tool says {actual!r}, expected {expected!r}")


def run_tool(tool, files):
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"the tool failed with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["modules"]


def check_against_wabt(checks, entry, module, file):
    name, facts = entry["id"], entry["facts"]
    memories = [{"minimum_pages": m["minimum_pages"], "maximum_pages": m["maximum_pages"], "shared": m["shared"], "memory64": m["memory64"],
                 "import": m["import"] and f"{m['import']['module']}.{m['import']['name']}"} for m in module["memories"]]
    checks.equal(f"{name}: memories", memories, facts["memories"])
    data = module["data"]
    checks.equal(f"{name}: segments", data["segments"], facts["data"]["segments"])
    checks.equal(f"{name}: passive segments", data["passive"], facts["data"]["passive"])
    checks.equal(f"{name}: data bytes", data["bytes"], facts["data"]["bytes"])
    if facts["data"]["static_end"] is not None:
        checks.equal(f"{name}: data end", data["static_end"], facts["data"]["static_end"])
    pointer = facts["stack_pointer"]
    if pointer:
        checks.equal(f"{name}: stack pointer", module["stack"] and module["stack"]["pointer_global"], pointer["global"])
        checks.equal(f"{name}: its value", module["stack"] and module["stack"]["pointer_initial"], pointer["initial"])
    ends = [[section["offset"] + section["bytes"], section["name"]] for section in module["sections"][1:]]
    wabt_ends = [[end, name if name.startswith("custom ") else SECTION_NAMES[name]] for end, name in read_with_wabt.read_sections(file)]
    checks.equal(f"{name}: sections", ends, wabt_ends)
    checks.equal(f"{name}: labels sum to the file", sum(module["labels"].values()), file.stat().st_size)
    if entry["toolchain"]:
        checks.equal(f"{name}: toolchain", module["toolchain"]["name"], entry["toolchain"])


SECTION_NAMES = {"Type": "type", "Import": "import", "Function": "function", "Table": "table", "Memory": "memory", "Global": "global",
                 "Export": "export", "Start": "start", "Elem": "element", "DataCount": "data count", "Code": "code", "Data": "data", "Tag": "tag"}


def check_against_node(checks, entries, files, modules):
    jobs = []
    for entry, file in zip(entries, files):
        memory = entry["facts"]["memories"][0]
        jobs.append({"id": entry["id"], "file": str(file), "minimum": memory["minimum_pages"], "maximum": memory["maximum_pages"],
                     "shared": memory["shared"]})
    done = subprocess.run(["node", HERE / "instantiate.mjs"], input=json.dumps(jobs), capture_output=True, text=True, check=True)
    results = json.loads(done.stdout)
    compared = 0
    for entry, module in zip(entries, modules):
        result = results[entry["id"]]
        if "skipped" in result:
            print(f"{entry['id']}: not instantiated: {result['skipped']}")
            continue
        compared += 1
        checks.equal(f"{entry['id']}: pages in V8", module["estimate"]["minimum_pages"], result["pages"])
    checks.equal("enough modules ran in V8", compared >= 12, True)


def check_truths(checks, by_id):
    """Facts that were read by hand, with other tools."""
    source_map = by_id["source-map"]
    checks.equal("source-map: pages", source_map["estimate"]["minimum_pages"], 17)
    checks.equal("source-map: maximum", source_map["memories"][0]["maximum_pages"], None)
    checks.equal("source-map: stack", source_map["stack"]["reserved_bytes"], {"low": 1048576, "high": 1048576})
    checks.equal("source-map: layout", source_map["map"]["layout"], "stack-first")
    checks.equal("source-map: heap base", source_map["map"]["heap_base"], 1050304)
    for name in ("sql.js", "quickjs", "libheif", "argon2"):
        module = by_id[name]
        checks.equal(f"{name}: layout", module["map"]["layout"], "data-first")
        checks.equal(f"{name}: the heap begins at the stack's end", module["map"]["heap_base"], module["stack"]["pointer_initial"])
    checks.equal("quickjs: 5 MiB of stack fit", by_id["quickjs"]["stack"]["likely_bytes"], 5 * 1024 * 1024)
    checks.equal("libheif: 64 KiB of stack fit", by_id["libheif"]["stack"]["likely_bytes"], 65536)
    checks.equal("z3: 20 MiB of stack", by_id["z3"]["stack"]["reserved_bytes"], {"low": 20971520, "high": 20971520})
    checks.equal("z3: one allocator", by_id["z3"]["allocator"]["others"], [])
    for name in ("tree-sitter-json", "tree-sitter-cpp"):
        checks.equal(f"{name}: a side module", by_id[name]["dylink"] is not None, True)
    checks.equal("esbuild: no shadow stack of LLVM's", by_id["esbuild"]["stack"], None)


def check_assemblyscript(checks, tool, modules_folder):
    output = modules_folder / "counter.wasm"
    subprocess.run(["node", modules_folder / "node_modules/assemblyscript/bin/asc.js", "counter.ts", "-O", "--debug", "-o", output], cwd=HERE, check=True)
    module = run_tool(tool, [output])[0]
    checks.equal("assemblyscript: toolchain", module["toolchain"]["name"], "assemblyscript")
    checks.equal("assemblyscript: allocator", module["allocator"]["name"], "AssemblyScript TLSF")
    checks.equal("assemblyscript: growth is checked", {site["result"] for site in module["growth"]["sites"]}, {"checked"})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--modules", required=True, type=pathlib.Path)
    options = parser.parse_args()
    entries = json.loads((HERE / "modules.json").read_text())
    files = [options.modules.resolve() / "node_modules" / entry["path"] for entry in entries]
    modules = run_tool(options.tool, files)
    checks = Checks()
    for entry, file, module in zip(entries, files, modules, strict=True):
        checks.equal(f"{entry['id']}: modules.json is what wabt reads", entry["facts"], read_with_wabt.read(file))
        check_against_wabt(checks, entry, module, file)
        checks.equal(f"{entry['id']}: notes", module["notes"], [])
    check_against_node(checks, entries, files, modules)
    check_truths(checks, {entry["id"]: module for entry, module in zip(entries, modules)})
    check_assemblyscript(checks, options.tool, options.modules.resolve())
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
