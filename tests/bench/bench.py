#!/usr/bin/env python3
"""Measures the default check beside other readers of modules, as ratios in one run (hyperfine; peak memory by the kernel's
count), and writes the table of docs/bench.md.

bench.py --tool build/release/analyzer/wasm-memlint --peer build/release/tests/binaryen_peer --modules build/real-modules [--write]

Run it on a machine that does nothing else."""

import argparse
import json
import os
import pathlib
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


def medians(listed):
    """Seconds of each command, the median of its runs: many of the quick ones, few of the slow ones."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        quoted = [" ".join(f"'{part}'" for part in map(str, command)) for command in listed]
        subprocess.run(["hyperfine", "--shell=none", "--warmup", "1", "--min-runs", "3", "--ignore-failure", "--export-json", out.name, *quoted],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return [result["median"] for result in json.load(out)["results"]]


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
        times = dict(zip(listed, medians(listed.values()), strict=True))
        peak = peak_bytes(listed["check"])
        size = file.stat().st_size
        rows.append(f"| {name} | {size / 1e6:.1f} | {times['check'] * 1e3:.1f} | "
                    + " | ".join(f"{times[other] / times['check']:.2f}" for other in list(listed)[1:])
                    + f" | {peak / 1e6:.0f} | {peak / (3 * size + 30e6):.2f} |")
        goals.append((name, size, times, peak))
        print(rows[-1], flush=True)
    return rows, goals


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--modules", required=True, type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help="write the table into docs/bench.md")
    options = parser.parse_args()
    rows, goals = table(options)
    head = ["| module | MB | check, ms | objdump -x | objdump -d | validate | Binaryen | peak, MB | of 3 x size + 30 MB |", "|---|---|---|---|---|---|---|---|---|"]
    met = [
        f"- Faster than `wasm-objdump -x`: {sum(t['objdump -x'] > t['check'] for _, _, t, _ in goals)} of {len(goals)}.",
        f"- At least 10 times faster than Binaryen with bodies: {sum(t['Binaryen'] > 10 * t['check'] for _, _, t, _ in goals)} of {len(goals)}.",
        f"- Peak memory below 3 times the file and 30 MB: {sum(p < 3 * s + 30e6 for _, s, _, p in goals)} of {len(goals)}.",
        f"- Below 10 ms where the file is below 200 KB: {sum(t['check'] < 0.01 for _, s, t, _ in goals if s < 200e3)} of {sum(s < 200e3 for _, s, _, _ in goals)}.",
    ]
    print("\n".join(met))
    if options.write:
        measured.write("bench.md", "bench", [*head, *rows, "", *met])
    return 0


if __name__ == "__main__":
    sys.exit(main())
