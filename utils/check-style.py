#!/usr/bin/env python3
"""Checks the style rules that a machine can judge.

File sizes, unfinished-work marks, machine paths, tabs and trailing blanks, `#pragma once`, head
comments, and language features that library code does not use. Layout is clang-format's business and
layering that of check-layering.py. Prints one line per violation and exits with 1 if there is any.
"""

import argparse
import re
import sys
from pathlib import Path

MAX_LINES = 800
CPP = {".h", ".cpp", ".c", ".def", ".inc"}
SCRIPT = {".py", ".sh", ".cmake"}
TEXT = CPP | SCRIPT | {".md", ".txt", ".json", ".in", ".yml", ".yaml", ".bl", ".blasm", ".blir", ".test"}
# Tables grow with the language, so they have no size limit.
UNLIMITED = {".def", ".inc"}
SKIPPED_FOLDERS = {"build", "__pycache__"}
# Data that is what it is: programs and documents under test may hold anything.
DATA_FOLDERS = {"Inputs", "Golden", "corpus", "conformance"}

# Joined here so that this file does not report itself.
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
MACHINE_PATH = re.compile(
    r"(?<![\w.~%}*/-])/(" + "|".join(["home", "root", "work", "Users", "opt", "tmp", "usr", "mnt"])
    + r")/"
)
FORBIDDEN = re.compile(r"\b(throw|try|catch|dynamic_cast|typeid)\b")
CPP_NOISE = re.compile(
    r'R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)


def code_only(text):
    """C++ text with literals and comments blanked out, line numbers kept."""
    def blank(match):
        return " " + "\n" * match.group().count("\n")

    # A digit separator would open a character literal.
    return CPP_NOISE.sub(blank, re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "", text))


def uses_exceptions(root, path):
    """Whether the library a file belongs to is built with EXCEPTIONS."""
    parts = path.relative_to(root).parts
    lib = parts[2] if parts[0] == "include" and len(parts) > 3 else parts[1]
    cmake = root / "lib" / lib / "CMakeLists.txt"
    return cmake.is_file() and re.search(r"\bEXCEPTIONS\b", cmake.read_text(encoding="utf-8"))


def has_head_comment(path, lines):
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    first = next((line for line in lines if line.strip()), "")
    if path.suffix in CPP:
        return first.startswith(("//", "/*"))
    return first.startswith(("#", '"""'))


def problems_in(root, path):
    """Yields (line, message) for one file; line 0 stands for the file as a whole."""
    relative = path.relative_to(root)
    suffix = path.suffix
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    is_source = suffix in CPP | SCRIPT

    for number, line in enumerate(lines, 1):
        if mark := MARKS.search(line):
            yield number, f"{mark.group()}: finish it or describe it as a limit"
        if MACHINE_PATH.search(re.sub(r"^#!.*", "", line)):
            yield number, "absolute path of one machine"
        if is_source and "\t" in line:
            yield number, "tab"
        if is_source and line != line.rstrip():
            yield number, "blanks at the end of the line"
    if not is_source:
        return

    if len(lines) > MAX_LINES and suffix not in UNLIMITED:
        yield 0, f"{len(lines)} lines; the limit is {MAX_LINES}"
    if not has_head_comment(path, lines):
        yield 0, "no comment at the head that says what the file is for"
    if suffix == ".h" and not re.search(r"^#pragma once$", text, re.MULTILINE):
        if relative.parts[:2] != ("include", "branchline-c"):
            yield 0, "no #pragma once"
    if suffix in CPP and relative.parts[0] in ("lib", "include"):
        if not uses_exceptions(root, path):
            for number, line in enumerate(code_only(text).splitlines(), 1):
                if word := FORBIDDEN.search(line):
                    yield number, f"`{word.group()}` in library code"


def files_under(root):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if any(part.startswith(".") or part in SKIPPED_FOLDERS for part in parts[:-1]):
            continue
        if DATA_FOLDERS.intersection(parts[:-1]):
            continue
        if path.suffix in TEXT and path.is_file():
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parent.parent,
        help="the source tree to check (default: the one this script is in)",
    )
    root = parser.parse_args().root.resolve()
    failed = False
    for path in files_under(root):
        for line, message in problems_in(root, path):
            place = f":{line}" if line else ""
            print(f"{path.relative_to(root)}{place}: {message}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
