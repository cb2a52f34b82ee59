#!/usr/bin/env python3
"""Proves that check-coverage.py finds a row without a test in each table, and wrong exceptions.

Every test writes a small tree into a temporary folder: tables of one or two rows, and tests that
show all of them. Then one test is taken away.
"""

import importlib.util
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent / "check-coverage.py"
SPEC = importlib.util.spec_from_file_location("check_coverage", SCRIPT)
check_coverage = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check_coverage)

TABLES = {
    "Lang/Tokens.def": 'BL_TOKEN_CLASS(Name, "name", "a name, or (so) on")\n'
                       'BL_PUNCTUATION(Comma, ",")\nBL_KEYWORD(Let, "LET")\n',
    "Syntax/Nodes.def": 'BL_EXPR(Literal, "literal")\nBL_STMT(Ret, "return")\n'
                        'BL_DECL(Func, "func")\nBL_TYPE(Union, "union")\n',
    "IR/Instrs.def": 'BL_INST(Add, "add", roles(Use, Use))\nBL_INST(AddTo, "add.to", roles())\n',
    "Lang/Diagnostics.def": 'BL_DIAG(Bad, 1001, Error, "bad", "R1")\n'
                            'BL_DIAG(Near, 1002, Note, "did you "\n        "mean `{}`?", "R1")\n',
    "Lang/Traps.def": '// BL_TRAP(Unused, 3000, "in a comment")\n'
                      'BL_TRAP(Zero, 3001, "T", Yes, "zero", "R2")\n',
    "Lang/Errors.def": 'BL_ERROR(NoFile, 4001, "no \\"file\\", {}", "", "R5")\n',
    "Lang/Builtins.def": "BL_BUILTIN(UPPER, 1, 1)\n",
    "Bytecode/Opcodes.def": 'BL_OP(Move, "move", None)\n',
    "Opt/Passes.def": 'BL_PASS(DeadCode, "dead-code", Function)\n',
}

TESTS = {
    "test/Syntax/tokens.bl": "// CHECK: name\n// CHECK: ,\n// CHECK-NEXT: LET\n",
    "test/Syntax/tree.bl": "// CHECK: literal\n// CHECK: return\n// CHECK: func\n// CHECK: union\n",
    "test/IR/add.blir": "; CHECK: %2 = add %0, %1\n; CHECK: add.to %2\n",
    "test/Sema/bad.bl": "// CHECK: error: bad [BL1001]\n// CHECK: note: did you mean `x`?\n",
    "unittests/Interp/ZeroTest.cpp": "EXPECT_EQ(trap.id(), TrapId::Zero);\n",
    "test/Driver/no-file.test": "CHECK: error [BL4001]\n",
    "test/Runtime/upper.bl": 'OUTPUT { v: UPPER("a") }\n',
    "test/VM/move.bl": "// CHECK: move\n",
    "test/Opt/DeadCode/loop.blir": "; RUN: %blc opt --passes=fold,dead-code %s\n",
}


class CheckCoverageTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path, text in TABLES.items():
            self.write("include/branchline/" + path, text)
        for path, text in TESTS.items():
            self.write(path, text)

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def expect(self, *lines, exceptions=()):
        found = list(check_coverage.problems(self.root, dict.fromkeys(exceptions, "why")))
        self.assertEqual(found, list(lines))

    def without(self, path, old, new=""):
        self.assertIn(old, TESTS[path])
        self.write(path, TESTS[path].replace(old, new))

    def test_every_row_with_a_test_passes(self):
        self.expect()

    def test_token_without_a_test(self):
        self.without("test/Syntax/tokens.bl", "// CHECK-NEXT: LET\n", "// LET\n")
        self.expect("token `Let`: no test shows it")

    def test_node_without_a_test(self):
        self.without("test/Syntax/tree.bl", "func", "function")
        self.expect("node `Func`: no test shows it")

    def test_instruction_that_is_only_a_part_of_another(self):
        self.without("test/IR/add.blir", "= add ", "= sub ")
        self.expect("instruction `Add`: no test shows it")

    def test_diagnostic_without_a_test(self):
        self.without("test/Sema/bad.bl", "[BL1001]")
        self.expect("Diagnostics `Bad`: no test shows it")

    def test_note_without_a_test(self):
        self.without("test/Sema/bad.bl", "note: did you mean `x`?", "note: [BL1002]")
        self.expect("Diagnostics `Near`: no test shows it")

    def test_trap_without_a_test(self):
        self.without("unittests/Interp/ZeroTest.cpp", "Zero", "ZeroDivision")
        self.expect("Traps `Zero`: no test shows it")

    def test_error_without_a_test(self):
        self.without("test/Driver/no-file.test", "BL4001", "BL4002")
        self.expect("Errors `NoFile`: no test shows it")

    def test_library_function_without_a_test(self):
        self.without("test/Runtime/upper.bl", "UPPER", "LOWER")
        self.expect("library function `UPPER`: no test shows it")

    def test_opcode_without_a_test(self):
        self.without("test/VM/move.bl", "move", "move.wide")
        self.expect("opcode `Move`: no test shows it")

    def test_pass_without_a_test_in_its_folder(self):
        self.without("test/Opt/DeadCode/loop.blir", "dead-code", "dead-code-more")
        self.write("test/Opt/Other/loop.blir", TESTS["test/Opt/DeadCode/loop.blir"])
        self.expect("pass `DeadCode`: no test shows it")

    def test_exception_is_no_problem(self):
        self.without("test/Sema/bad.bl", "[BL1001]")
        self.expect(exceptions=[("Diagnostics", "Bad")])

    def test_exception_with_a_test(self):
        self.expect("Diagnostics `Bad`: a test shows it, so it is no exception",
                    exceptions=[("Diagnostics", "Bad")])

    def test_exception_without_a_row(self):
        self.expect("Traps `Gone`: an exception, but no row", exceptions=[("Traps", "Gone")])

    def test_table_without_rows(self):
        self.write("include/branchline/Lang/Traps.def", "// BL_TRAP(Zero, 3001)\n")
        with self.assertRaisesRegex(SystemExit, "no row of BL_TRAP"):
            self.expect()

    def test_command_fails_and_names_the_row(self):
        self.without("test/Runtime/upper.bl", "UPPER", "LOWER")
        result = subprocess.run([sys.executable, str(SCRIPT), "--root", str(self.root)],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("library function `UPPER`: no test shows it\n", result.stdout)


if __name__ == "__main__":
    unittest.main()
