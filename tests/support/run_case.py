#!/usr/bin/env python3
"""Runs the cases of one rule: tests/rules/<id>/.

positive.wat   must fire; the whole text output must equal positive.expected (BLESS=1 rewrites it)
negative.wat   must be silent, with all rules on
fix.wat        must fire with a saving; fix.after.wat is the same module with the advice followed. What is measured
               between them (by Node for memory, by the file's size for file bytes) must lie within the saving's bounds,
               and the rule must be silent on fix.after.wat
case.toml      arguments = [...] for the tool, {folder} is this folder; [only.STEM] arguments: more of them for one file;
               [[custom]] name, bytes: custom sections added to every module but the negative ones
Further positive-*.wat, negative-*.wat and fix-*.wat are run in the same way.

Rules that read sources have .cpp instead, C++20 for wasm32: positive.cpp must fire in the lines
that end in `// fires` and in no others, negative.cpp must not.
fix.cpp must become fix.expected.cpp (BLESS=1 rewrites it) by `wasm-memlint fix --apply`, and the rule must be silent on that.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "source"))
from project import EVERY_OBJECT, Project, files_in  # noqa: E402

MEASURE = """
const fs = require('fs');
const module = new WebAssembly.Module(fs.readFileSync(process.argv[1]));
const imports = {};
for (const {module: from, name, kind} of WebAssembly.Module.imports(module)) {
  if (kind !== 'function') throw new Error('a fix case imports functions only');
  (imports[from] ??= {})[name] = () => 0;
}
const {exports} = new WebAssembly.Instance(module, imports);
const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
console.log(memory.buffer.byteLength);
"""


def leb(value):
    out = bytearray()
    while True:
        low, value = value & 0x7F, value >> 7
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def custom_section(name, size):
    body = leb(len(name)) + name.encode() + bytes(i % 251 for i in range(size))
    return b"\0" + leb(len(body)) + body


class Rule:
    def __init__(self, tool, folder, scratch):
        self.tool, self.folder, self.scratch = tool, folder, scratch
        case = folder / "case.toml"
        settings = tomllib.loads(case.read_text()) if case.exists() else {}
        self.arguments = settings.get("arguments", [])
        self.only = settings.get("only", {})
        self.custom = settings.get("custom", [])

    def assemble(self, wat, with_custom=True):
        """By wabt, an assembler that is not ours; the name section keeps the names of the text."""
        out = self.scratch / (wat.stem + ".wasm")
        subprocess.run(["wat2wasm", "--enable-all", "--debug-names", wat, "-o", out], check=True)
        if with_custom:
            with out.open("ab") as file:
                for section in self.custom:
                    file.write(custom_section(section["name"], section["bytes"]))
        return out

    def run(self, module, *more):
        arguments = self.arguments + self.only.get(module.stem, {}).get("arguments", [])
        arguments = [argument.replace("{folder}", str(self.folder)) for argument in arguments]
        if "--config" not in arguments:
            arguments.append("--no-config")
        command = [self.tool, "check", "--color", "never", "--fail-on", "never", *arguments, *more, module.name]
        done = subprocess.run(command, cwd=module.parent, capture_output=True, text=True, check=False)
        if done.stderr or done.returncode not in (0, 1):
            raise AssertionError(f"exit {done.returncode}: {done.stderr}")
        return done.stdout

    def findings(self, module):
        return json.loads(self.run(module, "--format", "json"))["modules"][0]["findings"]

    def check_positive(self, wat):
        module = self.assemble(wat)
        rules = [finding["rule"] for finding in self.findings(module)]
        assert self.folder.name in rules, f"it did not fire; these did: {rules}"
        expected = wat.with_suffix(".expected")
        output = self.run(module)
        if os.environ.get("BLESS"):
            expected.write_text(output)
        assert expected.exists(), f"{expected.name} is missing; BLESS=1 writes it"
        assert output == expected.read_text(), f"output differs from {expected.name} (BLESS=1 rewrites it):\n{output}"

    def check_negative(self, wat):
        findings = self.findings(self.assemble(wat, with_custom=False))
        assert not findings, f"it is not silent: {findings}"

    def measure(self, module, space):
        if space == "file":
            return module.stat().st_size
        done = subprocess.run(["node", "-e", MEASURE, module], capture_output=True, text=True, check=True)
        return int(done.stdout)

    def check_fix(self, wat):
        before, after = self.assemble(wat), self.assemble(wat.with_suffix(".after.wat"), with_custom=False)
        savings = [f["saving"] for f in self.findings(before) if f["rule"] == self.folder.name]
        assert savings, f"{wat.name} does not fire"
        space = savings[0]["space"]
        low, high = (sum(saving[key] for saving in savings) for key in ("low_bytes", "high_bytes"))
        saved = self.measure(before, space) - self.measure(after, space)
        assert low <= saved <= high, f"{saved} bytes of {space} were saved; {low} to {high} were promised"
        left = [f for f in self.findings(after) if f["rule"] == self.folder.name]
        assert not left, f"the fixed module still fires: {left}"


class SourceRule:
    """The same for a rule that reads sources."""

    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder

    def project(self, text):
        return Project(self.tool, files_in(text, "case.cpp"), ["-std=c++20"], EVERY_OBJECT)

    def findings(self, project):
        report = json.loads(project.source("--format", "json", "--rule", self.folder.name).stdout)
        assert not report["errors"], report["errors"]
        return report["findings"]

    def check_positive(self, path):
        files = files_in(path.read_text(), "case.cpp").items()
        marked = {(name, number) for name, text in files for number, line in enumerate(text.splitlines(), 1) if "// fires" in line}
        with self.project(path.read_text()) as project:
            fired = {(pathlib.Path(f["where"]["file"]).name, f["where"]["line"]) for f in self.findings(project)}
        assert marked and fired == marked, f"it fires in lines {sorted(fired)}, and is to in {sorted(marked)}"

    def check_negative(self, path):
        with self.project(path.read_text()) as project:
            findings = self.findings(project)
        assert not findings, f"it is not silent: {[(f['where']['line'], f['message']) for f in findings]}"

    def check_fix(self, path):
        expected = path.with_suffix(".expected.cpp")
        with self.project(path.read_text()) as project:
            before = len(self.findings(project))
            done = project.fix("--apply", "--rule", self.folder.name)
            fixed = project.text("case.cpp")
            assert before and fixed != path.read_text(), f"nothing was fixed: {done.stdout}{done.stderr}"
            left = [f for f in self.findings(project) if f["fix"]]
        if os.environ.get("BLESS"):
            expected.write_text(fixed)
        assert fixed == expected.read_text(), f"it became\n{fixed}"
        assert not left, f"there is still something to fix: {left}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        rule = Rule(options.tool.resolve(), options.folder.resolve(), pathlib.Path(scratch))
        checks = [(wat, rule.check_positive) for wat in sorted(rule.folder.glob("positive*.wat"))]
        checks += [(wat, rule.check_negative) for wat in sorted(rule.folder.glob("negative*.wat"))]
        checks += [(wat, rule.check_fix) for wat in sorted(rule.folder.glob("fix*.wat")) if not wat.name.endswith(".after.wat")]
        source = SourceRule(options.tool.resolve(), options.folder.resolve())
        checks += [(cpp, source.check_positive) for cpp in sorted(source.folder.glob("positive*.cpp"))]
        checks += [(cpp, source.check_negative) for cpp in sorted(source.folder.glob("negative*.cpp"))]
        checks += [(cpp, source.check_fix) for cpp in source.folder.glob("fix.cpp")]
        for wat, check in checks:
            try:
                check(wat)
                passed += 1
            except (AssertionError, subprocess.CalledProcessError) as problem:
                failed += 1
                print(f"{rule.folder.name}/{wat.name}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
