#!/usr/bin/env python3
"""Proves that check-style.py accepts a good tree and names each kind of violation."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

UTILS = Path(__file__).resolve().parent.parent
HEAD = "// What this is for.\n"


class CheckStyleTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def run_check(self):
        return subprocess.run(
            [sys.executable, str(UTILS / "check-style.py"), "--root", str(self.root)],
            capture_output=True, text=True, check=False,
        )

    def expect_clean(self):
        result = self.run_check()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def expect_problem(self, line):
        result = self.run_check()
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stdout, line + "\n")

    def test_good_files_pass(self):
        self.write("include/branchline/Support/A.h", HEAD + "#pragma once\nint a();\n")
        self.write("lib/Support/A.cpp", HEAD + "int a() { return 1'000; } // we throw nothing\n"
                                               'const char *b() { return "try \\" catch"; }\n')
        self.write("utils/tool.py", "#!/bin/python3\n\"\"\"A tool.\"\"\"\n")
        self.write("docs/Page.md", "See https://example.org/home/page and ~/work/x.\n")
        self.write("lib/Lang/Big.def", HEAD + "X(1)\n" * 2000)
        self.write("build/dev/generated.cpp", "\tint x;\n")
        self.write("test/Syntax/Inputs/tabs.bl", "\tTO" + "DO\n")
        self.expect_clean()

    def test_size_limit(self):
        self.write("lib/IR/A.cpp", HEAD + "int a;\n" * 799)
        self.expect_clean()
        self.write("lib/IR/A.cpp", HEAD + "int a;\n" * 800)
        self.expect_problem("lib/IR/A.cpp: 801 lines; the limit is 800")

    def test_marks(self):
        for mark in ("TO" + "DO", "FIX" + "ME"):
            self.write("docs/Page.md", f"One.\n{mark}: two.\n")
            self.expect_problem(
                f"docs/Page.md:2: {mark}: finish it or describe it as a limit")

    def test_machine_path(self):
        self.write("lib/IR/A.cpp", HEAD + 'auto p = "' + "/" + 'home/me/x";\n')
        self.expect_problem("lib/IR/A.cpp:2: absolute path of one machine")

    def test_tab(self):
        self.write("lib/IR/A.cpp", HEAD + "\tint a;\n")
        self.expect_problem("lib/IR/A.cpp:2: tab")

    def test_trailing_blank(self):
        self.write("lib/IR/A.cpp", HEAD + "int a; \n")
        self.expect_problem("lib/IR/A.cpp:2: blanks at the end of the line")

    def test_pragma_once(self):
        self.write("lib/IR/A.h", HEAD + "// not #pragma once\n")
        self.expect_problem("lib/IR/A.h: no #pragma once")

    def test_head_comment(self):
        self.write("lib/IR/A.cpp", "#include <vector>\n")
        self.expect_problem(
            "lib/IR/A.cpp: no comment at the head that says what the file is for")

    def test_head_comment_of_a_script(self):
        self.write("utils/run.sh", "#!/bin/sh\nset -e\n")
        self.expect_problem("utils/run.sh: no comment at the head that says what the file is for")

    def test_exceptions_in_library_code(self):
        self.write("lib/IR/A.cpp", HEAD + "/* two\nlines */ void a() { throw 1; }\n")
        self.expect_problem("lib/IR/A.cpp:3: `throw` in library code")

    def test_exceptions_where_the_library_is_built_for_them(self):
        self.write("lib/Driver/CMakeLists.txt",
                   "branchline_add_library(Driver SOURCES A.cpp EXCEPTIONS)\n")
        self.write("lib/Driver/A.cpp", HEAD + "void a() { try { b(); } catch (...) {} }\n")
        self.expect_clean()


if __name__ == "__main__":
    unittest.main()
