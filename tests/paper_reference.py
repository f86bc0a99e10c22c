#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Paper mode once more, written apart from the library: python3-onnx, networkx and difflib.

usage: paper_reference.py MANIFEST ORACLE [TESTS_MANIFEST]

Prints the JSON of `opsig hypothesis --mode paper` without what permuted labels give. Exit status 77
where a Python package is missing. For small models only: every pair of distinct strings is matched.
"""
import collections
import csv
import difflib
import itertools
import json
import os
import sys

try:
    import networkx
    import onnx
except ImportError:
    print("skipped: python3-onnx or python3-networkx is missing")
    sys.exit(77)

ENDS = ("input", "output")


def symbol(node):
    domain = node.domain if node.domain != "ai.onnx" else ""
    return f"{domain}::{node.op_type}" if domain else node.op_type


def read_model(path):
    """Strings of all paths with their number, and the operators."""
    graph = onnx.load(path, load_external_data=False).graph
    given = {i.name for i in graph.input} - {i.name for i in graph.initializer}
    net = networkx.DiGraph()
    net.add_nodes_from(range(len(graph.node)))
    writer = {out: n for n, node in enumerate(graph.node) for out in node.output if out}
    for n, node in enumerate(graph.node):
        for name in node.input:
            if name in writer:
                net.add_edge(writer[name], n)
            elif name in given:
                net.add_edge(("input", name), n)
    for result in graph.output:
        if result.name in writer:
            net.add_edge(writer[result.name], ("output", result.name))
    strings = collections.Counter()
    for source in [v for v in net if isinstance(v, tuple) and v[0] == "input"]:
        for target in [v for v in net if isinstance(v, tuple) and v[0] == "output"]:
            for path in networkx.all_simple_paths(net, source, target):
                inner = tuple(symbol(graph.node[v]) for v in path[1:-1])
                strings[("input",) + inner + ("output",)] += 1
    operators = {symbol(node) for node in graph.node if symbol(node) != "Constant"}
    return strings, operators


def read_manifest(path, oracle):
    for row in csv.DictReader(open(path, newline="", encoding="utf-8")):
        status = row[oracle + "_status"] if oracle else "tests"
        if status in ("consistent", "inconsistent", "tests"):
            yield status, read_model(os.path.join(os.path.dirname(path), row["path"]))


def blocks_of(first, second):
    found = set()
    for b in second:
        matcher = difflib.SequenceMatcher(None, (), b)
        for a in first:
            matcher.set_seq1(a)
            found.update(a[m.a:m.a + m.size] for m in matcher.get_matching_blocks() if m.size > 1)
    return found


def strip(block):
    while block and block[0] in ENDS:
        block = block[1:]
    while block and block[-1] in ENDS:
        block = block[:-1]
    return block


def sequences(blocks):
    return {s for s in map(strip, blocks) if len(s) >= 3}


def long_blocks(a, b):
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return [a[m.a:m.a + m.size] for m in matcher.get_matching_blocks() if m.size > 3]


def reduce_set(sequences_):
    waiting, kept = set(sequences_), set()
    while waiting:
        taken = min(waiting)
        waiting.remove(taken)
        for other in sorted(kept):
            blocks = long_blocks(*sorted((taken, other)))
            if blocks:
                kept.remove(other)
                waiting.update(blocks)
                break
        else:
            kept.add(taken)
    return kept


class Set:
    def __init__(self):
        self.pairs, self.total, self.unique = 0, 0, set()

    def add(self, a, b):
        blocks = blocks_of(a, b)
        self.pairs += sum(a.values()) * sum(b.values())
        self.total += len(blocks)
        found = sequences(blocks)
        self.unique |= found
        return found

    def value(self):
        return {"path_pairs": self.pairs, "total": self.total, "unique": len(self.unique),
                "reduced": len(reduce_set(self.unique))}


def difference(a, b):
    left = a.unique - b.unique
    reduced = reduce_set(left)
    return {"unique": len(left), "reduced": len(reduced), "list": sorted(map(list, left)),
            "reduced_list": sorted(map(list, reduced))}


def main():
    groups = collections.defaultdict(list)
    operators = collections.defaultdict(set)
    sources = [(sys.argv[1], sys.argv[2])] + [(path, "") for path in sys.argv[3:4]]
    for path, oracle in sources:
        for status, (strings, names) in read_manifest(path, oracle):
            groups[status].append(strings)
            operators[status] |= names
    bad = groups["inconsistent"]
    sets = {"1": Set(), "2": Set(), "3": Set()}
    held = collections.defaultdict(set)
    for i, j in itertools.combinations(range(len(bad)), 2):
        for sequence in sets["1"].add(bad[i], bad[j]):
            held[sequence] |= {i, j}
    for name, other in (("2", "consistent"), ("3", "tests")):
        for a, b in itertools.product(bad, groups[other]):
            sets[name].add(a, b)
    left = sets["1"].unique - sets["2"].unique
    has_tests = len(sys.argv) > 3
    print(json.dumps({
        "oracle": sys.argv[2],
        "models": {g: len(groups[g]) for g in ("inconsistent", "consistent", "tests")},
        "operators": {g: sorted(operators[g]) for g in ("inconsistent", "consistent", "tests")},
        "sets": {n: s.value() if n != "3" or has_tests else None for n, s in sets.items()},
        "difference": {"1\\2": difference(sets["1"], sets["2"]),
                       "1\\3": difference(sets["1"], sets["3"]) if has_tests else None},
        "models_sharing": {"with": len(set().union(*(held[s] for s in left))), "of": len(bad)},
        "sharing_histogram": {str(k): n for k, n in sorted(
            collections.Counter(len(held[s]) for s in left).items())},
    }))


if __name__ == "__main__":
    main()
