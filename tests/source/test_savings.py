#!/usr/bin/env python3
"""What the objects of a record save, by where they live: sizes that were compiled for wasm32-wasi, whose dlmalloc adds 4 bytes
to a block and rounds it up to 16."""

import unittest

import running
from project import EVERY_OBJECT, Project

TOOL = None
P24 = "struct P {\n  char a;\n  double b;\n  char c;\n};\n"  # 24 bytes that may be 16
P12 = "struct P {\n  char a;\n  int b;\n  char c;\n};\n"  # 12 bytes that may be 8
P16 = "struct P {\n  char a;\n  int b;\n  char c;\n  int d;\n};\n"  # 16 bytes that may be 12
HEAP = "#include <cstdlib>\n#include <memory>\n#include <vector>\n"
UP = "the allocator rounds up"

# Rule, sources, bytes that are saved (low, high), and what the help says; None: there is no finding.
CASES = {
    "static array": ("struct-padding", P24 + "P p[1000];", (8000, 8000), "1000 of them in static data ('p'): 7.81 KiB"),
    "std::array of arrays": ("struct-padding", "#include <array>\n" + P24 + "std::array<std::array<P, 5>, 4> p;", (160, 160), "20 of them in static data"),
    "arrays in static arrays": ("struct-padding", P24 + "struct H { P rows[50]; int n; };\nstatic H h[20];\nint f(int i) { return h[i].n; }",
                                (8000, 8000), "20 of 'H' in static data ('h')"),
    "two levels": ("struct-padding", P12 + "struct In { P p[2]; };\nstruct H { In in; int n; };\nH h[10];", (80, 80), "10 of 'H' in static data"),
    "a holder that grows its padding": ("struct-padding", P12 + "struct H { double d; P p; int n; };\nH h[10];\nP one;", (4, 4), "since its padding grows"),
    "a holder that swallows it": ("struct-padding", P12 + "struct H { double d; P p; int n; };\nH h[10];", None, ""),
    # H itself may be 24 bytes for 32: with that, P's other order saves nothing more.
    "a holder that has a better order": ("struct-padding", P12 + "struct H { P p; double d; int n; };\nH h[100];", (0, 800), "up to"),
    "a flexible array": ("struct-padding", P24 + "struct F { int n; P p[]; };\nint f(F* f) { return f->n; }", (0, 8), "in each"),
    "small records in static data": ("struct-padding", "struct T {\n  char a;\n  short b;\n  char c;\n};\nT t[1000];", (2000, 2000), "1000 of them"),
    "small records in little static data": ("struct-padding", "struct T {\n  char a;\n  short b;\n  char c;\n};\nT t[31];", None, ""),
    "new": ("struct-padding", P16 + "P* f() { return new P; }", (16, 16), "in a block of the heap: 16 bytes"),
    "new that rounds up": ("struct-padding", P24 + "P* f() { return new P; }", None, ""),
    "new of an array": ("struct-padding", P24 + "P* f() { return new P[100]; }", (8, 8), "100 of them in a block of the heap: 800 bytes"),
    "new of any array": ("struct-padding", P24 + "P* f(int n) { return new P[n]; }", (8, 8), "in arrays of the heap: 8 bytes of each"),
    "malloc": ("struct-padding", HEAP + P16 + "P* f() { return static_cast<P*>(std::malloc(sizeof(P))); }", (16, 16), "in a block of the heap: 16 bytes"),
    "malloc that rounds up": ("struct-padding", HEAP + P24 + "P* f() { P* p = static_cast<P*>(std::malloc(sizeof *p)); return p; }", None, ""),
    "malloc of an array": ("struct-padding", HEAP + P24 + "void* f() { return std::malloc(100 * sizeof(P)); }", (8, 8), "100 of them in a block"),
    "calloc": ("struct-padding", HEAP + P24 + "void* f() { return std::calloc(100, sizeof(P)); }", (8, 8), "100 of them in a block"),
    "realloc": ("struct-padding", HEAP + P24 + "void* f(void* p, int n) { return std::realloc(p, n * sizeof(P)); }", (8, 8), "in arrays of the heap"),
    "an allocator of their own": ("struct-padding", P24 + "void* take(unsigned long);\nvoid* f() { return take(sizeof(P)); }", (8, 8), "another allocator"),
    "make_unique": ("struct-padding", HEAP + P16 + "auto f() { return std::make_unique<P>(); }", (16, 16), "in a block of the heap: 16 bytes"),
    "make_unique that rounds up": ("struct-padding", HEAP + P24 + "auto f() { return std::make_unique<P>(); }", None, ""),
    "make_unique of an array": ("struct-padding", HEAP + P24 + "auto f() { return std::make_unique<P[]>(100); }", (8, 8), "100 of them in a block"),
    # With the control block of 12 bytes: 12 + 16 + 4 and 12 + 12 + 4 are a block of 32, 12 + 20 + 4 one of 48.
    "make_shared that rounds up": ("struct-padding", HEAP + P16 + "auto f() { return std::make_shared<P>(); }", None, ""),
    "make_shared": ("struct-padding", HEAP + "struct P {\n  char a;\n  int b[3];\n  char c;\n};\nauto f() { return std::make_shared<P>(); }", (16, 16),
                    "in a block of the heap"),
    "std::vector of a known size": ("struct-padding", HEAP + P24 + "int f() { std::vector<P> v(1000); return v[3].a; }", (8, 8), "1000 of them in a block"),
    "elements of std::vector": ("struct-padding", HEAP + P24 + "std::vector<P> v;", (8, 8), "in 'std::vector': 8 bytes of each"),
    "heap and stack": ("struct-padding", P24 + "P* f() { P p; p.a = 1; return new P(p); }", (0, 8), UP),
    "equal places": ("struct-padding", P16 + "P* f() { return new P; }\nP* g() { return new P; }", (16, 16), "in a block of the heap, 2 times: 16 bytes each"),
    "an enumeration beside padding": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S {\n  bool x;\n  double d;\n  E e;\n  int i;\n  bool y;\n};\nS s[10];",
                                      (80, 80), "not the 24 that another order alone gives"),
    "bools beside padding": ("bool-cluster", "struct S {\n  bool a;\n  double d;\n  bool b, c, e, f, g, h, i, j, k;\n};\nS s[100];", (800, 800), "not the 24 that another order"),
    "an enumeration on the stack": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e; bool b; };\nint f(E e) { S s{e, true}; return s.b; }", None, ""),
    "an enumeration in a large record": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e; bool b; char text[1000]; };\nS s;", None, ""),
    "records without objects": ("struct-padding", P24 + "int f(const P& p) { return p.a; }", (8, 8), "this build makes no object of it"),
    "a record without objects that saves little": ("struct-padding", P12 + "int f(const P& p) { return p.a; }", None, ""),
    "an enumeration without objects": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e, f; bool b; double d; };\nint f(const S& s) { return s.b; }", (8, 8), "no object"),
    "an enumeration without objects that saves little": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e; bool b; };\nint f(const S& s) { return s.b; }", None, ""),
    "behind a pointer to void": ("struct-padding", P24 + "int f(void* p) { return static_cast<P*>(p)->a; }", (8, 8), ""),
    "one on the stack": ("struct-padding", P24 + "int f(int i) { P p{1, 2, 3}; return i + p.a; }", None, ""),
    "bools on the stack": ("bool-cluster", "struct S { int i; bool a, b, c, d, e; };\nvoid g(S&);\nvoid f() { S s{}; g(s); }", None, ""),
    "temporaries": ("struct-padding", P24 + "P f();\nint g() { return f().a; }", None, ""),
    "a holder on the stack": ("struct-padding", P24 + "struct H { P p; };\nint f(int i) { H h{}; return i + h.p.a; }", None, ""),
    "a base on the stack": ("struct-padding", P24 + "struct D : P { int d; };\nint f(int i) { D d{}; return i + d.a; }", None, ""),
    "a base in static data": ("struct-padding", P24 + "struct D : P { int d; };\nD d;", (0, 8), "in each 'D'"),
    "a holder in static data": ("struct-padding", P24 + "struct H { P p; };\nH h;", (8, 8), "in static data ('h')"),
    "bools that are compared": ("bool-cluster", "struct S { int n; bool a, b, c, d, e; bool operator==(const S&) const = default; };\nS s[1000];\nbool f(const S& p, const S& q) { return p == q; }",
                                (4000, 4000), "4 reads and 0 writes"),
    "bools that are copied": ("bool-cluster", "struct S { int n; bool a, b, c, d, e; };\nS s[1000];\nvoid f(S& p, S& q) { p = q; S r(q); s[3] = r; }", (4000, 4000), "give a, b"),
    "kept by std::any": ("struct-padding", "#include <any>\n" + P24 + "std::any f() { return P{1, 2, 3}; }", (8, 8), ""),
    "kept in a lambda": ("struct-padding", "#include <functional>\n" + P24 + "std::function<int()> f(P p) { return [p] { return p.a; }; }", (8, 8), ""),
    "from std's allocator": ("struct-padding", HEAP + P24 + "P* f(unsigned n) { return std::allocator<P>().allocate(n); }", (8, 8), ""),
    "one on the stack that saves more": ("struct-padding", "struct P { char a; double b; char c; double d; char e; };\nint f(int i) { P p{}; return i + p.a; }", (16, 16), "on the stack ('p')"),
    "a template of the user's": ("struct-padding", "template <class T> struct Walker { int n; };\nstruct P : Walker<P> {\n  char a;\n  double b;\n  char c;\n};\nint f(int i) { P p{}; return i + p.a; }", None, ""),
    "an array on the stack": ("struct-padding", P24 + "int f(int i) { P p[10]{}; return i + p[i].a; }", (8, 8), "10 of them on the stack"),
    "one on the stack, one for good": ("struct-padding", P24 + "int f(int i) { P p{}; static P q; return i + p.a + q.a; }", (8, 8), "in static data"),
}

NO_OBJECT = "this build makes no object of it"
# Whatever may be an object keeps the edit.
OBJECTS = {
    "a parameter": "int f(P p) { return p.a; }",
    "a result": "P f();\nint g() { return f().a; }",
    "a temporary": "int f() { return P{}.a; }",
    "a base": "struct D : P { int d; };\nD d;",
    "a member": "struct H { P p; };\nint f(const H& h) { return h.p.a; }",
    "a pool": "template <class T> struct Pool { T* take(); };\nPool<P> pool;",
    "a pair": "#include <utility>\nint f(const std::pair<int, P>& p) { return p.second.a; }",
    "memory": "P* f(void* memory) { return static_cast<P*>(memory); }",
    "placement new": "#include <new>\nP* f(void* memory) { return new (memory) P; }",
}


def project(text, config=""):
    return Project(TOOL, {"case.cpp": text}, ["-std=c++20"], config)


class Savings(unittest.TestCase):
    maxDiff = None

    def test_cases(self):
        for name, (rule, text, saving, part) in CASES.items():
            with self.subTest(name), project(text) as build:
                found = [f for f in build.findings("--rule", rule) if "'H'" not in f["message"]]
                if saving is None:
                    self.assertEqual(found, [])
                    continue
                self.assertEqual(len(found), 1, [f["message"] for f in found])
                self.assertIn(part, found[0]["message"] + "; " + found[0]["help"])
                self.assertEqual((found[0]["saving"]["low_bytes"], found[0]["saving"]["high_bytes"]), saving, found[0]["help"])

    def test_what_may_be_an_object(self):
        for name, text in OBJECTS.items():
            with self.subTest(name), project(P24 + text, EVERY_OBJECT) as build:
                found = [f for f in build.findings("--rule", "struct-padding") if "'P'" in f["message"]]
                self.assertTrue(found)
                self.assertNotIn(NO_OBJECT, found[0]["help"])

    def test_no_object_no_edit(self):
        with project(P24) as build:
            finding = build.findings("--rule", "struct-padding")[0]
            self.assertEqual((finding["severity"], finding["fix"]), ("warning", None))
            self.assertIn(NO_OBJECT, finding["help"])

    def test_prediction_counts_holders(self):
        with project(P24 + "struct H { P rows[50]; int n; };\nH h[20];") as build:
            self.assertIn("once fixed: 8000 bytes less of static data", build.source("--rule", "struct-padding").stdout)

    def test_one_line(self):
        for before, after in {
            "struct P { char a; double b; char c; };": "struct P { double b; char c; char a; };",
            "struct P { char a; /* of a line */ double b; /* both */ char c; };": "struct P { double b; /* both */ char c; char a; /* of a line */ };",
            "struct P {\n  char a; double b;\n  char c;\n};": "struct P {\n  double b; char c;\n  char a;\n};",
            "struct P {\n  char a; double b;  // two\n  char c;\n};": None,
            "struct P { char a, c; double b; char d; };": None,
        }.items():
            with self.subTest(before), project(before + "\nP p[100];\n") as build:
                done = build.fix("--apply", "--rule", "struct-padding")
                self.assertEqual(build.text("case.cpp"), (after or before) + "\nP p[100];\n", done.stdout + done.stderr)

    def test_an_unnamed_member_that_moves(self):
        text = "struct P {\n  char a;\n  union {\n    double d;\n    char t[8];\n  };\n  char c;\n  char e;\n  double f;\n  char g;\n};\nP p[9];\n"
        with project(text) as build:
            finding = next(f for f in build.findings("--rule", "struct-padding") if "'P'" in f["message"])
            self.assertNotIn("unnamed", finding["help"])


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
