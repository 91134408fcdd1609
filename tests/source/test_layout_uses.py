#!/usr/bin/env python3
"""Uses that depend on a record's layout without naming its fields: each takes the edit away of struct-padding, bool-cluster and
enum-wider-than-needed alike, in C and in C++, and is named. Uses that do not depend on it leave the edits as they are."""

import json
import pathlib
import re
import subprocess
import unittest

import running
from project import Project

TOOL = None

# A record that each of the rules finds. In the cases, R is the record's name.
RECORDS = {
    "struct-padding": "struct R { %s first; double value; bool last; };",
    "bool-cluster": "struct R { %s first; int n; bool a; bool b; bool c; bool d; bool last; };",
    "enum-wider-than-needed": "enum E_R : int { zero_R, one_R };\nstruct R { enum E_R first; bool last; };",
}
FIRST = {"struct-padding": "bool", "bool-cluster": "int"}

HEADERS = "".join(f"#include <{name}.h>\n" for name in ("assert", "stddef", "stdint", "stdio", "stdlib", "string"))
IN_C = HEADERS + "typedef struct R R;\n"
EXPORT = '__attribute__((export_name("take_R"))) '
IMPORT = '__attribute__((import_module("env"), import_name("take_R"))) '

# What it is, the hazard that is named, and the code. In both languages, then in C++ only.
BOTH = [
    ("a record that holds it is written", "bytewise-access", "struct O { struct R in; int n; };\nvoid f(struct O* o, FILE* to) { fwrite(o, sizeof *o, 1, to); }"),
    ("an array in a record in a record is written", "bytewise-access", "struct I { struct R in[2]; };\nstruct O { struct I i; };\nvoid f(struct O* o, FILE* to) { fwrite(o, sizeof *o, 1, to); }"),
    ("a union beside a record that holds it", "union-type", "struct O { struct R in; };\nunion U { struct O o; char bytes[64]; };"),
    ("a pointer and a size in variables", "size-used", "void dump(void*, size_t);\nvoid f(R* r) { void* p = r; size_t n = sizeof *r; dump(p, n); }"),
    ("const void without a size", "pointer-converted", "void emit(const void*);\nvoid f(R* r) { emit(r); }"),
    ("const void that is stored", "pointer-converted", "const void* last_R;\nvoid f(R* r) { last_R = r; }"),
    ("a call through a pointer", "size-used", "struct Io { int (*put)(struct Io*, void*, size_t); };\nvoid f(struct Io* io, R* r) { io->put(io, r, sizeof *r); }"),
    ("a pointer and a size in a list", "size-used", "struct V { void* base; size_t size; };\nvoid gather(struct V*);\nvoid f(R* r) { struct V v[1] = {{r, sizeof *r}}; gather(v); }"),
    ("as numbers", "bytewise-access", "uint32_t f(R* r) { return ((const uint32_t*)r)[1]; }"),
    ("numbers as a record", "bytewise-access", "bool f(double* r) { return ((R*)r)->last; }"),
    ("as bytes by way of void", "bytewise-access", "unsigned char f(const R* r) { return ((const unsigned char*)(const void*)r)[1]; }"),
    ("read into its first field", "size-used", "void f(R* r, const char* raw) { memcpy(&r->first, raw, sizeof(R)); }"),
    ("more than its first field", "bytewise-access", "void f(R* r, const char* raw) { memcpy(&r->first, raw, 9); }"),
    ("as many bytes as somebody says", "bytewise-access", "void f(R* r, const char* raw, size_t n) { memcpy(&r->first, raw, n); }"),
    ("cleared for a number of bytes", "bytewise-access", "void f(R* r) { memset(r, 0, 9); }"),
    ("copied for a number of bytes", "bytewise-access", "void f(R* r, R* s) { memcpy(r, s, 9); }"),
    ("copied for as many bytes as somebody says", "size-used", "void f(R* r, R* s, size_t n) { memcpy(r, s, n); }"),
    ("a size in a variable that is printed", "size-used", "R* f(void) { size_t n = sizeof(R); printf(\"%zu\", n); return (R*)malloc(n); }"),
    ("a size that a function hands on", "size-used", "void raw(void*, size_t);\nstatic void arr(void* p, size_t n, size_t each) { raw(p, n * each); }\nvoid f(R* r) { arr(r, 2, sizeof(R)); }"),
    ("filled", "bytewise-access", "void f(R* r) { memset(r, 0xff, sizeof *r); }"),
    ("compared", "bytewise-access", "bool f(R* r, R* s) { return memcmp(r, s, sizeof *r) == 0; }"),
    ("cleared between fields", "field-arithmetic", "void f(R* r) { memset(&r->first, 0, (char*)&r->last - (char*)&r->first); }"),
    ("a check of its size", "size-used", "void f(void) { if (sizeof(R) != 24) abort(); }"),
    ("an assertion of its size", "size-used", "void f(void) { assert(sizeof(R) == 24); }"),
    ("a static assertion on a record that holds it", "layout-asserted", "struct O { struct R in; };\nstatic_assert(sizeof(struct O) < 64);"),
    ("records in a buffer", "size-used", "size_t f(size_t bytes) { return bytes / sizeof(R); }"),
    ("an integer", "pointer-converted", "uintptr_t f(R* r) { return (uintptr_t)r; }"),
    ("a handle", "pointer-converted", "bool f(uintptr_t r) { return ((R*)r)->last; }"),
    ("an exported signature", "exported-interface", EXPORT + "void take(R** r) { (void)r; }"),
    ("an exported callback", "exported-interface", EXPORT + "void take(void (*f)(const R*)) { (void)f; }"),
    ("exported by value in another", "exported-interface", "struct O { int n; struct R in[2]; };\n" + EXPORT + "void take(struct O* o) { (void)o; }"),
    ("exported behind a field", "exported-interface", "struct O { struct R* p; int n; };\n" + EXPORT + "void take(struct O* o) { (void)o; }"),
    ("an exported object as an integer", "exported-interface", "R it_R;\n" + EXPORT + "uintptr_t take(void) { return (uintptr_t)&it_R; }"),
    ("an exported object as void", "exported-interface", "R it_R;\n" + EXPORT + "void* take(void) { return (void*)&it_R; }"),
    ("an exported function's void", "exported-interface", EXPORT + "bool take(void* r) { return ((R*)r)->last; }"),
    ("an import that takes void", "exported-interface", IMPORT + "void take_R(const void*);\nvoid f(R* r) { take_R(r); }"),
    ("a variable that is kept", "exported-interface", "__attribute__((used)) R table_R[4];"),
    ("a register", "volatile-member", "bool f(void) { return ((volatile R*)0x4000)->last; }"),
    ("a register by a typedef", "volatile-member", "typedef volatile R VR;\nbool f(VR* r) { return r->last; }"),
    ("a pointer to volatile in a record", "volatile-member", "struct O { volatile R* r; };"),
    ("volatile in a record that is", "volatile-member", "struct O { struct R in; };\nextern volatile struct O o_R;"),
    ("volatile elements", "volatile-member", "typedef R A[4];\nextern volatile A a_R;"),
    ("an index from a field", "field-arithmetic", "bool f(R* r, int i) { return (&r->last)[i]; }"),
    ("the address behind a field", "field-arithmetic", "void* f(R* r) { return &r->last + 1; }"),
    ("a variable that steps over fields", "field-arithmetic", "bool f(R* r, int i) { bool* p = &r->last; return *(p - i); }"),
    ("the order of addresses", "field-arithmetic", "bool f(R* r) { return (void*)&r->first < (void*)&r->last; }"),
]
CXX = [
    ("a base is written", "bytewise-access", "struct O : R { int more; };\nvoid f(O* o, FILE* to) { fwrite(o, sizeof *o, 1, to); }"),
    ("an array of std's is written", "bytewise-access", "#include <array>\nvoid f(std::array<R, 2>& o, FILE* to) { fwrite(&o, sizeof o, 1, to); }"),
    ("a template that counts", "size-used", "void raw(void*, size_t);\ntemplate <class T> void arr(T* t, size_t n) { size_t k = n * sizeof(T); raw(t, k); }\nvoid f(R* r) { arr(r, 2); }"),
    ("a constructor", "size-used", "struct Blob { Blob(void*, size_t); };\nvoid f(R* r) { Blob b(r, sizeof *r); }"),
    ("a constructor of const void", "pointer-converted", "struct Blob { Blob(const void*); };\nvoid f(R* r) { Blob b(r); }"),
    ("a size in a generic lambda", "size-used", "void raw(void*, size_t);\nvoid f(R* r) { [](auto* t) { raw(t, sizeof *t); }(r); }"),
    ("bytes in a generic lambda", "bytewise-access", "void f(R* r, FILE* to) { [to](auto* t) { fwrite(t, 9, 1, to); }(r); }"),
    ("a default argument", "size-used", "void raw(R*, size_t n = sizeof(R));\nvoid f(R* r) { raw(r); }"),
    ("a default initialiser", "size-used", "struct Blob { R* at; size_t n = sizeof(R); };\nvoid keep(Blob*);\nvoid f(R* r) { Blob b{r}; keep(&b); }"),
    ("what = default requires", "size-used", "struct T { T() noexcept(sizeof(R) == 8) = default; };\nT t_R;"),
    ("a cast in a constructor's initialiser", "exported-interface", "struct H { R* at; H(void* p); };\n__attribute__((used)) H::H(void* p) : at(static_cast<R*>(p)) {}"),
    ("an element of a list", "size-used", "void keep(int*);\nvoid f() { static int table[] = {1, sizeof(R), 3}; keep(table); }"),
    ("bit_cast", "bytewise-access", "#include <array>\n#include <bit>\nint f(const R& r) { return std::bit_cast<std::array<int, sizeof(R) / 4>>(r)[0]; }"),
    ("a reference to bytes", "bytewise-access", "unsigned& f(R& r) { return reinterpret_cast<unsigned&>(r); }"),
    ("a body that looks at the bytes", "pointer-converted", "inline int sum(const void* p) { return *static_cast<const unsigned char*>(p); }\nint f(R* r) { return sum(r); }"),
    ("a variable for C", "exported-interface", 'extern "C" { R table_R[4]; }'),
    ("a function for C", "exported-interface", 'extern "C" void take_R(R& r) { r.last = true; }'),
    ("a reference to volatile", "volatile-member", "extern volatile R& r_R;"),
    ("this and a field", "field-arithmetic", "struct D : R { bool get(int i) { return *(&this->last + i); } };"),
]

# Uses that are the same in any layout.
HARMLESS_BOTH = [
    ("nothing", "bool f(R* r) { return r->last; }"),
    ("the heap", "R* f(void) { R* r = (R*)malloc(sizeof(R)); memset(r, 0, sizeof *r); return r; }\nvoid g(R* r) { free(r); }"),
    ("an allocator of its own", "struct Pool { void* (*alloc)(struct Pool*, size_t); };\nvoid* pool_alloc(struct Pool*, size_t);\nR* f(struct Pool* p, size_t n) { (void)p->alloc(p, n * sizeof(R)); return (R*)pool_alloc(p, sizeof(R) + n); }"),
    ("copies of whole objects", "void f(R* r, const R* s, size_t n) { memcpy(r, s, n * sizeof *r); memmove(r, s, sizeof(R)); }"),
    ("sorting", "int by(const void* a, const void* b) { const R* r = (const R*)a; const R* s = (const R*)b; return r->last - s->last; }\nvoid f(R* r, size_t n) { qsort(r, n, sizeof *r, by); }"),
    ("a number of elements", "R all_R[3];\nsize_t n_R = sizeof all_R / sizeof all_R[0];"),
    ("a size in a variable", "R* f(size_t n, const R* from) { size_t size = n * sizeof(R); R* r = (R*)malloc(size); memcpy(r, from, size); return r; }"),
    ("a size for a container", "static void* grow(void* p, size_t n, size_t each) { size_t size = n * each; return realloc(p, size); }\nR* f(R* r) { return (R*)grow(r, 2, sizeof(R)); }"),
    ("a bound", "bool f(size_t n) { return n > SIZE_MAX / sizeof(R); }"),
    ("a context", "void run(void (*)(void*), void*);\nvoid on(void* p) { ((R*)p)->last = true; }\nvoid f(R* r) { run(on, r); }"),
    ("a context that is kept", "struct Cb { void* data; };\nvoid f(struct Cb* c, R* r) { c->data = r; }"),
    ("identity", "bool f(const R* r, const void* p) { return r == p; }"),
    ("its own field", "void f(R* r, const char* raw) { memcpy(&r->last, raw, sizeof r->last); memset(&r->last, 0, 1); }"),
    ("const void that is converted back", "bool is(const void* p) { return ((const R*)p)->last; }\nbool f(const R* r) { return is(r); }"),
    ("arithmetic on objects", "R* f(R* r, size_t i) { return r + i + (&r[i] - r); }"),
    ("a pointer inside of C", "void take(R** r) { (void)r; }"),
]
HARMLESS_CXX = [
    ("containers", "#include <optional>\n#include <vector>\nstd::vector<R> f() { std::vector<R> v(3); v.push_back({}); return v; }\nstd::optional<R> g() { return R{}; }"),
    ("its address in a stream", "#include <ostream>\nvoid f(std::ostream& out, const R* r) { out << r; }"),
    ("operator new", "void* f() { return ::operator new(sizeof(R)); }"),
    ("opaque to C", 'class Db { public: virtual ~Db(); R* r; };\nstruct Handle { Db* db; };\nextern "C" void close_R(Handle*) {}'),
]


# Whoever starts or meets threads in the unit.
THREADS = [
    "extern \"C\" int pthread_mutex_lock(void*);\nvoid f(void* m) { pthread_mutex_lock(m); }",
    "extern \"C\" int mtx_lock(void*);\nvoid f(void* m) { mtx_lock(m); }",
    "namespace std { void async(void (*)()); }\nvoid f(void (*g)()) { std::async(g); }",
    "namespace std { class mutex {}; }\nstd::mutex m;",
    "unsigned f(unsigned* p) { return __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(p), 1); }",
]


def hazard_text(name):
    text = (pathlib.Path(__file__).resolve().parents[2] / "rules/model/hazard.h").read_text()
    return re.search(rf'"{name}",\s*"([^"]+)"', text).group(1)


def source(headers, rule, code, number):
    """A file with a record of its own, each field on a line, and objects of it."""
    record = RECORDS[rule].replace("%s", FIRST.get(rule, "")).replace("{ ", "{\n  ").replace("; ", ";\n  ").replace("  }", "}")
    text = f"{headers}{record}\n{code}\nR objects_R[100];\n"
    return re.sub(r"(?<![a-zA-Z0-9_])(\w*_)?R\b", lambda match: f"{match.group(1) or ''}R{number}", text)


def run(project, command):
    """The report of one of the tool's commands with all of the three rules."""
    config = project.folder / "all.toml"
    config.write_text("".join(f"[rules.{rule}]\nreport-blocked = true\n" + "count-code = false\n" * (rule == "bool-cluster") for rule in RECORDS))
    only = [argument for rule in RECORDS for argument in ("--rule", rule)]
    done = subprocess.run([project.tool, *command, "-p", ".", *only, "--config", config, "--format", "json"], cwd=project.folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stdout[-2000:] + done.stderr)
    return json.loads(done.stdout)


class LayoutUses(unittest.TestCase):
    def check(self, cases, suffix, headers, standard):
        """All cases are one build, of a file for each of the rules."""
        files = {}
        for what, hazard, code in cases:
            for rule in RECORDS:
                number = len(files)
                files[f"case{number}{suffix}"] = (what, hazard, rule, source(headers, rule, code, number))
        with Project(TOOL, {name: text for name, (*_, text) in files.items()}, [standard]) as project:
            report = run(project, ["source"])
            self.assertEqual(report["errors"], [])
            run(project, ["fix", "--apply"])
            for name, (what, hazard, rule, text) in files.items():
                with self.subTest(f"{what}, {rule}, {suffix}"):
                    helps = " ".join(f["help"] for f in report["findings"] if f["where"]["file"].endswith(f"/{name}") and f["rule"] == rule)
                    if hazard is None:
                        self.assertNotEqual(project.text(name), text, helps)
                    else:
                        self.assertEqual(project.text(name), text)
                        self.assertIn(hazard_text(hazard), helps)

    def test_c(self):
        self.check(BOTH, ".c", IN_C, "-std=c2x")

    def test_cxx(self):
        self.check(BOTH + CXX, ".cpp", HEADERS, "-std=c++20")

    def test_harmless_c(self):
        self.check([(what, None, code) for what, code in HARMLESS_BOTH], ".c", IN_C, "-std=c2x")

    def test_harmless_cxx(self):
        self.check([(what, None, code) for what, code in HARMLESS_BOTH + HARMLESS_CXX], ".cpp", HEADERS, "-std=c++20")


class Threads(unittest.TestCase):
    def test_each(self):
        files = {f"case{i}.cpp": source("", "bool-cluster", code, i) for i, code in enumerate(THREADS)}
        with Project(TOOL, files, ["-std=c++20"]) as project:
            findings = [f for f in run(project, ["source"])["findings"] if f["rule"] == "bool-cluster"]
            self.assertEqual(len(findings), len(files), findings)
            for finding in findings:
                self.assertIsNone(finding["fix"], finding)
                self.assertIn(hazard_text("shared-by-threads"), finding["help"])


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
