"""Real programs as builds: fetches their sources with npm and writes a compile_commands.json for each, with the command
lines of a host's compiler, as their users have them.

projects.py --into build/real-sources [--binaryen build/binaryen-132/libbinaryen/binaryen]"""

import argparse
import dataclasses
import functools
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FILES = ("package.json", "package-lock.json")
EMSCRIPTEN = pathlib.Path("/usr/share/emscripten/cache/sysroot")
LIBCXX = pathlib.Path("/usr/include/wasm32-wasi/c++/v1")


@dataclasses.dataclass
class Project:
    """A program's build. Its units are compiled in `root`, with paths below it."""

    name: str
    root: pathlib.Path
    build: pathlib.Path  # the folder of its compile_commands.json
    target: str  # as --target takes it
    compiler: str
    flags: list
    units: list
    extra: list = dataclasses.field(default_factory=list)  # further arguments for the target's headers

    def write(self):
        """Writes compile_commands.json."""
        entries = [{"directory": str(self.root), "file": unit, "arguments": [self.compiler, *self.flags, "-o", f"{unit}.o", "-c", unit]}
                   for unit in self.units]
        self.build.mkdir(parents=True, exist_ok=True)
        (self.build / "compile_commands.json").write_text(json.dumps(entries, indent=1))

    def copy(self, folder):
        """The same build over a copy of its sources in `folder`."""
        root = pathlib.Path(folder).resolve() / self.name
        shutil.copytree(self.root, root)
        other = dataclasses.replace(self, root=root, build=root, flags=[flag.replace(str(self.root), str(root)) for flag in self.flags])
        other.write()
        return other

    def tool_arguments(self):
        """What `wasm-memlint source` and `fix` are told of it."""
        return ["-p", str(self.build), "--target", self.target, *(f"--extra-arg={argument}" for argument in self.extra)]

    def clang_flags(self):
        """What clang 22 is told to read a unit of it for the same target."""
        target = ["--target=wasm32-unknown-emscripten", f"--sysroot={EMSCRIPTEN}"] if self.target == "wasm32-emscripten" else ["--target=wasm32-wasi", "--sysroot=/usr"]
        host_only = ("-march=", "-fno-plt", "-fstack-", "-fcf-")
        return [*target, *(flag for flag in self.flags if not flag.startswith(host_only)), *self.extra, "-w"]

    def clang(self):
        return "clang++-22" if "++" in self.compiler else "clang-22"

    def relative(self, path):
        path = pathlib.Path(path)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name


def fetch(folder):
    """npm ci from package-lock.json, unless that is what is there already. What a package needs to be built is replaced there
    by one small package (overrides), where that is much."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    stamp = folder / "fetched"
    if stamp.exists() and stamp.read_text() == digest:
        return
    if shutil.which("npm") is None:
        sys.exit("error: npm is not installed; it comes with Node, or as the package npm")
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, folder / name)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], cwd=folder, check=True)
    stamp.write_text(digest)


def threaded_libcxx(folder):
    """Emscripten's headers know threads, and wasi's libc++ was configured without: its headers are used with a
    configuration that says so. (Debian's Emscripten has the libc++ of LLVM 13, which cannot read C++20.)"""
    text = (LIBCXX / "__config_site").read_text()
    for name in ("THREADS", "THREAD_API_PTHREAD", "FILESYSTEM"):
        text = re.sub(rf"(#define _LIBCPP_HAS_{name}) 0", r"\1 1", text)
    site = folder / "libcxx"
    site.mkdir(parents=True, exist_ok=True)
    (site / "__config_site").write_text(text)
    return ["-nostdinc++", "-isystem", str(site), "-isystem", str(LIBCXX), "-isystem", str(EMSCRIPTEN / "include/compat")]


def leveldb(folder, libcxx):
    root = folder / "node_modules/leveldown/deps"
    base = "leveldb/leveldb-1.20"
    found = [path.relative_to(root).as_posix() for part in ("db", "table", "util", "port", "helpers/memenv") for path in sorted((root / base / part).glob("*.cc"))]
    units = [unit for unit in found if not re.search(r"_test\.cc$|_bench\.cc$|leveldbutil|testutil|testharness", unit)]
    flags = ["-std=c++11", "-O2", "-march=native", "-fPIC", "-pthread", "-fno-builtin-memcmp", "-DOS_LINUX", "-DLEVELDB_PLATFORM_POSIX", "-DLEVELDB_ATOMIC_PRESENT",
             "-DSNAPPY", "-DHAVE_CONFIG_H", f"-I{base}", f"-I{base}/include", "-Isnappy/linux", "-Isnappy/snappy"]
    units += [f"snappy/snappy/{name}.cc" for name in ("snappy", "snappy-c", "snappy-sinksource", "snappy-stubs-internal")]
    return Project("leveldb", root, folder / "builds/leveldb", "wasm32-emscripten", "g++", flags, units, libcxx)


def sqlite(folder, _):
    root = folder / "node_modules/better-sqlite3/deps"
    defines = re.findall(r"'((?:HAVE|SQLITE)_\w+(?:=[^']*)?)'", (root / "defines.gypi").read_text())
    changed = ("SQLITE_THREADSAFE", "HAVE_USLEEP")  # wasi has no threads
    flags = ["-O3", "-march=native", "-fPIC", "-fstack-protector-strong", *(f"-D{define}" for define in defines if not define.startswith(changed)),
             "-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_OMIT_WAL", "-D_WASI_EMULATED_MMAN", "-D_WASI_EMULATED_GETPID", "-D_WASI_EMULATED_SIGNAL",
             "-D_WASI_EMULATED_PROCESS_CLOCKS"]
    return Project("sqlite", root, folder / "builds/sqlite", "wasm32", "gcc", flags, ["sqlite3/sqlite3.c"])


def tree_sitter(folder, _):
    root = folder / "node_modules/tree-sitter/vendor/tree-sitter/lib"
    units = [f"src/{path.name}" for path in sorted((root / "src").glob("*.c")) if path.name != "lib.c"]
    return Project("tree-sitter", root, folder / "builds/tree-sitter", "wasm32", "cc", ["-O3", "-std=c11", "-fPIC", "-D_POSIX_C_SOURCE=200112L", "-D_DEFAULT_SOURCE", "-Isrc", "-Iinclude"], units)


def re2(folder, libcxx):
    root = folder / "node_modules/re2/vendor"
    units = re.findall(r'"vendor/([\w/.-]+\.cc)"', (root.parent / "binding.gyp").read_text())
    units = [unit for unit in units if not unit.endswith("_win.cc")]
    flags = ["-std=c++17", "-O2", "-march=native", "-fPIC", "-fno-plt", "-DNDEBUG", "-DNOMINMAX", "-Ire2", "-Iabseil-cpp"]
    return Project("re2", root, folder / "builds/re2", "wasm32-emscripten", "g++", flags, units, libcxx)


def libsass(folder, libcxx):
    root = folder / "node_modules/node-sass/src/libsass"
    units = [path.relative_to(root).as_posix() for pattern in ("*.c", "*.cpp", "memory/*.cpp") for path in sorted((root / "src").glob(pattern))]
    flags = ["-std=c++11", "-O2", "-march=native", "-fPIC", "-fexceptions", "-frtti", "-Iinclude", "-Isrc", '-DLIBSASS_VERSION="3.5.5"']
    return Project("libsass", root, folder / "builds/libsass", "wasm32-emscripten", "g++", flags, units, libcxx)


def binaryen(folder, libcxx, source):
    units = [path.relative_to(source).as_posix() for pattern in ("support/*", "wasm/*", "parser/*", "ir/*", "tools/*", "passes/[A-D]*") for path in sorted((source / "src").glob(f"{pattern}.cpp"))]
    flags = ["-std=gnu++20", "-O2", "-march=native", "-fPIC", "-fexceptions", "-DNDEBUG", "-DTHROW_ON_FATAL", "-Isrc", "-Ithird_party/FP16/include", f"-I{folder / 'builds/binaryen'}",
             "-isystem", "/usr/lib/llvm-22/include"]
    project = Project("binaryen", source, folder / "builds/binaryen", "wasm32-emscripten", "g++", flags, units, libcxx)
    project.build.mkdir(parents=True, exist_ok=True)
    (project.build / "config.h").write_text('#pragma once\n#define PROJECT_VERSION "132"\n')
    return project


def load(folder, binaryen_source):
    """All projects, by name, with their builds written. Fetches what is not there."""
    folder, source = folder.resolve(), binaryen_source.resolve()
    fetch(folder)
    libcxx = threaded_libcxx(folder)
    makers = (leveldb, sqlite, tree_sitter, re2, libsass, functools.partial(binaryen, source=source))
    projects = {}
    for make in makers:
        project = make(folder, libcxx)
        project.write()
        projects[project.name] = project
    return projects


def add_options(parser):
    parser.add_argument("--into", "--sources", dest="sources", required=True, type=pathlib.Path, help="where the sources are, or are fetched to")
    parser.add_argument("--binaryen", type=pathlib.Path, default=HERE.parents[2] / "build/binaryen-132/libbinaryen/binaryen", help="Binaryen's source tree")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    options = parser.parse_args()
    for project in load(options.sources, options.binaryen).values():
        print(f"   {project.name}: {len(project.units)} units for {project.target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
