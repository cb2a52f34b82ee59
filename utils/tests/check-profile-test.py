#!/usr/bin/env python3
"""Proves that check-profile.py accepts the tree it belongs to and notices functions that are gone."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

UTILS = Path(__file__).resolve().parent.parent
PROFILE = "cmake/blc.profdata"


@unittest.skipUnless(shutil.which("llvm-profdata-19"), "the check skips itself as well")
class CheckProfileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "cmake").mkdir()
        shutil.copy(UTILS.parent / PROFILE, self.root / PROFILE)
        for part in ("lib", "include"):
            shutil.copytree(UTILS.parent / part, self.root / part)

    def run_check(self):
        return subprocess.run([sys.executable, str(UTILS / "check-profile.py"), "--root", str(self.root)],
                              capture_output=True, text=True, check=False)

    def test_the_tree_passes(self):
        result = self.run_check()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_a_renamed_function_is_noticed(self):
        for path in [*self.root.rglob("*.cpp"), *self.root.rglob("*.h")]:
            text = path.read_text("utf-8")
            if "readPlannedObject" in text:
                path.write_text(text.replace("readPlannedObject", "readByPlan"), "utf-8")
        result = self.run_check()
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stdout, f"{PROFILE}: readPlannedObject is in no source any more; "
                                        "run benchmarks/profile.py\n")

    def test_a_profile_of_something_else_is_noticed(self):
        text = self.root / "other.proftext"
        text.write_text(":ir\nmain\n1\n1\n5\n", "utf-8")
        subprocess.run(["llvm-profdata-19", "merge", "-o", str(self.root / PROFILE), str(text)], check=True)
        result = self.run_check()
        self.assertEqual((result.returncode, result.stdout), (1, "the profile names no function of ours\n"))


if __name__ == "__main__":
    unittest.main()
