"""A build of a few sources in a scratch folder, for tests of `wasm-memlint source` and `fix`."""

import json
import pathlib
import re
import subprocess
import tempfile


def files_in(text, name):
    """Texts behind lines of `//--- NAME`, by name; where there is no such line, all of it is one file."""
    parts = re.split(r"^//--- (\S+)\n", text, flags=re.MULTILINE)
    return {name: text} if len(parts) == 1 else dict(zip(parts[1::2], parts[2::2]))


# Single objects on the stack count like others: what is tested of them holds for any.
EVERY_OBJECT = "".join(f"[rules.{rule}]\nmin-saved-in-all = 1\nmin-saved-unseen = 1\nmin-saved-by-hand = 1\n" for rule in ("struct-padding", "bool-cluster", "enum-wider-than-needed"))


class Project:
    """Files by name; every .c and .cpp among them is a unit with a host compiler's command."""

    def __init__(self, tool, files, flags=(), config=""):
        self.tool = pathlib.Path(tool).resolve()
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.scratch.name).resolve() / "project"
        self.folder.mkdir()
        self.config = self.folder.parent / "test.toml"
        self.config.write_text(config)
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        units = [name for name in files if name.endswith((".c", ".cpp"))]
        self.write_commands([{"file": name, "arguments": [self.compiler(name), "-O2", *flags, "-c", name, "-o", f"{name}.o"]} for name in units])

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.scratch.cleanup()

    @staticmethod
    def compiler(name):
        return "gcc" if name.endswith(".c") else "g++"

    def write_commands(self, commands):
        entries = [{"directory": str(self.folder), **command} for command in commands]
        (self.folder / "compile_commands.json").write_text(json.dumps(entries))

    def run(self, *arguments):
        command = [self.tool, *arguments, "--config", self.config, "--color", "never"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def source(self, *arguments):
        return self.run("source", "-p", ".", *arguments)

    def findings(self, *arguments):
        return json.loads(self.source("--format", "json", *arguments).stdout)["findings"]

    def fix(self, *arguments):
        return self.run("fix", "-p", ".", *arguments)

    def text(self, name):
        return (self.folder / name).read_text()
