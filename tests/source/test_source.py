#!/usr/bin/env python3
"""`wasm-memlint source`: what it prints, for which targets, over several units, and on bad input."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

import running
from project import Project

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = None

PADDED = "struct P {\n  bool a;\n  double d;\n  bool b;\n};\n"
MANY = PADDED + "P many[9];\n"
ONLY = ("--rule", "struct-padding")


def reported(project, *arguments):
    report = json.loads(project.source("--format", "json", *arguments).stdout)
    jsonschema.validate(report, json.loads((ROOT / "docs/source.schema.json").read_text()))
    return report


class Output(unittest.TestCase):
    def test_text_has_clangs_form_and_the_layouts(self):
        with Project(TOOL, {"p.cpp": PADDED + "P table[1000];\n"}) as project:
            done = project.source(*ONLY)
            self.assertEqual(done.returncode, 0)
            self.assertTrue(done.stdout.startswith("p.cpp:1:8: warning: 'P' takes 24 bytes"), done.stdout)
            for part in ("[struct-padding]\n", "saves: 8000 bytes of memory", "now: 24 bytes", "then: 16 bytes", "1 unit read for wasm32: 1 finding, 1 with a fix\n"):
                self.assertIn(part, done.stdout)
            self.assertEqual(done.stderr, "")

    def test_json_follows_its_schema(self):
        with Project(TOOL, {"p.cpp": MANY + "int x = nothing;\n"}) as project:
            report = reported(project)
            self.assertEqual(report["failed_units"], 1)
            self.assertEqual(report["errors"][0]["where"]["line"], 7)
            self.assertIn("struct-padding", [finding["rule"] for finding in report["findings"]])

    def test_exit_codes(self):
        with Project(TOOL, {"p.cpp": MANY}) as project:
            self.assertEqual(project.source(*ONLY, "--fail-on", "warning").returncode, 1)
            self.assertEqual(project.source(*ONLY, "--fail-on", "error").returncode, 0)
            self.assertEqual(project.source("--rule", "stack-oversized").returncode, 2)
            self.assertEqual(project.run("source").returncode, 2)
            self.assertEqual(project.run("source", "-p", "nowhere").returncode, 2)
            self.assertEqual(project.source("other.cpp").returncode, 2)

    def test_config_sets_severity_options_and_suppressions(self):
        with Project(TOOL, {"p.cpp": MANY}) as project:
            config = project.folder / "wasm-memlint.toml"

            def run():
                command = [project.tool, "source", "-p", ".", *ONLY]
                return subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False).stdout

            config.write_text('[rules.struct-padding]\nseverity = "error"\n')
            self.assertIn("p.cpp:1:8: error:", run())
            config.write_text("[rules.struct-padding]\nmin-saved-bytes = 99\n")
            self.assertIn("0 findings", run())
            config.write_text('[[suppress]]\nrule = "struct-padding"\nfiles = "p.cpp"\nreason = "it is read by position"\n')
            self.assertIn("0 findings, 1 suppressed", run())

    def test_a_file_without_a_build(self):
        with Project(TOOL, {"p.cpp": MANY}) as project:
            done = project.run("source", "p.cpp", "--extra-arg=-std=c++20", *ONLY)
            self.assertIn("1 finding", done.stdout)


class Targets(unittest.TestCase):
    POINTERS = "struct P {\n  void* a;\n  unsigned long long u;\n  void* b;\n};\nP many[9];\n"

    def sizes(self, text, target, *flags):
        with Project(TOOL, {"p.cpp": text}, flags) as project:
            report = reported(project, "--target", target, *ONLY)
            self.assertEqual((report["target"], report["errors"]), (target, []))
            return [finding["message"] for finding in report["findings"]]

    def test_pointers_are_small_on_wasm32_only(self):
        self.assertEqual(len(self.sizes(self.POINTERS, "wasm32")), 1)
        self.assertEqual(self.sizes(self.POINTERS, "wasm64"), [])

    def test_long_double_is_aligned_to_8_by_emscripten_only(self):
        text = "struct P {\n  double a;\n  long double l;\n  double b;\n};\n"
        self.assertEqual(len(self.sizes(text, "wasm32")), 1)
        self.assertEqual(self.sizes(text, "wasm32-emscripten"), [])

    def test_host_flags_are_left_out(self):
        flags = ["-m64", "-march=native", "-mtune=generic", "-fcf-protection", "-fno-gcse", "-Werror", "-MD", "-MF", "p.d", "-g3", "-flto=auto", "-pthread"]
        self.assertEqual(len(self.sizes(self.POINTERS, "wasm32", *flags)), 1)

    def test_commands_for_wasm_keep_their_target(self):
        with Project(TOOL, {"p.cpp": self.POINTERS}) as project:
            project.write_commands([{"file": "p.cpp", "command": "clang++ --target=wasm64-unknown-unknown -c p.cpp"}])
            self.assertEqual(reported(project)["target"], "wasm64")

    def test_units_for_two_targets_are_not_mixed(self):
        with Project(TOOL, {"p.cpp": self.POINTERS, "q.cpp": self.POINTERS}) as project:
            project.write_commands([{"file": f"{name}.cpp", "command": f"clang++ --target={target} -c {name}.cpp"} for name, target in (("p", "wasm32"), ("q", "wasm64"))])
            report = reported(project)
            self.assertEqual(report["failed_units"], 1)
            self.assertIn("layouts differ", report["errors"][0]["message"])


class SeveralUnits(unittest.TestCase):
    def test_a_header_is_reported_once_and_hazards_are_united(self):
        files = {"p.h": "#pragma once\n" + PADDED, "one.cpp": '#include "p.h"\nP one[8];\n', "two.cpp": '#include "p.h"\nP two[16];\n'}
        with Project(TOOL, files) as project:
            findings = reported(project, *ONLY)["findings"]
            self.assertEqual([finding["saving"]["low_bytes"] for finding in findings], [192])
            self.assertIsNotNone(findings[0]["fix"])
            # Of one unit alone others may use it by position.
            alone = reported(project, *ONLY, "one.cpp")["findings"]
            self.assertIsNone(alone[0]["fix"])
        files["two.cpp"] += "const char* f() { return (const char*)two; }\n"
        with Project(TOOL, files) as project:
            self.assertEqual(reported(project, *ONLY)["findings"], [])

    def test_two_layouts_of_one_record_are_never_one(self):
        header = "struct P {\n  bool a;\n  double d;\n  bool b;\n#ifdef WIDE\n  double e;\n#endif\n};\n"
        with Project(TOOL, {"p.h": header, "one.cpp": '#include "p.h"\nP one;\n', "two.cpp": '#define WIDE\n#include "p.h"\nP two;\n'}) as project:
            self.assertEqual([f for f in reported(project, *ONLY)["findings"] if f["fix"]], [])

    def test_any_number_of_jobs_gives_the_same(self):
        files = {f"u{i}.cpp": MANY.replace("P", f"P{i}") for i in range(9)}
        with Project(TOOL, files) as project:
            outputs = {project.source("-j", str(jobs)).stdout for jobs in (1, 2, 5)}
            self.assertEqual(len(outputs), 1)

    def test_facts_from_a_file_are_judged_and_bad_ones_refused(self):
        extract = pathlib.Path(TOOL).resolve().parent / "wasm-memlint-extract"
        with Project(TOOL, {"p.cpp": MANY}) as project:
            done = subprocess.run([extract, "-p", "."], input=json.dumps(str(project.folder / "p.cpp")) + "\n", cwd=project.folder, capture_output=True, text=True, check=True)
            facts = project.folder / "p.facts.jsonl"
            facts.write_text(done.stdout)
            self.assertIn("1 finding", project.run("source", "--facts", facts, *ONLY[:0]).stdout)
            line = json.loads(done.stdout)
            for change in ({"facts_version": 0}, {"profile": "x86"}, {"records": 3}):
                facts.write_text(json.dumps({**line, **change}))
                refused = project.run("source", "--facts", facts)
                self.assertEqual(refused.returncode, 3)
                self.assertIn("p.facts.jsonl: error: line 1: ", refused.stderr)
            facts.write_text("not json\n" + done.stdout)
            self.assertIn("1 finding", project.run("source", "--facts", facts).stdout)


class Prediction(unittest.TestCase):
    """What is promised of a program is held to the program, built again after the fix."""

    LINK = ["clang++-22", "--target=wasm32-wasi", "--sysroot=/usr", "-Wno-deprecated", "-O1", "-nostdlib", "--no-wasm-opt",
            "-Wl,--no-entry", "-Wl,--export=f", "-Wl,--export=__heap_base", "p.cpp", "-o", "p.wasm"]

    def build(self, project):
        subprocess.run(self.LINK, cwd=project.folder, check=True, capture_output=True)
        done = project.run("check", "--format", "json", "p.wasm")
        module = json.loads(done.stdout)["modules"][0]
        return module["estimate"]["minimum_pages"], module["map"]["heap_base"]

    def test_pages_once_fixed(self):
        text = PADDED + "P table[9000];\nextern \"C\" void f(int i) { table[i].d += table[i].a; table[i].b = true; }\n"
        with Project(TOOL, {"p.cpp": text}) as project:
            pages, heap_base = self.build(project)
            prediction = reported(project, "--module", "p.wasm", *ONLY)["prediction"]
            self.assertEqual((prediction["pages_now"], prediction["static_bytes_saved"]), (pages, 72000))
            project.fix("--apply", *ONLY)
            fixed_pages, fixed_heap_base = self.build(project)
            self.assertEqual(prediction["pages_fixed"], fixed_pages)
            self.assertLess(fixed_pages, pages)
            self.assertEqual(heap_base - fixed_heap_base, 72000)

    def test_a_module_that_cannot_be_read(self):
        with Project(TOOL, {"p.cpp": MANY, "p.wasm": "nothing"}) as project:
            done = project.source("--module", "p.wasm")
            self.assertEqual(done.returncode, 2)
            self.assertIn("p.wasm", done.stderr)


class BadInput(unittest.TestCase):
    def test_one_bad_unit_harms_no_other(self):
        files = {"good.cpp": MANY, "bad.cpp": "#include <nowhere.h>\n", "crash.cpp": "#pragma clang __debug crash\n"}
        with Project(TOOL, files) as project:
            done = project.source(*ONLY)
            self.assertEqual(done.returncode, 3)
            self.assertIn("good.cpp:1:8: warning", done.stdout)
            self.assertIn("bad.cpp:1:10: error: 'nowhere.h' file not found", done.stderr)
            self.assertIn("crash.cpp: error: the extractor could not finish it", done.stderr)

    def test_the_extractor_must_be_beside_the_program(self):
        with tempfile.TemporaryDirectory() as folder, Project(TOOL, {"p.cpp": MANY}) as project:
            project.tool = shutil.copy(TOOL, folder)
            done = project.source()
            self.assertEqual(done.returncode, 2)
            self.assertIn("wasm-memlint-extract is not beside wasm-memlint", done.stderr)


if __name__ == "__main__":
    TOOL = running.tool(__doc__)
    running.run()
