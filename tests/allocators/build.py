#!/usr/bin/env python3
"""Builds a matrix of modules whose allocator is known: each source with each allocator and level, as it comes and then
stripped, and after wasm-opt -Oz and -O3.

build.py --into build/allocators [--assemblyscript build/real-modules/node_modules/assemblyscript/bin/asc.js] [--zig ZIG]

A toolchain that is not there is left out with a line that says so. Zig is not a package of Debian's and is used only where
--zig names it."""

import argparse
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE / "sources"

# wasm-opt refuses a module that uses what it was not told of, and a stripped one does not tell.
FEATURES = [f"--enable-{name}" for name in ("bulk-memory", "sign-ext", "mutable-globals", "nontrapping-float-to-int", "simd",
                                            "reference-types", "multivalue")]
STRIP = ["--strip-debug", "--strip-producers", "--strip-target-features"]
VARIANTS = {"stripped": STRIP, "Oz": ["-Oz", *STRIP], "O3": ["-O3", *STRIP]}

# Debian keeps the JavaScript modules that emcc needs where another Node than Debian's does not look.
DEBIAN_NODE_MODULES = "/usr/share/nodejs"


@dataclasses.dataclass
class Job:
    name: str
    source: str
    command: list  # {source}, {out} and {cache} stand for the paths
    environment: dict = dataclasses.field(default_factory=dict)


def clang():
    return next((found for found in map(shutil.which, ("clang-22", "clang-14", "clang")) if found), None)


def rustc_with_wasm():
    """The first rustc on the path may be one that has no WebAssembly target, so the system's own comes first."""
    for rustc in filter(None, (shutil.which("rustc", path="/usr/bin"), shutil.which("rustc"))):
        printed = subprocess.run([rustc, "--print", "sysroot"], capture_output=True, text=True, check=False).stdout.strip()
        if (pathlib.Path(printed) / "lib/rustlib/wasm32-unknown-unknown/lib").is_dir():
            return rustc
    return None


def go():
    return next((found for found in (shutil.which("go", path="/usr/lib/go-1.19/bin"), shutil.which("go")) if found), None)


def c_jobs(compiler):
    base = [compiler, "--target=wasm32-wasi", "--sysroot=/usr", "-Wno-deprecated"]
    for level in ("O0", "O2", "Oz"):
        yield Job(f"wasi-dlmalloc-{level}", "take.c", [*base, f"-{level}", "-mexec-model=reactor", "-Wl,--no-entry", "{source}", "-o", "{out}"])
    # The same with the stack after the data, as older linkers had it by default: there the heap base is where the stack begins.
    yield Job("wasi-dlmalloc-O2-data-first", "take.c",
              [*base, "-O2", "-mexec-model=reactor", "-Wl,--no-entry,--no-stack-first", "{source}", "-o", "{out}"])
    bare = [compiler, "--target=wasm32", "-nostdlib", "-Wl,--no-entry"]
    for source in ("bump", "freelist", "doubling"):
        for level in ("O0", "O2", "Oz"):
            yield Job(f"own-{source}-{level}", f"{source}.c", [*bare, f"-{level}", "{source}", "-o", "{out}"])


def rust_jobs(rustc):
    for target in ("unknown-unknown", "wasi"):
        for level in ("0", "2", "z"):
            command = [rustc, "--target", f"wasm32-{target}", "--crate-type", "cdylib", "-C", f"opt-level={level}", "-C", "strip=debuginfo",
                       "{source}", "-o", "{out}"]
            yield Job(f"rust-{target}-{level}", "take.rs", command)


def emscripten_jobs(emcc):
    environment = {"NODE_PATH": DEBIAN_NODE_MODULES} if pathlib.Path(DEBIAN_NODE_MODULES).is_dir() else {}
    kinds = {"fixed": [], "growing": ["-sALLOW_MEMORY_GROWTH"], "standalone": ["-sALLOW_MEMORY_GROWTH", "-sSTANDALONE_WASM"]}
    for malloc in ("dlmalloc", "emmalloc"):
        for kind, flags in kinds.items():
            for level in ("O0", "O2", "Oz"):
                # From -O2 on emcc also shortens the names of imports, so that emscripten_resize_heap is gone too.
                command = [emcc, f"-{level}", "--no-entry", f"-sMALLOC={malloc}", *flags, "{source}", "-o", "{out}"]
                yield Job(f"emscripten-{malloc}-{kind}-{level}", "take.c", command, environment)


def assemblyscript_jobs(compiler):
    for runtime in ("incremental", "minimal", "stub"):
        for level in ("O0", "O3", "Oz"):
            flags = {"O0": ["--debug"], "O3": ["-O3"], "Oz": ["-Oz"]}[level]
            yield Job(f"assemblyscript-{runtime}-{level}", "take.ts",
                      ["node", compiler, "{source}", "--runtime", runtime, "--exportRuntime", *flags, "-o", "{out}"])


def go_jobs(tool):
    yield Job("go-js", "take.go", [tool, "build", "-o", "{out}", "{source}"], {"GOOS": "js", "GOARCH": "wasm", "GO111MODULE": "off"})


def zig_jobs(tool):
    for mode in ("Debug", "ReleaseSafe", "ReleaseFast", "ReleaseSmall"):
        command = [tool, "build-lib", "-target", "wasm32-freestanding", "-dynamic", "-rdynamic", "-O", mode, "-femit-bin={out}",
                   "--cache-dir", "{cache}", "--global-cache-dir", "{cache}", "{source}"]
        yield Job(f"zig-{mode}", "take.zig", command)


def jobs(assemblyscript, zig):
    compiler, rustc, emcc = clang(), rustc_with_wasm(), shutil.which("emcc")
    found = {"clang": compiler and c_jobs(compiler), "rustc with a WebAssembly target": rustc and rust_jobs(rustc),
             "emcc": emcc and emscripten_jobs(emcc),
             "asc": assemblyscript.is_file() and shutil.which("node") and assemblyscript_jobs(assemblyscript),
             "go": go() and go_jobs(go()), "zig": zig and zig_jobs(zig)}
    for name, made in found.items():
        if not made:
            print(f"   left out: {name} is not there")
            continue
        yield from made


def run(command, environment=None):
    done = subprocess.run([str(part) for part in command], env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def emscripten_out(job, out):
    """emcc writes a module next to the script that it is asked for; a module alone would be a standalone one."""
    return out if "standalone" in job.name else out.with_suffix(".js")


def build(job, folder):
    """One module and its variants. The stamp is written last, so an interrupted run leaves none."""
    out, stamp = folder / f"{job.name}.wasm", folder / f"{job.name}.stamp"
    source = SOURCES / job.source
    wanted = hashlib.sha256(json.dumps([source.read_text(), [str(part) for part in job.command], FEATURES, VARIANTS]).encode()).hexdigest()
    files = [out, *(folder / f"{job.name}.{variant}.wasm" for variant in VARIANTS)]
    if stamp.exists() and stamp.read_text() == wanted and all(file.exists() for file in files):
        return False
    stamp.unlink(missing_ok=True)
    asked = emscripten_out(job, out) if job.name.startswith("emscripten") else out
    run([str(part).format(source=source, out=asked, cache=folder / "zig-cache") for part in job.command], job.environment)
    for variant, flags in VARIANTS.items():
        run(["wasm-opt", *FEATURES, *flags, out, "-o", folder / f"{job.name}.{variant}.wasm"])
    stamp.write_text(wanted)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", required=True, type=pathlib.Path)
    parser.add_argument("--assemblyscript", type=pathlib.Path,
                        default=HERE.parents[1] / "build/real-modules/node_modules/assemblyscript/bin/asc.js")
    parser.add_argument("--zig", type=pathlib.Path)
    options = parser.parse_args()
    if shutil.which("wasm-opt") is None:
        print("error: wasm-opt is not there; it comes with the package binaryen", file=sys.stderr)
        return 1
    folder = options.into.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(jobs(options.assemblyscript.resolve(), options.zig and options.zig.resolve()))
    built = failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [(job, pool.submit(build, job, folder)) for job in wanted]
        for job, result in results:
            try:
                built += result.result()
            except RuntimeError as error:
                failed += 1
                print(f"error: {job.name} was not built: {error}", file=sys.stderr)
    print(f"   {len(wanted)} modules with {len(VARIANTS)} variants each, {built} built now, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
