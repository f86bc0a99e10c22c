#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges mining from outside: mines k-1 folds of a manifest and scans the k-th with the program.

usage: cross_validate.py OPSIG MANIFEST ORACLE [--folds K] [--seeds N] [-- MINE_OPTION...]

For each seed a line, then their mean: ROC AUC and average precision of the risk, the share of
inconsistent models among the 30 riskiest, precision and recall at a risk of one half, how often the
culprit's operator (column ORACLE_culprit, else culprit) is among the matched nodes of the first
finding, of one of the first three and of any, and the mean length of the first finding's pattern. Nothing of a model that is
judged is seen by the mining that judges it.
"""
import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile

COLUMNS = ["roc_auc", "avg_prec", "top30", "precision", "recall", "first", "three", "any", "length"]


def read_manifest(path, oracle):
    """path -> (inconsistent, culprit) of the models that the oracle could judge."""
    folder = os.path.dirname(os.path.abspath(path))
    models = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            status = row[oracle + "_status"]
            if status in ("consistent", "inconsistent"):
                culprit = row.get(oracle + "_culprit") or row.get("culprit") or ""
                models[os.path.join(folder, row["path"])] = (status == "inconsistent", culprit)
    return models


def assign_folds(models, folds, seed):
    """path -> fold; each label is spread evenly."""
    paths = sorted(models)
    random.Random(seed).shuffle(paths)
    fold = {}
    for label in (False, True):
        for i, path in enumerate(p for p in paths if models[p][0] == label):
            fold[path] = i % folds
    return fold


def mine_and_scan(args, models, fold, k, folder):
    manifest = os.path.join(folder, "mine.csv")
    database = os.path.join(folder, "fold.db")
    with open(manifest, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["path", args.oracle + "_status"])
        for path in sorted(models):
            if fold[path] != k:
                writer.writerow([path, "inconsistent" if models[path][0] else "consistent"])
    subprocess.run([args.opsig, "mine", manifest, "--oracle", args.oracle, "-o", database,
                    *args.mine_options], check=True, stdout=subprocess.DEVNULL)
    held_out = "\n".join(p for p in sorted(models) if fold[p] == k)
    scan = subprocess.run([args.opsig, "scan", "--db", database, "--fail-on", "never",
                           "--format", "json", "--files-from", "-"], check=True, text=True,
                          input=held_out + "\n", stdout=subprocess.PIPE)
    return json.loads(scan.stdout)["models"]


def operators(finding):
    """Of `Pad -> Relu` or `a:Concat{axis=2}; b:Slice; b -> a`: operators without attributes."""
    symbols = finding["pattern"].split(" -> ")
    if finding["kind"] == "subgraph":
        parts = finding["pattern"].split("; ")
        symbols = [part.split(":", 1)[1] for part in parts if re.match(r"[a-z0-9]+:", part)]
    return [symbol.strip().strip('"').split("{")[0] for symbol in symbols]


def roc_auc(scored):
    """Mann and Whitney's statistic, ties half."""
    ordered = sorted(scored)
    rank_sum = i = 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j][0] == ordered[i][0]:
            j += 1
        rank_sum += sum(label for _, label in ordered[i:j]) * (i + 1 + j) / 2
        i = j
    positives = sum(label for _, label in scored)
    pairs = positives * (len(scored) - positives)
    return (rank_sum - positives * (positives + 1) / 2) / pairs


def average_precision(scored):
    """Sum of precision times gained recall over falling thresholds; ties are one step."""
    ordered = sorted(scored, key=lambda pair: -pair[0])
    positives = sum(label for _, label in scored)
    hits = total = i = 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j][0] == ordered[i][0]:
            j += 1
        gained = sum(label for _, label in ordered[i:j])
        hits += gained
        total += hits / j * gained / positives
        i = j
    return total


def judge(models, scanned):
    scored, lengths = [], []
    known = first = three = anywhere = 0
    for model in scanned:
        inconsistent, culprit = models[model["path"]]
        scored.append((model["risk"] if model["risk"] is not None else 0.5, inconsistent))
        if inconsistent and culprit:
            named = [culprit in operators(finding) for finding in model["findings"]]
            known += 1
            first += named[:1] == [True]
            three += any(named[:3])
            anywhere += any(named)
            lengths += [len(operators(finding)) for finding in model["findings"][:1]]
    top = sorted(scored, key=lambda pair: -pair[0])[:30]
    flagged = [label for risk, label in scored if risk >= 0.5]
    positives = sum(label for _, label in scored)
    return [roc_auc(scored), average_precision(scored), sum(label for _, label in top) / len(top),
            sum(flagged) / max(1, len(flagged)), sum(flagged) / positives,
            first / max(1, known), three / max(1, known), anywhere / max(1, known),
            sum(lengths) / max(1, len(lengths))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("opsig")
    parser.add_argument("manifest")
    parser.add_argument("oracle")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    own, mine_options = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, mine_options = own[:cut], own[cut + 1:]
    args = parser.parse_args(own)
    args.mine_options = mine_options
    models = read_manifest(args.manifest, args.oracle)
    print(f"{len(models)} models, {sum(label for label, _ in models.values())} inconsistent")
    print("seed  " + "  ".join(f"{name:>9}" for name in COLUMNS))
    rows = []
    for seed in range(args.seeds):
        fold = assign_folds(models, args.folds, seed)
        with tempfile.TemporaryDirectory() as folder:
            scanned = [model for k in range(args.folds)
                       for model in mine_and_scan(args, models, fold, k, folder)]
        rows.append(judge(models, scanned))
        print(f"{seed:4}  " + "  ".join(f"{value:9.3f}" for value in rows[-1]))
    means = [sum(column) / len(column) for column in zip(*rows)]
    print("mean  " + "  ".join(f"{value:9.3f}" for value in means))


if __name__ == "__main__":
    main()
