#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes small.gspan, random graphs, and small.csv, how many subgraphs of them are frequent: by
listing every connected set of edges of every graph and comparing them under all orders of their
vertices. Needs nothing but Python.

usage: reference.py (writes beside itself)
"""
import csv
import itertools
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
MAX_EDGES = 4


def random_graph(rng):
    n = rng.randint(5, 8)
    labels = [rng.choice("AAB") for _ in range(n)]
    edges = set()
    while len(edges) < n + 2:
        a, b = rng.sample(range(n), 2)
        edges.add((a, b, rng.choice((0, 0, 0, 7))))
    return labels, sorted(edges)


def name(labels, edges, undirected):
    """The same for equal subgraphs and no others."""
    vertices = sorted({v for edge in edges for v in edge[:2]}, key=lambda v: labels[v])
    classes = [list(c) for _, c in itertools.groupby(vertices, key=lambda v: labels[v])]
    best = None
    for parts in itertools.product(*[itertools.permutations(c) for c in classes]):
        order = [v for part in parts for v in part]
        place = {v: i for i, v in enumerate(order)}
        ends = [(place[a], place[b], label) for a, b, label in edges]
        if undirected:
            ends = [(min(a, b), max(a, b), label) for a, b, label in ends]
        candidate = (tuple(labels[v] for v in order), tuple(sorted(ends)))
        best = candidate if best is None else min(best, candidate)
    return best


def connected(edges):
    seen, grown = {edges[0][0]}, True
    while grown:
        grown = False
        for a, b, _ in edges:
            if (a in seen) != (b in seen):
                seen |= {a, b}
                grown = True
    return all(a in seen for a, _, _ in edges)


def mine(graphs, undirected):
    """Graphs that hold each pattern, and the patterns with one edge more around each."""
    holders, larger = {}, {}
    for number, (labels, edges) in enumerate(graphs):
        if undirected:
            edges = sorted({(min(a, b), max(a, b), label) for a, b, label in edges})
        for label in labels:
            holders.setdefault(((label,), ()), set()).add(number)
        for size in range(1, MAX_EDGES + 2):
            for subset in itertools.combinations(edges, size):
                if not connected(subset):
                    continue
                whole = name(labels, subset, undirected)
                holders.setdefault(whole, set()).add(number)
                parts = [subset[:i] + subset[i + 1:] for i in range(size)]
                names = {name(labels, p, undirected) for p in parts if p and connected(p)}
                if size == 1:
                    names = {((labels[v],), ()) for v in subset[0][:2]}
                for part in names:
                    larger.setdefault(part, set()).add(whole)
    return holders, larger


def main():
    rng = random.Random(20240607)
    graphs = [random_graph(rng) for _ in range(12)]
    with open(HERE / "small.gspan", "w", encoding="ascii") as out:
        for number, (labels, edges) in enumerate(graphs):
            out.write(f"t # {number}\n")
            out.writelines(f"v {v} {label}\n" for v, label in enumerate(labels))
            out.writelines(f"e {a} {b} {label}\n" for a, b, label in edges)
        out.write("t # -1\n")
    with open(HERE / "small.csv", "w", encoding="ascii", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["dataset", "directed", "minsup_graphs", "max_edges",
                       "frequent_incl_single_vertices", "frequent_excl_single_vertices",
                       "closed_excl_single_vertices"])
        for undirected in (False, True):
            holders, larger = mine(graphs, undirected)
            for support in (2, 3, 5, 8):
                frequent = [p for p in holders
                            if len(holders[p]) >= support and len(p[1]) <= MAX_EDGES]
                edged = [p for p in frequent if p[1]]
                closed = [p for p in edged if all(len(holders[q]) < len(holders[p])
                                                  for q in larger.get(p, ()))]
                rows.writerow(["small", int(not undirected), support, MAX_EDGES, len(frequent),
                               len(edged), len(closed)])


if __name__ == "__main__":
    main()
