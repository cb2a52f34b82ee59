#!/usr/bin/env python3
"""Takes over the conformance case files of a folder.

  refresh-conformance.py FOLDER

Copies every `*.jsonl` to test/Conformance/cases after checking that each line is a case with a name that
no other case has. Prints how many cases each file holds and had before.
"""

import json
import sys
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "test" / "Conformance" / "cases"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files = sorted(Path(sys.argv[1]).glob("*.jsonl"))
    if not files:
        sys.exit(f"no case files in {sys.argv[1]}")
    seen = {}
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            case = json.loads(line)
            if "program" not in case or ("expect" in case) == ("error" in case):
                sys.exit(f"{file}:{number}: no case")
            if case["name"] in seen:
                sys.exit(f"{file}:{number}: {case['name']} is also in {seen[case['name']]}")
            seen[case["name"]] = file.name
    for file in files:
        target = CASES / file.name
        before = len(target.read_bytes().splitlines()) if target.exists() else 0
        text = file.read_bytes()
        target.write_bytes(text)
        print(f"{file.name}: {len(text.splitlines())} cases, {before} before")


if __name__ == "__main__":
    main()
