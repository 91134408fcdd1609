#!/usr/bin/env python3
"""The same findings and the same fixes through every door, on tests/source/doors/ and on the cases of every rule."""

import os
import pathlib
import re
import shutil
import tempfile
import unittest

import doors
import running

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent / "doors"
BUILD = None


def cases(kind):
    """The sources of that kind of all rules: (rule's id, file). Doors see one unit, so cases of several files are not for them."""
    for folder in sorted((ROOT / "tests/rules").iterdir()):
        for pattern in (f"{kind}.cpp", f"{kind}.c", f"{kind}-*.cpp", f"{kind}-*.c"):
            yield from ((folder.name, file) for file in sorted(folder.glob(pattern))
                        if ".expected" not in file.name and "//--- " not in file.read_text())


def expected_of(file):
    return file.with_name(f"{file.stem}.expected{file.suffix}")


class ThroughDoors(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name).resolve()
        self.doors = doors.all_doors(BUILD)

    def copy(self, file):
        return pathlib.Path(shutil.copy(file, self.folder))

    def found_by_all(self, file):
        found = {door.name: door.found(file) for door in self.doors}
        for name, of_door in found.items():
            self.assertEqual(of_door, found[doors.Source.name], f"{file.name} through {name}:\n{file.read_text()}")
        return found[doors.Source.name]


class Doors(ThroughDoors):
    def test_all_doors_find_the_same(self):
        lines = {"padded.cpp": [4], "padded.c": [2], "several.cpp": [6, 12, 26]}
        for name, expected in lines.items():
            found = self.found_by_all(self.copy(HERE / name))
            self.assertEqual(sorted(f.line for f in found if f.rule == "struct-padding"), expected, name)

    def test_positive_cases_fire(self):
        for rule, file in cases("positive"):
            with self.subTest(rule=rule, file=file.name):
                self.assertIn(rule, {found.rule for found in self.found_by_all(self.copy(file))})

    def test_negative_cases_are_silent(self):
        for rule, file in cases("negative"):
            with self.subTest(rule=rule, file=file.name):
                self.assertNotIn(rule, {found.rule for found in self.found_by_all(self.copy(file))})

    def test_fixes_give_the_expected_file(self):
        for rule, file in [("struct-padding", HERE / "padded.cpp"), *cases("fix")]:
            if not expected_of(file).exists():
                continue  # tests/catalogue/ asks for it
            expected = expected_of(file).read_text()
            for door in self.doors:
                with self.subTest(rule=rule, file=file.name, door=door.name):
                    self.assertEqual(door.fixed(self.copy(file), rule), expected)


class Suppressions(ThroughDoors):
    """Comments are heard through every door, by clang-tidy's own code or by ours."""

    RECORD = "struct {name} {{ bool a; double d; bool b; }} of_{name}[99];"

    def lines(self, text):
        """The lines with findings, the same through every door."""
        file = self.folder / "s.cpp"
        file.write_text(text.replace("RECORD", self.RECORD.format(name="R")).replace("OTHER", self.RECORD.format(name="S")))
        return [found.line for found in self.found_by_all(file)]

    def test_nolint(self):
        for text, lines in (
            ("RECORD  // NOLINT", []),
            ("RECORD  // NOLINT(struct-padding-not)", [1]),
            ("RECORD  // NOLINT(wasm-memlint-struct-padding): it is read by position", []),
            ("RECORD  // NOLINT(wasm-memlint-*)", []),
            ("RECORD  // NOLINT(bugprone-*, wasm-*)", []),
            ("RECORD  // NOLINT(*,-wasm-memlint-*)", []),
            ("RECORD  // NOLINT(bugprone-*)", [1]),
            ("RECORD  // NOLINTS", [1]),
            ("// NOLINTNEXTLINE\nRECORD", []),
            ("// NOLINTNEXTLINE(wasm-memlint-struct-padding)\n\nRECORD", [3]),
            ("// NOLINT\nRECORD", [2]),
            ("// NOLINTBEGIN\n\nRECORD\n// NOLINTEND\nOTHER", [5]),
            ("// NOLINTBEGIN(wasm-memlint-*)\nRECORD\n// NOLINTEND(wasm-memlint-*)\nOTHER", [4]),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.lines(text + "\n"), lines)

    def test_allow(self):
        for text, lines in (
            ("RECORD  // wasm-memlint: allow(struct-padding) it is read by position", []),
            ("// wasm-memlint: allow(struct-padding) it is read by position\nRECORD\nOTHER", [3]),
            ("// wasm-memlint: allow(struct-padding) it is read by position,\n// in the order of the protocol\n\nRECORD", []),
            ("RECORD  // wasm-memlint: allow(struct-padding) the first only\nOTHER", [2]),
            ("/* wasm-memlint: allow(bool-cluster, struct-padding): as the protocol has it */\nRECORD", []),
            ("// wasm-memlint: allow(bool-cluster) it is not about that\nRECORD", [2]),
            ("// wasm-memlint: allow(wasm-memlint-struct-padding) by its long name\nRECORD", []),
            ("// wasm-memlint: allow(struct-padding)\nRECORD", [2]),
            ("/* wasm-memlint: allow(struct-padding) */\nRECORD", [2]),
            ("// wasm-memlint: allow struct-padding because\nRECORD", [2]),
            ('const char* s = R"(\n// wasm-memlint: allow(struct-padding) in a string)";\nRECORD', [3]),
            ("#define R2 RECORD  // wasm-memlint: allow(struct-padding) of a macro\nR2", [2]),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.lines(text + "\n"), lines)

    def test_an_allow_that_does_not_count_is_told(self):
        for rule, text in (
            ("struct-padding)", "this does not count without a reason: write wasm-memlint: allow(struct-padding) REASON"),
            ("struct-pading) it is read by position", "'struct-pading' is no rule (`wasm-memlint rules` lists them)"),
        ):
            file = self.folder / "s.cpp"
            file.write_text(f"// wasm-memlint: allow({rule}\n" + self.RECORD.format(name="R") + "\n")
            for door in self.doors:
                if isinstance(door, doors.ClangTidy):
                    printed = door.run(file).stdout
                elif isinstance(door, doors.Plugin):
                    printed = doors.run(*door.command(file)).stderr
                else:
                    printed = door.run(["source", "--color", "never"], file).stdout
                with self.subTest(rule=rule, door=door.name):
                    self.assertRegex(printed, re.compile(r"s\.cpp:1:4: note: " + re.escape(text), re.MULTILINE))

    def test_suppressed_findings_are_counted(self):
        file = self.folder / "s.cpp"
        file.write_text(self.RECORD.format(name="R") + "  // NOLINT\n")
        self.assertIn("0 findings, 1 suppressed", doors.Source(BUILD).run(["source", "--rule", "struct-padding"], file).stdout)

    def test_comments_of_headers_count(self):
        for wrapped in ('#include "h.h"\n', 'namespace n {\n#include "h.h"\n}\n', 'extern "C" {\n#include "h.h"\n}\n'):
            (self.folder / "h.h").write_text("// wasm-memlint: allow(struct-padding) sent as it is\n" + self.RECORD.format(name="R") + "\n")
            file = self.folder / "s.cpp"
            file.write_text(wrapped)
            found = doors.Source(BUILD).found(file) + doors.Plugin(BUILD).found(file)
            self.assertEqual([f for f in found if f.rule == "struct-padding"], [])


if __name__ == "__main__":
    BUILD = running.build(__doc__)
    assert os.path.exists(BUILD / "clang-plugin/wasm-memlint-tidy.so"), "build the clang-tidy module first"
    running.run()
