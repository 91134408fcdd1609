#!/usr/bin/env python3
"""Broken, absurd and malicious inputs: each must give a clear error with the file and the place, quickly, in little
memory, and must leave the results of other files alone."""

import argparse
import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import wasm_bytes as w

TOOL = None
SECONDS = 10
MEMORY_KIB = 300 * 1024  # resident, for inputs of a few bytes


class Outcome:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def modules(self):
        return json.loads(self.out)["modules"]


def run(*arguments, **options):
    command = [TOOL, "check", "--no-config", *map(os.fspath, arguments)]
    return Outcome(subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, **options))


class HostileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, contents, file="input.wasm"):
        path = self.folder / file
        path.write_bytes(contents)
        return path

    def refused(self, path, message, offset=None):
        """The file is an error that says so; a good file beside it is reported all the same."""
        good = self.write(w.good(), "good.wasm")
        outcome = run("--format", "json", path, good)
        self.assertEqual(outcome.code, 3, outcome.err)
        bad, fine = outcome.modules()
        self.assertIn(message, bad["error"]["message"])
        if offset is not None:
            self.assertEqual(bad["error"]["offset"], offset)
        self.assertIsNone(fine["error"])
        self.assertEqual(fine["memories"][0]["maximum_pages"], 4)
        lines = outcome.err.decode().splitlines()
        self.assertEqual(len(lines), 1, "one line for one bad file, and nothing of a library's")
        self.assertTrue(lines[0].startswith("wasm-memlint: error: "))
        self.assertIn(message.split("\n")[0][:20], lines[0])
        return bad["error"]

    def accepted(self, contents):
        outcome = run("--format", "json", self.write(contents))
        self.assertEqual((outcome.code, outcome.err), (0, b""))
        return outcome.modules()[0]


class Files(HostileTest):
    def test_missing(self):
        self.refused(self.folder / "nothing.wasm", "no such file")

    def test_directory(self):
        self.refused(self.folder, "it is a directory; --recursive")

    def test_pipe_without_a_writer(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        self.refused(pipe, "no regular file")

    def test_device(self):
        self.refused("/dev/zero", "no regular file")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_no_permission(self):
        path = self.write(w.good(), "secret.wasm")
        path.chmod(0)
        self.refused(path, "cannot be opened")

    def test_empty(self):
        self.refused(self.write(b""), "the file is empty", 0)

    def test_picture(self):
        self.refused(self.write(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(50)), "expected the magic number", 0)

    def test_prose(self):
        self.refused(self.write(b"Dear reader, this is no module.\n"), "expected the magic number", 0)

    def test_names_that_terminals_obey(self):
        path = self.write(b"", "red\033[31m\nline.wasm")
        outcome = run("--format", "json", path)
        self.assertEqual(outcome.modules()[0]["path"], os.fspath(path))
        self.assertNotIn(b"\033", outcome.err)
        self.assertEqual(outcome.err.count(b"\n"), 1)

    def test_names_that_are_no_text(self):
        path = os.path.join(os.fsencode(self.folder), b"\xff\xfe.wasm")
        with open(path, "wb") as file:
            file.write(w.good())
        self.assertIsNone(run("--format", "json", path).modules()[0]["error"])

    def test_folders(self):
        (self.folder / "below").mkdir()
        for file in ("a.wasm", "below/b.wasm"):
            self.write(w.good(), file)
        self.write(b"broken", "below/c.wasm")
        self.write(b"(module (memory 3 3))", "d.wat")
        self.write(b"not for us", "readme.txt")
        os.symlink(self.folder, self.folder / "below" / "loop")
        outcome = run("--format", "json", "--recursive", self.folder)
        self.assertEqual(outcome.code, 3)
        found = [(pathlib.Path(m["path"]).name, m["error"] is None) for m in outcome.modules()]
        self.assertEqual(found, [("a.wasm", True), ("b.wasm", True), ("c.wasm", False), ("d.wat", True)])

    def test_an_empty_folder(self):
        outcome = run("--recursive", self.folder)
        self.assertEqual(outcome.code, 2)
        self.assertIn(b"there is no .wasm or .wat file below it", outcome.err)

    def test_standard_input(self):
        self.assertEqual(run("--format", "json", "-", input=w.good()).modules()[0]["path"], "-")
        self.assertEqual(run("-", input=b"broken").code, 3)

    def test_standard_input_survives_a_crash_of_another_file(self):
        deep = self.write(b"(" * 200_000, "deep.wat")
        outcome = run("--format", "json", deep, "-", input=w.good())
        self.assertEqual([m["error"] is None for m in outcome.modules()], [False, True])

    def test_the_same_file_twice(self):
        path = self.write(w.good())
        self.assertEqual(len(run("--format", "json", path, path).modules()), 2)

    def test_many_files(self):
        paths = [self.write(w.good(), f"{i}.wasm") for i in range(500)]
        self.assertEqual(len(run("--format", "json", *paths).modules()), 500)


class Bytes(HostileTest):
    def test_cut_anywhere(self):
        whole = w.good()
        paths = [self.write(whole[:length], f"{length:04}.wasm") for length in range(len(whole))]
        outcome = run("--format", "json", *paths)
        ends = {len(w.HEADER)}
        for module in run("--format", "json", self.write(whole)).modules():
            ends |= {section["offset"] + section["bytes"] for section in module["sections"]}
        for length, module in enumerate(outcome.modules()):
            if module["error"] is None:
                self.assertIn(length, ends, "only a cut between sections may leave a module")
            elif module["error"]["offset"] is not None:
                self.assertLessEqual(module["error"]["offset"], length)
        self.assertLess(sum(module["error"] is None for module in outcome.modules()), len(ends))

    def test_wrong_version(self):
        self.refused(self.write(b"\0asm\2\0\0\0"), "unknown WebAssembly version", 4)

    def test_number_too_long(self):
        self.refused(self.write(w.HEADER + b"\5\x80\x80\x80\x80\x80\0"), "no unsigned 32-bit LEB128", 9)

    def test_section_past_the_end(self):
        self.refused(self.write(w.HEADER + b"\5\x64\1\0\1"), "claims 100 bytes, but 3 are left", 9)

    def test_four_gibibytes_in_twenty_bytes(self):
        self.refused(self.write(w.HEADER + b"\x0b" + w.HUGE + bytes(6)), "claims 4294967295 bytes", 9)

    def test_twice_and_out_of_order(self):
        self.refused(self.write(w.HEADER + w.memory() + w.memory()), "a second memory section", 13)
        self.refused(self.write(w.HEADER + w.memory() + w.FUNCTION_TYPE), "out of order", 13)

    def test_contents_shorter_and_longer_than_the_section(self):
        self.refused(self.write(w.HEADER + w.section(5, b"\1\0\1\7\7")), "", None)
        self.refused(self.write(w.HEADER + w.memory() + w.section(11, b"\1\0\x41\0\x0b\1a" + b"zz")), "goes on 2 bytes after its last segment", 22)
        self.refused(self.write(w.HEADER + w.memory() + w.section(11, b"\1\0\x41\0\x0b\x7fa")), "claims 127 bytes, but 1 are left", 20)

    def test_absurd_counts(self):
        for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13):
            with self.subTest(section=number):
                self.refused(self.write(w.HEADER + w.section(number, w.HUGE + bytes(8))), "claims 4294967295 entries", 10)
        self.refused(self.write(w.HEADER + w.section(12, w.HUGE)), "the data count section says 4294967295", 10)

    def test_absurd_counts_inside(self):
        types, _ = w.one_function(b"")
        locals_ = w.section(10, w.vector([w.leb(7) + b"\1" + w.HUGE + b"\x7f"]))
        self.refused(self.write(w.HEADER + types + locals_), "declares more than 50000 locals")
        self.refused(self.write(w.HEADER + w.section(1, b"\1\x4e" + w.HUGE)), "types in a recursion group is 4294967295")
        self.refused(self.write(w.HEADER + w.section(1, b"\1\x60" + w.HUGE)), "parameters is 4294967295")
        self.refused(self.write(w.HEADER + w.section(1, b"\1\x5f" + w.HUGE)), "fields is 4294967295")

    def test_limits(self):
        for contents in (w.memory(4, 1), w.memory(65537), w.section(5, b"\1\x08\1\x63")):
            with self.subTest(contents=contents):
                outcome = run("--format", "json", self.write(w.HEADER + contents))
                self.assertIn(outcome.code, (0, 3))
                self.assertEqual(len(outcome.modules()), 1)

    def test_memories_of_other_kinds(self):
        wide = self.accepted(w.HEADER + w.memory(1, 2, flags=4))
        self.assertTrue(wide["memories"][0]["memory64"])
        bytewise = self.accepted(w.HEADER + w.section(5, b"\1\x09\x64\xc8\1\0"))
        self.assertEqual((bytewise["memories"][0]["page_size"], bytewise["memories"][0]["minimum_bytes"]), (1, 100))
        self.assertEqual(bytewise["estimate"]["minimum_pages"], 1)

    def test_sizes_that_overflow(self):
        huge = self.write(b'(module (memory i64 1 281474976710656) (func (export "f") (drop (memory.grow (i64.const 1)))))', "huge.wat")
        outcome = run("--budget", "1", "--format", "json", huge)
        self.assertEqual(outcome.modules()[0]["verdict"]["outcome"], "not-proven")

    def test_a_segment_for_a_memory_that_is_not_there(self):
        segment = w.section(11, w.vector([b"\2\5\x41\0\x0b\1a"]))
        self.refused(self.write(w.HEADER + w.memory() + segment), "")

    def test_an_offset_that_is_no_constant(self):
        segment = w.section(11, w.vector([b"\0\x23\7\x0b\1a"]))
        self.refused(self.write(w.HEADER + w.memory() + segment), "")

    def test_custom_sections_cannot_break_a_module(self):
        for contents in (w.custom("name", b"\1\x7f\1"), w.custom("name", b"\1\2" + b"\xff\x7f"), w.custom("producers", w.HUGE),
                         w.custom("dylink.0", b"\1\5\x80"), w.custom("name", b"\1\6\1\0" + w.name(b"\xff\xfe\xfd"))):
            with self.subTest(contents=contents):
                self.accepted(w.HEADER + w.memory(1, 1) + contents)
        self.assertEqual(len(self.accepted(w.HEADER + w.custom("name", b"\1\x7f\1"))["notes"]), 1)
        self.refused(self.write(w.HEADER + b"\0\2\x7fa"), "a custom section's name")

    def test_import_names_that_are_no_text(self):
        imported = w.section(2, w.vector([w.name(b"\xff\xfe") + w.name("m") + b"\2\0\1"]))
        outcome = run("--format", "json", self.write(w.HEADER + imported))
        self.assertIn(outcome.code, (0, 3))
        self.assertEqual(len(outcome.modules()), 1)


class Depth(HostileTest):
    def test_blocks(self):
        types, code = w.one_function(b"\x02\x40" * 100_000 + b"\x0b" * 100_000)
        self.accepted(w.HEADER + types + code)

    def test_parts_that_a_block_does_not_have(self):
        for block in (b"\x03\x40\x05", b"\x02\x40\x05", b"\x02\x40\x19", b"\x41\1\x04\x40\x05\x05"):
            types, code = w.one_function(block + b"\x0b")
            self.accepted(w.HEADER + types + w.memory() + code)

    def test_functions_that_are_not_there(self):
        for instructions in (b"\xd2" + w.leb(5_000_000) + b"\x1a", b"\x10" + w.leb(5_000_000)):
            types, code = w.one_function(instructions)
            self.accepted(w.HEADER + types + w.memory() + code)

    def test_offset_expression(self):
        expression = b"\x41\1" * 50_001 + b"\x6a" * 50_000
        segment = w.section(11, w.vector([b"\0" + expression + b"\x0b\1a"]))
        module = self.accepted(w.HEADER + w.memory(1, 1) + segment)
        self.assertEqual(module["data"]["largest"][0]["offset"], 50_001)

    def test_text(self):
        error = self.refused(self.write(b"(module (func " + b"(block " * 200_000, "deep.wat"), "")
        self.assertTrue(error["message"])

    def test_components(self):
        contents = b""
        for _ in range(1000):
            contents = w.COMPONENT + (w.section(4, contents) if contents else w.section(1, w.good()))
        module = self.accepted(contents)
        self.assertEqual((module["format"], module["component"]["index"]), ("component", 0))


class Crashes(HostileTest):
    """A single file is analysed without a worker process: the program that crashes starts itself again to say so."""

    DEEP = b"(module (func " + b"(block " * 300_000 + b")" * 300_000 + b"))"

    def reported(self, outcome, path, message):
        self.assertEqual(outcome.code, 3, outcome.err)
        (module,) = outcome.modules()
        self.assertEqual(module["path"], os.fspath(path))
        self.assertIn(message, module["error"]["message"])
        self.assertEqual(len(outcome.err.decode().splitlines()), 1)
        self.assertIn(message, outcome.err.decode())

    def test_a_file(self):
        path = self.write(self.DEEP, "deep.wat")
        self.reported(run("--format", "json", path), path, "ended with a crash (Segmentation fault)")

    def test_standard_input(self):
        self.reported(run("--format", "json", "-", input=self.DEEP), "-", "ended with a crash (Segmentation fault)")

    def test_beside_others(self):
        self.refused(self.write(self.DEEP, "deep.wat"), "ended with a crash (Segmentation fault)")

    def test_what_the_parent_left(self):
        """A variable of ours in the environment means nothing, and signals that are blocked are told all the same."""
        good = self.write(w.good())
        for value in ("11", "1:11", f"{os.getpid()}:11", ":", ""):
            outcome = run("--format", "json", good, env={**os.environ, "WASM_MEMLINT_ENDED_BY": value})
            self.assertEqual((outcome.code, outcome.modules()[0]["error"]), (0, None))
        path = self.write(self.DEEP, "deep.wat")
        blocked = {signal.SIGSEGV, signal.SIGALRM, signal.SIGABRT}
        outcome = run("--format", "json", path, preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, blocked))
        self.reported(outcome, path, "ended with a crash (Segmentation fault)")

    def test_what_stops_a_run(self):
        functions = w.leb(100_000)
        body = w.body(b"\x41\0\x1a\1" * 100)
        path = self.write(
            w.HEADER + w.FUNCTION_TYPE + w.section(3, functions + bytes(100_000)) + w.section(10, functions + body * 100_000)
        )
        for number, message in ((signal.SIGALRM, "took more than 60 seconds"), (signal.SIGABRT, "crash (Aborted)")):
            with self.subTest(signal=number.name):
                self.reported(self.stopped(path, number), path, message)

    def stopped(self, path, number):
        """The outcome of a run that is sent a signal as soon as it would handle it; again where it was done before."""
        for _ in range(20):
            command = [TOOL, "check", "--no-config", "--format", "json", os.fspath(path)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                while process.poll() is None and not handles(process.pid, number):
                    pass
                time.sleep(0.01)
                process.send_signal(number)
                out, err = process.communicate(timeout=SECONDS)
            outcome = Outcome(subprocess.CompletedProcess(command, process.returncode, out, err))
            if outcome.code == 3:
                break
        return outcome


def handles(process, number):
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return int(caught, 16) >> (number - 1) & 1 == 1


class Text(HostileTest):
    def test_error_with_line_and_column(self):
        error = self.refused(self.write(b"(module\n  (memory 1 1)\n  (bogus))\n", "input.wat"), "3:")
        self.assertIn("error", error["message"])

    def test_text_without_its_extension(self):
        self.assertEqual(self.accepted(b"  ;; a comment\n(module (memory 2 2))\n")["format"], "text")


    def test_growth_by_bytes_is_not_growth_by_pages(self):
        text = b"(module (memory 1000 2000 (pagesize 1)) (func (if (i32.eq (memory.grow (i32.const 500)) (i32.const -1)) (then unreachable))))"
        self.assertEqual(self.accepted(text)["findings"], [])


class Components(HostileTest):
    def test_each_core_module_by_itself(self):
        broken = w.HEADER + b"\5\x64"
        contents = w.COMPONENT + w.section(1, w.good()) + w.section(1, broken) + w.section(1, w.HEADER + w.memory(7, 7))
        outcome = run("--format", "json", self.write(contents))
        self.assertEqual(outcome.code, 3)
        first, second, third = outcome.modules()
        self.assertEqual(first["component"]["index"], 0)
        self.assertEqual(second["error"]["offset"], contents.index(broken) + 9)
        self.assertEqual(third["estimate"]["minimum_pages"], 7)
        self.assertEqual(sum(third["labels"].values()), len(contents))

    def test_memories_that_fit_one_by_one(self):
        contents = w.COMPONENT + w.section(1, w.HEADER + w.memory(20, 20)) * 2
        outcome = run("--budget", "32", "--format", "json", self.write(contents))
        self.assertEqual([module["verdict"]["outcome"] for module in outcome.modules()], ["not-proven", "not-proven"])

    def test_without_a_core_module(self):
        self.refused(self.write(w.COMPONENT), "embeds no core module")

    def test_cut(self):
        whole = w.COMPONENT + w.section(1, w.good())
        paths = [self.write(whole[:length], f"{length:04}.wasm") for length in range(len(whole))]
        for module in run("--format", "json", *paths).modules():
            self.assertIsNotNone(module["error"])


class Sweep(HostileTest):
    def test_changed_bytes(self):
        chance = random.Random(20)
        whole = w.good() + w.custom("producers", b"\1" + w.name("language") + b"\1" + w.name("Rust") + w.name("1.80"))
        paths = []
        for number in range(400):
            changed = bytearray(whole)
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            paths.append(self.write(bytes(changed), f"{number}.wasm"))
        for begin in range(0, len(paths), 100):
            outcome = run("--format", "json", *paths[begin:begin + 100])
            self.assertIn(outcome.code, (0, 1, 3))
            self.assertEqual({m["path"] for m in outcome.modules()}, set(map(os.fspath, paths[begin:begin + 100])))


class Memory(HostileTest):
    def test_nothing_above_took_much(self):
        """Runs last (see main): the peak over every run of the tool in this process."""
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(peak, MEMORY_KIB)


def main():
    global TOOL
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    TOOL = os.path.abspath(parser.parse_args().tool)
    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (Files, Bytes, Depth, Crashes, Text, Components, Sweep, Memory))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed, {len(result.skipped)} skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
