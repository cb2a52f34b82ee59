#!/usr/bin/env python3
"""Checks that every row of the language's tables is exercised by a test.

  check-coverage.py [--root DIR]

For each table (.def file) the script knows where its tests are and how a row shows there: a token
kind in a token dump, a node in a tree dump, an instruction in IR text, a code (of a note: the text)
in the expectation of a test, a library function in a program of test/Runtime, an opcode in an
expectation about bytecode, a pass in a RUN line of its folder. A row without a test is an error.
Rows that no test can show are listed in EXCEPTIONS with the reason; an exception that a test does
show, or that is no row, is an error as well.
"""
import argparse
import pathlib
import re
import sys

# (table, row) -> why no test shows it.
EXCEPTIONS = {
    ("Errors", "JsonRejected"):
        "only when the two JSON parsers disagree about a document, which the fuzzer looks for",
    ("Errors", "BrokenBytecode"):
        "only when BCGen makes what does not verify; conformance and examples would show it",
    ("opcode", "Ext"): "the second word of other instructions, never written on its own",
}


def rows(path, macro):
    """The arguments of each use of `macro`, split at top-level commas; strings keep their quotes."""
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines()
                     if not line.lstrip().startswith(("//", "#")))
    uses = list(re.finditer(r"\b%s\(" % macro, text))
    if not uses:
        sys.exit(f"{path}: no row of {macro}")
    for match in uses:
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
    """An argument without quotes; adjacent literals are one text."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', arg)) if arg.startswith('"') else arg


def read(root, *patterns):
    return "\n".join(p.read_text(encoding="utf-8", errors="replace")
                     for pattern in patterns for p in sorted(root.glob(pattern)) if p.is_file())


def checks(text):
    """The lines FileCheck looks at under its default prefix."""
    return "\n".join(line for line in text.splitlines() if re.search(r"CHECK[A-Z-]*:", line))


def runs(text):
    return "\n".join(line for line in text.splitlines() if "RUN:" in line)


def word(name, text):
    return re.search(r"(?<![\w.])%s(?![\w.])" % re.escape(name), text) is not None


def note(text, tests):
    """Whether a test expects a note; its values may be anything."""
    pattern = ".+".join(re.escape(piece) for piece in text.split("{}"))
    return re.search(r"[A-Z]:.*\bnote: " + pattern, tests) is not None


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

    expectations = read(root, "test/**/*.bl", "test/**/*.blasm", "test/**/*.blir", "test/**/*.test",
                        "test/Conformance/cases/*.jsonl", "unittests/**/*.cpp", "unittests/**/*.c")
    for table, macro, prefix in (("Diagnostics", "BL_DIAG", "diag::Id::"),
                                 ("Traps", "BL_TRAP", "TrapId::"),
                                 ("Errors", "BL_ERROR", "error::Id::")):
        for row in rows(lang / (table + ".def"), macro):
            shown = "BL%04d" % int(row[1]) in expectations or word(prefix + row[0], expectations)
            if table == "Diagnostics" and row[2] == "Note":
                shown = note(text_of(row[3]), expectations)
            yield table, row[0], shown

    library = read(root, "test/Runtime/*.bl")
    for row in rows(lang / "Builtins.def", "BL_BUILTIN"):
        yield "library function", row[0], word(row[0], library)

    bytecode = checks(read(root, *("test/%s/**/*" % stage for stage in ("BCGen", "Bytecode", "VM"))))
    if bytecode:
        for row in rows(root / "include/branchline/Bytecode/Opcodes.def", "BL_OP"):
            yield "opcode", row[0], word(text_of(row[1]), bytecode)

    if read(root, "test/Opt/**/*"):
        for row in rows(root / "include/branchline/Opt/Passes.def", "BL_PASS"):
            own = runs(read(root, "test/Opt/%s/*" % row[0]))
            yield "pass", row[0], re.search(r"--passes[ =]\S*(?<![\w-])%s(?![\w-])"
                                            % re.escape(text_of(row[1])), own) is not None


def problems(root, exceptions):
    """Yields a message for each row without a test and for each wrong exception."""
    found = set()
    for table, row, shown in tables(root):
        found.add((table, row))
        excepted = (table, row) in exceptions
        if not shown and not excepted:
            yield f"{table} `{row}`: no test shows it"
        elif shown and excepted:
            yield f"{table} `{row}`: a test shows it, so it is no exception"
    for table, row in exceptions:
        if (table, row) not in found:
            yield f"{table} `{row}`: an exception, but no row"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parent.parent)
    root = pathlib.Path(parser.parse_args().root)
    found = list(problems(root, EXCEPTIONS))
    print("".join(problem + "\n" for problem in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
