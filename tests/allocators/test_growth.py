#!/usr/bin/env python3
"""Holds the program's growth models to runs: runs each module of the matrix in Node and compares its pages after every request
with what the model of the allocator that the program found says, which must be equal; and no order of the requests, nor giving
back between them, may take more pages than the program's bound.

test_growth.py --tool wasm-memlint --model build/release/tests/growth_model --matrix build/allocators [--write growth.json]

--write records what was measured: {module: {sequence: [pages before, [[from this request on, pages], ...]]}}.

Where the tool does not know the heap base, the first block tells it."""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = 65536
MIB = 1 << 20

SEQUENCES = {
    "small": [100, 1000, 3000, 16, 40, 1, 7, 24],
    "medium": [10000, 20000, 30000, 40000, 60000, 50000, 12345],
    "larger than a page": [70000, 140000, 1000000, 65536, 200000],
    "page by page": [65536] * 6 + [65535, 65537, 65484, 65485],
    "many small": [64] * 3000,
    "mixed": [5, 100000, 20, 65528, 65520, 8, 300000, 1, 30000],
    "around a page": [65536 - 160 + 4 * step for step in range(48)],
    "large": [3 * MIB, 9 * MIB, 2 * MIB, 5 * MIB, 12 * MIB, 1 * MIB, 40 * MIB, 30, 7 * MIB],
}

# Which growth model the program must find, by how the name of the module begins.
MODELS = {
    "wasi-dlmalloc": "dlmalloc", "rust-wasi": "dlmalloc", "rust-unknown-unknown": "dlmalloc-rust",
    "emscripten-dlmalloc": "dlmalloc-sbrk", "emscripten-emmalloc": "emmalloc",
    "assemblyscript-incremental": "tlsf", "assemblyscript-minimal": "tlsf", "assemblyscript-stub": "bump-doubling",
    "zig": "zig", "own-": None,
}
MAY_BE_UNKNOWN = "zig-Debug"  # nothing is inlined there

# How far above the heap base the first block begins.
FIRST_BLOCK = {"dlmalloc": 16, "dlmalloc-sbrk": 8, "emmalloc": 24, "tlsf": 1584, "bump-doubling": 12}


def run(jobs):
    command = ["node", str(HERE / "run.mjs")]
    return json.loads(subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, check=True).stdout)


def names_of(module):
    """At -Oz emcc shortens the names of exports too; the script that it writes beside the module has both."""
    script = module.with_name(module.name.split(".")[0] + ".js")
    names = {"take": "take", "give": "give"}
    for ours, theirs in (("take", "_take"), ("give", "_give"), ("start", "___wasm_call_ctors")):
        found = script.is_file() and re.search(rf'Module\["{theirs}"\]=Module\["asm"\]\["(\w+)"\]', script.read_text())
        if found:
            names[ours] = found[1]
    return names


def changes(pages):
    """[[request, pages], ...]: from which request on there are how many pages."""
    found = []
    for number, value in enumerate(pages, 1):
        if not found or found[-1][1] != value:
            found.append([number, value])
    return found


def expected_model(name):
    """The model that the program must find; None for allocators that it must not know."""
    return next(model for start, model in MODELS.items() if name.startswith(start))


def with_frees(sizes):
    """The same requests in another order, every other block given back after the next request."""
    chosen = random.Random(7)
    steps, order = [], list(sizes)
    chosen.shuffle(order)
    for number, size in enumerate(order):
        steps.append(size)
        if number % 2 == 1:
            steps.append(-(len(steps) - 1))  # the step before this one
    return steps


def describe(tool, modules):
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *map(str, modules)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["modules"]


def model_job(facts, before, first, sizes):
    """`first`: address of the first block, which begins this far above the heap base."""
    allocator, memory = facts["allocator"], facts["memories"][0]
    base = facts["map"]["heap_base"]
    if base is None and allocator["growth_model"] in FIRST_BLOCK:
        base = first - FIRST_BLOCK[allocator["growth_model"]]
    return {"model": allocator["growth_model"], "pages": before, "heap_base": base, "maximum_pages": memory["maximum_pages"] or 65536,
            "host_grows": allocator["growth_policy"] == "host", "requests": sizes}


def check_models(program, runs):
    """Yields what is wrong; `runs` is [(title, facts, sequence, result, result of the shuffled one)]."""
    jobs = [model_job(facts, result["before"], result["blocks"][0], sizes) for _, facts, sizes, result, _ in runs]
    done = subprocess.run([program], input=json.dumps(jobs), capture_output=True, text=True, check=True)
    loosest = 0
    for (title, _, _, result, shuffled), model in zip(runs, json.loads(done.stdout), strict=True):
        if model["pages"] != result["pages"]:
            yield f"{title}: {changes(result['pages'])[:12]}, the model says {model['pages'] and changes(model['pages'])[:12]}"
        if not result["kept"] or not shuffled["kept"]:
            yield f"{title}: blocks overlap"
        highest = max(result["pages"] + shuffled["pages"])
        if model["most"] is not None:
            loosest = max(loosest, model["most"] / highest)
            if highest > model["most"]:
                yield f"{title}: {highest} pages, and no more than {model['most']} were said to be possible"
    print(f"the loosest bound is {loosest:.2f} times what a run took")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--matrix", required=True, type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    # Stripping changes no code, and -O3 none that matters here: one variant is enough.
    modules = [module for module in sorted(options.matrix.glob("*.wasm"))
               if not module.name.endswith((".stripped.wasm", ".O3.wasm")) and not module.name.startswith("go-")]
    keys = [(module, title) for module in modules for title in SEQUENCES]
    jobs = [{"file": str(module), "sizes": make(SEQUENCES[title]), "names": names_of(module)}
            for make in (list, with_frees) for module, title in keys]
    results = run(jobs)
    facts = dict(zip(modules, describe(options.tool, modules), strict=True))
    record, problems, runs = {}, [], []
    for (module, title), result, shuffled in zip(keys, results[:len(keys)], results[len(keys):], strict=True):
        name = f"{module.name}, {title}"
        found, wanted = facts[module]["allocator"]["growth_model"], expected_model(module.name)
        if "skipped" in result or "skipped" in shuffled:
            problems.append(f"{name}: {result.get('skipped') or shuffled['skipped']}")
        elif found is None and (wanted is None or module.name.startswith(MAY_BE_UNKNOWN)):
            pass
        elif found != wanted:
            problems.append(f"{name}: the tool has the model {found}, expected {wanted}")
        else:
            runs.append((name, facts[module], SEQUENCES[title], result, shuffled))
        if module.name.count(".") == 1 and "skipped" not in result:
            record.setdefault(module.stem, {})[title] = [result["before"], changes(result["pages"])[:40]]
    problems += check_models(options.model, runs)
    if options.write:
        lines = [f" {json.dumps(name)}: {json.dumps(rows)}" for name, rows in record.items()]
        options.write.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print("\n".join(problems))
    print(f"{len(keys) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
