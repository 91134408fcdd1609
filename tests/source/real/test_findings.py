#!/usr/bin/env python3
"""`wasm-memlint source` on real programs: no unit is lost, no error that clang itself does not give, and exactly the findings
that findings/*.txt list. A change of the tool must justify each line that changes; BLESS=1 rewrites them. Each was
read against the program's source (findings_file.py)."""

import argparse
import json
import os
import subprocess
import sys
import unittest

import findings_file
import projects

OPTIONS = None


def report_on(project):
    command = [OPTIONS.tool, "source", *project.tool_arguments(), "--no-config", "--fail-on", "never", "--format", "json", "--timeout", "600"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise AssertionError(f"{project.name}: exit code {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def as_lines(project, report):
    lines = []
    for finding in report["findings"]:
        where = finding["where"]
        fix = "fix" if finding["fix"] else "no fix"
        lines.append((project.relative(where["file"]), where["line"], f"{finding['rule']}: {finding['message']} ({fix})"))
    return [f"{file}:{line}: {text.replace(str(project.root), '.')}" for file, line, text in sorted(lines)]


def clang_accepts(project, unit):
    command = [project.clang(), *project.clang_flags(), "-fsyntax-only", unit]
    return subprocess.run(command, cwd=project.root, capture_output=True, check=False).returncode == 0


class RealSources(unittest.TestCase):
    maxDiff = None

    def check(self, name):
        project = OPTIONS.projects[name]
        report = report_on(project)
        self.assertEqual(sorted(project.relative(unit) for unit in report["units"]), sorted(project.units))
        for error in report["errors"]:
            file = project.relative(error["where"]["file"])
            units = [file] if file in project.units else project.units
            self.assertFalse(all(clang_accepts(project, unit) for unit in units), f"clang gives no such error: {error}")
        lines = as_lines(project, report)
        if os.environ.get("BLESS"):
            findings_file.write(name, lines)
        known = findings_file.read(name)
        self.assertEqual([one.finding for one in known], lines)
        self.assertEqual([one.finding for one in known if one.verdict.startswith(findings_file.UNJUDGED)], [], "read these and judge them")

    def test_leveldb(self):
        self.check("leveldb")

    def test_sqlite(self):
        self.check("sqlite")

    def test_tree_sitter(self):
        self.check("tree-sitter")

    def test_re2(self):
        self.check("re2")

    def test_libsass(self):
        self.check("libsass")

    def test_binaryen(self):
        self.check("binaryen")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    projects.add_options(parser)
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.projects = projects.load(OPTIONS.sources, OPTIONS.binaryen)
    unittest.main(argv=[sys.argv[0], *rest])
