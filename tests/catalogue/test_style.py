#!/usr/bin/env python3
"""Formatting (clang-format), lints (clang-tidy) and what no committed file may hold. The tool's folder has the build's
compile_commands.json above it."""

import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return listed.splitlines()


def badly_formatted():
    # What rules read, and what their fixes write, is as their users have it.
    sources = [name for name in tracked("*.cpp", "*.h") if not name.startswith(("samples/", "tests/rules/", "tests/source/", "tests/stack/programs/"))]
    done = subprocess.run(["clang-format-22", "--dry-run", "-Werror", *sources], cwd=ROOT, capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"^(\S+?):\d+", done.stderr, re.MULTILINE)))


def lints(build):
    command = ["run-clang-tidy-22", "-p", build, "-quiet", "-j", str(os.cpu_count()), f"{ROOT}/(analyzer|clang-plugin|rules|tests)/"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = sorted(set(re.findall(r"^.*(?:error|warning): .*\[.*\]$", done.stdout, re.MULTILINE)))
    if done.returncode != 0 and not found:
        found.append(f"clang-tidy failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    return found


def forbidden():
    patterns = [r"registry\.[a-z]+js\.org", r"deb\.debian\.org", r"\"resolved\":", r"(?<![\w.])/(root|home|work)/"]
    for name in tracked():
        path = ROOT / name
        if path.suffix == ".wasm" or name == "tests/catalogue/test_style.py":
            continue
        text = path.read_text(errors="replace")
        yield from (f"{name}: {pattern}" for pattern in patterns if re.search(pattern, text))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    build = parser.parse_args().tool.resolve().parents[1]
    checks = {"not formatted by clang-format": badly_formatted(), "clang-tidy": lints(build), "not to be committed": list(forbidden())}
    for what, found in checks.items():
        for line in found:
            print(f"{what}: {line}")
    failed = sum(bool(found) for found in checks.values())
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
