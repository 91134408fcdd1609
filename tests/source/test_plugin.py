#!/usr/bin/env python3
"""-fplugin=: what it writes beside objects during a build, and what it leaves alone."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import doors
import running

BUILD = None
PADDED = "struct P { bool a; double d; bool b; };\nP table[1000];\n"


class Build(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name).resolve()
        self.plugin = f"-fplugin={BUILD / 'clang-plugin/libwasm-memlint-plugin.so'}"
        self.write("a.cpp", PADDED)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def clang(self, *arguments, plugin=True, target=tuple(doors.TARGET), status=0, **settings):
        command = ["clang++-22", *target, *([self.plugin] if plugin else []), *arguments]
        done = doors.run(*command, cwd=self.folder, **settings)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def facts(self, name):
        """Of every line of a facts file: there is one."""
        (line,) = (self.folder / name).read_text().splitlines()
        return json.loads(line)


class FactsFiles(Build):
    def test_facts_lie_beside_the_object_and_are_what_the_extractor_says(self):
        os.mkdir(self.folder / "out")
        self.clang("-c", "a.cpp", "-o", "out/a.cpp.o")
        self.assertEqual(self.files(), ["a.cpp", "out/a.cpp.o", "out/a.cpp.o.facts.jsonl"])
        facts = self.facts("out/a.cpp.o.facts.jsonl")
        self.assertEqual([record["bytes"] for record in facts["records"]], [24])
        entry = {"directory": str(self.folder), "file": "a.cpp", "arguments": ["clang++-22", *doors.TARGET, "-c", "a.cpp"]}
        self.write("compile_commands.json", json.dumps([entry]))
        done = subprocess.run([BUILD / "analyzer/wasm-memlint-extract", "-p", "."], input=json.dumps(str(self.folder / "a.cpp")) + "\n", cwd=self.folder, capture_output=True, text=True, check=True)
        extracted = json.loads(done.stdout)
        self.assertEqual({**facts, "unit": ""}, {**extracted, "unit": ""})
        self.assertEqual(facts["unit"], str(self.folder / "a.cpp"))

    def test_wasm_memlint_judges_them(self):
        self.clang("-c", "a.cpp")
        done = doors.run(str(BUILD / "analyzer/wasm-memlint"), "source", "--facts", "a.o.facts.jsonl", "--rule", "struct-padding", "--no-config", cwd=self.folder)
        self.assertIn("a.cpp:1:8: warning: 'P' takes 24 bytes", done.stdout)

    def test_the_same_object_and_the_same_depfile_as_without_it(self):
        self.write("a.h", PADDED)
        self.write("a.cpp", '#include <string>\n#include "a.h"\nstd::string f(const P& p) { return std::to_string(p.d); }\n')
        for plugin in (False, True):
            self.clang("-O2", "-g", "-MD", "-MF", f"{plugin}.d", "-MT", "a.o", "-c", "a.cpp", "-o", "a.o", plugin=plugin)
            os.rename(self.folder / "a.o", self.folder / f"{plugin}.o")
        for suffix in ("o", "d"):
            self.assertEqual((self.folder / f"False.{suffix}").read_bytes(), (self.folder / f"True.{suffix}").read_bytes(), suffix)
        self.assertIn("a.h", (self.folder / "True.d").read_text())
        self.assertTrue((self.folder / "a.o.facts.jsonl").exists())

    def test_several_sources_in_one_command(self):
        self.write("b.cpp", "struct Q { int a; };\n")
        self.clang("-c", "a.cpp", "b.cpp")
        self.assertEqual(self.facts("a.o.facts.jsonl")["unit"], str(self.folder / "a.cpp"))
        self.assertEqual(self.facts("b.o.facts.jsonl")["unit"], str(self.folder / "b.cpp"))

    def test_a_command_that_links_as_well(self):
        self.write("b.cpp", "int main() { return 0; }\n")
        temporary = self.folder / "tmp"
        temporary.mkdir()
        self.clang("a.cpp", "b.cpp", "-nostdlib", "-Wl,--no-entry", "-o", "prog.wasm", env={**os.environ, "TMPDIR": str(temporary)})
        self.assertEqual(self.files(), ["a.cpp", "a.o.facts.jsonl", "b.cpp", "b.o.facts.jsonl", "prog.wasm"])

    def test_other_outputs_of_the_code_generator(self):
        for flags, name in ((["-S"], "a.s"), (["-c", "-emit-llvm"], "a.bc"), (["-S", "-emit-llvm"], "a.ll"), (["-c", "-flto"], "a.o")):
            self.clang(*flags, "a.cpp")
            self.assertEqual(len(self.facts(f"{name}.facts.jsonl")["records"]), 1)

    def test_what_makes_no_object_has_no_facts(self):
        for flags in (["-E"], ["-fsyntax-only"], ["-c", "-o", "/dev/null"], ["-S", "-o", "-"], ["-M"], ["-x", "c++-header", "-o", "a.pch"], ["-Xclang", "-ast-dump", "-fsyntax-only"]):
            self.clang(*flags, "a.cpp")
            self.assertEqual([name for name in self.files() if "facts" in name], [], flags)
        self.clang("-c", "-x", "c++", "-", "-o", "a.o", input=PADDED)
        self.assertEqual([name for name in self.files() if "facts" in name], [])

    def test_a_failed_compilation_leaves_none(self):
        self.clang("-c", "a.cpp")
        self.assertIn("a.o.facts.jsonl", self.files())
        self.write("a.cpp", PADDED + "int x = nothing;\n")
        done = self.clang("-c", "a.cpp", status=1)
        self.assertEqual(done.stderr.count("error:"), 1)
        self.assertEqual(self.files(), ["a.cpp"])

    def test_preprocessed_sources_have_no_places(self):
        done = self.clang("-c", "a.cpp", "-save-temps", "-Werror")
        self.assertIn("remark: wasm-memlint: no facts: it was preprocessed before", done.stderr)
        self.assertEqual([name for name in self.files() if "facts" in name], [])

    def test_a_place_that_cannot_be_written_is_a_warning(self):
        (self.folder / "a.o.facts.jsonl").mkdir()
        done = self.clang("-c", "a.cpp")
        self.assertIn("warning: wasm-memlint: 'a.o.facts.jsonl', the facts of this unit, cannot be written: ", done.stderr)
        self.assertEqual(self.files(), ["a.cpp", "a.o"])

    def test_a_precompiled_header_changes_nothing(self):
        self.write("p.h", "#pragma once\n#include <string>\n// NOLINTNEXTLINE\n" + PADDED.replace("P table[1000];\n", "struct Q { bool a; double d; bool b; };\n"))
        self.write("a.cpp", '#include "p.h"\nP table[1000];\nQ other;\n')
        self.clang("-c", "a.cpp")
        plain = self.facts("a.o.facts.jsonl")
        self.clang("-x", "c++-header", "p.h", "-o", "p.h.pch")
        self.clang("-include-pch", "p.h.pch", "-c", "a.cpp")
        with_header = self.facts("a.o.facts.jsonl")
        for key in ("records", "suppressions"):
            self.assertEqual(plain[key], with_header[key], key)
        self.assertEqual(len(plain["records"]), 2)


class Warnings(Build):
    WARN = "-fplugin-arg-wasm_memlint-warn"

    def test_none_unless_asked(self):
        self.assertEqual(self.clang("-c", "a.cpp").stderr, "")
        self.assertIn("a.cpp:1:8: warning: 'P' takes 24 bytes", self.clang("-c", "a.cpp", self.WARN).stderr)

    def test_w_silences_them_and_they_are_never_errors(self):
        self.assertEqual(self.clang("-c", "a.cpp", self.WARN, "-w").stderr, "")
        self.assertIn("a.cpp:1:8: warning: 'P' takes 24 bytes", self.clang("-c", "a.cpp", self.WARN, "-Werror").stderr)

    def test_unknown_arguments_are_refused(self):
        done = self.clang("-c", "a.cpp", "-fplugin-arg-wasm_memlint-wran", status=1)
        self.assertIn("error: wasm-memlint: unknown argument 'wran'", done.stderr)

    def test_other_targets_are_left_alone(self):
        self.assertEqual(self.clang("-c", "a.cpp", target=()).stderr, "")
        self.assertEqual(self.files(), ["a.cpp", "a.o"])
        done = self.clang("-c", "a.cpp", self.WARN, target=())
        self.assertIn("remark: wasm-memlint: no findings: it is compiled for x86_64", done.stderr)
        self.assertNotIn("warning:", done.stderr)


@unittest.skipUnless(shutil.which("ccache"), "ccache is not installed")
class Ccache(Build):
    """What docs/source-doors.md says of it."""

    def test_a_hit_replays_warnings_and_writes_no_facts(self):
        settings = {**os.environ, "CCACHE_DIR": str(self.folder / "cache"), "CCACHE_CONFIGPATH": "/dev/null"}

        def compile_cached(**more):
            command = ["ccache", "clang++-22", *doors.TARGET, self.plugin, Warnings.WARN, "-c", "a.cpp", "-o", "a.o"]
            done = doors.run(*command, cwd=self.folder, env={**settings, **more})
            self.assertIn("warning: 'P' takes 24 bytes", done.stderr)
            had_facts = (self.folder / "a.o.facts.jsonl").exists()
            for name in ("a.o", "a.o.facts.jsonl"):
                (self.folder / name).unlink(missing_ok=True)
            return had_facts

        self.assertTrue(compile_cached())
        self.assertFalse(compile_cached())
        self.assertTrue(compile_cached(CCACHE_RECACHE="1"))
        self.assertTrue(compile_cached(CCACHE_DISABLE="1"))


if __name__ == "__main__":
    BUILD = running.build(__doc__)
    running.run()
