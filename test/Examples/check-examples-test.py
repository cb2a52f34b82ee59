#!/usr/bin/env python3
"""Proves that check-examples.py accepts good examples and names each kind of bad one.

Takes the path of blc as its only argument.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parent.parent.parent / "utils" / "check-examples.py"
BLC = sys.argv.pop() if len(sys.argv) == 2 else None
PROGRAM = "OUTPUT { n: input.n ?? 0 }\n"


class CheckExamplesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "examples" / "one").mkdir(parents=True)

    def write(self, name, text):
        (self.root / "examples" / "one" / name).write_text(text, encoding="utf-8")

    def expect(self, status, text=""):
        result = subprocess.run(
            [sys.executable, str(CHECK), "--root", str(self.root), "--blc", BLC],
            capture_output=True, text=True, check=False,
        )
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertIn(text, result.stdout)

    def test_same_output_passes(self):
        self.write("one.bl", PROGRAM)
        self.write("input.json", '{"n": 1}')
        self.write("expected.json", '{\n    "n": 1\n}\n')
        self.expect(0)

    def test_other_output_is_named(self):
        self.write("one.bl", PROGRAM)
        self.write("expected.json", '{\n    "n": 1\n}\n')
        self.expect(1, "line 2 is '    \"n\": 0', expected '    \"n\": 1'")

    def test_missing_final_newline_counts(self):
        self.write("one.bl", PROGRAM)
        self.write("expected.json", '{\n    "n": 0\n}')
        self.expect(1, "line ends differ")

    def test_failing_program_is_named(self):
        self.write("one.bl", "OUTPUT { n: nothing }\n")
        self.write("expected.json", "{}\n")
        self.expect(1, "exit status 65")

    def test_warning_is_a_problem(self):
        self.write("one.bl", "FUNC UPPER(x) = x\nOUTPUT { n: 0 }\n")
        self.write("expected.json", '{\n    "n": 0\n}\n')
        self.expect(1, "messages on standard error")

    def test_two_inputs_are_a_problem(self):
        self.write("one.bl", PROGRAM)
        self.write("a.json", "{}")
        self.write("b.json", "{}")
        self.expect(1, "2 input documents")

    def test_no_expectation_is_a_problem(self):
        self.write("one.bl", PROGRAM)
        self.expect(1, "no expected.json")


if __name__ == "__main__":
    if BLC is None:
        sys.exit("usage: check-examples-test.py BLC")
    unittest.main()
