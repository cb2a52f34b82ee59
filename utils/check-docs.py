#!/usr/bin/env python3
"""Runs the examples of the documentation, and checks what its pages refer to.

Covers README.md, CONTRIBUTING.md, docs/*.md and every README.md below examples/; generated pages
(docs/reference) are compared elsewhere. docs/Testing.md says how fenced blocks are written. Prints
one line per problem and exits with 1 if there is any.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TIMEOUT_SECONDS = 60
FENCE = re.compile(r"^( *)(```+)\s*(.*?)\s*$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Names of files and folders of this tree in running text: `lib/IR/Liveness.cpp`.
TREE_PATH = re.compile(
    r"`((?:lib|include|docs|test|unittests|utils|tools|cmake|fuzz|examples|benchmarks)/"
    r"[\w./+-]*)`"
)
ARROW = " → "


class Block:
    """One fenced block: its info string, the line of its fence, and its text."""

    def __init__(self, info, line, text):
        self.info, self.line, self.text = info, line, text
        words = info.split()
        self.kind = words[0] if words else ""
        self.words = [w for w in words[1:] if "=" not in w]
        self.options = dict(w.split("=", 1) for w in words[1:] if "=" in w)


def split_page(text):
    """The blocks of a page, and its lines with the blocks left out."""
    blocks, prose, fence, start, body = [], [], None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if fence is None and match:
            fence, start, body = match, number, []
        elif fence is not None and line.strip() == fence.group(2):
            blocks.append(Block(fence.group(3), start, "".join(b + "\n" for b in body)))
            fence = None
        elif fence is not None:
            body.append(line.removeprefix(fence.group(1)))
        else:
            prose.append((number, line))
    if fence is not None:
        blocks.append(Block("unclosed", start, ""))
    return blocks, prose


def anchors_of(path):
    """What `#…` in a link to a page may say: its headings in lower case, blanks as dashes."""
    _, prose = split_page(path.read_text(encoding="utf-8"))
    headings = [line.lstrip("#").strip() for _, line in prose if line.startswith("#")]
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


def read_json(text):
    """A JSON text as a value that tells numbers by their digits and objects by their order."""
    return json.loads(
        text, parse_int=lambda t: ("number", t), parse_float=lambda t: ("number", t),
        object_pairs_hook=lambda pairs: ("object", pairs),
    )


class Page:
    def __init__(self, root, path, blc, folder):
        self.root, self.path, self.blc, self.folder = root, path, blc, folder
        self.problems = []
        self.runs = 0
        self.blocks, self.prose = split_page(path.read_text(encoding="utf-8"))

    def report(self, line, message):
        self.problems.append(f"{self.path.relative_to(self.root)}:{line}: {message}")

    def check(self):
        at = 0
        while at < len(self.blocks):
            at += self.check_block(at)
        self.check_files_are_used()
        for number, line in self.prose:
            self.check_references(number, line)
        return self.problems

    # --- Blocks: each check returns how many blocks it used -----------------------------------

    def check_block(self, at):
        block = self.blocks[at]
        if "file" in block.options and block.kind in ("bl", "json", "text", "blir"):
            (self.folder / block.options["file"]).write_text(block.text, encoding="utf-8")
            if block.kind != "bl":
                return 1
        if block.kind == "bl" and block.words == ["expressions"]:
            return self.check_expressions(block)
        if block.kind == "bl":
            return self.check_program(at)
        if block.kind == "console":
            return self.check_console(block)
        if block.kind == "cpp" and len(block.words) == 1:
            return self.check_quote(block)
        if block.kind in ("sh", "text") and not block.words:
            return 1
        self.report(block.line, f"unknown kind of block `{block.info}` (docs/Testing.md)")
        return 1

    def run(self, arguments):
        self.runs += 1
        return subprocess.run(
            [str(self.blc), *arguments], cwd=self.folder, capture_output=True, text=True,
            encoding="utf-8", timeout=TIMEOUT_SECONDS, check=False,
        )

    def check_program(self, at):
        block, used = self.blocks[at], 1
        name = block.options.get("file", "example.bl")
        (self.folder / name).write_text(block.text, encoding="utf-8")
        arguments = ["run", name]
        following = self.blocks[at + 1:at + 3]
        if following and following[0].info == "json input":
            (self.folder / "input.json").write_text(following[0].text, encoding="utf-8")
            arguments += ["--input", "input.json"]
            following, used = following[1:], used + 1
        if "file" in block.options and (not following or "output" not in following[0].info):
            return used  # a console block runs it
        if not following or following[0].info not in ("json output", "text error"):
            self.report(block.line, "a program without a `json output` or `text error` block")
            return used
        wanted = following[0]
        result = self.run(arguments)
        if wanted.info == "text error":
            if result.returncode == 0:
                self.report(wanted.line, "the program does not fail")
            elif result.stderr != wanted.text:
                self.report(wanted.line, f"the message is\n{result.stderr}")
        elif result.returncode != 0:
            self.report(block.line, f"exit status {result.returncode}\n{result.stderr}")
        elif read_json(result.stdout) != read_json(wanted.text):
            self.report(wanted.line, f"the output is\n{result.stdout}")
        return used + 1

    def check_expressions(self, block):
        """Each line is `EXPRESSION → JSON` or `EXPRESSION → error MESSAGE`; all run as one program."""
        fields, wanted = [], []
        for offset, line in enumerate(block.text.splitlines(), 1):
            if not line.strip():
                continue
            expression, arrow, value = line.rpartition(ARROW)
            if not arrow:
                self.report(block.line + offset, f"no `{ARROW.strip()}` in this line")
                return 1
            fails = value.startswith("error ")
            value = value.removeprefix("error ").strip()
            wanted.append((block.line + offset, fails, value))
            fields.append(
                f"[TRY {{ value: ({expression.strip()}) }} CATCH(e) -> {{ error: e.message }}]"
            )
        program = "OUTPUT { results: [\n" + ",\n".join(fields) + "\n] }\n"
        (self.folder / "expressions.bl").write_text(program, encoding="utf-8")
        result = self.run(["run", "expressions.bl"])
        if result.returncode != 0:
            self.report(block.line, f"exit status {result.returncode}\n{result.stderr}")
            return 1
        results = read_json(result.stdout)[1][0][1]
        for (line, fails, value), [(_, [(key, found)])] in zip(wanted, results):
            if (key == "error") != fails:
                self.report(line, f"the {key} is {found!r}")
            elif found != (value if fails else read_json(value)):
                self.report(line, f"the {key} is {found!r}")
        return 1

    def check_console(self, block):
        """`$ COMMAND` lines, each followed by what it prints to both streams."""
        steps = []
        for line in block.text.splitlines():
            if line.startswith("$ "):
                steps.append([line[2:], ""])
            elif steps:
                steps[-1][1] += line + "\n"
            else:
                self.report(block.line, "a console block starts with `$ COMMAND`")
                return 1
        environment = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC")
        environment["PATH"] = f"{self.blc.parent}{os.pathsep}{environment.get('PATH', '')}"
        for command, expected in steps:
            self.runs += 1
            result = subprocess.run(
                ["sh", "-c", command], cwd=self.folder, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, env=environment, timeout=TIMEOUT_SECONDS, check=False,
            )
            printed = result.stdout.decode(errors="replace")
            if printed.rstrip("\n") != expected.rstrip("\n"):
                self.report(block.line, f"`{command}` prints\n{printed}")
        return 1

    def check_quote(self, block):
        """A C++ block names the file it quotes; a line `…` stands for lines left out."""
        source = self.root / block.words[0]
        if not source.is_file():
            self.report(block.line, f"no file `{block.words[0]}`")
            return 1
        lines = [line.strip() for line in source.read_text(encoding="utf-8").splitlines()]
        at = 0
        for part in re.split(r"^\s*…\s*$", block.text, flags=re.MULTILINE):
            wanted = [line.strip() for line in part.strip().splitlines()]
            found = next((i for i in range(at, len(lines) - len(wanted) + 1)
                          if lines[i:i + len(wanted)] == wanted), None)
            if found is None:
                self.report(block.line, f"`{block.words[0]}` does not contain\n{part.strip()}")
                return 1
            at = found + len(wanted)
        return 1

    # --- References ------------------------------------------------------------------------------

    def check_files_are_used(self):
        """A file that no command names would not be tested."""
        commands = "".join(block.text for block in self.blocks if block.kind == "console")
        for at, block in enumerate(self.blocks):
            name = block.options.get("file")
            after = self.blocks[at + 1:at + 3]
            if name and name not in commands and not any("output" in b.info for b in after):
                self.report(block.line, f"no console block uses `{name}`")

    def check_references(self, number, line):
        for target in LINK.findall(line):
            name, _, anchor = target.partition("#")
            if "://" in target:
                continue
            page = self.path.parent / name if name else self.path
            if not page.exists():
                self.report(number, f"the link leads nowhere: {target}")
            elif anchor and anchor not in anchors_of(page):
                self.report(number, f"no such heading: {target}")
        for name in TREE_PATH.findall(line):
            if not (self.root / name).exists():
                self.report(number, f"no such file or folder: {name}")


def pages_of(root):
    pages = [root / "README.md", root / "CONTRIBUTING.md"]
    pages += sorted((root / "docs").glob("*.md"))
    pages += sorted((root / "examples").rglob("README.md"))
    return [page for page in pages if page.is_file()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blc", type=Path, required=True, help="the driver to run")
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).resolve().parent.parent,
        help="the source tree whose pages to check (default: the one this script is in)",
    )
    parser.add_argument("pages", nargs="*", type=Path, help="only these pages")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    failed, runs = False, 0
    for path in [p.resolve() for p in arguments.pages] or pages_of(root):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "examples").symlink_to(root / "examples")
            page = Page(root, path, arguments.blc.resolve(), Path(folder))
            for problem in page.check():
                print(problem)
                failed = True
            runs += page.runs
    print(f"{runs} programs and commands run")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
