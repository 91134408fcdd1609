#!/usr/bin/env python3
"""Validates the JSON reports of many kinds of input by the schemas in docs/."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/hostile"))
import wasm_bytes as w  # noqa: E402

TEXTS = {
    "plain.wat": '(module (memory (export "memory") 1 4) (data $d (i32.const 8) "x"))',
    "imported.wat": '(module (import "env" "memory" (memory 1)) (import "env" "g" (global i32)) (data (global.get 0) "x"))',
    "shared.wat": "(module (memory 1 2000 shared))",
    "wide.wat": "(module (memory i64 1 2) (memory 3))",
    "none.wat": "(module)",
    "start.wat": "(module (memory 1 1) (func $s (i32.store (i32.const 0) (i32.const 1))) (start $s))",
    "passive.wat": '(module (memory 1 1) (data $p "abc") (func (export "f") (drop (memory.grow (i32.const 1)))))',
    "objects.wat": "(module (type $t (struct (field i32))) (func (export \"f\") (result (ref $t)) (struct.new $t (i32.const 1))))",
}
BYTES = {
    "component.wasm": w.COMPONENT + w.section(1, w.good()),
    "broken.wasm": b"\0asm\1\0\0\0\5\x64",
    "empty.wasm": b"",
    "notes.wasm": w.HEADER + w.custom("name", b"\1\x7f\1"),
    "side.wasm": w.HEADER + w.custom("dylink.0", b"\1\4\x80\1\2\0"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    tool = parser.parse_args().tool
    validators, reports = {}, {}
    for command, name in (("check", "report.schema.json"), ("stack", "stack.schema.json")):
        schema = json.loads((ROOT / "docs" / name).read_text())
        validators[command] = jsonschema.Draft202012Validator(schema)
        validators[command].check_schema(schema)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for file, text in TEXTS.items():
            (folder / file).write_text(text)
        for file, contents in BYTES.items():
            (folder / file).write_bytes(contents)
        files = [*sorted(folder.iterdir()), ROOT / "samples/sensor-hub/sensor-hub.wasm"]
        failed = 0
        for arguments in (["check"], ["check", "--budget", "2"], ["check", "--runtime", "wasm3"], ["stack"]):
            command = [tool, *arguments, "--no-config", "--format", "json", *files]
            validator = validators[arguments[0]]
            report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
            reports[arguments[0]] = report
            for problem in validator.iter_errors(report):
                failed += 1
                print(f"{list(problem.absolute_path)}: {problem.message}")
            analysed = [module for module in report["modules"] if module["error"] is None]
            if len(analysed) < len(files) - 2:
                failed += 1
                print(f"only {len(analysed)} of {len(files)} files were analysed")
    # A schema that accepts anything would pass all of the above.
    for command, path in (("check", ["modules", 0, "estimate"]), ("check", ["schema_version"]),
                          ("check", ["modules", 0, "memories", 0, "minimum_pages"]),
                          ("check", ["modules", 0, "stack", "bound", "unbounded_by"]),
                          ("stack", ["modules", 0, "stack", "bound", "entries"]), ("stack", ["modules", 0, "notes"])):
        *parents, last = path
        validator, broken = validators[command], json.loads(json.dumps(reports[command]))
        broken["modules"] = [module for module in broken["modules"] if (module.get("stack") or {}).get("bound")]
        target = broken
        for step in parents:
            target = target[step]
        del target[last]
        if validator.is_valid(broken):
            failed += 1
            print(f"the schema accepts a report without {path}")
    print(f"{1 if not failed else 0} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
