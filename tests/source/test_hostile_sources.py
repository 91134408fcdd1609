#!/usr/bin/env python3
"""`wasm-memlint source` on bad input: no crash, a message that names the file and the reason, and what can be found in the
other files is found."""

import json
import subprocess
import unittest

import running
from project import Project

TOOL = None
GOOD = "struct Good {\n  bool a;\n  double d;\n  bool b;\n};\nGood good[9];\n"
ALSO = GOOD.replace("Good", "Also").replace("good", "also")


def names(project, *arguments):
    """The records that are reported, the exit code, and what is said of the units."""
    done = project.source("--format", "json", "--rule", "struct-padding", *arguments)
    report = json.loads(done.stdout)
    return {finding["message"].split("'")[1] for finding in report["findings"]}, done.returncode, done.stderr


class Databases(unittest.TestCase):
    def refused(self, text, *parts):
        with Project(TOOL, {"good.cpp": GOOD}) as project:
            (project.folder / "compile_commands.json").write_text(text)
            for where in (".", "compile_commands.json"):
                done = project.run("source", "-p", where)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stdout, "")
                for part in ("compile_commands.json", *parts):
                    self.assertIn(part, done.stderr)

    def test_empty(self):
        self.refused("[]", "lists no unit")

    def test_nothing_in_the_file(self):
        self.refused("", "array of commands")

    def test_no_json(self):
        self.refused("{ this is no json", "array of commands")

    def test_an_object(self):
        self.refused('{"file": "good.cpp"}', "array of commands")

    def test_without_commands(self):
        self.refused('[{"file": "good.cpp", "directory": "."}]', "array of commands")

    def test_none(self):
        with Project(TOOL, {"good.cpp": GOOD}) as project:
            (project.folder / "compile_commands.json").unlink()
            done = project.source()
            self.assertEqual(done.returncode, 2)
            self.assertIn("-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", done.stderr)

    def test_a_file_that_the_build_does_not_compile(self):
        with Project(TOOL, {"good.cpp": GOOD}) as project:
            (project.folder / "other.cpp").write_text(ALSO)
            done = project.source("other.cpp")
            self.assertEqual(done.returncode, 2)
            self.assertIn("other.cpp: the build has no command that compiles it", done.stderr)

    def test_a_unit_that_is_compiled_twice_is_read_both_ways(self):
        text = "#ifdef SECOND\nstruct Second { char a; double d; char b; };\nSecond s[9];\n#else\n" + GOOD + "#endif\n"
        with Project(TOOL, {"twice.cpp": text}) as project:
            project.write_commands([{"file": "twice.cpp", "arguments": ["g++", *flags, "-c", "twice.cpp", "-o", out]} for flags, out in ([[], "1.o"], [["-DSECOND"], "2.o"], [[], "3.o"])])
            found, code, _ = names(project)
            self.assertEqual((found, code), ({"Good", "Second"}, 0))

    def test_a_record_that_differs_between_two_commands_stays(self):
        text = "struct Good {\n  bool a;\n#ifdef SECOND\n  int i;\n#endif\n  double d;\n  bool b;\n};\nGood good[9];\n"
        with Project(TOOL, {"twice.cpp": text}) as project:
            project.write_commands([{"file": "twice.cpp", "arguments": ["g++", *flags, "-c", "twice.cpp"]} for flags in ([], ["-DSECOND"])])
            self.assertEqual(names(project)[0], set())
            self.assertIn("0 of 0 fixes", project.fix().stdout)

    def test_names_of_files(self):
        for name in ("a b.cpp", "quote'and\".cpp", "new\nline.cpp", "ü.cpp", "a=b.cpp", "@at.cpp", "percent%s.cpp", "back\\slash.cpp"):
            with self.subTest(name), Project(TOOL, {"good.cpp": GOOD, name: ALSO}) as project:
                found, code, errors = names(project)
                self.assertEqual((found, code), ({"Good", "Also"}, 0), errors)
                self.assertEqual(project.fix("--apply", "--rule", "struct-padding").returncode, 0)
                self.assertEqual(names(project)[0], set())

    def test_headers_alone(self):
        with Project(TOOL, {"a.h": GOOD, "b.hpp": ALSO}) as project:
            project.write_commands([{"file": "a.h", "arguments": ["g++", "-xc++-header", "-c", "a.h"]}, {"file": "b.hpp", "arguments": ["g++", "-c", "b.hpp"]}])
            self.assertEqual(names(project)[0], {"Good", "Also"})


class Units(unittest.TestCase):
    """Each bad unit stands between two good ones."""

    def check(self, text, message, *arguments, flags=(), found=(), code=3):
        with Project(TOOL, {"a.cpp": GOOD, "bad.cpp": text, "z.cpp": ALSO}, flags) as project:
            seen, status, errors = names(project, *arguments)
            self.assertEqual(seen, {"Good", "Also", *found}, errors)
            self.assertEqual(status, code, errors)
            if message:
                self.assertIn("bad.cpp", errors)
                self.assertIn(message, errors)

    def test_an_error_directive(self):
        self.check("#error not for this platform\nstruct Bad { bool a; double d; bool b; };\nBad bad[9];\n", "bad.cpp:1:2: error: not for this platform", found={"Bad"})

    def test_a_missing_header(self):
        self.check('#include "not/there.h"\nstruct Bad { bool a; double d; bool b; };\nBad bad[9];\n', "'not/there.h' file not found", found={"Bad"})

    def test_a_missing_unit(self):
        with Project(TOOL, {"a.cpp": GOOD, "bad.cpp": ""}) as project:
            (project.folder / "bad.cpp").unlink()
            seen, code, errors = names(project)
            self.assertEqual((seen, code), ({"Good"}, 3))
            self.assertEqual(errors.strip(), "bad.cpp: error: no such file or directory: 'bad.cpp'")

    def test_text_that_is_no_code(self):
        self.check("\x01\x02 this is ) not } code ((( \\\n", "error:")

    def test_nothing(self):
        self.check("", "", code=0)

    def test_utf16(self):
        with Project(TOOL, {"a.cpp": GOOD, "bad.cpp": ""}) as project:
            (project.folder / "bad.cpp").write_bytes(ALSO.encode("utf-16"))
            seen, code, errors = names(project)
            self.assertEqual((seen, code), ({"Good"}, 3))
            self.assertIn("UTF-16 (LE) byte order mark", errors)

    def test_latin1_comments_and_literals_survive_a_fix(self):
        text = b"struct Bad {\n  bool a;  // caf\xe9 \xff\n  double d;\n  bool b;\n};\nBad bad[9];\nconst char* s = \"\xe9\";\n"
        with Project(TOOL, {"bad.cpp": ""}) as project:
            path = project.folder / "bad.cpp"
            path.write_bytes(text)
            command = [project.tool, "fix", "-p", ".", "--apply", "--no-config", "--rule", "struct-padding"]
            done = subprocess.run(command, cwd=project.folder, capture_output=True, check=False)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(sorted(path.read_bytes().splitlines()), sorted(text.splitlines()))
            self.assertNotEqual(path.read_bytes(), text)

    def test_a_crash(self):
        self.check("#pragma clang __debug crash\n", "it crashed (")

    def test_an_abort(self):
        self.check("#pragma clang __debug llvm_fatal_error\n", "it crashed (Aborted)")

    def test_a_hang(self):
        self.check("constexpr long long f() { long long s = 0; for (long long i = 0; i < (1LL << 60); ++i) s ^= i; return s; }\nstatic_assert(f() != 0);\n",
                   "it took more than 8 seconds (--timeout allows more)", "--timeout", "8", flags=["-fconstexpr-steps=4294967295"])

    def test_deep_nesting(self):
        deep = {
            "sums": f"int f(int x) {{ return {'+'.join(['x'] * 10000)}; }}\n",
            "conditions": f"int g(int); int f(int x) {{ {''.join(f'if (x == {i}) return g({i}); else ' for i in range(3000))} return 0; }}\n",
            "calls": f"int g(int); int f(int x) {{ return {'g(' * 200}x{')' * 200}; }}\n",
            "records": "".join(f"struct A{i} {{ char c; " for i in range(200)) + "int x;" + "".join(f"}} m{i};\n" for i in range(200)),
        }
        for name, text in deep.items():
            with self.subTest(name):
                self.check(text, "", code=0)

    def test_more_brackets_than_clang_takes(self):
        text = f"int f(int x) {{ return {'(' * 10000}x{')' * 10000}; }}\n"
        self.check(text, "bracket nesting level exceeded maximum")
        self.check(text, "", flags=["-fbracket-depth=100000"], code=0)

    def test_deep_templates(self):
        text = "template <int N> struct T { enum { v = T<N - 1>::v + 1 }; };\ntemplate <> struct T<0> { enum { v = 0 }; };\nint x = T<5000>::v;\n"
        self.check(text, "recursive template instantiation exceeded maximum depth")
        self.check(text, "", flags=["-ftemplate-depth=6000"], code=0)

    def test_a_generated_unit_of_100000_lines(self):
        text = "".join(f"static int f{i}(int x) {{ return x * {i}; }}\n" for i in range(50000)) + "unsigned char table[] = {\n" + "1,2,3,4,5,6,7,8,\n" * 50000 + "};\n"
        self.check(text, "", code=0)


class ForeignFlags(unittest.TestCase):
    def check(self, compiler, flags, files=None, name="a.cpp", found=frozenset({"Good"}), code=0):
        with Project(TOOL, {name: GOOD, **(files or {})}) as project:
            project.write_commands([{"file": name, "arguments": [compiler, *flags, "-c", name]}])
            before = sorted(project.folder.rglob("*"))
            seen, status, errors = names(project)
            self.assertEqual((seen, status), (set(found), code), errors)
            self.assertEqual(sorted(project.folder.rglob("*")), before, "files were written")
            return errors

    def test_gcc(self):
        self.check("g++", ["-fno-gcse", "-Wlogical-op", "-fconserve-stack", "-mpreferred-stack-boundary=4", "-mno-sse", "-fvar-tracking-assignments", "--param=ssp-buffer-size=4",
                           "--param", "max-inline-insns-single=3", "-Wa,--noexecstack", "-flto=auto", "-fno-allow-store-data-races", "-mindirect-branch=thunk-extern", "-fplugin=./x.so",
                           "-fplugin-arg-x-y=1", "-march=armv8-a", "-std=gnu++2a", "-fconcepts", "-Wp,-MD,x.d", "-save-temps", "-pg", "--sysroot", "/elsewhere"])

    def test_what_would_end_before_there_is_code_to_read(self):
        for flag in ("-E", "-M", "-MM", "-S", "--precompile"):
            with self.subTest(flag):
                self.check("clang++", [flag])

    def test_msvc(self):
        self.check("cl.exe", ["/nologo", "/EHsc", "/std:c++17", "/W4", "/Zi", "/Fogood.obj", "/D", "X=1", "/permissive-"])
        self.check("clang-cl", ["/nologo", "/EHsc", "/std:c++17", "/W4", "/DX=1"])

    def test_nvcc(self):
        errors = self.check("nvcc", ["--generate-code=arch=compute_52,code=[compute_52,sm_52]", "-x", "cu"], name="k.cu", found=(), code=3)
        self.assertEqual(errors.strip(), "k.cu: error: it is a unit for a GPU, of which nothing can be read for wasm")

    def test_a_compiler_that_nobody_knows(self):
        self.check("xlC", ["-qarch=power9", "--foo"])

    def test_emcc_settings(self):
        self.check("em++", ["-sMEMORY64=0", "-s", "ALLOW_MEMORY_GROWTH", "-std=c++20", "-O2"], name="b.cpp", files={})
        with Project(TOOL, {"b.cpp": "template <class T> concept C = true;\n" + GOOD}) as project:
            project.write_commands([{"file": "b.cpp", "arguments": ["em++", "-std=c++20", "-c", "b.cpp"]}])
            self.assertEqual(names(project)[0], {"Good"})

    def test_precompiled_headers(self):
        for flags in (["-include-pch", "x.h.pch"], ["-Winvalid-pch", "-include", "x.h"], ["-Xclang", "-include-pch", "-Xclang", "x.h.pch", "-Xclang", "-include", "-Xclang", "x.h"]):
            with self.subTest(flags):
                files = {"x.h": "struct FromHeader;\n", "x.h.pch": "no precompiled header", "x.h.gch": "no precompiled header"}
                self.check("clang++", flags, {**files, "a.cpp": "FromHeader* from_header;\n" + GOOD})

    def test_a_precompiled_header_without_its_header(self):
        self.check("clang++", ["-include-pch", "/nowhere/x.h.pch"])

    def test_modules_of_clang(self):
        self.check("clang++", ["-fmodules", "-fcxx-modules", "-fmodules-cache-path=/nowhere", "-fmodule-map-file=x.map"])

    def test_modules_of_cxx20(self):
        files = {"m.cppm": "export module m;\nexport struct Module { bool a; double d; bool b; };\nModule one[9];\n", "u.cpp": "import m;\nModule m1;\n" + ALSO}
        with Project(TOOL, {"a.cpp": GOOD, **files}) as project:
            flags = ["-std=c++20", "-fmodules-ts", "-fmodule-mapper=x.modmap", "-fmodule-file=m=m.pcm"]
            project.write_commands([{"file": name, "arguments": ["g++", *flags, "-c", name]} for name in ("a.cpp", "m.cppm", "u.cpp")])
            seen, code, errors = names(project)
            self.assertEqual((seen, code), ({"Good", "Also", "Module"}, 3))
            self.assertIn("u.cpp:1:8: error: module 'm' not found", errors)

    def test_response_files(self):
        with Project(TOOL, {"a.cpp": "#ifdef X\n" + GOOD + "#endif\n", "a.rsp": "-DX"}) as project:
            project.write_commands([{"file": "a.cpp", "arguments": ["g++", "@a.rsp", "-c", "a.cpp"]}])
            self.assertEqual(names(project)[0], {"Good"})
            (project.folder / "a.rsp").unlink()
            _, code, errors = names(project)
            self.assertEqual(code, 3)
            self.assertIn("a.rsp", errors)


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
