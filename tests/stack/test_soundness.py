#!/usr/bin/env python3
"""Holds stack bounds to runs, and frames to clang's: no run may go deeper than a bound, and no function may have another
frame than -fstack-usage says.

test_soundness.py --tool build/release/analyzer/wasm-memlint --programs build/stack-programs [--write]

Prints bound / observed of each module; --write puts the table into docs/stack.md."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import measured  # noqa: E402

# Why a program has no bound. Every other program must have one, at every level: else the test would prove nothing.
UNBOUNDED = {
    "recursion": "recursion",
    "mutual": "recursion",
    "alloca": "dynamic-allocation",
    "alloca_in_loops": "growth-in-a-loop",
    "vla_in_leaves": "dynamic-allocation",
    "vla_in_loops": "dynamic-allocation",
    "shapes": "recursion",  # a pure virtual call would print before it aborts, and printing calls through the table
    "virtual_calls": "recursion",  # the same, by the runtime's destructors
    "collections": "recursion",
    "traits": "recursion",
}
# Asyncify puts what it restores into the pointer's place; some functions are followed all the same.
ANY_REASON = ("asyncify",)
# How deep recursions get, by program and function.
LIMITS = {"limited": {"walk": 26}}


def stack_of(tool, file):
    limits = LIMITS.get(program_of(file), {})
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write("[stack.recursion]\n" + "".join(f"{name} = {count}\n" for name, count in limits.items()))
        config.flush()
        done = subprocess.run([tool, "stack", "--config", config.name, "--format", "json", file], capture_output=True, text=True,
                              check=True)
    return json.loads(done.stdout)["modules"][0]["stack"]


def program_of(file):
    return file.name.split("-O")[0]


def observe(jobs):
    done = subprocess.run(["node", HERE / "observe.mjs"], input=json.dumps(jobs), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def frames_of_clang(su):
    """{name: (bytes, kind)} of a .su file: FILE:LINE:NAME or FILE:NAME, bytes, kind, with tabs between them."""
    frames = {}
    for line in su.read_text().splitlines():
        where, size, kind = line.split("\t")
        frames[re.match(r"[^:]*:(?:\d+:)?(.*)", where)[1]] = (int(size), kind)
    shown = subprocess.run(["llvm-cxxfilt-22", *frames], capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(shown) == len(frames)
    return dict(zip(shown, frames.values(), strict=True))


def check_frames(file, su, stack):
    """Compares the frames of the program's own functions; the library's have no .su file here."""
    names = [frame["name"] for frame in stack["bound"]["frames"]]  # constructors of one class have one name
    ours = {frame["name"]: frame["bytes"] for frame in stack["bound"]["frames"] if names.count(frame["name"]) == 1}
    problems, compared = [], 0
    for name, (size, kind) in frames_of_clang(su).items():
        if "static" not in kind or "dynamic" in kind or name not in ours:
            continue
        compared += 1
        # A mask that aligns the pointer costs up to the alignment less one more than clang's figure, which takes the pointer
        # for aligned to that already.
        if not size <= ours[name] <= size + 255 or (ours[name] != size and "aligned" not in file.name):
            problems.append(f"{file.name}: {name} has a frame of {ours[name]} bytes, and clang says {size}")
    return compared, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help="write the table into docs/stack.md")
    options = parser.parse_args()
    stacks = {file: stack_of(options.tool, file) for file in sorted(options.programs.glob("*.wasm"))}
    # wasm-opt makes a constant of a pointer that nothing writes: then there is no stack to speak of.
    gone = [file.name for file, stack in stacks.items() if stack is None]
    files = [file for file in stacks if stacks[file]]
    results = observe([{"file": str(file), "top": stacks[file]["pointer_initial"]} for file in files])
    passed, problems, rows, compared = 0, [f"{name}: no stack was found" for name in gone if "wasm-opt" not in name], [], 0
    for file, result in zip(files, results, strict=True):
        bound, reason = stacks[file]["bound"]["bytes"], stacks[file]["bound"]["unbounded_by"]
        before = len(problems)
        if "error" in result:
            problems.append(f"{file.name}: {result['error']}")
            continue
        if bound is not None and result["observed"] > bound:
            problems.append(f"{file.name}: {result['observed']} bytes were used, and the bound is {bound}")
        is_nameless = ".stripped" in file.name and program_of(file) in LIMITS
        expected = "recursion" if is_nameless else UNBOUNDED.get(program_of(file))
        if not any(word in file.name for word in ANY_REASON) and (reason and reason["reason"]) != expected:
            problems.append(f"{file.name}: bound {bound} ({reason}), expected {expected or 'a bound'}")
        su = options.programs / (file.stem + ".su")
        if su.exists():
            count, wrong = check_frames(file, su, stacks[file])
            compared += count
            problems += wrong
        passed += before == len(problems)
        shown = "no bound" if bound is None else str(bound)
        tightness = f"{bound / result['observed']:.2f}" if bound and result["observed"] else "-"
        rows.append(f"{file.name.removesuffix('.wasm'):<36} {result['observed']:>8} {shown:>9} {tightness:>7}")
    table = [f"{'module':<36} {'observed':>8} {'bound':>9} {'ratio':>7}", *rows]
    print("\n".join([*table, f"{compared} frames compared with clang's", *problems]))
    if options.write:
        measured.write("stack.md", "programs", ["```text", *table, "```"])
    bounded = sum(stacks[file]["bound"]["bytes"] is not None for file in files)
    # Where a handler restores the pointer from a merged local, the bound rests on Binaryen's IR.
    in_ir = [file.name for file in files if any(frame["from_ir"] for frame in stacks[file]["bound"]["frames"])]
    if not {"cleanups-O2.wasm-opt-O3.wasm", "cleanups-O2.wasm-opt-Oz.wasm"} <= set(in_ir):
        problems.append(f"frames from IR are in {in_ir} alone")
        print(problems[-1])
    if bounded < 150 or compared < 150:
        problems.append("too few")
        print(f"only {bounded} modules have bounds, and {compared} frames were compared")
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
