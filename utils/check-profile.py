#!/usr/bin/env python3
"""Checks that the profile of release builds is about functions that are still there.

The profile is made by benchmarks/profile.py. A function that was renamed or moved to another class is optimised
without it, which nobody would notice but by measuring; so the hottest functions of the profile must have their
names somewhere in the sources. Prints those that have not and exits with 1.
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

HOTTEST = 40
READER = "llvm-profdata-19"
SKIPPED = 77


def own_name(symbol):
    """The last part of a qualified name of ours, or None. Symbols of one file stand behind its name."""
    mangled = symbol.rpartition(";")[2]
    start = re.match(r"_ZNK?(?=10branchline)", mangled)
    if not start:
        return None
    at, parts = start.end(), []
    while length := re.match(r"\d+", mangled[at:]):
        at += length.end()
        parts.append(mangled[at:at + int(length[0])])
        at += int(length[0])
    return parts[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, required=True, help="the source tree")
    root = parser.parse_args().root
    if not shutil.which(READER):
        print(f"{READER} is not installed")
        return SKIPPED
    listing = subprocess.run(
        [READER, "show", f"--topn={HOTTEST}", str(root / "cmake" / "blc.profdata")],
        capture_output=True, text=True, check=True).stdout
    names = {own_name(symbol) for symbol in re.findall(r"^\s+(\S+), max count = \d+$", listing, re.M)} - {None}
    if not names:
        print("the profile names no function of ours")
        return 1
    words = set()
    for folder in ("lib", "include"):
        for path in (root / folder).rglob("*"):
            if path.suffix in (".cpp", ".h", ".def"):
                words.update(re.findall(r"\w+", path.read_text("utf-8")))
    gone = sorted(names - words)
    for name in gone:
        print(f"cmake/blc.profdata: {name} is in no source any more; run benchmarks/profile.py")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
