#!/usr/bin/env python3
"""Measures the default check beside other readers of modules, as ratios in one run (hyperfine; peak memory by the kernel's
count), and writes the table of docs/bench.md.

bench.py --tool build/release/analyzer/wasm-memlint --peer build/release/tests/binaryen_peer --modules build/real-modules [--write]

Run it on a machine that does nothing else. Everything that is printed goes to /dev/null, and every file is in the
system's cache."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import measured  # noqa: E402

MODULES = {
    "duckdb-mvp": "@duckdb/duckdb-wasm/dist/duckdb-mvp.wasm",
    "duckdb-eh": "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm",
    "z3": "z3-solver/build/z3-built.wasm",
    "esbuild": "esbuild-wasm/esbuild.wasm",
    "rollup": "@rollup/wasm-node/dist/wasm-node/bindings_wasm_bg.wasm",
    "libheif": "libheif-js/libheif-wasm/libheif.wasm",
    "sql.js": "sql.js/dist/sql-wasm.wasm",
    "source-map": "source-map/lib/mappings.wasm",
}


def commands(tool, peer, file):
    return {
        "check": [tool, "check", "--no-config", "--fail-on", "never", file],
        "objdump -x": ["wasm-objdump", "-x", file],
        "objdump -d": ["wasm-objdump", "-d", file],
        "validate": ["wasm-validate", "--enable-all", file],
        "Binaryen": [peer, "read", file],
    }


def measure(listed, rounds):
    """For each command, by its name: the median of its times and of the processor's time in seconds, or None where it
    does not accept the module. Many runs of the quick ones, few of the slow ones. The commands take turns, round by
    round, so that what else the machine does hits all of them."""
    quoted = [" ".join(f"'{part}'" for part in map(str, command)) for command in listed.values()]
    walls, processor, failed = ({name: [] for name in listed} for _ in range(3))
    for _ in range(rounds):
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            subprocess.run(["hyperfine", "--shell=none", "--min-runs", "2", "--ignore-failure", "--export-json", out.name, *quoted],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for name, result in zip(listed, json.load(out)["results"], strict=True):
                walls[name] += result["times"]
                processor[name].append(result["user"] + result["system"])
                failed[name] += [code for code in result["exit_codes"] if code != 0]
    for name in ("check", "Binaryen"):
        if failed[name]:
            sys.exit(f"{' '.join(map(str, listed[name]))}: ended with exit code {failed[name][0]}; expected 0")
    return {name: None if failed[name] else (statistics.median(walls[name]), statistics.median(processor[name])) for name in listed}


def peak_bytes(command):
    """Of the largest process that the command is made of (the check forks a worker, which holds the module)."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execvp(str(command[0]), [str(part) for part in command])
    # ru_maxrss of a process that was waited for counts the processes that it waited for.
    return os.wait4(pid, 0)[2].ru_maxrss * 1024


def table(options):
    rows, goals = [], []
    for name, path in MODULES.items():
        file = options.modules / "node_modules" / path
        listed = commands(options.tool, options.peer, file)
        file.read_bytes()
        seconds = measure(listed, options.rounds)
        peak = peak_bytes(listed["check"])
        size = file.stat().st_size
        wall, processor = seconds["check"]
        others = {other: seconds[other] for other in list(listed)[1:]}
        ratios = {other: times[0] / wall if times else 0 for other, times in others.items()}
        cells = [f"{times[0] / wall:.2f} ({times[1] / processor:.2f})" if times else "refused" for times in others.values()]
        rows.append(f"| {name} | {size / 1e6:.2f} | {wall * 1e3:.1f} ({processor * 1e3:.1f}) | "
                    + " | ".join(cells) + f" | {peak / 1e6:.0f} | {peak / (3 * size + 30e6):.2f} |")
        goals.append((size, wall, ratios, peak))
        print(rows[-1], flush=True)
    return rows, goals


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--modules", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3, help="how often the commands take turns (default: 3)")
    parser.add_argument("--write", action="store_true", help="write the table into docs/bench.md")
    options = parser.parse_args()
    rows, goals = table(options)
    head = ["| module | MB | check, ms | objdump -x | objdump -d | validate | Binaryen | peak, MB | of 3 x size + 30 MB |", "|---|---|---|---|---|---|---|---|---|"]
    small = [wall for size, wall, _, _ in goals if size < 200e3]
    met = [
        f"- Faster than `wasm-objdump -x`: {sum(ratios['objdump -x'] > 1 for _, _, ratios, _ in goals)} of {len(goals)}.",
        f"- At least 10 times faster than Binaryen with bodies: {sum(ratios['Binaryen'] >= 10 for _, _, ratios, _ in goals)} of {len(goals)}.",
        f"- Peak memory below 3 times the file and 30 MB: {sum(peak < 3 * size + 30e6 for size, _, _, peak in goals)} of {len(goals)}.",
        f"- Below 10 ms where the file is below 200 KB: {sum(wall < 0.01 for wall in small)} of {len(small)}.",
    ]
    print("\n".join(met))
    if options.write:
        measured.write("bench.md", "bench", [*head, *rows, "", *met])
    return 0


if __name__ == "__main__":
    sys.exit(main())
