#!/usr/bin/env python3
"""Holds what is said of heap demand to runs: compiles small programs with clang for wasm32-wasi, runs them in Node, and compares
the pages that they end with to the pages that were proven; and programs that have no bound must not be given one.

test_heap.py --tool build/release/analyzer/wasm-memlint"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HEAD = """
#include <stdlib.h>
#include <string.h>
static volatile int seed = 3;
static void *volatile kept;
static void keep(void *block, size_t bytes) { memset(block, seed, bytes); kept = block; }
"""

# name -> (text, bytes that must be proven, or the reason why nothing can be)
PROGRAMS = {
    "nothing": ("int main(void) { return seed == 4; }", None),  # no allocator
    "one": ("int main(void) { void *p = malloc(1000); if (p) keep(p, 1000); return 0; }", 1000),
    "branches": ("""
__attribute__((noinline)) static void take(void) { void *p = malloc(70000); if (p) keep(p, 70000); }
int main(void) { if (seed == 3) take(); if (seed > 1) take(); void *p = calloc(100, 24); if (p) keep(p, 2400); return 0; }""", 142400),
    "given-back": ("""
__attribute__((noinline)) static void take(void) { char *p = malloc(50000); if (p) { keep(p, 50000); free(p); } }
int main(void) { take(); take(); take(); return 0; }""", 150000),
    "aligned": ("int main(void) { void *p = aligned_alloc(4096, 8192); if (p) keep(p, 8192); return 0; }", 8192 + 4096 + 32),
    "loop": ("int main(void) { for (int i = 0; i < seed; ++i) { void *p = malloc(100); if (p) keep(p, 100); } return 0; }", "in-a-loop"),
    "loop-around-call": ("""
__attribute__((noinline)) static void take(void) { void *p = malloc(100); if (p) keep(p, 100); }
int main(void) { for (int i = 0; i < seed; ++i) take(); return 0; }""", "in-a-loop"),
    "unknown": ("int main(void) { void *p = malloc((size_t)seed * 8); if (p) keep(p, 8); return 0; }", "unknown-size"),
    "recursion": ("""
__attribute__((noinline)) static int take(int n) { void *p = malloc(64); if (p) keep(p, 64); return n == 0 ? seed : take(n - 1) + seed; }
int main(void) { return take(seed) == 1; }""", "in-a-recursion"),
    "table": ("""
static void take(void) { void *p = malloc(64); if (p) keep(p, 64); }
static void (*volatile call)(void) = take;
int main(void) { call(); return 0; }""", "through-a-table"),
}

RUN = """
const fs = require('fs');
const module = new WebAssembly.Module(fs.readFileSync(process.argv[1]));
const imports = {};
class Exit extends Error {}
for (const {module: from, name} of WebAssembly.Module.imports(module))
  (imports[from] ??= {})[name] = name === 'proc_exit' ? () => { throw new Exit(); } : () => 0;
const {exports} = new WebAssembly.Instance(module, imports);
try { exports._start(); } catch (error) { if (!(error instanceof Exit)) throw error; }
console.log(exports.memory.buffer.byteLength / 65536);
"""


def build(text, out, stripped):
    command = ["clang-22", "--target=wasm32-wasi", "--sysroot=/usr", "-Wno-deprecated", "-O2", "--no-wasm-opt", "-x", "c", "-", "-o", out]
    # Without builtins clang does not take calls of malloc away.
    subprocess.run([*command, "-fno-builtin", *(["-Wl,-s"] if stripped else [])], input=HEAD + text, text=True, check=True)


def check(tool, name, text, expected, out, stripped):
    """Yields what is wrong."""
    build(text, out, stripped)
    done = subprocess.run([tool, "check", "--no-config", "--format", "json", out], capture_output=True, text=True, check=True)
    module = json.loads(done.stdout)["modules"][0]
    heap, own = module["heap"], module["estimate"]["own_pages"]
    pages = int(subprocess.run(["node", "-e", RUN, out], capture_output=True, text=True, check=True).stdout)
    title = f"{name}{' (stripped)' if stripped else ''}"
    print(f"{title:<28} {pages:>2} pages after the run, {own or 'no'} proven, heap {heap and heap['bytes']}")
    if own is not None and pages > own:
        yield f"{title}: it has {pages} pages, and {own} were proven"
    if expected is None:
        if heap is not None:
            yield f"{title}: {heap}, and there is no allocator"
    elif isinstance(expected, int):
        # A stripped module tells malloc, but not calloc and aligned_alloc, which then count as sizes that are not known.
        if heap is None:
            yield f"{title}: nothing is said of its heap"
        elif heap["bytes"] is not None and heap["bytes"] != expected:
            yield f"{title}: {heap['bytes']} bytes, expected {expected}"
        elif heap["bytes"] is None and not stripped:
            yield f"{title}: not proven: {heap['obstacles']} {heap['growers']}"
        if not stripped and expected and own is not None and own > pages + 1 and name != "given-back":
            yield f"{title}: {own} pages are proven, {pages} are used"
    else:
        reasons = {obstacle["reason"] for obstacle in heap["obstacles"]} if heap else set()
        if heap and heap["bytes"] is not None:
            yield f"{title}: {heap['bytes']} bytes are proven, and there is no bound"
        elif expected not in reasons and not stripped:
            yield f"{title}: {reasons}, expected {expected}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    tool = parser.parse_args().tool
    problems, checked = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, (text, expected) in PROGRAMS.items():
            for stripped in (False, True):
                problems += check(tool, name, text, expected, pathlib.Path(scratch) / "program.wasm", stripped)
                checked += 1
    print("\n".join(problems))
    print(f"{checked} checked, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
