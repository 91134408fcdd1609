#!/usr/bin/env python3
"""Measured profiles: what docs/profile.md says to run is run on a program whose recursion has no bound, the tool's advice is
followed, and the saving must be what the relinked program saves. Bad profiles must be told from good ones.

test_profile.py --tool build/release/analyzer/wasm-memlint"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# 60 levels of 512 bytes at least; 900 KiB on the heap, written.
PROGRAM = """
#include <stdlib.h>
#include <string.h>
static volatile int levels = 60;
__attribute__((noinline)) static int visit(int left) {
  volatile char row[512];
  memset((char *)row, left, sizeof row);
  return left == 0 ? row[7] : visit(left - 1) + row[left & 511];
}
int main(void) {
  char *block = malloc(900 << 10);
  if (!block) return 3;
  memset(block, visit(levels), 900 << 10);
  return block[levels] == 1;
}
"""
LEAST_PEAK = 60 * 512

GOOD = {"version": 1, "runs": [{"stack_peak_bytes": 100, "peak_pages": 40}]}
BAD = {
    "text": ("not json", "at byte 2 it is no JSON"),
    "cut": ('{"version": 1, "runs": [', "at byte 25 it is no JSON"),
    "empty": ("", "it is no JSON"),
    "binary": ("\0\xff\0", "it is no JSON"),
    "deep": ("[" * 100000, "it is no JSON"),
    "list": ("[]", "an object is expected"),
    "version": ('{"version": 2, "runs": [{"peak_pages": 3}]}', '"version" must be 1'),
    "no version": ('{"runs": [{"peak_pages": 3}]}', '"version" must be 1'),
    "no runs": ('{"version": 1}', "at least one run"),
    "empty runs": ('{"version": 1, "runs": []}', "at least one run"),
    "run": ('{"version": 1, "runs": [7]}', "run 1 must be an object"),
    "empty run": ('{"version": 1, "runs": [{"peak_pages": 3}, {}]}', "run 2 has neither"),
    "key": ('{"version": 1, "runs": [{"stack_peak": 3}]}', 'unknown key "stack_peak" of run 1'),
    "top key": ('{"version": 1, "pages": 3, "runs": [{"peak_pages": 3}]}', 'unknown key "pages"'),
    "negative": ('{"version": 1, "runs": [{"peak_pages": -3}]}', "whole number"),
    "fraction": ('{"version": 1, "runs": [{"peak_pages": 3.5}]}', "whole number"),
    "huge": ('{"version": 1, "runs": [{"peak_pages": 18446744073709551615}]}', "whole number"),
    "string": ('{"version": 1, "runs": [{"stack_peak_bytes": "3"}]}', "whole number"),
    "digest": ('{"version": 1, "sha256": "abc", "runs": [{"peak_pages": 3}]}', "64 hexadecimal digits"),
    "other digest": (json.dumps(GOOD | {"sha256": "0" * 64}), "measured on another module"),
    "large": (json.dumps(GOOD) + " " * (1 << 20), "at most 1 MiB"),
}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, what, holds, shown=""):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"{what} {shown}")


def compile_program(folder, stack_bytes):
    out = folder / "app.wasm"
    subprocess.run(["clang-22", "--target=wasm32-wasi", "--sysroot=/usr", "-Wno-deprecated", "-O1", "--no-wasm-opt", "-x", "c", "-",
                    "-Wl,--stack-first", f"-Wl,-z,stack-size={stack_bytes}", "-o", out], input=PROGRAM, text=True, check=True)
    return out


def check(tool, *arguments):
    command = [tool, "check", "--no-config", "--format", "json", "--fail-on", "never", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)["modules"][0]


def oversized(module):
    return [finding for finding in module["findings"] if finding["rule"] == "stack-oversized"]


def measure(folder, module, top):
    """As the page says."""
    snippet = re.search(r"```js\n(.*?)```", (ROOT / "docs/profile.md").read_text(), re.DOTALL)[1]
    (folder / "measure.mjs").write_text(snippet)
    subprocess.run(["node", "--no-warnings", "measure.mjs", module.name, str(top)], cwd=folder, check=True)
    return folder / "profile.json"


def check_advice(checks, tool, folder):
    module = compile_program(folder, 1 << 20)
    before = check(tool, module)
    checks.expect("without a profile nothing is measured:", "measured" not in oversized(before)[0]["message"], before["findings"])
    profile = measure(folder, module, before["stack"]["pointer_initial"])
    after = check(tool, "--profile", profile, module)
    peak, pages = after["profile"]["stack_peak_bytes"], after["profile"]["peak_pages"]
    checks.expect("the peak is that of the recursion:", LEAST_PEAK <= peak < 2 * LEAST_PEAK, peak)
    checks.expect("the heap is in the pages:", pages > after["estimate"]["minimum_pages"] + 13, pages)
    estimate = after["estimate"]
    checks.expect("the maximum follows the peak:", pages < estimate["recommended_maximum_pages"] <= pages * 1.25 + 1, estimate)
    finding = oversized(after)[0]
    checks.expect("it says what was measured:", "3 measured runs took no more than" in finding["message"], finding)
    size = int(re.search(r"stack-size=(\d+)", finding["help"])[1])
    checks.expect("twice the peak is advised:", 2 * peak <= size < 2 * peak + 1024, finding["help"])
    relinked = check(tool, compile_program(folder, size))
    saved = before["memories"][0]["minimum_pages"] - relinked["memories"][0]["minimum_pages"]
    low, high = (finding["saving"][key] // 65536 for key in ("low_bytes", "high_bytes"))
    checks.expect("the saving is what relinking saves:", low <= saved <= high, f"{low}..{high}, saved {saved}")
    checks.expect("the relinked program runs, as deep as before:",
                  json.loads(measure(folder, module, size).read_text())["runs"][0]["stack_peak_bytes"] == peak)
    done = subprocess.run([tool, "--no-config", "--profile", profile, "--budget", "64", module], capture_output=True, text=True, check=False)
    peak_pages = json.loads(profile.read_text())["runs"][0]["peak_pages"]
    checks.expect("the verdict says what was measured:", f"3 runs took at most {peak_pages} pages" in done.stdout, done.stdout[-400:])


def check_bad(checks, tool, folder):
    module, profile = compile_program(folder, 1 << 20), folder / "bad.json"
    for name, (text, message) in BAD.items():
        profile.write_text(text, encoding="latin-1")
        done = subprocess.run([tool, "check", "--no-config", "--profile", profile, module], capture_output=True, text=True, check=False)
        checks.expect(f"{name}: exit 2 and a message with {message!r}:",
                      done.returncode == 2 and message in done.stderr and "bad.json" in done.stderr and not done.stdout, done)
    profile.write_text(json.dumps(GOOD))
    for arguments, message in (([folder / "missing.json", module], "there is no such file"), ([folder, module], ""),
                               ([profile, module, module], "is of one module, and 2 are given")):
        done = subprocess.run([tool, "check", "--no-config", "--profile", *arguments], capture_output=True, text=True, check=False)
        checks.expect(f"{arguments}: exit 2:", done.returncode == 2 and message in done.stderr, done)
    # Numbers that cannot be true of this module are left out, and said.
    for run, key in (({"peak_pages": 2}, "peak_pages"), ({"stack_peak_bytes": 2 << 20}, "stack_peak_bytes")):
        profile.write_text(json.dumps({"version": 1, "runs": [run]}))
        report = check(tool, "--profile", profile, module)
        checks.expect(f"{run} is not used:", report["profile"][key] is None and any("not used" in note for note in report["notes"]), report["notes"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    tool = parser.parse_args().tool.resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as scratch:
        check_advice(checks, tool, pathlib.Path(scratch))
        check_bad(checks, tool, pathlib.Path(scratch))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
