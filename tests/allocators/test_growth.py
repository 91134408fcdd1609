#!/usr/bin/env python3
"""How the allocators of the matrix grow memory: runs each module in Node and compares its pages after every request with a
formula, which must hold exactly.

test_growth.py --matrix build/allocators [--write growth.json]

--write records what was measured: {module: {sequence: [pages before, [[from this request on, pages], ...]]}}.

The formulas are for requests alone, none given back: `before` is the memory in pages, `first` the address of the first block,
which tells where the heap begins. They were read from the allocators' sources and are checked here."""

import argparse
import json
import pathlib
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


def up(value, multiple):
    return -(-value // multiple) * multiple


def bump(before, first, sizes, align=16):
    """Exactly what is missing."""
    at, pages = first, before
    for size in sizes:
        at += up(size, align)
        pages = max(pages, up(at, PAGE) // PAGE)
        yield pages


def free_list(before, _first, sizes):
    """Pages of its own for every block, and 8 bytes."""
    for size in sizes:
        before += up(size + 8, PAGE) // PAGE
        yield before


def doubling(before, first, sizes):
    at, pages = first, before
    for size in sizes:
        at += up(size, 8)
        while at > pages * PAGE:
            pages *= 2
        yield pages


def dlmalloc(before, first, sizes):
    """wasi-libc: 4 bytes before each block, sizes in steps of 16. The top chunk keeps 56 bytes of what it has (its foot), and
    grows by what it lacks, that foot and 16 more, in whole pages. It begins with all of the initial memory above the heap base."""
    return top_chunk(before, first, sizes, align=16, foot=56, subtract=True)


def dlmalloc_rust(before, first, sizes):
    """The same with steps of 8 and a foot of 40, but it asks for the whole request, whatever the top still has; its first request
    grows memory, whatever the initial memory has."""
    return top_chunk(before, first, sizes, align=8, foot=40, subtract=False)


def top_chunk(pages, first, sizes, align, foot, subtract):
    top = first - 8
    end = pages * PAGE  # of what the allocator has
    if not subtract:
        end = 0  # nothing yet
    for size in sizes:
        need = max(16, up(size + 4, align))
        free = max(0, end - foot - top) if end else 0
        if need >= free:
            more = up(need - (free if subtract else 0) + foot + align, PAGE)
            pages += more // PAGE
            end = pages * PAGE
        top += need
        yield pages


def emscripten_resize(pages, wanted, limit):
    """The host's rule, from Emscripten's JavaScript: a fifth more than there is, at most 96 MiB over what is needed."""
    if wanted > limit * PAGE:
        return None
    old = pages * PAGE
    size = min(max(wanted, int(min(old * 1.2, wanted + 96 * MIB))), limit * PAGE)
    return up(size, PAGE) // PAGE


def exact_resize(pages, wanted, limit):
    return up(wanted, PAGE) // PAGE if wanted <= limit * PAGE else None


def dlmalloc_emscripten(resize, limit):
    """sbrk in steps of 64 KiB that start at the heap base, not at a page; memory grows when sbrk passes its end."""
    def model(pages, first, sizes):
        top = first - 8
        end = top  # sbrk's
        foot = 40
        for size in sizes:
            need = max(16, up(size + 4, 8))
            free = max(0, end - foot - top)
            if need >= free:
                if end == top == first - 8:
                    wanted = end + up(need + foot + 8, PAGE) + (up(end, 16384) - end)
                else:
                    wanted = end + up(need - free + foot + 8, PAGE)
                if wanted > pages * PAGE:
                    grown = resize(pages, wanted, limit)
                    if grown is None:
                        yield pages
                        continue
                    pages = grown
                end = wanted
            top += need
            yield pages
    return model


def emmalloc(resize, limit):
    """8 bytes per block, sizes in steps of 8 (4, where the block begins at the end of another's odd word); sbrk moves by the
    request and 48 bytes when the free region at the end is too small."""
    def model(pages, first, sizes):
        # One free region of `free` bytes at `at`, headers included, and 16 bytes of sentinel after it.
        at, brk = first - 8, None
        free = 0
        for size in sizes:
            size = max(8, up(size, 4))
            while True:
                if brk is None:  # what initialisation claimed: two sentinels and a region of 16 bytes between them
                    brk, free = at + 32, 16
                payload = up(at + 4, 8)
                if free and payload + size <= at + free - 4:
                    shift = payload - (at + 4)
                    if free - shift > 16 + 8 + size - 1:
                        at, free = at + shift + size + 8, free - shift - size - 8
                    else:
                        at, free = brk - 16, 0
                    break
                more = size + 48
                if brk + more > pages * PAGE:
                    grown = resize(pages, brk + more, limit)
                    if grown is None:
                        break
                    pages = grown
                if free == 0:
                    at = brk - 16
                    free = more
                else:
                    free += more
                brk += more
            yield pages
    return model


def as_stub(before, first, sizes):
    """4 bytes before each block, 16-byte steps; doubles, or grows by what is missing if that is more."""
    at, pages = first - 4, before
    for size in sizes:
        at = at + 4 + up(size + 4, 16) - 4
        if at > pages * PAGE:
            pages += max(pages, up(at - pages * PAGE, PAGE) // PAGE)
        yield pages


def as_tlsf(before, first, sizes):
    """4 bytes before each block, 16-byte steps. A request is rounded up to the next of 16 steps of its power of two, and only a free
    block of at least that class is taken; else memory doubles, or grows by the rounded request if that is more."""
    pages = before
    at = first - 4  # the free block's header
    free = before * PAGE - 4 - at - 4  # its payload, before the tail's header
    if free < 12:
        free = 0
    for size in sizes:
        need = 12 if size <= 12 else up(size + 4, 16) - 4
        rounded = need if need < 256 else need + (1 << (need.bit_length() - 1 - 4)) - 1
        wanted = (0, need >> 4) if need < 256 else tlsf_class(rounded)
        if not free or tlsf_class(free) < wanted:
            tail = pages * PAGE - 4
            more = up(rounded + 4, PAGE) // PAGE
            pages += max(pages, more)
            if not free:
                at = tail
            free = pages * PAGE - 4 - at - 4
        if free - need >= 4 + 12:
            at, free = at + 4 + need, free - need - 4
        else:
            at, free = pages * PAGE - 4, 0
        yield pages


def tlsf_class(size):
    if size < 256:
        return 0, size >> 4
    log = size.bit_length() - 1
    return log - 7, (size >> (log - 4)) ^ 16


def zig(pages, _first, sizes):
    """Blocks are powers of two: up to half a page each size has pages of its own, of 64 KiB; above, a power of two of pages. The initial
    memory is not used."""
    next_free = {}  # by slot size: bytes left in its page
    for size in sizes:
        slot = power_of_two(max(size + 4, 4))
        if slot > PAGE // 2:
            pages += power_of_two(up(size + 8, PAGE) // PAGE)
        else:
            if next_free.get(slot, 0) == 0:
                pages += 1
                next_free[slot] = PAGE
            next_free[slot] -= slot
        yield pages


def power_of_two(value):
    return 1 << (value - 1).bit_length()


TWO_GIB = 32768

MODELS = {
    "wasi-dlmalloc": dlmalloc, "rust-wasi": dlmalloc, "rust-unknown-unknown": dlmalloc_rust,
    "emscripten-dlmalloc-fixed": dlmalloc_emscripten(emscripten_resize, 256),
    "emscripten-dlmalloc-growing": dlmalloc_emscripten(emscripten_resize, TWO_GIB),
    "emscripten-dlmalloc-standalone": dlmalloc_emscripten(exact_resize, TWO_GIB),
    "emscripten-emmalloc-fixed": emmalloc(emscripten_resize, 256),
    "emscripten-emmalloc-growing": emmalloc(emscripten_resize, TWO_GIB),
    "emscripten-emmalloc-standalone": emmalloc(exact_resize, TWO_GIB),
    "assemblyscript-incremental": as_tlsf, "assemblyscript-minimal": as_tlsf, "assemblyscript-stub": as_stub,
    "zig": zig, "own-bump": bump, "own-freelist": free_list, "own-doubling": doubling,
}


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


def model_of(name):
    return next((model for start, model in MODELS.items() if name.startswith(start)), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matrix", required=True, type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    # Stripping changes no code, and -O3 none that matters here: one variant is enough.
    modules = [module for module in sorted(options.matrix.glob("*.wasm"))
               if model_of(module.name) and not module.name.endswith((".stripped.wasm", ".O3.wasm"))]
    keys = [(module, title) for module in modules for title in SEQUENCES]
    results = run([{"file": str(module), "sizes": SEQUENCES[title], "names": names_of(module)} for module, title in keys])
    passed = failed = 0
    record = {}
    for (module, title), result in zip(keys, results, strict=True):
        if "skipped" in result:
            print(f"{module.name}, {title}: {result['skipped']}")
            failed += 1
            continue
        expected = list(model_of(module.name)(result["before"], result["blocks"][0], SEQUENCES[title]))
        if result["pages"] == expected and result["kept"]:
            passed += 1
        else:
            failed += 1
            print(f"{module.name}, {title}: {changes(result['pages'])[:12]}, expected {changes(expected)[:12]}; blocks kept: {result['kept']}")
        if module.name.count(".") == 1:
            record.setdefault(module.stem, {})[title] = [result["before"], changes(result["pages"])[:40]]
    if options.write:
        lines = [f" {json.dumps(name)}: {json.dumps(rows)}" for name, rows in record.items()]
        options.write.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
