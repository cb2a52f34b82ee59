#!/usr/bin/env python3
"""Compares the printed reference pages with those kept in docs/, or refreshes them.

  check-reference.py --blc PATH --root FOLDER [--update]

The pages come from the tables the toolchain is made of (`blc reference PAGE`); `blc reference list` names
them and the files that hold them. Without --update the exit status is 1 when any page differs, is missing,
or lies in docs/reference without being printed by anything.
"""

import argparse
import subprocess
import sys
from pathlib import Path


def run(blc, page):
    return subprocess.run([blc, "reference", page], check=True, stdout=subprocess.PIPE).stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--blc", required=True)
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    docs = arguments.root / "docs"
    pages = [line.split() for line in run(arguments.blc, "list").decode().splitlines()]
    wrong = []
    for page, file in pages:
        printed = run(arguments.blc, page)
        path = docs / file
        if arguments.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(printed)
        elif not path.is_file():
            wrong.append(f"docs/{file}: missing")
        elif path.read_bytes() != printed:
            wrong.append(f"docs/{file}: differs from `blc reference {page}`")
    known = {docs / file for _, file in pages}
    wrong += [
        f"docs/reference/{path.name}: no page of that name is printed"
        for path in sorted((docs / "reference").glob("*.md"))
        if path not in known
    ]
    for line in wrong:
        print(line)
    if wrong:
        print("utils/check-reference.py --update --blc PATH --root . refreshes the pages")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
