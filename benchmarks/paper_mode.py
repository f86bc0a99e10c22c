#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Paper mode beside difflib, on the same models, in one run.

usage: paper_mode.py OPSIG MANIFEST ORACLE [MAX_PATHS [MODELS]]

Takes the models of a manifest with at most MAX_PATHS distinct path strings (default 40), MODELS of
them at most (default 120), has difflib match every pair of distinct strings as
tests/paper_reference.py does, and opsig do all of its work, loading included. Checks that both found
the same, and prints pairs of distinct strings a second.
"""
import csv
import importlib.util
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location(
    "paper_reference", os.path.join(HERE, "..", "tests", "paper_reference.py"))
REFERENCE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(REFERENCE)


def choose(manifest, oracle, max_paths, n_models):
    """Rows (path, status, strings) of models that are small enough to list their paths."""
    folder = os.path.dirname(os.path.abspath(manifest))
    rows = []
    for row in csv.DictReader(open(manifest, newline="", encoding="utf-8")):
        path, status = os.path.join(folder, row["path"]), row[oracle + "_status"]
        if status not in ("consistent", "inconsistent") or "torchvision" in path:
            continue
        if os.path.getsize(path) < 20000 and len(rows) < n_models:
            strings = REFERENCE.read_model(path)[0]
            if len(strings) <= max_paths:
                rows.append((path, status, strings))
    return rows


def by_difflib(rows):
    bad = [s for _, status, s in rows if status == "inconsistent"]
    good = [s for _, status, s in rows if status == "consistent"]
    pairs, totals = 0, [0, 0]
    start = time.perf_counter()
    for which, couples in enumerate((itertools.combinations(bad, 2), itertools.product(bad, good))):
        for a, b in couples:
            pairs += len(a) * len(b)
            totals[which] += len(REFERENCE.blocks_of(a, b))
    return pairs, totals, time.perf_counter() - start


def by_opsig(program, rows, oracle, rounds=5):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(f"path,{oracle}_status\n" + "".join(f"{p},{s}\n" for p, s, _ in rows))
        file.flush()
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            out = subprocess.run([program, "hypothesis", file.name, "--mode", "paper", "--oracle",
                                  oracle, "--permutations", "0", "--format", "json", "-j", "1"],
                                 check=True, capture_output=True).stdout
            times.append(time.perf_counter() - start)
    sets = json.loads(out)["sets"]
    return [sets["1"]["total"], sets["2"]["total"]], sorted(times)[rounds // 2]


def main():
    program, manifest, oracle = sys.argv[1:4]
    max_paths, n_models = (int(a) for a in (sys.argv[4:6] + ["40", "120"][len(sys.argv) - 4:]))
    rows = choose(manifest, oracle, max_paths, n_models)
    pairs, totals, slow = by_difflib(rows)
    found, fast = by_opsig(program, rows, oracle)
    if found != totals:
        sys.exit(f"they differ: difflib found {totals}, opsig {found}")
    print(f"{len(rows)} models, {pairs} pairs of distinct strings, "
          f"{sum(totals)} shared blocks by both")
    print(f"difflib  {slow:9.3f} s  {pairs / slow:14.0f} pairs a second")
    print(f"opsig    {fast:9.3f} s  {pairs / fast:14.0f} pairs a second, {slow / fast:.0f} times")


if __name__ == "__main__":
    main()
