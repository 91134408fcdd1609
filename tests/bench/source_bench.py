#!/usr/bin/env python3
"""Measures `wasm-memlint source` on real programs beside clang's syntax check and clang-tidy with the checks that ask for the
same, one job each, as ratios in one run, and writes the table of docs/bench-source.md.

source_bench.py --tool build/release/analyzer/wasm-memlint --sources build/real-sources [--units 20] [--write]"""

import argparse
import dataclasses
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/source/real")]
import measured  # noqa: E402
import projects  # noqa: E402

CHECKS = ("performance-unnecessary-value-param", "performance-unnecessary-copy-initialization", "performance-for-range-copy",
          "performance-inefficient-vector-operation", "performance-no-automatic-move", "clang-analyzer-optin.performance.Padding")


@dataclasses.dataclass
class Cost:
    wall: float = 0.0
    processor: float = 0.0  # seconds of it, user and system, of the command and what it starts
    peak: int = 0  # bytes, of the largest process

    def __add__(self, other):
        return Cost(self.wall + other.wall, self.processor + other.processor, max(self.peak, other.peak))


def cost(command, folder):
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.chdir(folder)
        os.execvp(str(command[0]), [str(part) for part in command])
    used = os.wait4(pid, 0)[2]
    return Cost(time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def sample(project, most):
    """Units from all over the project."""
    step = max(1, -(-len(project.units) // most))
    return project.units[::step]


def measure(project, options):
    with tempfile.TemporaryDirectory() as scratch:
        part = dataclasses.replace(project, build=pathlib.Path(scratch), units=sample(project, options.units))
        part.write()
        tool = cost([options.tool.resolve(), "source", *part.tool_arguments(), "--no-config", "--jobs", "1", "--fail-on", "never"], part.root)
    clang, tidy = Cost(), Cost()
    for unit in part.units:
        clang += cost([part.clang(), *part.clang_flags(), "-fsyntax-only", unit], part.root)
        tidy += cost(["clang-tidy-22", "--quiet", f"--checks=-*,{','.join(CHECKS)}", unit, "--", part.clang(), *part.clang_flags()], part.root)
    return len(part.units), tool, clang, tidy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    projects.add_options(parser)
    parser.add_argument("--units", type=int, default=20, help="at most so many units of each program (default: 20)")
    parser.add_argument("--write", action="store_true", help="write the table into docs/bench-source.md")
    options = parser.parse_args()
    rows, all_of_clang, all_of_tidy = [], [], []
    for name, project in projects.load(options.sources, options.binaryen).items():
        units, tool, clang, tidy = measure(project, options)
        all_of_clang.append(tool.processor / clang.processor)
        all_of_tidy.append(tidy.processor / tool.processor)
        rows.append(f"| {name} | {units} | {tool.processor:.2f} | {all_of_clang[-1]:.2f} | {tool.wall / clang.wall:.2f} | {all_of_tidy[-1]:.1f} | {tidy.wall / tool.wall:.1f} "
                    f"| {tool.peak / 1e6:.0f} | {tool.peak / clang.peak:.2f} | {tool.peak / tidy.peak:.2f} |")
        print(rows[-1], flush=True)
    head = ["| program | units | seconds | of clang | (wall) | clang-tidy, of it | (wall) | peak, MB | of clang's | of clang-tidy's |", "|---|---|---|---|---|---|---|---|---|---|"]
    met = [f"- At most 1.3 times clang's syntax check: {sum(ratio <= 1.3 for ratio in all_of_clang)} of {len(all_of_clang)}.",
           f"- At least 5 times faster than clang-tidy: {sum(ratio >= 5 for ratio in all_of_tidy)} of {len(all_of_tidy)}."]
    print("\n".join(met))
    if options.write:
        measured.write("bench-source.md", "bench-source", [*head, *rows, "", *met])
    return 0


if __name__ == "__main__":
    sys.exit(main())
