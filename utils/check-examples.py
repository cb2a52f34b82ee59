#!/usr/bin/env python3
"""Runs every example and compares what it prints, byte for byte.

An example is a folder of `examples/` with one program (`*.bl`), `expected.json` and at most one other
`*.json`, which is its input. Programs run with default options. With --update, expected.json is
written instead of compared; look at the difference before you keep it.
"""

import argparse
import subprocess
import sys
from pathlib import Path

TIMEOUT_SECONDS = 60


def parts_of(folder):
    """The program, the input (or None) and the expected output; or a message about what is wrong."""
    programs = sorted(folder.glob("*.bl"))
    inputs = sorted(p for p in folder.glob("*.json") if p.name != "expected.json")
    if len(programs) != 1:
        return f"{len(programs)} programs, expected 1"
    if len(inputs) > 1:
        return f"{len(inputs)} input documents, expected at most 1"
    return programs[0], inputs[0] if inputs else None, folder / "expected.json"


def run(blc, program, document):
    command = [str(blc), "run", program.name]
    if document:
        command += ["--input", document.name]
    return subprocess.run(
        command, cwd=program.parent, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
    )


def first_difference(expected, actual):
    old, new = expected.splitlines(), actual.splitlines()
    for number, (a, b) in enumerate(zip(old, new), 1):
        if a != b:
            return f"line {number} is {b!r}, expected {a!r}"
    return f"{len(new)} lines, expected {len(old)}" if len(old) != len(new) else "line ends differ"


def problem_with(blc, folder, update):
    parts = parts_of(folder)
    if isinstance(parts, str):
        return parts
    program, document, expected = parts
    result = run(blc, program, document)
    if result.returncode != 0:
        return f"exit status {result.returncode}\n{result.stderr.decode(errors='replace')}"
    if result.stderr:
        return f"messages on standard error\n{result.stderr.decode(errors='replace')}"
    if update:
        expected.write_bytes(result.stdout)
        return None
    if not expected.is_file():
        return "no expected.json"
    if result.stdout != expected.read_bytes():
        return first_difference(
            expected.read_text(encoding="utf-8"), result.stdout.decode(errors="replace")
        )
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blc", type=Path, required=True, help="the driver to run")
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parent.parent,
        help="the source tree whose examples to run (default: the one this script is in)",
    )
    parser.add_argument("--update", action="store_true", help="write expected.json")
    arguments = parser.parse_args()
    folders = sorted(p for p in (arguments.root / "examples").iterdir() if p.is_dir())
    if not folders:
        print("no examples")
        return 1
    failed = False
    for folder in folders:
        problem = problem_with(arguments.blc.resolve(), folder, arguments.update)
        if problem:
            print(f"examples/{folder.name}: {problem}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
