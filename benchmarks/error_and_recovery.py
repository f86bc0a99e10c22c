#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How often mining is wrong where there is nothing to find, and how often it finds what is there.

usage: error_and_recovery.py OPSIG [--repeat N] [--planted N] [--svg FILE] [-- MINE_OPTION...]

Each repetition is a corpus of its own: 30 inconsistent and 90 consistent models of 8 to 16 random
nodes, in two groups of unlike operators and unlike shares of inconsistent models.

Without a motif, labels are shuffled within the groups: the share of repetitions (--repeat) in which
any pattern of either kind is significant is the family-wise error rate.

With a motif, it is put into a known share of the inconsistent models and 2 % of the others: a chain
(Erf -> Atan -> Sinh) or a fork (Erf -> Atan and Erf -> Sinh of one Erf). All other models get the
same operators and the same edges, otherwise arranged, so that only the whole motif tells. Recovery
is the share of repetitions (--planted) in which a significant pattern holds the motif. Every share
has Wilson's 95 % interval; --svg draws them.
"""
import argparse
import concurrent.futures
import csv
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile

from onnx import TensorProto, helper

N_INCONSISTENT = {"first": 10, "second": 20}
N_CONSISTENT = {"first": 60, "second": 30}
OPERATORS = {"first": ["Relu", "Abs", "Neg", "Add", "Mul"],
             "second": ["Relu", "Tanh", "Exp", "Add", "Sub"]}
BINARY = {"Add", "Mul", "Sub"}
RATES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]
BACKGROUND = 0.02
# Operator and the place of its input among the added nodes; None: a random tensor of the model.
PLANTED = {"chain": [("Erf", None), ("Atan", 0), ("Sinh", 1), ("Atan", None)],
           "fork": [("Erf", None), ("Erf", None), ("Atan", 0), ("Sinh", 0)]}
OTHERS = {"chain": [("Erf", None), ("Atan", 0), ("Atan", None), ("Sinh", 2)],
          "fork": [("Erf", None), ("Erf", None), ("Atan", 0), ("Sinh", 1)]}


def make_model(group, added, rng):
    tensors, nodes = ["x"], []
    for i in range(rng.randint(8, 16)):
        op = rng.choice(OPERATORS[group])
        inputs = [rng.choice(tensors[-4:]) for _ in range(2 if op in BINARY else 1)]
        nodes.append(helper.make_node(op, inputs, [f"t{i}"]))
        tensors.append(f"t{i}")
    for i, (op, place) in enumerate(added):
        source = rng.choice(tensors) if place is None else f"m{place}"
        nodes.append(helper.make_node(op, [source], [f"m{i}"]))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [value("x", TensorProto.FLOAT, None)],
                              [value(tensors[-1], TensorProto.FLOAT, None)])
    return helper.make_model(graph)


def has_motif(motif, signature):
    """Does a pattern's text hold the motif? Names of vertices are letters."""
    text = re.sub(r"\{[^}]*\}", "", signature["pattern"])
    if "; " not in text:
        names = text.split(" -> ")
        edges = set(zip(enumerate(names), list(enumerate(names))[1:]))
    else:
        parts = text.split("; ")
        symbol = dict(part.split(":", 1) for part in parts if ":" in part)
        edges = {tuple((end, symbol[end]) for end in part.split(" -> "))
                 for part in parts if " -> " in part}
    if motif == "chain":
        return any(a[1] == "Erf" and b == c and b[1] == "Atan" and d[1] == "Sinh"
                   for a, b in edges for c, d in edges)
    return any(a == c and a[1] == "Erf" and b[1] == "Atan" and d[1] == "Sinh"
               for a, b in edges for c, d in edges)


def mine(opsig, options, motif, rate, seed):
    """One corpus. @return any significant pattern, one that holds the motif"""
    rng = random.Random(f"{motif} {rate} {seed}")
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for group, n_inconsistent in N_INCONSISTENT.items():
            labels = [1] * n_inconsistent + [0] * N_CONSISTENT[group]
            rng.shuffle(labels)
            for i, label in enumerate(labels):
                added = []
                if motif:
                    planted = rng.random() < (rate if label else BACKGROUND)
                    added = (PLANTED if planted else OTHERS)[motif]
                name = f"{group}{i}.onnx"
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(make_model(group, added, rng).SerializeToString())
                rows.append([name, group, "inconsistent" if label else "consistent"])
        manifest = os.path.join(folder, "manifest.csv")
        with open(manifest, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["path", "group", "known_status"], *rows])
        database = os.path.join(folder, "mined.db")
        result = subprocess.run(
            [opsig, "mine", manifest, "--strata", "group", "-o", database, "--format", "json",
             "--seed", str(seed), "-j", "1", "--quiet", *options],
            check=False, capture_output=True, text=True)
        if result.returncode not in (0, 3):
            sys.exit(result.stderr)
        found = json.loads(result.stdout)["tests"]["significant"] > 0
        listed = []
        if os.path.exists(database):
            listed = json.loads(subprocess.run(
                [opsig, "db", "list", database, "--format", "json"], check=True,
                capture_output=True, text=True).stdout)["signatures"]
    return found, motif is not None and any(has_motif(motif, one) for one in listed)


def wilson(hits, n):
    z = 1.959963984540054
    middle = (hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return middle - half, middle + half


def draw(path, curves, repeats):
    """Curves with intervals: name -> [(rate, hits)]."""
    left, top, width, height = 56, 20, 420, 240
    colours = {"fork": "#1b6ca8", "chain": "#b5541c"}

    def at(x, y):
        return f"{left + x / 0.65 * width:.1f} {top + (1 - y) * height:.1f}"

    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 310" '
           'font-family="sans-serif" font-size="12">', '<rect width="500" height="310" fill="#fff"/>']
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(0, tick).split()
        out.append(f'<path d="M{x} {y}h{width}" stroke="#ddd"/>'
                   f'<text x="{left - 6}" y="{float(y) + 4}" text-anchor="end">{tick:.2f}</text>')
    for tick in (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        x, y = at(tick, 0).split()
        out.append(f'<text x="{x}" y="{float(y) + 18}" text-anchor="middle">{tick:.1f}</text>')
    out.append('<text x="266" y="300" text-anchor="middle">share of inconsistent models with the '
               'motif</text><text transform="translate(14 140) rotate(-90)" text-anchor="middle">'
               'corpora in which it is found</text>')
    for i, (name, points) in enumerate(curves.items()):
        colour = colours[name]
        line = "L".join(at(rate, hits / repeats) for rate, hits in points)
        out.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for rate, hits in points:
            low, high = wilson(hits, repeats)
            out.append(f'<path d="M{at(rate, low)}L{at(rate, high)}" stroke="{colour}"/>')
        out.append(f'<text x="400" y="{200 + 18 * i}" fill="{colour}">{name}</text>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([*out, "</svg>", ""]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("--repeat", type=int, default=400)
    parser.add_argument("--planted", type=int, default=100)
    parser.add_argument("--svg")
    own, options = sys.argv[1:], []
    if "--" in own:
        cut = own.index("--")
        own, options = own[:cut], own[cut + 1:]
    args = parser.parse_args(own)
    with concurrent.futures.ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        def count(motif, rate, n, which):
            runs = [pool.submit(mine, args.opsig, options, motif, rate, seed)
                    for seed in range(1, n + 1)]
            return sum(run.result()[which] for run in runs)

        def tell(what, hits, n):
            low, high = wilson(hits, n)
            print(f"{what:24} {hits:4} of {n:4}  {hits / n:.3f}  [{low:.3f}, {high:.3f}]",
                  flush=True)

        tell("family-wise error", count(None, 0, args.repeat, 0), args.repeat)
        curves = {}
        for motif in PLANTED:
            curves[motif] = []
            for rate in RATES:
                hits = count(motif, rate, args.planted, 1)
                curves[motif].append((rate, hits))
                tell(f"{motif} in {rate:.2f}", hits, args.planted)
    if args.svg:
        draw(args.svg, curves, args.planted)


if __name__ == "__main__":
    main()
