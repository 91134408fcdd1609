#!/usr/bin/env python3
"""wasm-memlint-clangd as an editor sees it: diagnostics and quick fixes, over bare JSON-RPC and in Neovim."""

import json
import os
import pathlib
import shutil
import tempfile
import tomllib
import unittest

import doors
import running
from lsp import Server, apply_edits

ROOT = pathlib.Path(__file__).resolve().parents[2]
EDITORS = ROOT / "clang-plugin/editors"
HERE = pathlib.Path(__file__).resolve().parent
BUILD = None


def fix_cases():
    """(rule, file): ours, and those of every rule that offers edits."""
    yield "struct-padding", HERE / "doors/padded.cpp"
    for folder in sorted((ROOT / "tests/rules").iterdir()):
        if (folder / "fix.expected.cpp").exists():
            yield folder.name, folder / "fix.cpp"


class Editor(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name).resolve()
        shutil.copy(EDITORS / "clangd.yaml", self.folder / ".clangd")
        self.clangd = str(BUILD / "clang-plugin/wasm-memlint-clangd")

    def copy(self, file):
        """As part of a build for the host, with flags that the target does not have."""
        entry = {"directory": str(self.folder), "file": file.name, "arguments": ["g++", "-std=c++20", "-m64", "-march=native", "-c", file.name]}
        (self.folder / "compile_commands.json").write_text(json.dumps([entry]))
        return pathlib.Path(shutil.copy(file, self.folder))

    def serve(self, *arguments):
        return Server([self.clangd, "--log=error", "-j=1", "--background-index=false", *arguments], self.folder)

    def initialize(self, server):
        actions = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
        capabilities = {"textDocument": {"codeAction": actions, "publishDiagnostics": {"relatedInformation": True}}}
        answer = server.request("initialize", {"processId": os.getpid(), "rootUri": self.folder.as_uri(), "capabilities": capabilities})
        server.notify("initialized", {})
        return answer


def ours(diagnostics):
    return [diagnostic for diagnostic in diagnostics if str(diagnostic.get("code", "")).startswith("wasm-memlint-")]


class LanguageServer(Editor):
    def quick_fixes(self, server, file, diagnostic):
        parameters = {"textDocument": {"uri": file.as_uri()}, "range": diagnostic["range"], "context": {"diagnostics": [diagnostic]}}
        return [action for action in server.request("textDocument/codeAction", parameters) if action.get("kind") == "quickfix"]

    def test_quick_fixes_give_the_expected_file(self):
        for rule, original in fix_cases():
            with self.subTest(rule=rule):
                file = self.copy(original)
                text, version = file.read_text(), 1
                with self.serve() as server:
                    self.initialize(server)
                    found = ours(server.open(file, text))
                    self.assertIn(f"wasm-memlint-{rule}", {diagnostic["code"] for diagnostic in found})
                    while True:
                        of_rule = [diagnostic for diagnostic in found if diagnostic["code"] == f"wasm-memlint-{rule}"]
                        fixes = [fix for diagnostic in of_rule for fix in self.quick_fixes(server, file, diagnostic)]
                        if not fixes:
                            break
                        text, version = apply_edits(text, fixes[0]["edit"]["changes"][file.as_uri()]), version + 1
                        self.assertLess(version, 20, "fixing does not end")
                        found = ours(server.change(file, text, version))
                self.assertEqual(text, original.with_name(f"{original.stem}.expected.cpp").read_text())
                self.assertEqual(server.status, 0)

    def test_it_finds_what_the_other_doors_find(self):
        for name in ("padded.cpp", "several.cpp"):
            file = self.copy(HERE / "doors" / name)
            with self.serve() as server:
                self.initialize(server)
                found = ours(server.open(file, file.read_text()))
            lines = {(diagnostic["code"].removeprefix("wasm-memlint-"), diagnostic["range"]["start"]["line"] + 1) for diagnostic in found}
            self.assertEqual(lines, {(f.rule, f.line) for f in doors.Source(BUILD).found(file)}, name)

    def test_it_still_is_clangd(self):
        """Errors, hovers with sizes, and the compiler's own headers without being told where they are."""
        file = self.folder / "a.cpp"
        text = "#include <stddef.h>\n#include <stdint.h>\nstruct P { bool a; double d; bool b; };\nP p[9]; int x = nothing;\n"
        with self.serve() as server:
            self.initialize(server)
            codes = [diagnostic.get("code") for diagnostic in server.open(file, text)]
            self.assertEqual(sorted(codes), ["undeclared_var_use", "wasm-memlint-struct-padding"])
            hover = server.request("textDocument/hover", {"textDocument": {"uri": file.as_uri()}, "position": {"line": 2, "character": 7}})
            self.assertIn("Size: 24 bytes", hover["contents"]["value"])

    def test_comments_silence_it_and_other_targets_do(self):
        padded = "struct P { bool a; double d; bool b; }; P of_p[9];"
        file = self.folder / "a.cpp"
        with self.serve() as server:
            self.initialize(server)
            self.assertEqual(ours(server.open(file, f"{padded}  // NOLINT\n")), [])
            self.assertEqual(ours(server.change(file, f"// wasm-memlint: allow(struct-padding) as sent\n{padded}\n", 2)), [])
            self.assertEqual(len(ours(server.change(file, f"// wasm-memlint: allow(struct-padding)\n{padded}\n", 3))), 1)
        (self.folder / ".clangd").write_text((self.folder / ".clangd").read_text().replace("--target=wasm32-wasi", "--target=x86_64-linux-gnu"))
        with self.serve() as server:
            self.initialize(server)
            self.assertEqual(ours(server.open(file, padded + "\n")), [])

    def test_editing_several_files_at_once(self):
        """Units are built on threads of their own: none may see another's facts."""
        texts = {self.folder / f"u{i}.cpp": "\n" * i + "struct P { bool a; double d; bool b; }; P p[9];\n" for i in range(8)}
        with self.serve("-j=4") as server:
            self.initialize(server)
            for version in range(1, 4):
                for file, text in texts.items():
                    document = {"uri": file.as_uri(), "version": version}
                    if version == 1:
                        server.notify("textDocument/didOpen", {"textDocument": {**document, "languageId": "cpp", "text": text}})
                    else:
                        server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": "\n" * version + text}]})
                waiting = {file.as_uri(): index for index, file in enumerate(texts)}
                while waiting:
                    message = server.wait_for(lambda m: m.get("method") == "textDocument/publishDiagnostics")["params"]
                    if message.get("version") != version or message["uri"] not in waiting:
                        continue
                    blank_lines = waiting.pop(message["uri"]) + (version if version > 1 else 0)
                    self.assertEqual([d["range"]["start"]["line"] for d in ours(message["diagnostics"])], [blank_lines])


@unittest.skipUnless(shutil.which("nvim"), "Neovim is not installed")
class Neovim(Editor):
    def test_it_applies_quick_fixes(self):
        for rule, original in fix_cases():
            with self.subTest(rule=rule):
                file, result = self.copy(original), self.folder / "result.cpp"
                clangd = f"let g:wasm_memlint_clangd = '{self.clangd}'"
                command = ["nvim", "--headless", "--clean", "--cmd", clangd, "-u", str(EDITORS / "neovim.lua"), "-c", "edit", "-S", str(HERE / "editor.lua"), str(file)]
                environment = {**os.environ, "RULE": rule, "RESULT": str(result), "XDG_STATE_HOME": str(self.folder), "XDG_CACHE_HOME": str(self.folder)}
                done = doors.run(*command, cwd=self.folder, env=environment, timeout=150)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual(result.read_text(), original.with_name(f"{original.stem}.expected.cpp").read_text())


class Settings(unittest.TestCase):
    def test_they_can_be_read(self):
        json.loads((EDITORS / "vscode-settings.json").read_text())
        languages = tomllib.loads((EDITORS / "helix.toml").read_text())
        self.assertEqual([language["name"] for language in languages["language"]], ["c", "cpp"])

    def test_the_page_names_every_file(self):
        text = (ROOT / "docs/editors.md").read_text()
        for file in EDITORS.iterdir():
            self.assertIn(f"clang-plugin/editors/{file.name}", text)


if __name__ == "__main__":
    BUILD = running.build(__doc__)
    running.run()
