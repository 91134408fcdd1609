#!/usr/bin/env python3
"""The command line as a user meets it: help, exit codes, configuration, colours, and whole outputs (golden/; BLESS=1
rewrites them)."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / "samples/sensor-hub/sensor-hub.wasm"
TOOL = None

SMALL = '(module (memory (export "memory") 1 2) (data (i32.const 1024) "settings"))'
LARGE = '(module (memory (export "memory") 40 40))'
GROWING = '(module (memory 1) (func (export "more") (drop (memory.grow (i32.const 1)))))'


class CommandTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for file, text in (("small.wat", SMALL), ("large.wat", LARGE), ("growing.wat", GROWING)):
            (self.folder / file).write_text(text)

    def run_tool(self, *arguments, code=0, cwd=None, env=None):
        environment = {"PATH": os.environ["PATH"], **(env or {})}
        done = subprocess.run([TOOL, *arguments], cwd=cwd or self.folder, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def config(self, text):
        (self.folder / "wasm-memlint.toml").write_text(text)

    def golden(self, name, text):
        path = HERE / "golden" / name
        if os.environ.get("BLESS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        self.assertEqual(text, path.read_text())


class Help(CommandTest):
    def test_every_command_shows_an_example(self):
        for command in ("check", "stack", "source", "fix", "rules", "explain", "init"):
            self.golden(f"help-{command}.txt", self.run_tool(command, "--help").stdout)
            self.assertIn("Example: wasm-memlint ", self.run_tool(command, "--help").stdout)
        self.golden("help.txt", self.run_tool("--help").stdout)

    def test_no_arguments_are_bad_usage(self):
        self.assertIn("Usage", self.run_tool(code=2).stdout)

    def test_version(self):
        self.assertRegex(self.run_tool("--version").stdout, r"^wasm-memlint \d+\.\d+\.\d+\n$")

    def test_bad_usage(self):
        for arguments in (["--format", "xml", "small.wat"], ["--budget", "2MB", "small.wat"], ["--runtime", "v8", "small.wat"], ["check"],
                          ["--nonsense", "small.wat"], ["--config", "missing.toml", "small.wat"]):
            self.assertTrue(self.run_tool(*arguments, code=2).stderr, arguments)


class Check(CommandTest):
    def test_is_the_default_command(self):
        self.assertEqual(self.run_tool("small.wat").stdout, self.run_tool("check", "small.wat").stdout)
        self.assertEqual(self.run_tool("--budget", "2", "small.wat").stdout, self.run_tool("check", "--budget", "2", "small.wat").stdout)

    def test_sample(self):
        done = self.run_tool("--budget", "32", "--runtime", "wasmedge", SAMPLE.name, code=1, cwd=SAMPLE.parent)
        self.golden("sensor-hub.txt", done.stdout)

    def test_several_files_end_with_a_table(self):
        done = self.run_tool("--budget", "4", "small.wat", "large.wat", "missing.wasm", code=3)
        self.golden("several.txt", done.stdout)
        self.assertEqual(done.stderr, "wasm-memlint: error: missing.wasm: there is no such file\n")

    def test_exit_codes(self):
        self.run_tool("small.wat")
        self.run_tool("--budget", "32", "large.wat", code=1)
        self.run_tool("--budget", "32", "--fail-on", "never", "large.wat", code=1)
        self.run_tool("growing.wat")
        self.run_tool("--fail-on", "warning", "growing.wat", code=1)
        self.run_tool("--fail-on", "never", "growing.wat")
        self.run_tool("missing.wasm", code=3)

    def test_budgets_in_bytes(self):
        outcome = lambda budget: json.loads(self.run_tool("--format", "json", "--budget", budget, "small.wat", code=0).stdout)["modules"][0]["verdict"]
        self.assertEqual((outcome("128KiB")["budget_pages"], outcome("128KiB")["outcome"]), (2, "fits"))
        self.assertEqual((outcome("1")["budget_pages"], outcome("1")["outcome"]), (1, "not-proven"))

    def test_colours_are_for_terminals(self):
        self.assertNotIn("\033", self.run_tool("small.wat").stdout)
        self.assertIn("\033", self.run_tool("--color", "always", "small.wat", env={"NO_COLOR": "1"}).stdout)
        self.assertNotIn("\033", self.run_tool("--color", "never", "small.wat").stdout)

    def test_no_color_on_a_terminal(self):
        for env, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            command = f"{TOOL} small.wat"
            done = subprocess.run(["script", "-qec", command, "/dev/null"], cwd=self.folder, env={"PATH": os.environ["PATH"], **env},
                                  capture_output=True, text=True, check=True)
            self.assertEqual("\033[" in done.stdout, coloured, env)

    def test_resident_memory_is_a_sum(self):
        for runtime in ("wasmedge", "wasm3", "iwasm", "node"):
            done = self.run_tool("--no-config", "--format", "json", "--runtime", runtime, "--fail-on", "never", SAMPLE)
            resident = json.loads(done.stdout)["modules"][0]["resident"]
            parts = [resident[f"{part}_bytes"] for part in ("base", "memory", "code", "data", "custom")]
            self.assertEqual(resident["bytes"], sum(parts))


RECURSIVE = """(module (memory (export "memory") 2 2)
  (global $__stack_pointer (mut i32) (i32.const 65536)) (data (i32.const 65536) "settings")
  (func $step (param i32)
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 48)))
    (i32.store (global.get $__stack_pointer) (local.get 0))
    (call $parse_value (local.get 0))
    (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 48))))
  (func $parse_value (export "parse_value") (param i32)
    (global.set $__stack_pointer (i32.sub (global.get $__stack_pointer) (i32.const 32)))
    (if (local.get 0) (then (call $step (i32.sub (local.get 0) (i32.const 1)))))
    (global.set $__stack_pointer (i32.add (global.get $__stack_pointer) (i32.const 32))))
  (func (export "version") (result i32) (i32.const 3)))"""


class Stack(CommandTest):
    def setUp(self):
        super().setUp()
        (self.folder / "recursive.wat").write_text(RECURSIVE)

    def stack(self, *arguments):
        done = self.run_tool("stack", "--format", "json", *arguments, "recursive.wat")
        return json.loads(done.stdout)["modules"][0]

    def test_text(self):
        self.golden("stack-recursive.txt", self.run_tool("stack", "recursive.wat").stdout)
        self.golden("stack-sensor-hub.txt", self.run_tool("stack", "--rows", "5", SAMPLE.name, cwd=SAMPLE.parent).stdout)
        self.assertIn("none", self.run_tool("stack", "small.wat").stdout)

    def test_entries_have_bounds_of_their_own(self):
        bound = self.stack()["stack"]["bound"]
        self.assertEqual((bound["bytes"], bound["unbounded_by"]["reason"], bound["cycles"]), (None, "recursion", 1))
        entries = {entry["name"]: entry for entry in bound["entries"]}
        self.assertEqual((entries["version"]["bytes"], entries["version"]["unbounded_by"]), (0, None))
        self.assertEqual(entries["parse_value"]["unbounded_by"]["function_count"], 2)

    def test_recursion_limits(self):
        # Ten calls of parse_value, each with step below it, also the last: step is entered before it calls an eleventh.
        self.config("[stack.recursion]\nparse_value = 10\n")
        bound = self.stack()["stack"]["bound"]
        self.assertEqual((bound["bytes"], bound["unbounded_by"]), (10 * (32 + 48), None))
        self.assertEqual(bound["assumptions"], ["at most 10 calls of parse_value are on the stack at once, as the configuration says"])
        self.config("[stack.recursion]\nnobody = 10\n")
        self.assertIsNone(self.stack()["stack"]["bound"]["bytes"])
        self.assertIn("nobody", self.stack()["notes"][0])

    def test_errors(self):
        self.run_tool("stack", "missing.wasm", code=3)
        for text in ("[stack]\nrecusion = 1\n", "[stack.recursion]\nf = 0\n", "[stack.recursion]\nf = 'two'\n", "stack = 1\n"):
            self.config(text)
            self.assertIn("wasm-memlint.toml:", self.run_tool("stack", "recursive.wat", code=2).stderr)


class Config(CommandTest):
    def test_found_upward(self):
        self.config("budget = 32\n")
        below = self.folder / "a" / "b"
        below.mkdir(parents=True)
        self.run_tool(self.folder / "large.wat", code=1, cwd=below)
        self.run_tool("--no-config", self.folder / "large.wat", cwd=below)

    def test_the_command_line_goes_first(self):
        self.config('budget = 32\nfail-on = "warning"\n')
        self.run_tool("--budget", "64", "large.wat")
        self.run_tool("growing.wat", code=1)
        self.run_tool("--fail-on", "error", "growing.wat")

    def test_budgets_by_file(self):
        self.config('budget = 1\n[[budgets]]\nfiles = "la*.wat"\nbudget = "4MiB"\n')
        self.run_tool("large.wat")
        self.assertIn("fits 64 pages", self.run_tool("large.wat").stdout)
        self.assertIn("not proven to fit 1 page", self.run_tool("small.wat").stdout)

    def test_severities_and_options(self):
        self.config('[rules.heap-grow-unchecked]\nseverity = "error"\n')
        self.assertIn("error: the result of memory.grow is dropped", self.run_tool("growing.wat", code=1).stdout)
        self.config('[rules.heap-grow-unchecked]\nseverity = "off"\n')
        self.assertNotIn("memory.grow is dropped", self.run_tool("growing.wat").stdout)
        self.config("[rules.stack-oversized]\nmax-kib = 2048\n")
        self.assertNotIn("[stack-oversized]", self.run_tool(SAMPLE).stdout)

    def test_suppressions(self):
        self.config('[[suppress]]\nrule = "heap-grow-unchecked"\nfiles = "growing.wat"\nreason = "it is a test"\n')
        done = self.run_tool("growing.wat")
        self.assertNotIn("[heap-grow-unchecked]", done.stdout)
        self.assertIn("1 suppressed", done.stdout)

    def test_errors_say_where_and_what(self):
        cases = [
            ("budgt = 3\n", 'wasm-memlint.toml:1: unknown key "budgt"; did you mean "budget"?'),
            ("\n[rules.stack-oversize]\n", 'wasm-memlint.toml:2: unknown rule "stack-oversize"; did you mean "stack-oversized"?'),
            ("[rules.stack-oversized]\nmax-kb = 3\n", 'unknown key "max-kb" in [rules.stack-oversized]; did you mean "max-kib"?'),
            ("[rules.stack-oversized]\nmax-kib = -3\n", '"max-kib" must be a whole number, 0 or more'),
            ('[rules.stack-oversized]\nseverity = "fatal"\n', 'wasm-memlint.toml:2: expected "off", "info", "warning" or "error"'),
            ("budget = 0\n", 'the budget "0" is less than one page'),
            ('[[suppress]]\nrule = "data-zero-run"\n', '"reason" must be given'),
            ("budget = [1\n", "wasm-memlint.toml:"),
        ]
        for text, message in cases:
            self.config(text)
            self.assertIn(message, self.run_tool("small.wat", code=2).stderr)


class OtherCommands(CommandTest):
    def test_rules(self):
        self.golden("rules.txt", self.run_tool("rules").stdout)

    def test_explain_knows_typing_errors(self):
        self.assertIn('did you mean "stack-oversized"?', self.run_tool("explain", "stack-oversize", code=2).stderr)

    def test_init_writes_what_check_reads(self):
        self.run_tool("init", SAMPLE)
        self.golden("wasm-memlint.toml", (self.folder / "wasm-memlint.toml").read_text())
        self.run_tool(SAMPLE)
        # Every commented key is a key: without the comment signs the file must still be read.
        lines = (self.folder / "wasm-memlint.toml").read_text().splitlines()
        keys = [line[2:] for line in lines if line.startswith(("# [", "# severity", "# min-", "# max-", "# advised-", "# files", "# rule ", "# reason", "# budget", "# fail-on"))]
        self.config("\n".join(sorted(keys, key=lambda key: not key.startswith("fail-on"))[:1] + [key for key in keys if not key.startswith("fail-on")]))
        self.run_tool("--fail-on", "never", "small.wat")

    def test_init_keeps_what_is_there(self):
        self.config("budget = 7\n")
        self.assertIn("exists already", self.run_tool("init", SAMPLE, code=2).stderr)
        self.assertEqual((self.folder / "wasm-memlint.toml").read_text(), "budget = 7\n")
        self.run_tool("init", "--force", SAMPLE)

    def test_init_on_a_broken_module_writes_nothing(self):
        (self.folder / "broken.wasm").write_bytes(b"\0asm\1\0\0\0\5\x64")
        self.assertIn("at offset 0x9", self.run_tool("init", "broken.wasm", code=3).stderr)
        self.assertFalse((self.folder / "wasm-memlint.toml").exists())


def main():
    global TOOL
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    TOOL = os.path.abspath(parser.parse_args().tool)
    result = unittest.main(argv=[__file__], exit=False).result
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
