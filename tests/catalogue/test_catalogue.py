#!/usr/bin/env python3
"""Holds the rules to what STYLE promises: each has a page, tests and a good name, and nothing is said twice."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = None
HEADINGS = ["What it does", "Why it costs memory", "Example", "What to do", "How the saving is computed", "When not to follow it"]


def rules():
    return json.loads(subprocess.run([TOOL, "rules", "--format", "json"], capture_output=True, check=True).stdout)["rules"]


def declared():
    return re.findall(r"^WML_RULE\((\w+), (\w+)\)", (ROOT / "rules/rules.def").read_text(), re.MULTILINE)


class Catalogue(unittest.TestCase):
    def test_ids_are_file_stems(self):
        self.assertEqual([rule["id"] for rule in rules()], [stem.replace("_", "-") for _, stem in declared()])

    def test_the_list_is_sorted(self):
        self.assertEqual(declared(), sorted(declared()))

    def test_every_rule_has_a_page_with_all_headings(self):
        for rule in rules():
            text = (ROOT / "docs/rules" / f"{rule['id']}.md").read_text()
            self.assertTrue(text.startswith(f"# {rule['id']}\n"), rule["id"])
            self.assertEqual(re.findall(r"^## (.*)$", text, re.MULTILINE), HEADINGS, rule["id"])

    def test_every_page_and_test_folder_has_a_rule(self):
        ids = {rule["id"] for rule in rules()}
        self.assertEqual({page.stem for page in (ROOT / "docs/rules").glob("*.md")}, ids)
        self.assertEqual({folder.name for folder in (ROOT / "tests/rules").iterdir()}, ids)

    def test_every_rule_has_positive_and_negative_cases(self):
        for rule in rules():
            kinds = ["positive.wat", "positive.expected", "negative.wat"] if rule["reads"] == "modules" else ["positive.cpp", "negative.cpp"]
            kinds += ["fix.cpp", "fix.expected.cpp"] if rule["fix"] != "none" else []
            for kind in kinds:
                self.assertTrue((ROOT / "tests/rules" / rule["id"] / kind).exists(), f"{rule['id']}: {kind}")

    def test_ids_name_the_waste_and_not_the_cure(self):
        for rule in rules():
            self.assertNotRegex(rule["id"], r"^(use|avoid|prefer|no)-")
            self.assertRegex(rule["id"], r"^[a-z]+(-[a-z]+)+$")

    def test_summaries_are_sentences(self):
        for rule in rules():
            self.assertRegex(rule["summary"], r"^Finds .*\.$")

    def test_explain_prints_the_page(self):
        for rule in rules():
            done = subprocess.run([TOOL, "explain", rule["id"]], capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout, (ROOT / "docs/rules" / f"{rule['id']}.md").read_text())

    def test_generated_docs_are_up_to_date(self):
        done = subprocess.run([sys.executable, ROOT / "tests/support/write_docs.py", "--tool", TOOL, "--check"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_configuration_page_names_every_key(self):
        text = (ROOT / "docs/configuration.md").read_text()
        for key in ("budget", "fail-on", "[[budgets]]", "[[suppress]]", "[rules.", "severity"):
            self.assertIn(key, text)


class Structure(unittest.TestCase):
    def sources(self, *folders):
        for folder in folders:
            yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in (".cpp", ".h"))

    def test_the_core_knows_no_library(self):
        for path in self.sources("rules"):
            for include in re.findall(r"#include [<\"](.*?)[>\"]", path.read_text()):
                known = include.startswith("rules/") or include.startswith("fmt/") or "/" not in include
                self.assertTrue(known, f"{path.name} includes {include}")

    def test_few_files_know_binaryen(self):
        headers = re.compile(r'#include "(wasm-|wasm\.h|parsing\.h|ir/|cfg/|pass\.h|parser/|support/)')
        found = [path.name for path in self.sources("analyzer", "rules") if headers.search(path.read_text())]
        self.assertEqual(sorted(found), ["binaryen_pass_runner.cpp", "binaryen_reader.cpp", "frame_in_ir.cpp", "ir_blocks.cpp",
                                         "ir_blocks.h", "lost_frames.cpp"])

    def test_the_module_side_builds_without_llvm(self):
        optional = re.compile(r"^#ifdef MEMLINT_LLVM\n(.*?)^#e", re.MULTILINE | re.DOTALL)
        for path in self.sources("analyzer", "rules"):
            self.assertNotRegex(optional.sub("", path.read_text()), r"#include [<\"](llvm|clang)/", path.name)

    def test_only_commands_print(self):
        printing = re.compile(r"\b(fmt::print|std::cout|std::puts|std::printf|std::fwrite)\b")
        for path in self.sources("analyzer", "clang-plugin/extract", "rules"):
            if path.parent.name != "commands":
                self.assertIsNone(printing.search(path.read_text()), path.name)

    def test_files_are_small(self):
        for path in self.sources("analyzer", "clang-plugin", "rules", "tests"):
            lines = path.read_text().count("\n")
            is_rule = path.parent.parent.name == "rules" and path.stem in {stem for _, stem in declared()}
            limit = 200 if is_rule else 450
            self.assertLessEqual(lines, limit, path.name)

    def test_top_level_is_as_designed(self):
        tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
        folders = {name.split("/")[0] for name in tracked if "/" in name}
        self.assertLessEqual({name for name in folders if not name.startswith(".")}, {"analyzer", "rules", "clang-plugin", "tests", "samples", "docs"})


def main():
    global TOOL
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    TOOL = parser.parse_args().tool
    result = unittest.main(argv=[__file__], exit=False).result
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
