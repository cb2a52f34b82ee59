#!/usr/bin/env python3
"""Proves that check-layering.py accepts a good tree and names each kind of violation.

Every test writes a small source tree, with the real layer table, into a temporary folder.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

UTILS = Path(__file__).resolve().parent.parent


class CheckLayeringTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name)
        self.write("cmake/Layers.cmake", (UTILS.parent / "cmake/Layers.cmake").read_text("utf-8"))
        self.write("lib/Support/CMakeLists.txt", "branchline_add_library(Support SOURCES A.cpp)")
        self.write("lib/Lang/CMakeLists.txt",
                   "branchline_add_library(Lang SOURCES L.cpp DEPENDS Support)")
        self.write("lib/IR/CMakeLists.txt",
                   "branchline_add_library(IR\n  SOURCES I.cpp\n  DEPENDS Lang)")
        self.write("include/branchline/Support/Span.h", "")
        self.write("lib/IR/Private.h", "")

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def run_check(self):
        return subprocess.run(
            [sys.executable, str(UTILS / "check-layering.py"), "--root", str(self.root)],
            capture_output=True, text=True, check=False,
        )

    def expect_clean(self):
        result = self.run_check()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def expect_problem(self, line):
        result = self.run_check()
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stdout, line + "\n")

    def test_allowed_includes_pass(self):
        # Support reaches IR through Lang; a private header of one's own and external headers are fine.
        self.write("lib/IR/I.cpp", '#include "branchline/Support/Span.h"\n#include "Private.h"\n'
                                   '#include <vector>\n#include <fmt/format.h>\n')
        self.write("unittests/IR/CMakeLists.txt", "branchline_add_unittest(IR SOURCES T.cpp)")
        self.write("unittests/IR/T.cpp", '#include "branchline/IR/Module.h"\n')
        self.expect_clean()

    def test_upward_include_fails(self):
        self.write("lib/Support/A.cpp", '\n#include "branchline/Lang/Trap.h"\n')
        self.expect_problem("lib/Support/A.cpp:2: Support may not use Lang (cmake/Layers.cmake)")

    def test_public_header_is_checked_too(self):
        self.write("include/branchline/IR/Module.h", "#include <branchline/Sema/Scope.h>\n")
        self.expect_problem(
            "include/branchline/IR/Module.h:1: IR may not use Sema (cmake/Layers.cmake)")

    def test_allowed_but_undeclared_use_fails(self):
        self.write("lib/IR/I.cpp", '#include "branchline/Numeric/Number.h"\n')
        self.expect_problem("lib/IR/I.cpp:1: IR uses Numeric but does not depend on it "
                            "(lib/IR/CMakeLists.txt)")

    def test_unknown_library_fails(self):
        self.write("lib/IR/I.cpp", '#include "branchline/Nowhere/X.h"\n')
        self.expect_problem("lib/IR/I.cpp:1: 'branchline/Nowhere/X.h' belongs to no library of "
                            "cmake/Layers.cmake")

    def test_private_header_of_another_library_fails(self):
        self.write("lib/Lang/L.cpp", '#include "Private.h"\n')
        self.expect_problem("lib/Lang/L.cpp:1: 'Private.h' is a private header of IR")

    def test_climbing_path_fails(self):
        self.write("lib/Lang/L.cpp", '#include "../IR/Private.h"\n')
        self.expect_problem("lib/Lang/L.cpp:1: '../IR/Private.h' climbs out of its folder")

    def test_public_header_including_private_one_fails(self):
        self.write("include/branchline/IR/Module.h", '#include "Private.h"\n')
        self.expect_problem("include/branchline/IR/Module.h:1: public header includes 'Private.h', "
                            "which is not a public header")

    def test_llvm_outside_the_jit_fails(self):
        self.write("lib/JIT/Emitter.cpp", "#include <llvm/IR/Module.h>\n")
        self.expect_clean()
        self.write("lib/IR/I.cpp", "#include <llvm/IR/Module.h>\n")
        self.expect_problem("lib/IR/I.cpp:1: only lib/JIT may include LLVM")

    def test_llvm_in_a_public_header_of_the_jit_fails(self):
        self.write("lib/JIT/Emitter.h", "#include <llvm/IR/Module.h>\n")
        self.expect_clean()
        self.write("include/branchline/JIT/Emitter.h", "#include <llvm/IR/Module.h>\n")
        self.expect_problem("include/branchline/JIT/Emitter.h:1: only lib/JIT may include LLVM")

    def test_jit_condition_outside_the_jit_fails(self):
        self.write("lib/IR/I.cpp", "#if BRANCHLINE_ENABLE_JIT\n#endif\n")
        self.expect_problem("lib/IR/I.cpp:1: only lib/JIT may test BRANCHLINE_ENABLE_JIT")

    def test_client_using_what_it_does_not_depend_on_fails(self):
        self.write("tools/blc/CMakeLists.txt",
                   "branchline_add_tool(blc SOURCES main.cpp DEPENDS Lang)")
        self.write("tools/blc/main.cpp", '#include "branchline/IR/Module.h"\n')
        self.expect_problem("tools/blc/main.cpp:1: IR is used but not among the DEPENDS of this "
                            "folder's CMakeLists.txt")

    def test_tree_without_a_table_fails(self):
        self.write("cmake/Layers.cmake", "# empty\n")
        result = self.run_check()
        self.assertEqual(result.returncode, 1)
        self.assertIn("no table found", result.stderr)


if __name__ == "__main__":
    unittest.main()
