#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How often the tests of `opsig hypothesis --mode test` reject, on labels of which the truth is known.

usage: hypothesis_level.py OPSIG MANIFEST ORACLE [--labels KIND] [--repeat N] [--seed N]

The models and groups are those of the manifest that the oracle could judge; the labels are new in
each repetition:
  shuffled   the oracle's, in random order: no test should reject more often than its level
  planted    a model that holds one sequence A -> B is inconsistent with 80 % chance, another one
             with 10 %; sequences are drawn that a tenth to two fifths of the models hold, while
             as many have both operators and not the sequence
  operators  likewise with one operator, 60 % and 8 %: there is nothing to order
Prints for each test the share of repetitions with p <= 0.05, and the verdicts.
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import os
import random
import subprocess
import tempfile

import onnx

TESTS = {
    "sharing, mean of pairs": ("sharing", "excess"),
    "sharing, strongest sequence": ("sharing", "strongest", "difference"),
    "order, mean of pairs": ("order", "excess"),
    "order, strongest sequence": ("order", "strongest", "difference"),
    "gain over operators, within strata": ("prediction", "gain_over", "operators",
                                           "roc_auc_within"),
}


def read_manifest(path, oracle):
    folder = os.path.dirname(os.path.abspath(path))
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if row[oracle + "_status"] in ("consistent", "inconsistent")]
    return [(os.path.join(folder, row["path"]), row.get("group", ""),
             row[oracle + "_status"] == "inconsistent") for row in rows]


def features(path):
    """Operators of the main graph, and pairs of them that an edge joins."""
    graph = onnx.load(path, load_external_data=False).graph
    writer = {name: node.op_type for node in graph.node for name in node.output}
    pairs = {(writer[name], node.op_type) for node in graph.node for name in node.input
             if name in writer}
    return {node.op_type for node in graph.node if node.op_type != "Constant"}, pairs


def draw(kind, models, known, rng):
    """Labels, true for inconsistent, and what they depend on."""
    if kind == "shuffled":
        labels = [label for _, _, label in models]
        rng.shuffle(labels)
        return labels, ""
    n = len(models)
    held = collections.Counter()
    for operators, pairs in known:
        held.update(operators if kind == "operators" else pairs)
    choices = []
    for what in sorted(held):
        others = n if kind == "operators" else sum(
            set(what) <= operators and what not in pairs for operators, pairs in known)
        if 0.1 * n <= held[what] <= 0.4 * n and others >= 0.1 * n and "Constant" not in what:
            choices.append(what)
    what = rng.choice(choices)
    high, low = (0.6, 0.08) if kind == "operators" else (0.8, 0.1)
    labels = [rng.random() < (high if what in (o if kind == "operators" else p) else low)
              for o, p in known]
    return labels, what


def run(opsig, models, labels, seed):
    with tempfile.TemporaryDirectory() as folder:
        manifest = os.path.join(folder, "manifest.csv")
        with open(manifest, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["path", "group", "drawn_status"])
            for (path, group, _), label in zip(models, labels):
                writer.writerow([path, group, "inconsistent" if label else "consistent"])
        result = subprocess.run(
            [opsig, "hypothesis", "--mode", "test", "--oracle", "drawn", "--permutations", "199",
             "--rewirings", "20", "--seed", str(seed), "-j", "1", "--format", "json", manifest],
            check=True, capture_output=True, text=True)
    return json.loads(result.stdout)["test"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("manifest")
    parser.add_argument("oracle")
    parser.add_argument("--labels", choices=["shuffled", "planted", "operators"],
                        default="shuffled")
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    models = read_manifest(args.manifest, args.oracle)
    known = [features(path) for path, _, _ in models]
    rejected = collections.Counter()
    verdicts = collections.Counter()

    def one(i):
        rng = random.Random(f"{args.seed} {i}")
        labels, _ = draw(args.labels, models, known, rng)
        return run(args.opsig, models, labels, i + 1)

    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for test in pool.map(one, range(args.repeat)):
            verdicts[test["verdict"]] += 1
            for name, way in TESTS.items():
                value = test
                for key in way:
                    value = value[key]
                rejected[name] += value["p"] is not None and value["p"] <= 0.05
    print(f"{len(models)} models, labels {args.labels}, {args.repeat} repetitions")
    for name in TESTS:
        print(f"  {rejected[name] / args.repeat:6.3f}  {name}")
    print("  verdicts:", ", ".join(f"{n} {name}" for name, n in sorted(verdicts.items())))


if __name__ == "__main__":
    main()
