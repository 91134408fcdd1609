#!/usr/bin/env python3
"""Compares what the tool says of real modules with what wabt read (modules.json) and with what Node makes of them.

test_real.py --tool build/release/analyzer/wasm-memlint --modules build/real-modules
"""

import argparse
import json
import pathlib
import subprocess
import sys

import read_with_wabt

HERE = pathlib.Path(__file__).resolve().parent
MIB = 1 << 20

# wabt's word for a section, and ours.
SECTION_NAMES = {"Type": "type", "Import": "import", "Function": "function", "Table": "table", "Memory": "memory", "Global": "global",
                 "Export": "export", "Start": "start", "Elem": "element", "DataCount": "data count", "Code": "code", "Data": "data", "Tag": "tag"}

# A section begins with its id and its size, a LEB128 number of up to five bytes.
HEAD_BYTES = range(2, 7)


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, what, actual, expected):
        if actual == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}: the tool says {actual!r}, expected {expected!r}", flush=True)


def run_tool(tool, files):
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):  # 3: a file could not be read, which its "error" tells
        sys.exit(f"the tool failed with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["modules"]


def check_memories(checks, name, module, facts):
    memories = [{"minimum_pages": m["minimum_pages"], "maximum_pages": m["maximum_pages"], "shared": m["shared"], "memory64": m["memory64"],
                 "import": m["import"] and f"{m['import']['module']}.{m['import']['name']}"} for m in module["memories"]]
    checks.equal(f"{name}: memories", memories, facts["memories"])
    for memory in module["memories"]:
        checks.equal(f"{name}: minimum in bytes", memory["minimum_bytes"], memory["minimum_pages"] * 65536)


def check_data(checks, name, module, facts):
    data = module["data"]
    for key in ("segments", "active", "passive", "bytes"):
        checks.equal(f"{name}: data {key}", data[key], facts[key])
    # Where wabt has no address (passive, or relative to an import) the tool may know one from the start function.
    if facts["static_end"] is not None:
        checks.equal(f"{name}: data end", data["static_end"], facts["static_end"])


def check_stack_pointer(checks, name, module, expected):
    if expected:
        checks.equal(f"{name}: stack pointer", pointer_of(module), (expected["global"], expected["initial"]))


def check_symbols(checks, name, module, symbols):
    if "__heap_base" in symbols:
        checks.equal(f"{name}: heap base", module["map"]["heap_base"], symbols["__heap_base"])
    if "__data_end" in symbols:
        ends = [region["high"] for region in module["map"]["regions"] if region["kind"] in ("data", "bss")]
        checks.equal(f"{name}: a region of {ends} ends at __data_end", symbols["__data_end"] in ends, True)


def check_sections(checks, name, module, facts, file):
    """Each section begins where the one before it ends, and its content lies where wabt sees it."""
    actual = [(section["name"], section["offset"], section["offset"] + section["bytes"]) for section in module["sections"]]
    expected, begin = [("header", 0, 8)], 8
    for section, start, size in facts:
        checks.equal(f"{name}: wabt leaves no gap before {section}", start - begin in HEAD_BYTES, True)
        expected.append((section if section.startswith("custom ") else SECTION_NAMES[section], begin, start + size))
        begin = start + size
    checks.equal(f"{name}: sections", actual, expected)
    checks.equal(f"{name}: file size", module["file_bytes"], file.stat().st_size)
    checks.equal(f"{name}: labels sum to the file", sum(module["labels"].values()), file.stat().st_size)


def check_toolchain(checks, entry, name):
    """A stripped module may hide what made it: then the tool may not know, but must not name another."""
    if entry.get("toolchain_hidden") and name == "unknown":
        return
    checks.equal(f"{entry['id']}: toolchain", name, entry["toolchain"])


def check_against_wabt(checks, entry, module, file):
    name, facts = entry["id"], entry["facts"]
    checks.equal(f"{name}: modules.json is what wabt reads", facts, read_with_wabt.read(file))
    checks.equal(f"{name}: error", module["error"], None)
    if module["error"]:
        return
    check_memories(checks, name, module, facts)
    check_data(checks, name, module, facts["data"])
    check_stack_pointer(checks, name, module, facts["stack_pointer"])
    check_symbols(checks, name, module, facts["symbols"])
    check_sections(checks, name, module, facts["sections"], file)
    checks.equal(f"{name}: notes", module["notes"], [])
    check_toolchain(checks, entry, module["toolchain"]["name"])


def run_in_node(entries, files):
    jobs = []
    for entry, file in zip(entries, files, strict=True):
        stack_top = entry["facts"]["memories"][0]["minimum_pages"] * 65536
        jobs.append({"id": entry["id"], "file": str(file), "stack_top": stack_top, "imports": read_with_wabt.read_imports(file)})
    done = subprocess.run(["node", HERE / "instantiate.mjs"], input=json.dumps(jobs), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def check_against_node(checks, entry, module, result):
    """A start function might grow the memory; in these modules none does, and the two numbers are one."""
    name = entry["id"]
    checks.equal(f"{name}: instantiated", result.get("skipped"), entry.get("not_instantiated"))
    if "pages" in result and not module["error"]:
        checks.equal(f"{name}: declared pages, and V8's", module["memories"][0]["minimum_pages"], result["pages"])
        checks.equal(f"{name}: estimated pages, and V8's", module["estimate"]["minimum_pages"], result["pages"])


def check_truths(checks, by_id):
    """Facts that were read by hand, with other tools: the disassembly of start functions, toolchains' documented defaults."""
    source_map = by_id["source-map"]
    checks.equal("source-map: pages", source_map["memories"][0]["minimum_pages"], 17)
    checks.equal("source-map: maximum", source_map["memories"][0]["maximum_pages"], None)
    checks.equal("source-map: stack", source_map["stack"]["reserved_bytes"], {"low": MIB, "high": MIB})
    checks.equal("source-map: layout", source_map["map"]["layout"], "stack-first")
    checks.equal("source-map: data end", source_map["data"]["static_end"], 1049813)
    checks.equal("source-map: heap base", source_map["map"]["heap_base"], 1050304)
    brotli = by_id["brotli"]
    checks.equal("brotli: pages", brotli["memories"][0]["minimum_pages"], 28)
    checks.equal("brotli: segments", brotli["data"]["segments"], 4978)
    checks.equal("brotli: data end", brotli["data"]["static_end"], 1771998)
    z3 = by_id["z3"]
    checks.equal("z3: limits", [z3["memories"][0][key] for key in ("minimum_pages", "maximum_pages", "shared")], [32768, 32768, True])
    checks.equal("z3: imported memory", z3["memories"][0]["import"], {"module": "env", "name": "memory"})
    checks.equal("z3: passive segments", [z3["data"]["passive"], z3["data"]["active"]], [4, 0])
    checks.equal("z3: one allocator", z3["allocator"]["others"], [])
    for name in ("brotli", "rollup", "resvg", "tiktoken", "tiktoken-lite", "lightningcss", "lz4", "zig-fmt"):
        checks.equal(f"{name}: 1 MiB of stack, first", stack_of(by_id[name]), ("stack-first", {"low": MIB, "high": MIB}))
    checks.equal("z3: 20 MiB of stack, first", stack_of(z3), ("stack-first", {"low": 20971520, "high": 20971520}))
    checks.equal("node-rs-argon2: 64 MB of stack, first", stack_of(by_id["node-rs-argon2"]), ("stack-first", {"low": 64000000, "high": 64000000}))
    checks.equal("gofmt: TinyGo's 64 KiB of stack, first", stack_of(by_id["gofmt"]), ("stack-first", {"low": 65536, "high": 65536}))
    # Passive segments: the last memory.init of the start function, its address plus its length.
    for name, end in (("z3", 21595056 + 3853), ("node-rs-argon2", 64025504 + 180), ("wasm-vips", 1360968 + 352)):
        checks.equal(f"{name}: data end by the start function", by_id[name]["data"]["static_end"], end)
    # After bss (memory.fill to 64027992) come the 4 bytes of the start function's flag; the heap begins at the next multiple of 16.
    checks.equal("node-rs-argon2: heap base", by_id["node-rs-argon2"]["map"]["heap_base"], 64028000)
    for name in ("sql.js", "sql.js-debug", "quickjs", "libheif", "argon2", "argon2-simd", "yoga", "zstd", "wasm-vips"):
        module = by_id[name]
        checks.equal(f"{name}: layout", module["map"]["layout"], "data-first")
        checks.equal(f"{name}: the heap begins at the stack's end", module["map"]["heap_base"], module["stack"]["pointer_initial"])
    for name in ("sql.js", "sql.js-debug", "quickjs", "argon2", "argon2-simd"):
        checks.equal(f"{name}: Emscripten's old 5 MiB of stack fit", by_id[name]["stack"]["likely_bytes"], 5 * MIB)
    for name in ("libheif", "yoga", "zstd"):
        checks.equal(f"{name}: Emscripten's 64 KiB of stack fit", by_id[name]["stack"]["likely_bytes"], 65536)
    # bss is filled up to 1361344 + 1968872; the flag and alignment take 8 more bytes, and 256 KiB are left below the stack pointer.
    check_range(checks, "wasm-vips: 256 KiB of stack", by_id["wasm-vips"], 262144)
    # Its code compares the pointer with 1688, which is 8 aligned, not 16: 34456 - 1688.
    check_range(checks, "assemblyscript: 32 KiB of stack", by_id["assemblyscript"], 32768)
    for name in ("tree-sitter-json", "tree-sitter-cpp", "tree-sitter-python"):
        checks.equal(f"{name}: a side module", by_id[name]["dylink"] is not None, True)
    for name in ("esbuild", "tree-sitter-json"):
        checks.equal(f"{name}: no shadow stack of LLVM's", by_id[name]["stack"], None)
    hidden = pointer_of(by_id["assemblyscript-stripped"])
    checks.equal(f"assemblyscript-stripped: {hidden} is unknown or the stack pointer", hidden in (None, (11, 34456)), True)
    assemblyscript = by_id["assemblyscript"]
    checks.equal("assemblyscript: allocator", assemblyscript["allocator"]["name"], "AssemblyScript TLSF")
    checks.equal("assemblyscript: growth is checked", {site["result"] for site in assemblyscript["growth"]["sites"]}, {"checked"})


def check_frames_in_ir(checks, tool, file):
    """Handlers in these functions restore the pointer from a local that the compiler merged with others: the disassembly says
    by how much they lower it, and that no function throws which is called while the local holds something else."""
    command = [tool, "stack", "--no-config", "--format", "json", file]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    stack = json.loads(done.stdout)["modules"][0]["stack"]
    in_ir = {frame["function"]: frame["bytes"] for frame in stack["bound"]["frames"] if frame["from_ir"]}
    checks.equal("duckdb-eh: frames from IR", in_ir, {1181: 128, 12894: 352, 15675: 640})


def pointer_of(module):
    return (module["stack"]["pointer_global"], module["stack"]["pointer_initial"]) if module["stack"] else None


def stack_of(module):
    return module["map"]["layout"], module["stack"] and module["stack"]["reserved_bytes"]


def check_range(checks, what, module, true_bytes):
    """Where bss and stack cannot be told apart the tool gives a range, and the truth must lie in it."""
    reserved = module["stack"]["reserved_bytes"]
    checks.equal(f"{what} lie in {reserved}", reserved["low"] <= true_bytes <= reserved["high"], True)


def describe(entry, module, result):
    if module["error"]:
        return f"cannot be read: {module['error']['message']}"
    memory, data = module["memories"][0], module["data"]
    maximum = "no maximum" if memory["maximum_pages"] is None else f"maximum {memory['maximum_pages']}"
    node = f"V8 has {result['pages']}" if "pages" in result else f"not instantiated: {result['skipped']}"
    return f"{memory['minimum_pages']} pages, {maximum}, {data['segments']} segments, data end {data['static_end']}, {node}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--modules", type=pathlib.Path, default=pathlib.Path("build/real-modules"))
    options = parser.parse_args()
    folder = options.modules.resolve()
    if not (folder / "node_modules").is_dir():
        sys.exit(f"error: {options.modules} has no modules; run fetch.py --into {options.modules} first")
    entries = json.loads((HERE / "modules.json").read_text())
    for entry in entries:
        read_with_wabt.build(entry, folder)
    files = [read_with_wabt.path_of(entry, folder) for entry in entries]
    modules = run_tool(options.tool, files)
    results = run_in_node(entries, files)
    checks = Checks()
    for entry, file, module in zip(entries, files, modules, strict=True):
        before = checks.failed
        check_against_wabt(checks, entry, module, file)
        check_against_node(checks, entry, module, results[entry["id"]])
        print(f"{'ok  ' if checks.failed == before else 'FAIL'} {entry['id']}: {describe(entry, module, results[entry['id']])}", flush=True)
    if all(module["error"] is None for module in modules):
        check_truths(checks, {entry["id"]: module for entry, module in zip(entries, modules, strict=True)})
    for entry, file in zip(entries, files, strict=True):
        if entry["id"] == "duckdb-eh":
            check_frames_in_ir(checks, options.tool, file)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
