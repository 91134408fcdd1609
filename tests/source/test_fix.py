#!/usr/bin/env python3
"""`wasm-memlint fix`: what it rewrites, what it leaves alone, and that it changes all files or none."""

import json
import os
import pathlib
import re
import subprocess
import unittest

import running
from project import EVERY_OBJECT, Project

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = None

# Every one of these must stay as it is; the second of the pair is the hazard that says so, none where there is nothing to
# report.
LEFT_ALONE = {
    ("an aggregate with a base that is initialised by position", "fixed-initialiser"): """
        struct Base { int id; };
        struct P : Base {
          bool a;
          double d;
          bool b;
        };
        P p{{1}, true, 2.0, false};""",
    ("a structured binding", "structured-binding"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        bool f(P p) { auto [x, y, z] = p; return x && z && y > 0; }""",
    ("a union", None): """
        union P {
          bool a;
          double d;
        };
        struct Holder {
          bool a;
          P p;
        };""",
    ("a member of a union", "union-type"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        union U { P p; char bytes[24]; };""",
    ("packed", None): """
        struct __attribute__((packed)) P {
          bool a;
          double d;
          bool b;
        };""",
    ("two fields in one declaration", "shared-declaration"): """
        struct P {
          bool a, c;
          double d;
          bool b;
        };""",
    ("an #if inside", "directive-inside"): """
        struct P {
          bool a;
        #if 1
          double d;
        #endif
          bool b;
        };""",
    ("fields from a macro", "macro-inside"): """
        #define FIELDS bool a; double d; bool b;
        struct P { FIELDS };""",
    ("a static_assert on its layout", "layout-asserted"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        static_assert(sizeof(P) == 24);""",
    ("offsetof", "offset-taken"): """
        #include <cstddef>
        struct P {
          bool a;
          double d;
          bool b;
        };
        unsigned long at = offsetof(P, d);""",
    ("bytes that are sent", "bytewise-access"): """
        #include <cstring>
        struct P {
          bool a;
          double d;
          bool b;
        };
        void f(char* out, const P& p) { std::memcpy(out, &p, sizeof p); }""",
    ("bytes that are looked at", "bytewise-access"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        const char* f(const P& p) { return reinterpret_cast<const char*>(&p); }""",
    ("bytes that are handed on with their size", "size-used"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        unsigned checksum(const void* bytes, unsigned long size);
        unsigned f(const P& p) { return checksum(&p, sizeof p); }""",
    ("offsetof of old", "offset-taken"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        unsigned long at() { return (unsigned long)&((P*)0)->d; }""",
    ("a span of bytes", "bytewise-access"): """
        #include <span>
        struct P {
          bool a;
          double d;
          bool b;
        };
        auto f(P& p) { return std::as_bytes(std::span<P, 1>(&p, 1)).size(); }""",
    ("a comparison by the order of the fields", "defaulted-comparison"): """
        #include <compare>
        struct P {
          bool a;
          double d;
          bool b;
          auto operator<=>(const P&) const = default;
        };""",
    ("an initialiser that reads another field", "initialiser-order"): """
        struct P {
          P(double x) : a(x > 0), d(x), b(a) {}
          bool a;
          double d;
          bool b;
        };""",
    ("a default that reads another field", "initialiser-order"): """
        struct P {
          bool a = true;
          double d = 1;
          bool b = a;
        };""",
    ("guards that end in order", "destruction-order"): """
        struct Guard { ~Guard(); bool on; };
        struct Log { ~Log(); double d; };
        struct P {
          Guard first;
          Log log;
          Guard second;
        };""",
    ("an interface of the module", "exported-interface"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        __attribute__((export_name("take"))) void take(P*) {}""",
    ("a C interface", "exported-interface"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        extern "C" void take(P*) {}""",
    ("volatile", "volatile-member"): """
        struct P {
          volatile bool a;
          double d;
          bool b;
        };""",
    ("atomics", "atomic-member"): """
        #include <atomic>
        struct P {
          std::atomic<bool> a;
          double d;
          bool b;
        };""",
    ("a chosen alignment", "over-aligned"): """
        struct P {
          alignas(8) bool a;
          double d;
          bool b;
          float f;
          bool c;
          double e;
        };""",
    ("an instance of a template", "template-record"): """
        template <class T> struct P {
          bool a;
          T d;
          bool b;
        };
        P<double> p;""",
    ("fields that would have to pass an access specifier", "crosses-access"): """
        struct P {
          bool a;
        private:
          double d;
        public:
          bool b;
        };""",
    ("an initialiser with effects", "evaluation-order"): """
        bool next();
        double more();
        struct P {
          bool a;
          double d;
          bool b;
        };
        P p{next(), more(), next()};""",
    ("an initialiser from a macro", "fixed-initialiser"): """
        #define INIT {true, 1.0, false}
        struct P {
          bool a;
          double d;
          bool b;
        };
        P p = INIT;""",
    ("an initialiser in parentheses", "fixed-initialiser"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        P p(true, 1.0, false);""",
    ("a flexible array", "flexible-array"): """
        struct P {
          bool a;
          double d;
          bool b;
          char tail[];
        };""",
    ("a record that others derive from", "has-derived"): """
        struct P {
          bool a;
          double d;
          bool b;
        };
        struct Q : P { bool c; };""",
    ("no gain", None): """
        struct P {
          bool a;
          unsigned long long u;
        };
        struct Q {
          bool a;
          void* p;
          unsigned long long u;
        };""",
}


def dedent(text):
    return "\n".join(line[8:] if line.startswith("        ") else line for line in text.strip("\n").split("\n")) + "\n"


def hazard_text(name):
    text = (ROOT / "rules/model/hazard.h").read_text()
    return re.search(rf'"{name}",\s*"([^"]+)"', text).group(1)


class LeftAlone(unittest.TestCase):
    def test_each(self):
        for (what, hazard), text in LEFT_ALONE.items():
            with self.subTest(what), Project(TOOL, {"p.cpp": dedent(text)}, ["-std=c++20"], EVERY_OBJECT) as project:
                done = project.fix("--apply", "--rule", "struct-padding")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(project.text("p.cpp"), dedent(text), done.stdout)
                config = project.folder / "blocked.toml"
                config.write_text("[rules.struct-padding]\nreport-blocked = true\nmin-saved-in-all = 1\nmin-saved-unseen = 1\nmin-saved-by-hand = 1\n")
                command = [project.tool, "source", "-p", ".", "--rule", "struct-padding", "--config", config]
                shown = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=True).stdout
                self.assertIn(hazard_text(hazard) if hazard else " 0 findings", shown)


HEADER = """#pragma once
struct Reading {
  // which sensor
  // it comes from
  unsigned char sensor;

  double value;  // in its unit,
                 // as measured
  [[maybe_unused]] unsigned char flags = 0;  /* of the sensor */
  /// seconds
  unsigned time;
};
"""
HEADER_AFTER = """#pragma once
struct Reading {
  double value;  // in its unit,
                 // as measured

  // which sensor
  // it comes from
  unsigned char sensor;
  [[maybe_unused]] unsigned char flags = 0;  /* of the sensor */
  /// seconds
  unsigned time;
};
"""
FIRST = '#include "reading.h"\nReading one = {1, 2.5, 3, 4};\nReading some[] = {{.sensor = 1, .value = 2, .time = 9}, {1, 2}, {0}, {}};\n'
FIRST_AFTER = '#include "reading.h"\nReading one = {2.5, 1, 3, 4};\nReading some[] = {{.value = 2, .sensor = 1, .time = 9}, {2, 1}, {0}, {}};\n'
SECOND = """#include "reading.h"
class Box {
 public:
  explicit Box(unsigned char s) : small(s), reading{s, 1.0, 2, 3}, other('x') {}
  unsigned char small;
  Reading reading;
  unsigned char other;
};
Box box(7);
"""
SECOND_AFTER = """#include "reading.h"
class Box {
 public:
  explicit Box(unsigned char s) : reading{1.0, s, 2, 3}, other('x'), small(s) {}
  Reading reading;
  unsigned char other;
  unsigned char small;
};
Box box(7);
"""


def a_build(**more):
    return Project(TOOL, {"reading.h": HEADER, "first.cpp": FIRST, "second.cpp": SECOND, **more}, ["-std=c++20"], EVERY_OBJECT)


class Rewritten(unittest.TestCase):
    def test_headers_units_and_initialisers_change_together(self):
        with a_build() as project:
            # The two records' edits meet in one initialiser: the second run makes what the first one had to leave.
            for _ in range(2):
                self.assertEqual(project.fix("--apply").returncode, 0)
            self.assertEqual(project.text("reading.h"), HEADER_AFTER)
            self.assertEqual(project.text("first.cpp"), FIRST_AFTER)
            self.assertEqual(project.text("second.cpp"), SECOND_AFTER)
            self.assertIn("0 of 0 fixes", project.fix("--apply").stdout)
            self.assertEqual([f for f in project.findings() if f["rule"] == "struct-padding"], [])

    def test_a_dry_run_changes_nothing_and_its_diff_can_be_applied(self):
        with a_build() as project:
            done = project.fix("--rule", "struct-padding")
            self.assertEqual(project.text("reading.h"), HEADER)
            self.assertEqual(project.fix("--dry-run", "--rule", "struct-padding").stdout, done.stdout)
            patch = "".join(line for line in done.stdout.splitlines(True) if line[:1] in "-+@ \\")
            applied = subprocess.run(["git", "apply", "-p0", "--unsafe-paths", "--directory", "/", "-"], input=patch.replace(str(project.folder), str(project.folder)[1:]),
                                     cwd="/", capture_output=True, text=True, check=False)
            self.assertEqual(applied.returncode, 0, applied.stderr + patch)
            by_patch = {name: project.text(name) for name in ("reading.h", "first.cpp", "second.cpp")}
        with a_build() as project:
            project.fix("--apply", "--rule", "struct-padding")
            self.assertEqual(by_patch, {name: project.text(name) for name in by_patch})

    def test_the_rewritten_program_means_the_same(self):
        main = '#include "reading.h"\n#include <cstdio>\nextern Reading one, some[];\nint main() { std::printf("%d %g %d %u %d %g\\n", one.sensor, one.value, one.flags, one.time, some[1].sensor, some[1].value); }\n'
        outputs = []
        with a_build(**{"main.cpp": main}) as project:
            for _ in range(2):
                build = ["clang++-22", "-std=c++20", "first.cpp", "second.cpp", "main.cpp", "-o", "program"]
                subprocess.run(build, cwd=project.folder, check=True, capture_output=True)
                outputs.append(subprocess.run(["./program"], cwd=project.folder, check=True, capture_output=True, text=True).stdout)
                project.fix("--apply")
        self.assertEqual(outputs[0], "1 2.5 3 4 1 2\n")
        self.assertEqual(outputs[0], outputs[1])

    def test_braces_that_are_left_out_are_followed(self):
        text = """#include <cstdio>
struct Inner {
  bool a;
  double d;
  bool b;
};
struct Outer { Inner inner; bool more; };
Outer all[] = {true, 1.5, false, true, {{false, 2, true}, false}};
int main() {
  for (const Outer& o : all) std::printf("%d %g %d %d\\n", o.inner.a, o.inner.d, o.inner.b, o.more);
}
"""
        with Project(TOOL, {"p.cpp": text}, (), EVERY_OBJECT) as project:
            outputs = []
            for _ in range(2):
                subprocess.run(["clang++-22", "p.cpp", "-o", "program"], cwd=project.folder, check=True, capture_output=True)
                outputs.append(subprocess.run(["./program"], cwd=project.folder, check=True, capture_output=True, text=True).stdout)
                project.fix("--apply")
            self.assertNotEqual(project.text("p.cpp"), text)
            self.assertEqual(outputs, ["1 1.5 0 1\n0 2 1 0\n"] * 2)

    def test_json_names_each_fix_and_its_state(self):
        with a_build() as project:
            report = json.loads(project.fix("--format", "json").stdout)
            self.assertFalse(report["applied"])
            self.assertIn("proven", [fix["state"] for fix in report["fixes"]])
            self.assertTrue(all(file["diff"].startswith("--- ") for file in report["files"]))


class AllOrNone(unittest.TestCase):
    def test_a_unit_that_does_not_compile_keeps_headers_as_they_are(self):
        with a_build(**{"broken.cpp": '#include "reading.h"\nint x = nothing;\n'}) as project:
            done = project.fix("--apply")
            self.assertEqual(done.returncode, 3)
            self.assertIn("use of undeclared identifier 'nothing'", done.stderr)
            self.assertEqual(project.text("reading.h"), HEADER)

    def test_a_file_that_cannot_be_written_keeps_all_as_they_are(self):
        # A folder in the temporary file's place: what even root cannot write to.
        with a_build() as project:
            (project.folder / "first.cpp.wasm-memlint-tmp").mkdir()
            (project.folder / "first.cpp.wasm-memlint-tmp/in-use").write_text("")
            before = {name: project.text(name) for name in ("reading.h", "first.cpp", "second.cpp")}
            done = project.run("fix", "-p", ".", "--apply", "first.cpp", "second.cpp")
            if done.returncode == 0:  # the fixes of this run did not meet that file
                done = project.run("fix", "-p", ".", "--apply")
                before["second.cpp"] = project.text("second.cpp")
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn("first.cpp.wasm-memlint-tmp: it cannot be written", done.stderr)
            self.assertEqual({name: project.text(name) for name in before}, before)
            self.assertEqual(sorted(os.listdir(project.folder)), ["compile_commands.json", "first.cpp", "first.cpp.wasm-memlint-tmp", "reading.h", "second.cpp"])

    def test_permissions_stay(self):
        with a_build() as project:
            (project.folder / "second.cpp").chmod(0o640)
            project.fix("--apply")
            self.assertNotEqual(project.text("second.cpp"), SECOND)
            self.assertEqual((project.folder / "second.cpp").stat().st_mode & 0o777, 0o640)

    def test_a_unit_that_was_not_read_keeps_headers_as_they_are(self):
        with a_build() as project:
            self.assertEqual(project.run("fix", "-p", ".", "--apply", "first.cpp").returncode, 0)
            self.assertEqual(project.text("reading.h"), HEADER)


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
