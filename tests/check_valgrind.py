#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Has valgrind's memcheck watch a run of each command.

usage: check_valgrind.py OPSIG EXAMPLES PRELOAD
  EXAMPLES  folder with mine.csv, scan.csv and models
  PRELOAD   library that keeps workers from confining themselves (tests/support/no_confine.c)
exit status 77 (skipped): valgrind is missing

Every process of a run, workers too, reads and frees only what it may and leaves no memory behind,
and what the program writes is what it writes without valgrind. No report is suppressed.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from check_faults import prepare

# Without libc-freeres, which at the end of a worker would write what its parent had not yet written
# when it was forked. Possible leaks would be glibc's: stacks of threads that it keeps for the next.
MEMCHECK = ["valgrind", "--quiet", "--leak-check=full", "--run-libc-freeres=no",
            "--show-leak-kinds=definite,indirect", "--child-silent-after-fork=no"]
ROUNDED = {"mine"}  # whose numbers differ in the last digits: valgrind rounds long double to double


def scenarios(opsig, examples, folder):
    """@return arguments by name, OUT stands for the output"""
    found = prepare(opsig, examples, folder)
    corpus = os.path.join(folder, "small.csv")
    database = os.path.join(folder, "small.db")
    models = os.path.join(folder, "models")
    os.mkdir(models)
    for name in sorted(os.listdir(os.path.join(examples, "models")))[:3]:
        shutil.copy(os.path.join(examples, "models", name), models)
    whole = sorted(os.listdir(models))[0]
    with open(os.path.join(models, whole), "rb") as file:
        content = file.read()
    with open(os.path.join(models, "cut.onnx"), "wb") as file:
        file.write(content[:len(content) // 2])
    found |= {
        "scan sarif": ["scan", "--no-config", "--db", database, "--fail-on", "never",
                       "--format", "sarif", "-j", "1", "-o", "OUT", models],
        "hypothesis": ["hypothesis", corpus, "--oracle", "torch_ort", "--permutations", "9",
                       "--rewirings", "2", "-j", "2", "--format", "json", "-o", "OUT"],
        "coverage": ["coverage", "--reference", models, "--target", models, "-j", "2", "-o", "OUT"],
        "db show": ["db", "show", "-o", "OUT", database],
        "db info": ["db", "info", "-o", "OUT", database],
        "db diff": ["db", "diff", "-o", "OUT", database, database],
        "db merge": ["db", "merge", "-o", "OUT", database, database],
        "rules list": ["rules", "list", "-o", "OUT", os.path.join(folder, "small.rules")],
        "help": ["help", "mine"],
        "version": ["version"],
        "usage error": ["scan", "--no-such-option"],
    }
    return found


class Runner:
    """Runs scenarios in a folder."""

    def __init__(self, opsig, preload, folder):
        self.opsig, self.preload, self.folder = opsig, preload, folder

    def run(self, arguments, prefix=(), environment=None):
        """@return status, standard output, and what was written"""
        target = os.path.join(self.folder, "target")
        if os.path.exists(target):
            os.remove(target)
        result = subprocess.run(
            [*prefix, self.opsig, *(target if a == "OUT" else a for a in arguments)],
            capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=600,
            env={**os.environ, **(environment or {})})
        written = None
        if os.path.exists(target):
            with open(target, "rb") as file:
                written = file.read()
        return result.returncode, result.stdout, written

    def watch(self, name, arguments):
        """@return what is wrong"""
        expected = self.run(arguments)
        logs = tempfile.mkdtemp(dir=self.folder)
        prefix = [*MEMCHECK, f"--log-file={logs}/%p"]
        seen = self.run(arguments, prefix, {"LD_PRELOAD": self.preload})
        problems = []
        for what, without, under in zip(("status", "standard output", "written"), expected, seen):
            if under != without and (what == "status" or name not in ROUNDED):
                problems.append(f"{what} is {under!r:.2000}, without valgrind {without!r:.2000}")
        for log in sorted(os.listdir(logs)):
            with open(os.path.join(logs, log), encoding="utf-8", errors="replace") as file:
                problems += [file.read()] if os.path.getsize(file.name) > 0 else []
        return problems


def main():
    if shutil.which("valgrind") is None:
        print("check_valgrind: skipped: valgrind is missing")
        sys.exit(77)
    opsig, examples, preload = sys.argv[1:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(opsig, preload, folder)
        for name, arguments in scenarios(opsig, examples, folder).items():
            problems = runner.watch(name, arguments)
            failed += len(problems) > 0
            print(f"{name}: {len(problems)} problems", *problems[:5], sep="\n", flush=True)
    sys.exit(1 if failed else 0)


main()
