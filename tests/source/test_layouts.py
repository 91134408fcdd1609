#!/usr/bin/env python3
"""Random records: sizes and offsets of the extractor's facts beside clang's own answers, and every better order that
struct-padding promises written down and measured by clang, for each target."""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys

from project import Project

CLANG = ["clang++-22", "-std=c++20", "-fsyntax-only", "-Wno-invalid-offsetof", "-Wno-deprecated", "-ffreestanding"]
TARGETS = {"wasm32": "wasm32-wasi", "wasm32-emscripten": "wasm32-unknown-emscripten", "wasm64": "wasm64-wasi"}
SCALARS = ["bool", "char", "signed char", "short", "unsigned short", "int", "unsigned", "long", "long long", "float", "double",
           "long double", "void*", "int (*)(int)", "int (Base::*)()", "__int128", "_Complex float", "wchar_t", "char16_t", "Colour", "Small"]
INTEGERS = ["bool", "char", "short", "int", "unsigned", "long", "long long"]
BITS = {"bool": 1, "char": 8, "short": 16, "int": 32, "unsigned": 32, "long": 32, "long long": 64}
PREAMBLE = """
enum Colour { red, green }; enum class Small : unsigned char { one };
struct Base { int b; char c; }; struct Empty {}; struct Other { Other(); ~Other(); long long o; char p; };
struct Tail { Tail(int); Tail(const Tail&); int t; char u; }; struct Virtual { virtual void f(); bool v; };
class Hidden { int h; char i; public: int sum() { return h + i; } }; struct Nested { char n[3]; short s; };
"""
BASES = ["", "", "", "Base", "Empty", "Other", "Tail", "Virtual", "Hidden", "Tail, Empty", "Virtual, Base"]
MEMBERS = ["Base", "Tail", "Other", "Nested", "Virtual", "Hidden", "Empty"]


def declare(name, kind):
    if "(*)" in kind or "::*)" in kind:
        return kind.replace("*)", f"*{name})")
    return f"{kind} {name}"


def field(rng, name):
    choice = rng.random()
    if choice < 0.12:
        kind = rng.choice(INTEGERS)
        return f"{kind} {name} : {rng.randint(1, BITS[kind])};"
    if choice < 0.22:
        return f"{rng.choice(['[[no_unique_address]] ', '', ''])}{rng.choice(MEMBERS)} {name};"
    if choice < 0.34:
        return f"{rng.choice(['char', 'short', 'int', 'double', 'bool', 'Nested'])} {name}[{rng.randint(1, 5)}];"
    if choice < 0.36:
        return f"alignas({rng.choice([8, 16, 32])}) int {name};"
    return declare(name, rng.choice(SCALARS)) + ";"


class Record:
    def __init__(self, rng, index):
        self.name = f"R{index}"
        self.base = rng.choice(BASES)
        self.virtual = rng.random() < 0.2
        self.fields = {f"f{i}": field(rng, f"f{i}") for i in range(rng.randint(2, 9))}

    def text(self, name, order):
        lines = [f"struct {name}{' : ' + self.base if self.base else ''} {{"]
        lines += [f"  {self.fields[f]}" for f in order]
        lines += ["  virtual ~" + name + "();"] if self.virtual else []
        if not self.virtual and "Tail" in self.base:
            lines.append(f"  {name}();")
        return "\n".join([*lines, "};"])


def compiles(folder, target, text):
    path = folder / "asserted.cpp"
    path.write_text(text)
    done = subprocess.run([*CLANG, f"--target={target}", path], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def facts_of(extractor, project, profile):
    done = subprocess.run([extractor, "-p", project.folder, f"--target={profile}"], input=json.dumps(str(project.folder / "r.cpp")) + "\n",
                          capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    assert not facts["errors"], facts["errors"]
    return facts


def asserted_facts(facts):
    for record in facts["records"]:
        name = record["name"]
        yield f"static_assert(sizeof({name}) == {record['bytes']} && alignof({name}) == {record['align_bytes']});"
        for one in record["fields"]:
            if "bit_width" not in one and not re.match(r"(Hidden)", name):
                yield f"static_assert(__builtin_offsetof({name}, {one['name']}) * 8 == {one.get('offset_bits', 0)});"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("--extractor", required=True, type=pathlib.Path)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--seed", type=int, default=22)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    records = [Record(rng, i) for i in range(options.records)]
    text = PREAMBLE + "\n".join(record.text(record.name, record.fields) for record in records)
    by_name = {record.name: record for record in records}
    failed, found = [], 0
    with Project(options.tool, {"r.cpp": text}, ["-std=c++20", "-ffreestanding"]) as project:
        (project.folder / "all.toml").write_text("[rules.struct-padding]\nmin-saved-bytes = 1\nmin-saved-percent = 0\nmin-saved-unseen = 1\n")
        for profile, target in TARGETS.items():
            facts = facts_of(options.extractor, project, profile)
            if problem := compiles(project.folder, target, text + "\n" + "\n".join(asserted_facts(facts))):
                failed.append(f"{profile}: facts: {problem[:1500]}")
            command = [options.tool.resolve(), "source", "-p", ".", "--target", profile, "--rule", "struct-padding", "--format", "json", "--config", "all.toml"]
            report = json.loads(subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False).stdout)
            promised = []
            for finding in report["findings"]:
                name = re.search(r"'(R\d+)'", finding["message"])
                then = re.search(r"^then: (\d+) bytes", finding["details"], re.MULTILINE)
                order = re.findall(r"(\w+)$", finding["details"][then.end():], re.MULTILINE)[1:]  # behind the table's head
                if name is None:
                    continue
                found += 1
                new = by_name[name[1]].text(f"N{name[1]}", order)
                promised.append(f"{new}\nstatic_assert(sizeof(N{name[1]}) == {then[1]});")
            if problem := compiles(project.folder, target, PREAMBLE + "\n".join(promised)):
                failed.append(f"{profile}: promises: {problem[:1500]}")
    if found < options.records // 4:
        failed.append(f"only {found} better orders were found: the comparison says little")
    print("\n".join(failed))
    print(f"{found} better orders of {options.records} records for {len(TARGETS)} targets: {len(TARGETS) * 2 - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
