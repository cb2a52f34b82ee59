#!/usr/bin/env python3
"""Checks that every row of the language's tables is exercised by a test.

  check-coverage.py [--root DIR]

For each table (.def file) the script knows where its tests are and how a row shows there: a token
kind in a token dump, a node in a tree dump, an instruction in IR text, a code in the expectation
of a test, a library function in a program of test/Runtime. A row without a test is an error. Rows
that no test can show are listed in EXCEPTIONS with the reason; an exception that a test does show
is an error as well.
"""
import argparse
import pathlib
import re
import sys

# (table, row) -> why no test shows it.
EXCEPTIONS = {
}


def rows(path, macro):
    """The arguments of each use of `macro`, split at top-level commas; strings keep their quotes."""
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines()
                     if not line.lstrip().startswith(("//", "#")))
    for match in re.finditer(r"\b%s\(" % macro, text):
        args, depth, current, i, quoted = [], 1, "", match.end(), False
        while depth:
            c = text[i]
            if quoted:
                current += c
                if c == "\\":
                    i += 1
                    current += text[i]
                elif c == '"':
                    quoted = False
            elif c == '"':
                quoted = True
                current += c
            elif c == "," and depth == 1:
                args.append(current.strip())
                current = ""
            else:
                depth += (c == "(") - (c == ")")
                if depth:
                    current += c
            i += 1
        args.append(current.strip())
        yield args


def text_of(arg):
    return arg[1:-1] if arg.startswith('"') else arg


def read(root, *patterns):
    return "\n".join(p.read_text(encoding="utf-8", errors="replace")
                     for pattern in patterns for p in sorted(root.glob(pattern)) if p.is_file())


def checks(text):
    """The lines FileCheck looks at."""
    return "\n".join(line for line in text.splitlines() if re.search(r"CHECK[A-Z-]*:", line))


def word(name, text):
    return re.search(r"(?<![\w.])%s(?![\w.])" % re.escape(name), text) is not None


def tables(root):
    """Yields (table, row, whether a test shows it)."""
    lang, syntax = root / "include/branchline/Lang", root / "include/branchline/Syntax"
    dumps = checks(read(root, "test/Syntax/*.bl"))
    for row in rows(lang / "Tokens.def", "BL_TOKEN_CLASS"):
        yield "token", row[0], word(text_of(row[1]), dumps)
    for row in rows(lang / "Tokens.def", "BL_PUNCTUATION"):
        yield "token", row[0], word(text_of(row[1]), dumps)
    for row in rows(lang / "Tokens.def", "BL_KEYWORD"):
        yield "token", row[0], word(text_of(row[1]), dumps)
    for macro in ("BL_EXPR", "BL_STMT", "BL_DECL", "BL_TYPE"):
        for row in rows(syntax / "Nodes.def", macro):
            yield "node", row[0], word(text_of(row[1]), dumps)

    ir = checks(read(root, "test/IR/*.blir"))
    for row in rows(root / "include/branchline/IR/Instrs.def", "BL_INST"):
        yield "instruction", row[0], word(text_of(row[1]), ir)

    expectations = read(root, "test/**/*.bl", "test/**/*.blir", "test/**/*.test",
                        "test/Conformance/cases/*.jsonl", "unittests/**/*.cpp")
    for table, macro, prefix in (("Diagnostics", "BL_DIAG", "diag::Id::"),
                                 ("Traps", "BL_TRAP", "TrapId::"),
                                 ("Errors", "BL_ERROR", "error::Id::")):
        for row in rows(lang / (table + ".def"), macro):
            shown = "BL%04d" % int(row[1]) in expectations or word(prefix + row[0], expectations)
            yield table, row[0], shown

    library = read(root, "test/Runtime/*.bl")
    for row in rows(lang / "Builtins.def", "BL_BUILTIN"):
        yield "library function", row[0], word(row[0], library)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parent.parent)
    root = pathlib.Path(parser.parse_args().root)
    bad = count = 0
    for table, row, shown in tables(root):
        count += 1
        reason = EXCEPTIONS.get((table, row))
        if not shown and reason is None:
            print(f"{table} `{row}`: no test shows it")
            bad += 1
        elif shown and reason is not None:
            print(f"{table} `{row}`: a test shows it, so it is no exception")
            bad += 1
    if count == 0:
        print("no table was found")
        bad = 1
    print(f"{count} rows checked, {bad} without a test")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
