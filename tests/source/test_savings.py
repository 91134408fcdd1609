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
P40 = "struct P {\n  char a;\n  double b;\n  char c;\n  double d;\n  char e;\n};\n"  # 40 bytes that may be 24
HEAP = "#include <cstdlib>\n#include <memory>\n#include <vector>\n"
GAPS = "".join(f"char c{i}; double d{i}; " for i in range(9))
HOLDERS = "#include <optional>\n#include <tuple>\n#include <variant>\n"
RESULT = "template <class T> struct Result { std::variant<T, int> value; T* get() { return std::get_if<T>(&value); } template <class U> Result(U&& u) : value(std::in_place_type<T>, std::forward<U>(u)) {} };\n"
OWNER = "struct Owner {\n  std::unique_ptr<P> p;\n  Owner() : p(std::make_unique<P>()) {}\n"
UP = "the allocator rounds up"

# Rule, sources, bytes that are saved (low, high), and what the help says; None: there is no finding.
CASES = {
    "static array": ("struct-padding", P24 + "P p[1000];", (8000, 8000), "1000 of them in static data ('p'): 7.81 KiB"),
    "std::array of arrays": ("struct-padding", "#include <array>\n" + P24 + "std::array<std::array<P, 5>, 4> p;", (160, 160), "20 of them in static data"),
    "arrays in static arrays": ("struct-padding", P24 + "struct H { P rows[50]; int n; };\nstatic H h[20];\nint f(int i) { return h[i].n; }",
                                (8000, 8000), "20 of 'H' in static data ('h')"),
    "two levels": ("struct-padding", P12 + "struct In { P p[2]; };\nstruct H { In in; int n; };\nH h[10];", (80, 80), "10 of 'H' in static data"),
    "a holder that grows its padding": ("struct-padding", P12 + "struct H { double d; P p; int n; };\nH h[10];\nP some[16];", (64, 64), "since its padding grows"),
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
    "records without objects": ("struct-padding", P40 + "int f(const P& p) { return p.a; }", (16, 16), "this build makes no object of it"),
    "records without objects that save 8": ("struct-padding", P24 + "int f(const P& p) { return p.a; }", None, ""),
    "one new, by hand": ("struct-padding", P16 + "P* f() { return new P; }\nunsigned g() { return sizeof(P); }", None, ""),
    "one new, by hand, that saves more": ("struct-padding", P40 + "P* f() { return new P; }\nunsigned g() { return sizeof(P); }", (16, 16), "its size is used"),
    "two new, by hand": ("struct-padding", P16 + "P* f() { return new P; }\nP* h() { return new P; }\nunsigned g() { return sizeof(P); }", (16, 16), "its size is used"),
    "a record without objects that saves little": ("struct-padding", P12 + "int f(const P& p) { return p.a; }", None, ""),
    "an enumeration without objects": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e, f, g, h, i; bool b; double d; };\nint f(const S& s) { return s.b; }", (16, 16), "no object"),
    "an enumeration without objects that saves little": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e; bool b; };\nint f(const S& s) { return s.b; }", None, ""),
    "behind a pointer to void": ("struct-padding", P24 + "int f(void* p) { return static_cast<P*>(p)->a; }", (8, 8), ""),
    "one on the stack": ("struct-padding", P24 + "int f(int i) { P p{1, 2, 3}; return i + p.a; }", None, ""),
    "bools on the stack": ("bool-cluster", "struct S { int i; bool a, b, c, d, e; };\nvoid g(S&);\nvoid f() { S s{}; g(s); }", None, ""),
    "temporaries": ("struct-padding", P24 + "P f();\nint g() { return f().a; }", None, ""),
    "a holder on the stack": ("struct-padding", P24 + "struct H { P p; };\nint f(int i) { H h{}; return i + h.p.a; }", None, ""),
    "a base on the stack": ("struct-padding", P24 + "struct D : P { int d; };\nint f(int i) { D d{}; return i + d.a; }", None, ""),
    "a base in static data": ("struct-padding", P24 + "struct D : P { int d; };\nD d[8];", (0, 8), "in each 'D'"),
    "a holder in static data": ("struct-padding", P24 + "struct H { P p; };\nH h[8];", (64, 64), "in static data ('h')"),
    "bools that are compared": ("bool-cluster", "struct S { int n; bool a, b, c, d, e; bool operator==(const S&) const = default; };\nS s[1000];\nbool f(const S& p, const S& q) { return p == q; }",
                                (4000, 4000), "4 reads and 0 writes"),
    "bools that are copied": ("bool-cluster", "struct S { int n; bool a, b, c, d, e; };\nS s[1000];\nvoid f(S& p, S& q) { p = q; S r(q); s[3] = r; }", (4000, 4000), "give a, b"),
    "kept by std::any": ("struct-padding", "#include <any>\n" + P24 + "std::any f() { return P{1, 2, 3}; }", (8, 8), ""),
    "kept in a lambda": ("struct-padding", "#include <functional>\n" + P24 + "std::function<int()> f(P p) { return [p] { return p.a; }; }", (8, 8), ""),
    "from std's allocator": ("struct-padding", HEAP + P24 + "P* f(unsigned n) { return std::allocator<P>().allocate(n); }", (8, 8), ""),
    "one on the stack that saves more": ("struct-padding", f"struct P {{ {GAPS}char z; }};\nint f(int i) {{ P p{{}}; return i + p.z; }}", (64, 64), "on the stack ('p')"),
    "a template of the user's": ("struct-padding", "template <class T> struct Walker { int n; };\nstruct P : Walker<P> {\n  char a;\n  double b;\n  char c;\n};\nint f(int i) { P p{}; return i + p.a; }", None, ""),
    "an array on the stack": ("struct-padding", P24 + "int f(int i) { P p[10]{}; return i + p[i].a; }", (8, 8), "10 of them on the stack"),
    "one on the stack, one for good": ("struct-padding", P24 + "int f(int i) { P p{}; static P q[7]; return i + p.a + q[i].a; }", (56, 56), "in static data"),
    "an optional on the stack": ("struct-padding", HOLDERS + P24 + "int f(int i) { std::optional<P> p; if (i > 0) p.emplace(); return p ? p->a : 0; }", None, ""),
    "a result that holds a variant": ("struct-padding", HOLDERS + P24 + RESULT + "Result<P> make();\nint f() { auto made = make(); return made.get()->a; }", None, ""),
    "results in a vector": ("struct-padding", HOLDERS + HEAP + P24 + RESULT + "std::vector<Result<P>> all;\nint f() { return all[0].get()->a; }", (0, 8), "in each 'Result"),
    "tuples in a vector": ("struct-padding", HOLDERS + HEAP + P24 + "std::vector<std::tuple<int, std::optional<P>>> v;", (8, 8), "in 'std::optional': 8 bytes of each"),
    "an optional for good": ("struct-padding", HOLDERS + P24 + "std::optional<P> p;", (8, 8), "in 'std::optional'"),
    "an optional member of many": ("struct-padding", HOLDERS + P24 + "struct M { std::optional<P> p; };\nM m[100];", (0, 8), "in each 'M::p'"),
    "an optional member of few": ("struct-padding", HOLDERS + P24 + "struct M { std::optional<P> p; };\nM m[2];", None, ""),
    "a block that few keep": ("struct-padding", HEAP + P16 + OWNER + "};\nint f() { Owner o; return o.p->a; }", None, ""),
    "a block that any number keep": ("struct-padding", HEAP + P16 + OWNER + "};\nstd::vector<Owner> owners;", (16, 16), "in a block of the heap"),
    "a block that is moved on": ("struct-padding", HEAP + P16 + OWNER + "  std::unique_ptr<P> take() { return std::move(p); }\n};\nint f() { Owner o; return o.take()->a; }", (16, 16), "in a block"),
    "a block that is returned": ("struct-padding", HEAP + P16 + OWNER + "};\nstd::unique_ptr<P> f() { auto p = std::make_unique<P>(); return p; }\nint g() { Owner o; return o.p->a; }", (16, 16), "in a block"),
    "a block that is released": ("struct-padding", HEAP + P16 + "struct Owner { std::unique_ptr<P> p; void make() { p.reset(new P); } P* take() { return p.release(); } };\nP* f() { Owner o; o.make(); return o.take(); }",
                                 (16, 16), "in a block"),
    "blocks that one keeps, one at a time": ("struct-padding", HEAP + P16 + "struct Owner { std::unique_ptr<P> p{new P}; void again() { p = std::make_unique<P>(); p.reset(new P); } };\nint f() { Owner o; o.again(); return o.p->a; }", None, ""),
    "an optional that is assigned": ("struct-padding", HOLDERS + P24 + "P made();\nint f() { std::optional<P> p; p = made(); return p->a; }", None, ""),
    "memory by its size": ("struct-padding", P24 + "void* take(unsigned long);\nvoid* f(int n) { unsigned long size = n * sizeof(P); P p{}; return p.a ? take(size) : nullptr; }", (8, 8), "on the stack"),
    "the size of a variable": ("struct-padding", P24 + "int f(int i) { P p[2]{}; return p[i].a + sizeof p / sizeof p[0]; }", None, ""),
    "the size of what is cleared": ("struct-padding", "#include <cstring>\n" + P24 + "void g(P*);\nvoid f() { P p; std::memset(&p, 0, sizeof(P)); g(&p); }", None, ""),
    "a callback's context": ("struct-padding", P24 + "void each(void (*)(void*), void*);\nvoid add(void* p) { static_cast<P*>(p)->b += 1; }\ndouble f() { P p{}; each(add, &p); return p.b; }", None, ""),
    "a callback's context, and memory": ("struct-padding", P24 + "void each(void (*)(void*), void*);\nvoid* memory();\nvoid add(void* p) { static_cast<P*>(p)->b += 1; }\ndouble f() { P p{}; each(add, &p); return p.b + static_cast<P*>(memory())->b; }",
                                         (8, 8), "on the stack"),
    "in a union beside something as large": ("struct-padding", P24 + "union U { P p; double d[3]; };\nU u[100];", None, ""),
    "an enumeration in a union that it makes large": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e, f, g; };\nunion U { S s; int n; };\nU u[100];", (0, 9), "in each 'U::s'"),
    "an enumeration in a union beside something as large": ("enum-wider-than-needed", "enum class E { a, b };\nstruct S { E e, f, g; };\nunion U { S s; int n[3]; };\nU u[100];", None, ""),
    "a member of what is not made": ("struct-padding", P24 + "struct M { P p; };\nint f(const M& m) { P p{}; return m.p.a + p.a; }", None, ""),
    "a member of what other pointers become": ("struct-padding", P24 + "struct M { P p; };\nint f(int* i) { P p{}; return reinterpret_cast<M*>(i)->p.a + p.a; }", (8, 8), "in each 'M'"),
    "members of what is not made only": ("struct-padding", P24 + "struct M { P p; };\nint f(const M& m) { return m.p.a; }", (8, 8), "in each 'M'"),
    "a base that may be padded": ("struct-padding", P12 + "struct D : P { int d; };\nD d[100];", None, ""),
    "few for good": ("struct-padding", P24 + "P p[6];", None, ""),
    "members of few": ("struct-padding", P24 + "struct H { P p[2]; };\nH h[3];\nint f(int i) { H own{}; return own.p[i].a; }", (48, 48), "3 of 'H' in static data ('h'): 48 bytes"),
}

# What only the compiler makes is no object.
NO_OBJECTS = {
    "in a static_assert": "static_assert(P{1, 2, 3}.a == 1);",
    "a constant for a static_assert": "constexpr P p{1, 2, 3};\nstatic_assert(p.a == 1);",
    "a constant of which a value is used": "constexpr P p{1, 2, 3};\nint f() { return p.a; }",
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
    "a constant whose address is used": "constexpr P p{1, 2, 3};\nconst char* f() { return &p.a; }",
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

    def test_what_is_no_object(self):
        for name, text in NO_OBJECTS.items():
            with self.subTest(name), project(P24 + text, EVERY_OBJECT) as build:
                found = [f for f in build.findings("--rule", "struct-padding") if "'P'" in f["message"]]
                self.assertEqual([(NO_OBJECT in f["help"], f["fix"]) for f in found], [(True, None)])

    def test_no_object_no_edit(self):
        with project(P40) as build:
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
