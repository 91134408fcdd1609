#!/usr/bin/env python3
"""Fetches the real modules: npm ci from package-lock.json into a folder outside of the source tree."""

import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
FILES = ("package.json", "package-lock.json")
COMMAND = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]


def wanted():
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def is_up_to_date(folder, stamp):
    """The stamp is written last, so an interrupted run leaves none; a folder that was emptied by hand has no modules."""
    entries = json.loads((HERE / "modules.json").read_text())
    fetched = [folder / "node_modules" / entry["path"] for entry in entries if "source" not in entry]
    return stamp.exists() and stamp.read_text() == wanted() and all(module.exists() for module in fetched)


def megabytes(folder):
    size = 0
    for path in folder.rglob("*"):
        try:
            size += path.lstat().st_size
        except OSError:  # npm moves files while it works
            pass
    return size // (1 << 20)


def install(folder):
    """npm says nothing when nobody watches, so the size so far is the progress."""
    started = time.monotonic()
    with subprocess.Popen(COMMAND, cwd=folder) as npm:
        while True:
            try:
                return npm.wait(timeout=10)
            except subprocess.TimeoutExpired:
                print(f"   {megabytes(folder)} MB after {time.monotonic() - started:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", required=True, type=pathlib.Path)
    folder = parser.parse_args().into
    if HERE.is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(HERE):
        parser.error(f"{folder} would put the modules beside their sources; name a folder outside of tests/real")
    stamp = folder / "fetched"
    if is_up_to_date(folder, stamp):
        print(f"   {folder.name} is up to date")
        return 0
    if shutil.which("npm") is None:
        print("error: npm is not installed; it comes with Node, or as the package npm", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in FILES:
        shutil.copy(HERE / name, folder / name)
    packages = len(json.loads((HERE / "package.json").read_text())["dependencies"])
    print(f"   fetching {packages} packages into {folder} (about 175 MB, 600 MB unpacked)", flush=True)
    status = install(folder)
    if status != 0:
        print(f"error: npm ci ended with {status}; the first time, the registry that npm is configured for must be reachable", file=sys.stderr)
        return 1
    stamp.write_text(wanted())
    return 0


if __name__ == "__main__":
    sys.exit(main())
