#!/usr/bin/env python3
"""Fetches the real modules: npm ci from package-lock.json into a folder outside of the source tree."""

import argparse
import hashlib
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def wanted():
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", required=True, type=pathlib.Path)
    folder = parser.parse_args().into
    stamp = folder / "fetched"
    if stamp.exists() and stamp.read_text() == wanted():
        print(f"   {folder.name} is up to date")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], cwd=folder, check=False)
    if done.returncode != 0:
        print("error: npm could not fetch the real modules; the registry must be reachable the first time", file=sys.stderr)
        return 1
    stamp.write_text(wanted())
    return 0


if __name__ == "__main__":
    sys.exit(main())
