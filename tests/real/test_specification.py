#!/usr/bin/env python3
"""Runs the tool on test modules of others, where they are at hand.

The WebAssembly specification's (../shared/spec.tar.gz): every valid one is read in full, no malformed or invalid one
takes the tool down. Binaryen's texts, from its source package: they hold every instruction that it knows, GC, strings,
exceptions and stack switching included; whatever it assembles the scan must know.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARCHIVE = ROOT.parent / "shared/spec.tar.gz"
BINARYEN_TESTS = ROOT / "build/binaryen-132/libbinaryen/binaryen/test"


def run(tool, folder, pattern="*.wasm"):
    files = sorted(folder.rglob(pattern))
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *files]
    done = subprocess.run(command, capture_output=True, check=False)
    return files, json.loads(done.stdout)["modules"], done.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    tool = parser.parse_args().tool
    passed = failed = 0

    def check(what, holds):
        nonlocal passed, failed
        passed, failed = passed + bool(holds), failed + (not holds)
        if not holds:
            print(what)

    if BINARYEN_TESTS.exists():
        files, modules, _ = run(tool, BINARYEN_TESTS, "*.wast")
        assembled = [module for module in modules if module["error"] is None]
        check(f"only {len(assembled)} of Binaryen's texts were read", len(assembled) > 800)
        for module in assembled:
            check(f"{module['path']}: {module['notes']}", not module["notes"])
    if not ARCHIVE.exists():
        print(f"the specification's tests are not beside this repository\n{passed} passed, {failed} failed")
        return 1 if failed else 0

    with tempfile.TemporaryDirectory() as scratch, tarfile.open(ARCHIVE) as archive:
        archive.extractall(scratch)
        folder = pathlib.Path(scratch)
        files, modules, code = run(tool, folder / "valid")
        check(f"valid modules: exit code {code}", code == 0 or code == 1)
        for file, module in zip(files, modules, strict=True):
            check(f"{file.name}: {module['error']}", module["error"] is None)
            check(f"{file.name}: {module.get('notes')}", not module.get("notes"))
            check(f"{file.name}: labels", sum(module.get("labels", {}).values()) == file.stat().st_size)
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
