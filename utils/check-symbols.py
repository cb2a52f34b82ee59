#!/usr/bin/env python3
"""Checks which of our namespaces have symbols in a linked program.

Prints the first offending symbol of each forbidden prefix, and says so when a required prefix has
none; exits with 1 in either case.
"""

import argparse
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm", help="the nm program (default: nm)")
    parser.add_argument("--require", nargs="*", default=[], help="prefixes that must be there")
    parser.add_argument("--forbid", nargs="*", default=[], help="prefixes that must not be there")
    parser.add_argument("program", help="the linked program")
    arguments = parser.parse_args()

    listing = subprocess.run(
        [arguments.nm, "-C", "--defined-only", arguments.program],
        capture_output=True, text=True, errors="replace", check=True,
    ).stdout.splitlines()
    # Address and letter come first; names of template instances hold blanks themselves.
    symbols = [line.split(None, 2)[2] for line in listing if len(line.split(None, 2)) == 3]

    failed = False
    for prefix in arguments.require:
        if not any(prefix in symbol for symbol in symbols):
            print(f"{arguments.program} contains nothing of {prefix}")
            failed = True
    for prefix in arguments.forbid:
        offender = next((symbol for symbol in symbols if prefix in symbol), None)
        if offender:
            print(f"{arguments.program} must not contain {prefix}: {offender}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
