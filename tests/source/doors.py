"""The doors through which the rules over sources are reached. Each takes a file and gives what was found in it."""

import json
import os
import pathlib
import re
import subprocess
import typing

TARGET = ["--target=wasm32-wasi", "--sysroot=/usr", "-Wno-deprecated"]
WARNING = re.compile(r"^(.+?):(\d+):(\d+): warning: (.*) \[wasm-memlint-([a-z-]+)\]$", re.MULTILINE)


class Found(typing.NamedTuple):
    rule: str
    line: int
    column: int
    message: str


def flags_for(file):
    return [*TARGET, "-std=c17" if file.suffix == ".c" else "-std=c++20"]


def compiler_for(file):
    return "clang-22" if file.suffix == ".c" else "clang++-22"


def run(*command, **settings):
    return subprocess.run(command, capture_output=True, text=True, check=False, **settings)


def warnings_in(text):
    """Those of our rules, once each and in order. `text` is what a compiler or clang-tidy prints."""
    return sorted({Found(rule, int(line), int(column), message) for _, line, column, message, rule in WARNING.findall(text)})


def unescape(match):
    """Of the compiler's parseable fix-its."""
    return {"n": "\n", "t": "\t"}.get(match[1]) or (match[1] if len(match[1]) == 1 else chr(int(match[1], 8)))


class Door:
    """`found` is what all rules find; `fixed` is the file's text with the fixes of one rule made."""

    name = ""

    def __init__(self, build):
        self.build = pathlib.Path(build)

    def found(self, file):
        raise NotImplementedError

    def fixed(self, file, rule):
        """May change the file: give it a copy."""
        raise NotImplementedError


class Plugin(Door):
    name = "-fplugin"

    def command(self, file, *more):
        plugin = self.build / "clang-plugin/libwasm-memlint-plugin.so"
        return [compiler_for(file), *flags_for(file), f"-fplugin={plugin}", "-fplugin-arg-wasm_memlint-warn", "-fsyntax-only", *more, str(file)]

    def found(self, file):
        return warnings_in(run(*self.command(file)).stderr)

    def fixed(self, file, rule):
        """By what the compiler prints of its fix-its, as an editor would read it: those behind a warning are its own."""
        printed = run(*self.command(file, "-fdiagnostics-parseable-fixits")).stderr
        text = file.read_bytes()
        lines = [0, *(match.end() for match in re.finditer(rb"\n", text))]
        edits, of_rule = [], False
        for line in printed.splitlines():
            if warning := WARNING.match(line):
                of_rule = warning[5] == rule
            elif of_rule and (fix := re.match(r'fix-it:".*?":\{(\d+):(\d+)-(\d+):(\d+)\}:"(.*)"$', line)):
                begin, begin_column, end, end_column = map(int, fix.groups()[:4])
                new = re.sub(r"\\([0-7]{3}|.)", unescape, fix[5])
                edits.append((lines[begin - 1] + begin_column - 1, lines[end - 1] + end_column - 1, new))
        for begin, end, new in sorted(edits, reverse=True):
            text = text[:begin] + new.encode() + text[end:]
        return text.decode()


class ClangTidy(Door):
    name = "clang-tidy-22 -load"

    def program(self):
        return ["clang-tidy-22", f"-load={self.build / 'clang-plugin/wasm-memlint-tidy.so'}"]

    def run(self, file, *more, rule="*"):
        return run(*self.program(), f"-checks=-*,wasm-memlint-{rule}", "--quiet", *more, str(file), "--", *flags_for(file))

    def found(self, file):
        return warnings_in(self.run(file).stdout)

    def fixed(self, file, rule):
        self.run(file, "--fix", rule=rule)
        return file.read_text()


class OwnClangTidy(ClangTidy):
    name = "wasm-memlint-clang-tidy"

    def program(self):
        return [str(self.build / "clang-plugin/wasm-memlint-clang-tidy")]


class Source(Door):
    name = "wasm-memlint source"

    def run(self, command, file):
        entry = {"directory": str(file.parent), "file": file.name, "arguments": [compiler_for(file), *flags_for(file), "-c", file.name]}
        (file.parent / "compile_commands.json").write_text(json.dumps([entry]))
        return run(str(self.build / "analyzer/wasm-memlint"), command[0], "-p", ".", "--no-config", *command[1:], cwd=file.parent)

    def found(self, file):
        report = json.loads(self.run(["source", "--format", "json"], file).stdout)
        places = [(finding, finding["where"]) for finding in report["findings"]]
        return sorted({Found(f["rule"], place["line"], place["column"], f["message"]) for f, place in places})

    def fixed(self, file, rule):
        self.run(["fix", "--apply", "--rule", rule], file)
        return file.read_text()


def all_doors(build):
    """Those that are built; the relinked clang-tidy is not everywhere."""
    kinds = [Source, Plugin, ClangTidy]
    if os.path.exists(OwnClangTidy(build).program()[0]):
        kinds.append(OwnClangTidy)
    return [kind(build) for kind in kinds]
