#!/usr/bin/env python3
"""Reads a module's memory facts with wabt's wasm-objdump: a reader that shares no code with ours.

read_with_wabt.py MODULE              prints them as JSON
read_with_wabt.py --write --modules DIR   rewrites the facts in modules.json from the fetched modules
"""

import argparse
import json
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

SECTION = re.compile(r"^ *(\w+) start=0x([0-9a-f]+) end=0x([0-9a-f]+) \(size=0x[0-9a-f]+\)(?: (?:count|start): (\d+))?(?: \"(.*)\")?$")
MEMORY = re.compile(r"^ - memory\[\d+\] pages: initial=(\d+)(?: max=(\d+))?( shared)?( i64)?(?: <- (\S+))?$")
GLOBAL = re.compile(r"^ - global\[(\d+)\] (\w+) mutable=([01])(?: <(.*?)>)? (?:- init \w+=(-?\d+)|- init|<- (\S+))")
SEGMENT = re.compile(r"^ - segment\[(\d+)\](?: <.*>)? (?:memory=(\d+)|(passive)) size=(\d+)(?: - init i(?:32|64)=(\d+))?")


def objdump(module, *arguments):
    """Its output line by line; data segments print their content too, so it must not be held whole."""
    process = subprocess.Popen(["wasm-objdump", *arguments, module], stdout=subprocess.PIPE, text=True, errors="replace")
    yield from (line.rstrip("\n") for line in process.stdout)
    if process.wait() != 0:
        raise RuntimeError(f"wasm-objdump cannot read {module}")


def read_sections(module):
    """(end offset in the file, name) of each section, in file order."""
    found = []
    for line in objdump(module, "-h"):
        if match := SECTION.match(line):
            name, _, end, _, custom = match.groups()
            found.append([int(end, 16), f"custom {custom}" if name == "Custom" else name])
    return found


def details(module, *sections):
    """wasm-objdump fails when it is asked for a section that is not there."""
    present = {name for _, name in read_sections(module)}
    for section in sections:
        if section in present:
            yield from objdump(module, "-x", "-j", section)


def read_memories(module):
    found = []
    for line in details(module, "Import", "Memory"):
        if match := MEMORY.match(line):
            initial, most, shared, is64, imported = match.groups()
            found.append({"minimum_pages": int(initial), "maximum_pages": int(most) if most else None, "shared": bool(shared),
                          "memory64": bool(is64), "import": imported})
    return found


def read_stack_pointer(module):
    """The initial value of the global named __stack_pointer, or of a mutable global 0, when it is a constant."""
    first = None
    for line in details(module, "Import", "Global"):
        if match := GLOBAL.match(line):
            index, kind, mutable, name, value, imported = match.groups()
            fact = {"global": int(index), "initial": int(value) if value else None}
            if (name or imported or "").endswith("__stack_pointer"):
                return fact
            if kind == "i32" and mutable == "1" and index == "0" and value and int(value) > 0:
                first = fact
    return first


def read_data(module):
    segments = passive = size = 0
    end = None
    for line in details(module, "Data"):
        if match := SEGMENT.match(line):
            _, memory, is_passive, length, address = match.groups()
            segments += 1
            size += int(length)
            passive += bool(is_passive)
            if memory == "0" and address and int(length):
                end = max(end or 0, int(address) + int(length))
    return {"segments": segments, "passive": passive, "bytes": size, "static_end": end}


def read(module):
    return {"memories": read_memories(module), "stack_pointer": read_stack_pointer(module), "data": read_data(module),
            "sections": len(read_sections(module))}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", nargs="?", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--modules", type=pathlib.Path)
    options = parser.parse_args()
    if not options.write:
        print(json.dumps(read(options.module), indent=1))
        return
    listed = json.loads((HERE / "modules.json").read_text())
    for entry in listed:
        entry["facts"] = read(options.modules / "node_modules" / entry["path"])
    (HERE / "modules.json").write_text(json.dumps(listed, indent=1) + "\n")


if __name__ == "__main__":
    main()
