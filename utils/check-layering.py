#!/usr/bin/env python3
"""Checks every #include against the layer table in cmake/Layers.cmake.

A library includes only libraries that the table allows and that its CMakeLists.txt depends on;
tools, unit tests and fuzz targets include only what their CMakeLists.txt depends on. Nothing reaches
another library's private headers, and only lib/JIT sees LLVM. Prints one line per violation and
exits with 1 if there is any. Macros and conditional compilation are not evaluated.
"""

import argparse
import re
import sys
from pathlib import Path

SOURCE_SUFFIXES = {".h", ".cpp", ".def", ".inc", ".c"}
TABLE = re.compile(r"set\(BRANCHLINE_LAYERS\s+(.*?)\n\)", re.DOTALL)
ROW = re.compile(r'"([A-Za-z]+):([^"]*)"')
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CALL = re.compile(r"branchline_add_(?:library|unittest|tool|fuzzer)\s*\(([^)]*)\)")
JIT_CONDITION = re.compile(r"^\s*#\s*(?:el)?if.*\bBRANCHLINE_ENABLE_JIT\b")


def closure(graph, start):
    """Everything reachable from the names in `start`, themselves included."""
    reached, pending = set(), list(start)
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(graph.get(name, ()))
    return reached


def read_table(root):
    """The layer table as {library: directly allowed libraries}."""
    text = (root / "cmake" / "Layers.cmake").read_text(encoding="utf-8")
    match = TABLE.search(text)
    rows = {name: uses.split() for name, uses in ROW.findall(match.group(1))} if match else {}
    if not rows:
        sys.exit("check-layering: no table found in cmake/Layers.cmake")
    return rows


def declared_depends(folder):
    """The DEPENDS of all target calls in a folder's CMakeLists.txt; None without such a file."""
    path = folder / "CMakeLists.txt"
    if not path.is_file():
        return None
    text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
    depends = set()
    for arguments in CALL.findall(text):
        keyword = ""
        for word in arguments.split()[1:]:
            if word in ("SOURCES", "DEPENDS", "LINK", "EXCEPTIONS"):
                keyword = word
            elif keyword == "DEPENDS":
                depends.add(word)
    return depends


class Checker:
    def __init__(self, root):
        self.root = root
        self.table = read_table(root)
        self.depends = {lib: declared_depends(root / "lib" / lib) for lib in self.table}
        self.problems = []

    def report(self, path, line, message):
        self.problems.append(f"{path.relative_to(self.root)}:{line}: {message}")

    def check_library(self, lib):
        allowed = closure(self.table, [lib])
        declared = closure(
            {name: depends or () for name, depends in self.depends.items()}, [lib]
        )

        def refusal(used):
            if used not in allowed:
                return f"{lib} may not use {used} (cmake/Layers.cmake)"
            if self.depends[lib] is not None and used not in declared:
                return f"{lib} uses {used} but does not depend on it (lib/{lib}/CMakeLists.txt)"
            return None

        self.check_tree(self.root / "include" / "branchline" / lib, None, lib, refusal)
        self.check_tree(self.root / "lib" / lib, self.root / "lib" / lib, lib, refusal)

    def check_client(self, folder, implied):
        depends = (declared_depends(folder) or set()) | implied
        reached = closure(self.table, depends)

        def refusal(used):
            if used not in reached:
                return f"{used} is used but not among the DEPENDS of this folder's CMakeLists.txt"
            return None

        self.check_tree(folder, folder, None, refusal)

    def check_tree(self, tree, own_folder, lib, refusal):
        if not tree.is_dir():
            return
        for path in sorted(tree.rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and path.is_file():
                self.check_file(path, own_folder, lib, refusal)

    def check_file(self, path, own_folder, lib, refusal):
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if JIT_CONDITION.match(line) and lib != "JIT":
                self.report(path, number, "only lib/JIT may test BRANCHLINE_ENABLE_JIT")
            match = INCLUDE.match(line)
            if match:
                message = self.include_problem(path, own_folder, lib, refusal, *match.groups())
                if message:
                    self.report(path, number, message)

    def include_problem(self, path, own_folder, lib, refusal, quote, name):
        parts = name.split("/")
        if ".." in parts:
            return f"'{name}' climbs out of its folder"
        if parts[0] in ("llvm", "llvm-c", "clang", "clang-c"):
            in_jit = lib == "JIT" and own_folder is not None
            return None if in_jit else "only lib/JIT may include LLVM"
        if parts[0] == "branchline":
            used = parts[1] if len(parts) > 2 else "API"
            if used not in self.table:
                return f"'{name}' belongs to no library of cmake/Layers.cmake"
            return refusal(used)
        if parts[0] == "branchline-c":
            return refusal("API")
        if quote == "<":
            return None
        if own_folder is None:
            return f"public header includes '{name}', which is not a public header"
        if (path.parent / name).is_file() or (own_folder / name).is_file():
            return None
        tested = path.parent.name if path.parent.parent.name == "unittests" else None
        for other in self.table:
            if other == tested:  # unit tests may look inside the library they test
                continue
            if (self.root / "lib" / other / name).is_file():
                return f"'{name}' is a private header of {other}"
        return None

    def run(self):
        for lib in self.table:
            self.check_library(lib)
        # The façade header and the C ABI are the API library's public headers.
        include = self.root / "include"
        api_uses = closure(self.table, ["API"])
        for path in [*include.glob("branchline/*.h"), *include.glob("branchline-c/*.h")]:
            self.check_file(
                path, None, "API", lambda used: None if used in api_uses else f"unknown {used}"
            )
        for folder in sorted((self.root / "unittests").glob("*/")):
            implied = {folder.name} if folder.name in self.table else set()
            self.check_client(folder, implied)
        for folder in sorted((self.root / "tools").glob("*/")):
            self.check_client(folder, set())
        self.check_client(self.root / "fuzz", set())
        return self.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parent.parent,
        help="the source tree to check (default: the one this script is in)",
    )
    problems = Checker(parser.parse_args().root.resolve()).run()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
