#!/usr/bin/env python3
"""Compares the body scan with Binaryen on every function of the real modules and of the programs that the tests build:
what it sees in them, and how it follows the stack pointer.

test_real.py --peer build/release/tests/binaryen_peer --modules build/real-modules --programs build/stack-programs"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--modules", required=True, type=pathlib.Path)
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    options = parser.parse_args()
    listed = [entry["path"] for entry in json.loads((ROOT / "tests/real/modules.json").read_text())]
    files = [options.modules / "node_modules" / path for path in listed]
    files = [file for file in files if file.exists()] + sorted(options.programs.glob("*.wasm"))
    if len(files) < 100:
        print(f"only {len(files)} modules are there; tests/run.sh fetches and builds them")
        return 1
    return max(subprocess.run([options.peer, command, *files], check=False).returncode for command in ("compare", "frames"))


if __name__ == "__main__":
    sys.exit(main())
