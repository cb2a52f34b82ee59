#!/usr/bin/env python3
"""Proves that check-docs.py accepts a good page and names each kind of problem.

Takes the path of blc as its only argument.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parent.parent.parent / "utils" / "check-docs.py"
BLC = sys.argv.pop() if len(sys.argv) == 2 else None


def fenced(info, text):
    return f"```{info}\n{text}\n```\n"


class CheckDocsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "examples").mkdir()
        (self.root / "lib").mkdir()
        (self.root / "lib" / "X.cpp").write_text("int a;\nint b;\nint c;\n", encoding="utf-8")

    def expect(self, page, status, text=""):
        (self.root / "README.md").write_text(page, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, str(CHECK), "--root", str(self.root), "--blc", BLC],
            capture_output=True, text=True, check=False,
        )
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertIn(text, result.stdout)

    def test_program_with_input_and_output(self):
        page = fenced("bl", "OUTPUT { n: input.n + 1 }") + fenced("json input", '{"n": 1}')
        self.expect(page + fenced("json output", '{"n": 2}'), 0)
        self.expect(page + fenced("json output", '{"n": 3}'), 1, "README.md:7: the output is")

    def test_kind_of_number_and_order_of_keys_count(self):
        page = fenced("bl", "OUTPUT { a: 4 / 2, b: 1 }")
        self.expect(page + fenced("json output", '{"a": 2.0, "b": 1}'), 0)
        self.expect(page + fenced("json output", '{"a": 2, "b": 1}'), 1, "the output is")
        self.expect(page + fenced("json output", '{"b": 1, "a": 2.0}'), 1, "the output is")

    def test_program_without_output(self):
        self.expect(fenced("bl", "OUTPUT 1"), 1, "without a `json output`")

    def test_expected_failure(self):
        page = fenced("bl", "OUTPUT { a: b }")
        message = (
            "example.bl:1:13: error: undefined identifier `b` [BL2002]\n"
            "    1 | OUTPUT { a: b }\n      |             ^"
        )
        self.expect(page + fenced("text error", message), 0)
        self.expect(page + fenced("text error", "other"), 1, "the message is")
        self.expect(fenced("bl", "OUTPUT 1") + fenced("text error", ""), 1, "does not fail")

    def test_expressions(self):
        self.expect(fenced("bl expressions", "1 + 1 → 2\n1 / 0 → error Division by zero"), 0)
        self.expect(fenced("bl expressions", "1 + 1 → 3"), 1, "README.md:2: the value is")
        self.expect(fenced("bl expressions", "1 + 1 → error no"), 1, "the value is")
        self.expect(fenced("bl expressions", "1 + 1"), 1, "no `→`")

    def test_console_uses_files_of_the_page(self):
        page = fenced("bl file=a.bl", "OUTPUT { a: 1 }")
        command = "$ blc run a.bl --output-format json-compact"
        self.expect(page + fenced("console", command + '\n{"a":1}'), 0)
        self.expect(page + fenced("console", command + '\n{"a":2}'), 1, "prints\n")

    def test_blocks_inside_lists(self):
        page = "- item\n\n  ```bl expressions\n  1 + 1 → 3\n  ```\n"
        self.expect(page, 1, "README.md:4: the value is")

    def test_quotes_of_code(self):
        self.expect(fenced("cpp lib/X.cpp", "int a;\n…\nint c;"), 0)
        self.expect(fenced("cpp lib/X.cpp", "int a;\nint c;"), 1, "does not contain")

    def test_unknown_and_unclosed_blocks(self):
        self.expect(fenced("python", "1"), 1, "unknown kind of block `python`")
        self.expect("```text\n", 1, "unknown kind of block `unclosed`")

    def test_unused_file(self):
        self.expect(fenced("bl file=a.bl", "OUTPUT 1"), 1, "no console block uses `a.bl`")

    def test_links_to_headings(self):
        self.expect("# One two\n[x](#one-two) [y](README.md#one-two)", 0)
        self.expect("# One two\n[x](#one)", 1, "no such heading: #one")

    def test_links_and_names_of_files(self):
        self.expect("[x](lib/X.cpp) and `lib/X.cpp`", 0)
        self.expect("[x](lib/Y.cpp)", 1, "README.md:1: the link leads nowhere: lib/Y.cpp")
        self.expect("`lib/Y.cpp`", 1, "README.md:1: no such file or folder: lib/Y.cpp")


if __name__ == "__main__":
    if BLC is None:
        sys.exit("usage: check-docs-test.py BLC")
    unittest.main()
