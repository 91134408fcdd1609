#!/usr/bin/env python3
"""enum-wider-than-needed: each use that could tell a narrower type takes the fix away and is named; what cannot does not."""

import subprocess
import unittest

import running
from project import Project

TOOL = None
RULE = "enum-wider-than-needed"
HOLDER = "struct Slot { E e; bool used; };\nSlot slots[100];\n"
SCOPED = "enum class E { a, b, c };\n" + HOLDER
UNSCOPED = "enum E { a, b, c };\n" + HOLDER

# What is found, and a word of the reason why there is no edit.
REVIEWED = {
    "a cast of an integer": (SCOPED + "E of(int n) { return static_cast<E>(n); }", "out of its range"),
    "braces around an integer": (SCOPED + "E of(int n) { return E{n}; }", "out of its range"),
    "arithmetic": (UNSCOPED + "E next(E e) { return static_cast<E>(e + 1); }", "out of its range"),
    "a complement": (UNSCOPED + "E other(E e) { return static_cast<E>(~e); }", "out of its range"),
    "a byte that is signed": (UNSCOPED + "E of(unsigned char n) { return static_cast<E>(static_cast<signed char>(n)); }", "out of its range"),
    "another enumeration": (SCOPED + "enum class F { x };\nE of(F f) { return static_cast<E>(f); }", "out of its range"),
    "a stream": ("#include <iostream>\n" + UNSCOPED + "void print(E e) { std::cout << e; }", "overloads"),
    "an overload": (UNSCOPED + "void f(int);\nvoid f(unsigned char);\nvoid g(E e) { f(e); }", "overloads"),
    "a subscript": (UNSCOPED + "struct V { int operator[](int); int operator[](unsigned char); };\nint g(V v, E e) { return v[e]; }", "overloads"),
    "a constructor": (UNSCOPED + "struct V { V(int); V(unsigned char); };\nV g(E e) { return e; }", "overloads"),
    "a variable argument": (SCOPED + "void f(int, ...);\nvoid g(E e) { f(1, e); }", "variable argument"),
    "scanf": ("#include <cstdio>\n" + UNSCOPED + 'void g(E& e) { std::scanf("%u", reinterpret_cast<unsigned*>(&e)); }', "pointers"),
    "scanf without a cast": ("#include <cstdio>\n" + UNSCOPED + 'void g(E& e) { std::scanf("%u", &e); }', "pointers"),
    "va_arg": ("#include <cstdarg>\n" + SCOPED + "E g(std::va_list list) { return va_arg(list, E); }", "variable argument"),
    "a pointer to bytes": (SCOPED + "void f(void*);\nvoid g(E& e) { f(&e); }", "pointers"),
    "a reference": (SCOPED + "int& g(E& e) { return reinterpret_cast<int&>(e); }", "pointers"),
    "its size": (SCOPED + "unsigned long g() { return sizeof(E); }", "asked for"),
    "its size in a template": (SCOPED + "template <class T> int g(T) { return sizeof(T); }\nint h(E e) { return g(e); }", "asked for"),
    "its underlying type": ("#include <type_traits>\n" + SCOPED + "std::underlying_type_t<E> u;", "asked for"),
    "std::to_underlying": ("#include <utility>\n" + SCOPED + "auto g(E e) { return std::to_underlying(e); }", "asked for"),
    "a member of a union": (SCOPED + "union U { E e; int i; };", "union"),
    "a bit-field": (SCOPED + "struct B { E e : 2; };", "bit-field"),
    "an opaque declaration": ("enum E : int;\nenum E : int { a, b };\n" + HOLDER, "without its enumerators"),
    "extern C": (SCOPED + 'extern "C" void set(E) {}', "border"),
    "an import": (SCOPED + '__attribute__((import_name("set"))) void set(const E*);', "border"),
    "an unsigned promotion": ("enum E : unsigned { a, b };\n" + HOLDER, "promote"),
    "a macro": ("#define ENUM(name) enum class name { a, b }\nENUM(E);\n" + HOLDER, "macro"),
    "a condition": ("enum class E {\n  a,\n#ifdef MORE\n  b = 1000,\n#endif\n  c\n};\n" + HOLDER, "#if"),
}

# Uses that are the same with any underlying type.
FIXED = {
    "switch and comparison": UNSCOPED + "int g(E e) { switch (e) { case a: return 1; default: return e > b; } }",
    "printf": "#include <cstdio>\n" + UNSCOPED + 'void g(E e) { std::printf("%d", e); }',
    "arithmetic as int": UNSCOPED + "int g(E e) { return (e << 9) - 1; }",
    "the number of elements": UNSCOPED + "E all[] = {a, b, c};\nunsigned n = sizeof(all) / sizeof(all[0]);",
    "an unsigned byte": SCOPED + "E of(unsigned char n) { return static_cast<E>(n); }",
    "masked bits": SCOPED + "E of(int n) { return static_cast<E>(n & 3); }",
    "a choice": SCOPED + "E of(bool n) { return static_cast<E>(n ? 1 : 0); }",
    "one function": UNSCOPED + "void f(int);\nvoid g(E e) { f(e); }",
    "a subscript": UNSCOPED + "struct V { int& operator[](unsigned); int operator[](unsigned) const; };\nint g(V v, E e) { return v[e]; }",
    "a class with copies": UNSCOPED + "struct V { V(int); };\nV g(E e) { return e; }",
    "unnamed": "typedef enum { a, b } E;\n" + HOLDER,
    "a counter": SCOPED + "E last() { E e = E::a; for (int i = 0; i < 3; ++i) e = static_cast<E>(i); return e; }",
    "a counter in a lambda": SCOPED + "auto last = [] { E e = E::a; for (unsigned i = 0; i != 3; i++) e = static_cast<E>(i); return e; };",
}

# What is said to be open to any integer.
OPEN = {
    "a written type": "enum class E : int { a, b, c };\n" + HOLDER + "E of(int n) { return static_cast<E>(n); }",
    "a counter that goes on": "enum E : int { a, b };\n" + HOLDER + "E of(int n) { E e = a; for (int i = 0; i < 3; ++i) { e = static_cast<E>(i); i += n; } return e; }",
    "a counter of any bound": "enum E : int { a, b };\n" + HOLDER + "E of(int n) { E e = a; for (int i = 0; i < n; ++i) e = static_cast<E>(i); return e; }",
}


def project(files, flags=("-std=c++23",)):
    return Project(TOOL, files, list(flags))


def only(found):
    assert len(found) == 1, [(f["where"], f["message"]) for f in found]
    return found[0]


class Cases(unittest.TestCase):
    def test_uses_that_tell(self):
        for name, (text, reason) in REVIEWED.items():
            with self.subTest(name), project({"case.cpp": text}) as build:
                report = build.source("--format", "json", "--rule", RULE)
                self.assertIn(report.returncode, (0, 1), report.stdout + report.stderr)
                finding = only([f for f in build.findings("--rule", RULE) if "'E'" in f["message"]])
                self.assertIsNone(finding.get("fix"), finding)
                self.assertIn(reason, finding["help"])

    def test_uses_that_do_not(self):
        for name, text in FIXED.items():
            with self.subTest(name), project({"case.cpp": text}) as build:
                done = build.fix("--apply", "--rule", RULE)
                self.assertIn(" : unsigned char", build.text("case.cpp"), done.stdout + done.stderr)
                self.assertEqual(build.findings("--rule", RULE), [])

    def test_open_ranges(self):
        for name, text in OPEN.items():
            with self.subTest(name), project({"case.cpp": text}) as build:
                self.assertEqual(build.findings("--rule", RULE), [])
                (build.folder / "blocked.toml").write_text("[rules.enum-wider-than-needed]\nreport-blocked = true\n")
                done = subprocess.run([build.tool, "source", "-p", ".", "--rule", RULE, "--config", "blocked.toml"], cwd=build.folder,
                                      capture_output=True, text=True, check=False)
                self.assertIn("its underlying type is written, and any integer is converted to it", done.stdout)

    def test_a_library_in_c(self):
        api = '#pragma once\nenum E { a, b };\nextern "C" void set(enum E);\n'
        use = "struct Slot { E e; bool used; };\nSlot slots[100];\nvoid set(E e) { slots[1].e = e; }\n"
        for folder, count in (("include", 0), ("src", 1)):
            with self.subTest(folder), project({f"{folder}/api.h": api, "case.cpp": f'#include "{folder}/api.h"\n{use}', "other.cpp": f'#include "{folder}/api.h"\n'}) as build:
                self.assertEqual(len(build.findings("--rule", RULE)), count)

    def test_what_is_said(self):
        with project({"case.cpp": SCOPED}) as build:
            finding = only(build.findings("--rule", RULE))
            self.assertEqual(finding["message"], "'Slot' would take 2 bytes, not 8, if 'E' took 1 and not 4")
            self.assertIn("its values need 1 byte:", finding["help"])
        with project({"case.cpp": SCOPED + "E of(int n) { return static_cast<E>(n); }"}) as build:
            self.assertIn("its enumerators need 1 byte:", only(build.findings("--rule", RULE))["help"])

    def test_the_fix_shrinks_what_is_shown(self):
        # Moved comes first in the source, and needs another order as well.
        moved = "struct Moved { bool x; double d; E e; int i; bool y; };\nMoved moved[10];\n"
        with project({"case.cpp": "enum class E { a, b };\n" + moved + "struct Slot { E e; bool used; };\nSlot slots[100];\n"}) as build:
            finding = only(build.findings("--rule", RULE))
            self.assertIn("'Slot' would take 2 bytes", finding["message"])
            self.assertIn("then: 2 bytes", finding["details"])
            self.assertEqual(finding["saving"]["low_bytes"], 600)
            self.assertIsNotNone(finding["fix"])
        with project({"case.cpp": "enum class E { a, b };\n" + moved}) as build:
            finding = only(build.findings("--rule", RULE))
            self.assertIsNone(finding["fix"])
            self.assertIn("not edited: fields have to move as well", finding["help"])

    def test_c_gets_no_edit(self):
        text = "enum E { a, b };\nstruct Slot { enum E e; char used; } slots[100];\n"
        with project({"case.c": text}, ["-std=c11"]) as build:
            finding = only(build.findings("--rule", RULE))
            self.assertIsNone(finding.get("fix"))
            self.assertIn("__attribute__((packed))", finding["help"])
            self.assertIn("C before C23", finding["help"])

    def test_the_attribute_does_what_is_said(self):
        text = "enum __attribute__((packed)) E { a, b };\nstruct Slot { enum E e; char used; };\n_Static_assert(sizeof(struct Slot) == 2, \"\");\n"
        subprocess.run(["clang-22", "--target=wasm32-wasi", "-fsyntax-only", "-x", "c", "-"], input=text, text=True, check=True)

    def test_a_header_needs_all_units(self):
        header = "#pragma once\n" + SCOPED.replace("Slot slots[100];\n", "extern Slot slots[100];\n")
        files = {"e.h": header, "one.cpp": '#include "e.h"\nSlot slots[100];\n', "two.cpp": '#include "e.h"\nE two = E::b;\n'}
        with project(files) as build:
            self.assertIn("other files", only(build.findings("--rule", RULE, "one.cpp"))["help"])
            self.assertIsNotNone(only(build.findings("--rule", RULE)).get("fix"))
            build.fix("--apply", "--rule", RULE)
            self.assertIn("enum class E : unsigned char {", build.text("e.h"))
        files["two.cpp"] += "E of(int n) { return static_cast<E>(n); }\n"
        with project(files) as build:
            self.assertIsNone(only(build.findings("--rule", RULE)).get("fix"))
        files["two.cpp"] = '#include "e.h"\nE big = static_cast<E>(70000);\n'
        with project(files) as build:
            self.assertEqual(build.findings("--rule", RULE), [])

    def test_two_of_one_name(self):
        one = "enum E { a, b };\nstruct One { enum E e; char used; } one[100];\n"
        two = "enum E { c = 70000 };\nstruct Two { enum E e; char used; } two[100];\n"
        with project({"one.c": one, "two.c": two}, ["-std=c11"]) as build:
            finding = only(build.findings("--rule", RULE))
            self.assertTrue(finding["where"]["file"].endswith("one.c"))

    def test_savings(self):
        text = SCOPED + "E palette[256];\n"
        with project({"case.cpp": text}) as build:
            finding = only(build.findings("--rule", RULE))
            self.assertEqual(finding["saving"]["low_bytes"], 100 * (8 - 2) + 256 * 3)
            self.assertEqual(finding["saving"]["high_bytes"], finding["saving"]["low_bytes"])


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
