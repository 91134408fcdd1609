#!/usr/bin/env python3
"""Runs the tool on the modules of the WebAssembly specification's tests, where they lie beside the repository
(../shared/spec.tar.gz): every valid one is read in full, no malformed or invalid one takes the tool down."""

import argparse
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

ARCHIVE = pathlib.Path(__file__).resolve().parents[3] / "shared/spec.tar.gz"


def run(tool, folder):
    files = sorted(folder.glob("*.wasm"))
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *files]
    done = subprocess.run(command, capture_output=True, check=False)
    return files, json.loads(done.stdout)["modules"], done.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    tool = parser.parse_args().tool
    if not ARCHIVE.exists():
        print("the specification's tests are not beside this repository: nothing was run")
        return 0
    passed = failed = 0

    def check(what, holds):
        nonlocal passed, failed
        passed, failed = passed + bool(holds), failed + (not holds)
        if not holds:
            print(what)

    with tempfile.TemporaryDirectory() as scratch, tarfile.open(ARCHIVE) as archive:
        archive.extractall(scratch)
        folder = pathlib.Path(scratch)
        files, modules, code = run(tool, folder / "valid")
        check(f"valid modules: exit code {code}", code == 0 or code == 1)
        for file, module in zip(files, modules, strict=True):
            check(f"{file.name}: {module['error']}", module["error"] is None)
            check(f"{file.name}: {module.get('notes')}", not module.get("notes"))
            check(f"{file.name}: labels", sum(module.get("labels", {}).values()) == file.stat().st_size)
        objects = sum("struct" in file.name or "array" in file.name or "gc" in file.name for file in files)
        check(f"only {objects} modules with GC types", objects > 10)
        for kind in ("malformed", "invalid"):
            files, modules, code = run(tool, folder / kind)
            check(f"{kind}: exit code {code}", code == 3)
            for file, module in zip(files, modules, strict=True):
                crashed = module["error"] and "crash" in module["error"]["message"]
                check(f"{file.name}: {module['error']}", not crashed)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
