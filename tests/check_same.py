#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs all commands under many circumstances, and compares one hash over all outputs.

usage: check_same.py OPSIG EXAMPLES PATTERNS [--full]
  EXAMPLES    folder with mine.csv and models
  PATTERNS    folder of rules
  --full      all combinations; else each circumstance in turn

Circumstances: one, two and eight workers; the locales C, C.UTF-8, and two with a decimal comma, one
of them Turkish (made by localedef, where it is there); two time zones; two working folders, which
were filled in other orders; paths in another order where order has no meaning (a scan reports in the
order of its arguments); another umask and home. They may change no byte of any output.
"""

import argparse
import csv
import hashlib
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile

LOCALES = {"de_DE.UTF-8": "de_DE", "tr_TR.UTF-8": "tr_TR"}


def make_locales(folder):
    """@return names of the locales that there are"""
    made = []
    for name, source in LOCALES.items():
        try:
            path = os.path.join(folder, name)
            done = subprocess.run(["localedef", "-i", source, "-f", "UTF-8", path],
                                  capture_output=True, check=False)
        except FileNotFoundError:
            break
        if done.returncode == 0:
            made.append(name)
    return made


def fill(folder, args, dice):
    """Copies models and rules in another order each time."""
    os.makedirs(os.path.join(folder, "models"))
    manifest = shutil.copy(os.path.join(args.examples, "mine.csv"), folder)
    with open(manifest, newline="", encoding="utf-8") as file:
        paths = [row["path"] for row in csv.DictReader(file)]
    for path in dice.sample(paths, len(paths)):
        shutil.copyfile(os.path.join(args.examples, path), os.path.join(folder, path))
    shutil.copytree(args.patterns, os.path.join(folder, "patterns"))
    return paths


def commands(paths, jobs):
    """All commands, with PATHS for models whose order has no meaning."""
    work = ["-j", str(jobs)]
    mine = ["mine.csv", "--oracle", "torch_ort", *work]
    scan = ["scan", "--db", "mined.db", "--rules", "patterns", "--fail-on", "never", *work]
    return [
        ["mine", *mine, "--permutations", "100", "-o", "mined.db"],
        *([*scan, "-f", f, "models"]
          for f in ("text", "json", "sarif", "junit", "markdown", "csv", "html")),
        ["hypothesis", *mine, "--permutations", "9", "--rewirings", "2", "--max-paths", "300",
         "--tolerances", "none", "-f", "json"],
        *(["frequent", "--kind", kind, "--min-support", "30%", *work, "-f", f, "PATHS"]
          for kind in ("sequence", "subgraph") for f in ("text", "json", "gspan")),
        *(["coverage", "--reference", paths[0], "--target", "models", *work, "-f", f]
          for f in ("text", "json")),
        *(["inspect", *work, "-f", f, "models"] for f in ("json", "html")),
        *(["inspect", "-f", f, paths[0]] for f in ("svg", "dot", "graphml")),
        *(["db", action, "-f", f, "mined.db"]
          for action in ("info", "list") for f in ("text", "json")),
        ["db", "export", "mined.db", "-o", "mined.txt"],
        ["db", "import", "mined.txt", "patterns", "-o", "both.db"],
        ["db", "update", "mined.db", *mine, "-o", "updated.db"],
        ["db", "diff", "-f", "json", "mined.db", "both.db"],
        *(["rules", action, "-f", f, "patterns"] for action in ("check", "list", "test")
          for f in ("text", "json")),
    ]


def run_all(opsig, folder, paths, environment, jobs, umask, order):
    """@return a hash for each command: of its status, output and the files that it wrote"""
    hashes = {}
    for command in commands(paths, jobs):
        arguments = [word for part in command for word in (order if part == "PATHS" else [part])]
        out = command[command.index("-o") + 1] if "-o" in command else None
        with subprocess.Popen([opsig, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=folder, env=environment, umask=umask) as child:
            output, errors = child.communicate()
        total = hashlib.sha256(b"%d\n" % child.returncode + output + b"\n" + errors)
        if out is not None:
            with open(os.path.join(folder, out), "rb") as file:
                total.update(file.read())
        name = " ".join(command).replace(f" -j {jobs}", "")
        hashes[name] = total.hexdigest()
        if child.returncode not in (0, 1, 3):
            sys.exit(f"check_same: {name}: ends with {child.returncode}: {errors.decode()[:300]}")
    return hashes


def circumstances(folders, locales, full):
    """Workers, locale, time zone, folder, whether to shuffle paths, umask."""
    axes = [(1, 2, 8), ("C", "C.UTF-8", *locales), ("UTC", "America/St_Johns"), folders, (False, True),
            (0o022, 0o077)]
    if full:
        return list(itertools.product(*axes))
    longest = max(map(len, axes))
    return [tuple(axis[i % len(axis)] for axis in axes) for i in range(longest + 1)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("examples")
    parser.add_argument("patterns")
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    dice = random.Random(1)
    problems, first = [], None
    with tempfile.TemporaryDirectory() as base:
        locales = make_locales(base)
        folders = [os.path.join(base, name) for name in ("a", "a longer name/of a folder")]
        for folder in folders:
            paths = fill(folder, args, dice)
        table = circumstances(folders, locales, args.full)
        for jobs, locale, zone, folder, shuffled, umask in table:
            environment = {"LC_ALL": locale, "LANG": locale, "LOCPATH": base, "TZ": zone,
                           "PATH": os.environ["PATH"], "HOME": folder if shuffled else "/nonexistent"}
            order = dice.sample(paths, len(paths)) if shuffled else paths
            hashes = run_all(args.opsig, folder, paths, environment, jobs, umask, order)
            first = first or hashes
            problems += [f"-j {jobs}, {locale}, {zone}, {os.path.basename(folder)}, "
                         f"{'other' if shuffled else 'same'} order: {name}"
                         for name in hashes if hashes[name] != first[name]]
    one = hashlib.sha256("".join(first.values()).encode()).hexdigest()
    print(f"{len(table)} circumstances, {len(first)} commands, locales C, C.UTF-8, "
          f"{', '.join(locales) or 'no others, as localedef is missing'}; hash {one[:16]}; "
          f"{len(problems)} problems")
    for problem in problems[:40]:
        print(f"check_same: differs under {problem}")
    sys.exit(1 if problems else 0)


main()
