#!/usr/bin/env python3
"""Reads a module's memory facts with wabt's wasm-objdump: a reader that shares no code with ours.

read_with_wabt.py MODULE                  prints them as JSON
read_with_wabt.py --write --modules DIR   rewrites the facts in modules.json from the fetched modules
read_with_wabt.py --verify --modules DIR  says where modules.json is not what wabt reads
"""

import argparse
import functools
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "modules.json"

SECTION = re.compile(r"^ *(\w+) start=0x([0-9a-f]+) end=0x([0-9a-f]+) \(size=0x[0-9a-f]+\)(?: (?:count|start): \d+)?(?: \"(.*)\")?$")
MEMORY = re.compile(r"^ - memory\[\d+\] pages: initial=(\d+)(?: max=(\d+))?( shared)?( i64)?(?: <- (.+))?$")
TABLE = re.compile(r"^ - table\[\d+\] type=(\w+) initial=(\d+)(?: max=(\d+))?(?: <.*>)?(?: <- .+)?$")
TAG = re.compile(r"^ - tag\[\d+\] sig=(\d+)")
TYPE = re.compile(r"^ - type\[(\d+)\] \((.*)\) -> ")
GLOBAL = re.compile(r"^ - global\[(\d+)\] (\w+) mutable=([01])(?: <(.*?)>)? (?:- init \w+=(-?\d+)|- init|<- (.+))")
SEGMENT = re.compile(r"^ - segment\[\d+\](?: <.*>)? (?:memory=(\d+)|(passive)) size=(\d+)(?: - init i(?:32|64)=(\d+))?")


def objdump(module, *arguments):
    """Its output line by line: data segments print their content too, so it must not be held whole."""
    process = subprocess.Popen(["wasm-objdump", *arguments, module], stdout=subprocess.PIPE, text=True, errors="replace")
    yield from (line.rstrip("\n") for line in process.stdout)
    if process.wait() != 0:
        raise RuntimeError(f"wasm-objdump cannot read {module}")


@functools.lru_cache(maxsize=None)
def read_sections(module):
    """(name, offset of its content, bytes of its content) of each section, in file order."""
    found = []
    for line in objdump(module, "-h"):
        if match := SECTION.match(line):
            name, start, end, custom = match.groups()
            found.append((f"custom {custom}" if name == "Custom" else name, int(start, 16), int(end, 16) - int(start, 16)))
    return found


def details(module, section, pattern):
    """A match per line that fits. wasm-objdump fails when it is asked for a section that is not there."""
    if any(name == section for name, _, _ in read_sections(module)):
        for line in objdump(module, "-x", "-j", section):
            if match := pattern.match(line):
                yield match


def read_memories(module):
    found = []
    for section in ("Import", "Memory"):
        for match in details(module, section, MEMORY):
            initial, most, shared, is64, imported = match.groups()
            found.append({"minimum_pages": int(initial), "maximum_pages": int(most) if most else None, "shared": bool(shared),
                          "memory64": bool(is64), "import": imported})
    return found


def read_globals(module):
    for section in ("Import", "Global"):
        for match in details(module, section, GLOBAL):
            index, kind, mutable, name, value, imported = match.groups()
            yield {"index": int(index), "kind": kind, "mutable": mutable == "1", "name": name or imported or "",
                   "value": int(value) if value else None}


def read_stack_pointer(found):
    """The global named __stack_pointer; without one, a mutable global 0 that starts above 0 ("by" tells which)."""
    for one in found:
        if one["name"].endswith("__stack_pointer"):
            return {"global": one["index"], "initial": one["value"], "by": "name"}
    for one in found[:1]:
        if one["kind"] == "i32" and one["mutable"] and one["value"] and one["value"] > 0:
            return {"global": one["index"], "initial": one["value"], "by": "place"}
    return None


def read_data(module):
    active = passive = size = 0
    end = None
    for match in details(module, "Data", SEGMENT):
        memory, is_passive, length, address = match.groups()
        size += int(length)
        passive += bool(is_passive)
        active += not is_passive
        if memory == "0" and address and int(length):
            end = max(end or 0, int(address) + int(length))
    return {"segments": active + passive, "active": active, "passive": passive, "bytes": size, "static_end": end}


def read(module):
    found = list(read_globals(module))
    symbols = {one["name"]: one["value"] for one in found if one["name"] in ("__data_end", "__heap_base") and one["value"] is not None}
    return {"memories": read_memories(module), "stack_pointer": read_stack_pointer(found), "symbols": symbols, "data": read_data(module),
            "sections": [list(section) for section in read_sections(module)]}


def read_imports(module):
    """What Node must be given besides functions, per kind and in the order of the import section."""
    types = {match[1]: [kind for kind in match[2].split(", ") if kind] for match in details(module, "Type", TYPE)}
    tables = [{"element": "anyfunc" if kind == "funcref" else kind, "initial": int(initial), "maximum": int(most) if most else None}
              for kind, initial, most in (match.groups() for match in details(module, "Import", TABLE))]
    memories = [{"initial": memory["minimum_pages"], "maximum": memory["maximum_pages"], "shared": memory["shared"]}
                for memory in read_memories(module) if memory["import"]]
    values = [{"value": match[2], "mutable": match[3] == "1"} for match in details(module, "Import", GLOBAL)]
    tags = [{"parameters": types[match[1]]} for match in details(module, "Import", TAG)]
    return {"table": tables, "memory": memories, "global": values, "tag": tags}


def path_of(entry, modules):
    """Where npm put a module; one that is compiled at test time lies beside node_modules."""
    return modules / entry["path"] if "source" in entry else modules / "node_modules" / entry["path"]


def build(entry, modules):
    """Compiles what npm has no module of: AssemblyScript ships its compiler only."""
    if "source" in entry:
        compiler = modules / "node_modules" / "assemblyscript" / "bin" / "asc.js"
        command = ["node", compiler, entry["source"], *entry["options"], "-o", path_of(entry, modules)]
        subprocess.run(command, cwd=HERE, check=True)


def write(entries):
    """One line per fact: readable in a diff, and not a line per number."""
    text = []
    for entry in entries:
        head = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in entry.items() if key != "facts"]
        facts = [f"   {json.dumps(key)}: {json.dumps(value)}" for key, value in entry["facts"].items()]
        text.append(" {\n" + ",\n".join([*head, '  "facts": {\n' + ",\n".join(facts) + "\n  }"]) + "\n }")
    LIST.write_text("[\n" + ",\n".join(text) + "\n]\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", nargs="?", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--modules", type=pathlib.Path)
    options = parser.parse_args()
    if options.module and not (options.write or options.verify):
        print(json.dumps(read(options.module), indent=1))
        return 0
    if options.write == options.verify or not options.modules:
        parser.error("name a module, or give --write or --verify with --modules")
    entries = json.loads(LIST.read_text())
    different = 0
    for entry in entries:
        build(entry, options.modules.resolve())
        facts = read(path_of(entry, options.modules.resolve()))
        if options.verify and facts != entry["facts"]:
            different += 1
            print(f"{entry['id']}: modules.json differs from what wabt reads: {json.dumps(facts)}")
        entry["facts"] = facts
    if options.write:
        write(entries)
    print(f"{len(entries)} modules read, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
