#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lets memory and the system fail under the program, one call at a time.

usage: check_faults.py OPSIG EXAMPLES PRELOAD [--points N] [--only memory|system] [--scenario NAME]
  EXAMPLES   folder with mine.csv, scan.csv and models
  PRELOAD    library that makes an allocation fail (tests/support/fail_malloc.c)
  --points N  at most so many failures a scenario, evenly spaced (default 40; 0: all)
exit status 77 (skipped): system calls cannot be made to fail (strace), and --only system

A scenario is a command with an output file, where something stands already. Whatever fails, once or
for good: the program ends by itself, with a status of its contract and a message, never by a
signal; at the target is what stood there or what is written without faults (the latter after a
success, and where the fault came behind the writing), unless inputs could not be read and the
output says so; nothing else is left behind.
"""

import argparse
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile

OLD = b"what stood there before\n"
STATUSES = {0, 2, 3, 4}
CALLS = ("openat", "write", "fsync", "close", "rename", "ftruncate", "fcntl", "flock", "pread64")
ERRORS = ("EIO", "ENOSPC")


def prepare(opsig, examples, folder):
    """Makes what scenarios read. @return scenarios by name: arguments, OUT stands for the output"""
    with open(os.path.join(examples, "mine.csv"), encoding="utf-8") as file:
        lines = file.readlines()
    manifest = os.path.join(folder, "small.csv")
    with open(manifest, "w", encoding="utf-8") as file:
        file.write(lines[0])
        for line in lines[1:]:
            if line.startswith("models/wide"):
                file.write(os.path.join(examples, line))
    few = os.path.join(folder, "few.csv")
    with open(manifest, encoding="utf-8") as file, open(few, "w", encoding="utf-8") as out:
        out.writelines(file.readlines()[:13])
    database = os.path.join(folder, "small.db")
    mine = ["mine", manifest, "--oracle", "torch_ort", "--correction", "bh", "--folds", "2", "-j", "1"]
    subprocess.run([opsig, *mine, "-o", database], check=True,
                   capture_output=True)
    text = os.path.join(folder, "small.txt")
    subprocess.run([opsig, "db", "export", database, "-o", text], check=True, capture_output=True)
    with open(text, encoding="utf-8") as file:
        identifier = re.search(r"^signature (\S+) significant", file.read(), re.M)[1]
    rules = os.path.join(folder, "small.rules")
    with open(rules, "w", encoding="utf-8") as file:
        file.write("rule r\n  title \"t\"\nmatch\n  a:Add|Mul|Relu\nwhere\n  rank(a.in0) > 1\n"
                   "report at a\nexample match\n  g (float[4,4] x) => (float y) { y = Add(x, x) }\n"
                   "end\n")
    models = [os.path.join(examples, line.split(",")[0]) for line in lines[1:4]]
    graph = subprocess.run([opsig, "inspect", "--format", "graphml", models[0]], check=True,
                           capture_output=True, text=True).stdout
    first = re.search(r'key="op_type">([^<]*)<', graph)[1] + "#0"
    scan = ["scan", "--no-config", "--no-default", "--db", database, "--rules", rules]
    return {
        "scan json": [*scan, "--fail-on", "never", "--format", "json", "-o", "OUT", models[0]],
        "scan html": [*scan, "--fail-on", "never", "--format", "html", "-o", "OUT", models[1]],
        "scan workers": [*scan, "--fail-on", "never", "-j", "2", "-o", "OUT", *models],
        "mine": [*mine, "-o", "OUT"],
        "hypothesis": ["hypothesis", few, "--oracle", "torch_ort", "--permutations", "9",
                       "--mode", "test", "--max-length", "3", "-j", "1", "--format", "html",
                       "-o", "OUT"],
        "coverage": ["coverage", "--length", "2-3", "--format", "json", "-o", "OUT",
                     "--reference", models[0], "--target", models[1]],
        "frequent": ["frequent", *models, "--min-support", "2", "-o", "OUT"],
        "inspect": ["inspect", "--format", "json", "-o", "OUT", models[0]],
        "inspect svg": ["inspect", "--format", "svg", "-o", "OUT", models[0]],
        "slice": ["slice", "--nodes", first, "--context", "2", "-o", "OUT", models[0]],
        "db export": ["db", "export", "-o", "OUT", database],
        "db import": ["db", "import", "-o", "OUT", text],
        "db list": ["db", "list", "--format", "json", "-o", "OUT", database],
        "db show": ["db", "show", "--format", "html", "-o", "OUT", database, identifier],
        "db diff": ["db", "diff", "--format", "json", "-o", "OUT", database, database],
        "db merge": ["db", "merge", "-o", "OUT", database, database],
        "db update": ["db", "update", "--oracle", "torch_ort", "-j", "1", "-o", "OUT", database, manifest],
        "rules explain": ["rules", "explain", "-o", "OUT", rules, "r"],
        "rules test": ["rules", "test", "--format", "json", "-o", "OUT", rules],
        "completion": ["completion", "bash", "-o", "OUT"],
    }


class Scenario:
    """A command and its output without faults."""

    def __init__(self, opsig, name, arguments, folder):
        self.name, self.folder = name, os.path.join(folder, "out")
        self.target = os.path.join(self.folder, "target")
        self.command = [opsig, *(self.target if a == "OUT" else a for a in arguments)]
        self.expected = os.path.join(folder, "expected")
        self.reset()
        result = self.run()
        if result.returncode != 0:
            raise SystemExit(f"check_faults: {name}: {result.stderr}")
        shutil.copy(self.target, self.expected)

    def reset(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)
        with open(self.target, "wb") as file:
            file.write(OLD)

    def run(self, prefix=(), environment=None):
        return subprocess.run([*prefix, *self.command], capture_output=True, text=True,
                              errors="replace", check=False, timeout=120, stdin=subprocess.DEVNULL,
                              env={**os.environ, **(environment or {})})

    def judge(self, result):
        """@return what is wrong, or None"""
        if result.returncode == 127 and "shared libraries" in result.stderr:
            return None  # the program had not begun
        if result.returncode not in STATUSES:
            return f"ends with {result.returncode}: {result.stderr[-200:]}"
        if sorted(os.listdir(self.folder)) != ["target"]:
            return f"leaves {sorted(os.listdir(self.folder))}"
        with open(self.target, "rb") as file:
            is_old = file.read() == OLD
        is_new = filecmp.cmp(self.target, self.expected, shallow=False)
        if result.returncode == 2 and not is_old:
            return f"ends with {result.returncode} but the target was changed"
        if result.returncode == 0 and not is_new:
            return "ends with 0 but the target is not what it should be"
        has_lost = result.returncode == 3 or ".onnx:" in result.stderr  # a worker counts for itself
        if not is_old and not is_new and not has_lost:
            return "leaves a target that is neither old nor new"
        if result.returncode != 0 and result.stderr.strip() == "":
            return f"ends with {result.returncode} without a word"
        return None


def spread(n, most):
    """1 ... n, or `most` of them."""
    if most == 0 or n <= most:
        return list(range(1, n + 1))
    return sorted({1 + i * (n - 1) // max(most - 1, 1) for i in range(most)})


def fail_memory(scenario, preload, most, folder):
    """@return number of failures tried, problems"""
    counter = os.path.join(folder, "count")
    environment = {"LD_PRELOAD": preload, "FAIL_MALLOC_COUNT": counter}
    scenario.reset()
    scenario.run(environment=environment)
    with open(counter, encoding="ascii") as file:
        n = int(file.read())
    problems, tried = [], 0
    for k in spread(n, most):
        for more in ({}, {"FAIL_MALLOC_FOR_GOOD": "1"}):
            scenario.reset()
            faults = {"LD_PRELOAD": preload, "FAIL_MALLOC_AT": str(k), **more}
            wrong = scenario.judge(scenario.run(environment=faults))
            tried += 1
            if wrong:
                problems.append(f"{scenario.name}: allocation {k}{' and on' if more else ''}: {wrong}")
    return tried, n, problems


def fail_system(scenario, call, error, most, folder):
    """@return number of failures tried, problems"""
    trace = os.path.join(folder, "trace")
    strace = ["strace", "-f", "-qq", "-o", trace, "-e", f"trace={call}"]
    scenario.reset()
    scenario.run(strace)
    with open(trace, encoding="utf-8", errors="replace") as file:
        n = sum(f" {call}(" in line for line in file)
    problems, points = [], spread(n, most)
    for k in points:
        scenario.reset()
        inject = ["-e", f"inject={call}:error={error}:when={k}"]
        wrong = scenario.judge(scenario.run([*strace, *inject]))
        if wrong:
            problems.append(f"{scenario.name}: {call} {k} fails with {error}: {wrong}")
    return len(points), problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("examples")
    parser.add_argument("preload")
    parser.add_argument("--points", type=int, default=40)
    parser.add_argument("--only", choices=["memory", "system"])
    parser.add_argument("--scenario", help="this one only")
    args = parser.parse_args()
    can_trace = shutil.which("strace") and subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", "inject=close:error=EIO:when=500", "true"],
        capture_output=True, check=False).returncode == 0
    if args.only == "system" and not can_trace:
        print("check_faults: skipped: strace is missing, or may not trace here")
        sys.exit(77)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        scenarios = prepare(args.opsig, os.path.realpath(args.examples), folder)
        for name, arguments in scenarios.items():
            if args.scenario not in (None, name):
                continue
            scenario = Scenario(args.opsig, name, arguments, folder)
            memory, n, calls = 0, 0, 0
            if args.only != "system" and name != "scan workers":
                memory, n, wrong = fail_memory(scenario, args.preload, args.points, folder)
                problems += wrong
            for call in CALLS if can_trace and args.only != "memory" else ():
                for error in ERRORS:
                    tried, wrong = fail_system(scenario, call, error, args.points, folder)
                    calls += tried
                    problems += wrong
            print(f"{name}: {memory} failures of {n} allocations, {calls} of system calls")
    for problem in problems[:60]:
        print(f"check_faults: {problem}")
    print(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
