#!/usr/bin/env python3
"""Proves that check-reference.py notices a page that differs, one that is missing and one too many."""

import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parent.parent / "check-reference.py"
# Stands in for blc: two pages with fixed texts.
FAKE = """#!/bin/sh
case "$2" in
  list) printf 'one reference/one.md\\ntwo man/two.1\\n' ;;
  *) echo "page $2" ;;
esac
"""


class CheckReferenceTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.blc = self.root / "blc"
        self.blc.write_text(FAKE, encoding="utf-8")
        self.blc.chmod(self.blc.stat().st_mode | stat.S_IXUSR)

    def tearDown(self):
        self.folder.cleanup()

    def check(self, *extra):
        return subprocess.run(
            [sys.executable, CHECK, "--blc", self.blc, "--root", self.root, *extra],
            stdout=subprocess.PIPE,
            text=True,
        )

    def test_refreshed_pages_pass(self):
        self.assertEqual(self.check("--update").returncode, 0)
        self.assertEqual(self.check().returncode, 0)

    def test_missing_pages_fail(self):
        result = self.check()
        self.assertEqual(result.returncode, 1)
        self.assertIn("docs/man/two.1: missing", result.stdout)

    def test_changed_page_fails(self):
        self.check("--update")
        (self.root / "docs/reference/one.md").write_text("by hand\n", encoding="utf-8")
        self.assertIn("docs/reference/one.md: differs", self.check().stdout)

    def test_page_without_source_fails(self):
        self.check("--update")
        (self.root / "docs/reference/three.md").write_text("stray\n", encoding="utf-8")
        self.assertEqual(self.check().returncode, 1)


if __name__ == "__main__":
    unittest.main()
