#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the documentation against the tree and the program.

usage: check_docs.py OPSIG SOURCE_DIR

Links in Markdown files lead to files and headings that are there. What stands behind "$ opsig" in
the pages of SESSIONS is run, in a folder with the examples; what follows must be what it prints,
where a line "…" stands for any lines, and [N] for the exit status, which is 0 where it is not told.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SESSIONS = ["README.md", "docs/quick-start.md", "docs/build-a-database.md"]
SKIPPED_FOLDERS = {".git", "build"}


def pages(source):
    for folder, names, files in os.walk(source):
        names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if name.endswith(".md"):
                yield pathlib.Path(folder, name)


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def anchors(page):
    """Of headings, as forges make them."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def check_links(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        if not path.exists():
            yield f"{page}: {target} is not there"
        elif anchor and path.suffix == ".md" and anchor not in anchors(path):
            yield f"{page}: {target} has no such heading"


def commands(text):
    """Each command of a page, with the lines that are printed and the exit status."""
    for block in re.findall(r"^```\n(.*?)^```", text, flags=re.M | re.S):
        found = re.split(r"^\$ ", block, flags=re.M)[1:]
        for session in found:
            command, *lines = session.splitlines()
            status = 0
            if lines and re.fullmatch(r"\[\d+\]", lines[-1]):
                status = int(lines.pop()[1:-1])
            yield command, lines, status


def mismatch(expected, printed):
    """The first expected line that is not where it should be; None: all are."""
    at, anywhere = 0, False
    for line in expected:
        if line.strip() == "…":
            anywhere = True
            continue
        line = re.escape(line).replace("…", ".*")
        places = range(at, len(printed) if anywhere else min(at + 1, len(printed)))
        at = next((i + 1 for i in places if re.fullmatch(line, printed[i])), 0)
        if at == 0:
            return line
        anywhere = False
    return None


def prepare(folder, source):
    (folder / "examples").symlink_to(source / "examples")
    (folder / "patterns").symlink_to(source / "patterns")
    (folder / "models").symlink_to(source / "examples/corpus/models")
    (folder / "tests").symlink_to(source / "examples/corpus/models")
    (folder / "model.onnx").symlink_to(source / "examples/corpus/models/wide-001609.onnx")


def check_session(page, opsig, source):
    environment = dict(os.environ, PATH=f"{opsig.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
    with tempfile.TemporaryDirectory() as name:
        prepare(pathlib.Path(name), source)
        n = 0
        for command, lines, status in commands((source / page).read_text(encoding="utf-8")):
            n += 1
            done = subprocess.run(["bash", "-c", command], cwd=name,
                                  env=environment, capture_output=True, timeout=600, check=False,
                                  text=True, stdin=subprocess.DEVNULL)
            wrong = mismatch(lines, (done.stdout + done.stderr).splitlines()) if lines else None
            if wrong is not None or done.returncode != status:
                yield f"{page}: $ {command}: status {done.returncode}, not found: {wrong}\n{done.stderr}"
        if n == 0:
            yield f"{page}: no command in it"


def main():
    opsig, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    problems = [p for page in pages(source) for p in check_links(page)]
    for page in SESSIONS:
        problems += check_session(page, opsig, source)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"docs: {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
