#!/usr/bin/env python3
"""Builds programs/ at several levels, and once more after wasm-opt, for the tests of stack bounds.

build.py --into build/stack-programs

A program's first line may name compiler flags: "// flags: -msimd128". Of C and C++ the .su files of -fstack-usage are kept beside the modules. A toolchain that is not there is an error."""

import argparse
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
CLANG_LEVELS = ("O0", "O2", "Oz")
RUST_LEVELS = ("0", "2", "z")
CLANG = ["--target=wasm32-wasi", "--sysroot=/usr", "-Wno-deprecated", "-fstack-usage"]
FEATURES = [f"--enable-{name}" for name in ("bulk-memory", "sign-ext", "mutable-globals", "nontrapping-float-to-int", "multivalue",
                                            "reference-types", "simd", "tail-call", "exception-handling")]
# What wasm-opt is run with on the modules of a level, by the name that the result gets.
AFTERWARDS = {
    "O0": {"wasm-opt-O3": ["-O3"], "wasm-opt-flatten": ["--flatten", "--rereloop", "--simplify-locals", "--coalesce-locals"]},
    "O2": {"wasm-opt-O3": ["-O3"], "wasm-opt-Oz": ["-Oz"], "wasm-opt-flatten": ["--flatten", "--simplify-locals", "--reorder-locals"],
           "wasm-opt-asyncify": ["--asyncify"]},
}

# What refuses instructions that a flag brings in.
REFUSED_BY = {"-mtail-call": ("wasm-opt-asyncify",), "-fwasm-exceptions": ("wasm-opt-asyncify", "wasm-opt-flatten")}


def rustc():
    """The system's comes first: another one on the path may have no WebAssembly target."""
    for found in filter(None, (shutil.which("rustc", path="/usr/bin"), shutil.which("rustc"))):
        sysroot = subprocess.run([found, "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
        if (pathlib.Path(sysroot) / "lib/rustlib/wasm32-wasi/lib").is_dir():
            return found
    sys.exit("error: no rustc with the target wasm32-wasi (Debian: rustc, libstd-rust-dev-wasm32)")


def run(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: {' '.join(map(str, command))}\n{done.stderr}")


def flags_of(source):
    first = source.read_text().splitlines()[0]
    return first.removeprefix("// flags: ").split() if first.startswith("// flags: ") else []


def build_clang(source, level, into):
    """Compiles and links in two steps: only so does the .su file get the object's name."""
    compiler = "clang++-22" if source.suffix == ".cpp" else "clang-22"
    flags = flags_of(source)
    more = [*flags, *(["-fno-exceptions"] if source.suffix == ".cpp" and "-fwasm-exceptions" not in flags else [])]
    stem = f"{source.stem}-{level}"
    run([compiler, *CLANG, *more, f"-{level}", "-c", source, "-o", f"{stem}.o"], into)
    # Without the library's DWARF, which wasm-opt refuses beside several results.
    run([compiler, *CLANG[:3], *more, "-Wl,--strip-debug", f"{stem}.o", "-o", f"{stem}.wasm"], into)
    return into / f"{stem}.wasm"


def build_rust(source, level, into):
    out = into / f"{source.stem}-O{level}.wasm"
    # Rust's archives hold a member that newer linkers warn of, and rustc makes warnings fatal.
    linker = ["-C", "linker=lld-22", "-C", "linker-flavor=wasm-ld", "-C", "link-arg=--no-fatal-warnings", "-C", "panic=abort", "-C", "strip=none"]
    # A program with its own _start does without the runtime around main.
    own_start = [] if "fn main()" in source.read_text() else ["--crate-type", "cdylib"]
    run([rustc(), "--target", "wasm32-wasi", "-C", f"opt-level={level}", *linker, *own_start, source, "-o", out], into)
    return out


def build_text(source, level, into):
    out = into / f"{source.stem}-{level}.wasm"
    run(["wat2wasm", "--debug-names", source, "-o", out], into)
    return out


BUILDERS = {".c": (build_clang, CLANG_LEVELS), ".cpp": (build_clang, CLANG_LEVELS), ".rs": (build_rust, RUST_LEVELS),
            ".wat": (build_text, ("O2",))}


def build(job):
    source, level, into = job
    out = BUILDERS[source.suffix][0](source, level, into)
    if source.suffix == ".wat":
        return  # Debian's wasm-opt does not know all instructions
    level = out.stem.rpartition("-")[2]
    if level == "O2":
        run(["wasm-opt", *FEATURES, "--strip", out, "-o", out.with_suffix(".stripped.wasm")], into)
    for name, passes in AFTERWARDS.get(level, {}).items():
        if any(name in REFUSED_BY.get(flag, ()) for flag in flags_of(source)):
            continue
        run(["wasm-opt", *FEATURES, "-g", *passes, out, "-o", out.with_suffix(f".{name}.wasm")], into)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", required=True, type=pathlib.Path)
    into = parser.parse_args().into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    sources = sorted((HERE / "programs").iterdir())
    newest = max(file.stat().st_mtime for file in [*sources, pathlib.Path(__file__)])
    stamp = into / "stamp"
    if stamp.exists() and stamp.stat().st_mtime > newest:
        return
    jobs = [(source, level, into) for source in sources for level in BUILDERS[source.suffix][1]]
    with ThreadPoolExecutor() as pool:
        list(pool.map(build, jobs))
    stamp.touch()


if __name__ == "__main__":
    main()
