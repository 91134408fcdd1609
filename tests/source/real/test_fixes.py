#!/usr/bin/env python3
"""`wasm-memlint fix --apply` on copies of SQLite and LevelDB: every unit still compiles, the promised sizes hold for clang, a
second run finds nothing to do, and a program built from the fixed sources prints what the one before did. SQLite's runs as
wasm32-wasi in Node; LevelDB needs threads and files, and is run natively."""

import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import projects

SMOKE = pathlib.Path(__file__).resolve().parent / "smoke"
OPTIONS = None
JOBS = 2


def run(command, cwd=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def tool(project, command, *arguments):
    return json.loads(run([OPTIONS.tool, command, *project.tool_arguments(), "--no-config", "--format", "json", *arguments]))


def in_parallel(commands, cwd):
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(lambda command: run(command, cwd), commands))


def host_flags(project):
    return [flag for flag in project.flags if not flag.startswith(("-march", "-O", "-fPIC", "-fstack"))]


def sqlite_output(project, folder):
    """Linked and run as wasm32-wasi."""
    target = ["clang-22", "--target=wasm32-wasi", "--sysroot=/usr", "-w", "-O0", *host_flags(project)]
    emulated = [f"-lwasi-emulated-{name}" for name in ("mman", "getpid", "signal", "process-clocks")]
    program, files = folder / "sqlite.wasm", folder / "tmp"
    files.mkdir(exist_ok=True)
    run([*target, "-Isqlite3", SMOKE / "sqlite.c", "sqlite3/sqlite3.c", *emulated, "-Wl,-z,stack-size=1048576", "-o", program], project.root)
    return run(["node", "--no-warnings", SMOKE / "run_wasi.mjs", program, files])


def leveldb_output(project, folder):
    """Linked and run natively."""
    compiler = ["clang++-22", "-w", "-O0", *host_flags(project)]
    objects = [folder / f"{unit.replace('/', '_')}.o" for unit in project.units]
    in_parallel([[*compiler, "-c", unit, "-o", out] for unit, out in zip(project.units, objects, strict=True)], project.root)
    program = folder / "leveldb"
    run([*compiler, SMOKE / "leveldb.cpp", *objects, "-o", program], project.root)
    return run([program, folder / "database"])


def promised_sizes(project, report):
    """File and static_assert of each record that struct-padding reorders. A record that holds another one gets smaller
    than promised when that one is reordered too."""
    for finding in report["findings"]:
        if finding["rule"] != "struct-padding" or not finding["fix"]:
            continue
        name, now, saved = re.match(r"'(.*)' takes (\d+) bytes, (\d+) of them", finding["message"]).groups()
        name = name.replace("(anonymous namespace)::", "").removeprefix("class " if "++" in project.compiler else "")
        keyword = "static_assert" if "++" in project.compiler else "_Static_assert"
        yield finding["where"]["file"], f'{keyword}(sizeof({name}) <= {int(now) - int(saved)}, "{name}");\n'


class Fixes(unittest.TestCase):
    def check(self, name, output):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch).resolve()
            project = OPTIONS.projects[name].copy(folder / "sources")
            before = output(project, folder)
            sizes = list(promised_sizes(project, tool(project, "source", "--fail-on", "never")))
            fixed = tool(project, "fix", "--apply")
            print(f"   {name}: {sum(fix['state'] == 'proven' for fix in fixed['fixes'])} of {len(fixed['fixes'])} fixes made in {len(fixed['files'])} files", flush=True)
            self.assertTrue(fixed["applied"])
            self.assertTrue(fixed["files"])
            left = [fix for fix in fixed["fixes"] if fix["state"] != "proven"]
            self.assertEqual([fix for fix in left if fix["state"] == "overlaps"], [])
            self.check_sizes(project, folder, sizes)
            in_parallel([[project.clang(), *project.clang_flags(), "-fsyntax-only", unit] for unit in project.units], project.root)
            again = tool(project, "fix", "--apply")
            self.assertEqual(again["files"], [])
            self.assertEqual([fix["where"] for fix in again["fixes"] if fix["state"] == "proven"], [])
            self.assertEqual(output(project, folder), before)
            self.assertNotIn("error", before)

    def check_sizes(self, project, folder, sizes):
        """Clang's own sizeof, in a unit that includes the fixed file."""
        self.assertTrue(sizes)
        texts = {}
        for file, text in sizes:
            texts.setdefault(file, []).append(text)
        for file, asserts in texts.items():
            unit = folder / ("sizes.cpp" if "++" in project.compiler else "sizes.c")
            unit.write_text(f'#include "{file}"\n' + "using namespace leveldb;\n" * ("leveldb" in file) + "".join(asserts))
            access = ["-fno-access-control"] if "++" in project.compiler else []
            run([project.clang(), *project.clang_flags(), *access, "-fsyntax-only", unit], project.root)

    def test_sqlite(self):
        self.check("sqlite", sqlite_output)

    def test_leveldb(self):
        self.check("leveldb", leveldb_output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    projects.add_options(parser)
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.projects = projects.load(OPTIONS.sources, OPTIONS.binaryen)
    unittest.main(argv=[sys.argv[0], *rest])
