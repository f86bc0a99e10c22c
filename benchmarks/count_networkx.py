# SPDX-License-Identifier: GPL-2.0-or-later
"""Occurrences of patterns in a graph by networkx, as scan.c counts them.

usage: count_networkx.py FILE   FILE is what bench_scan writes: the graph, then the patterns
"""
import sys
import time

import networkx as nx
from networkx.algorithms.isomorphism import DiGraphMatcher, categorical_node_match


def read(path):
    graphs = []
    with open(path, encoding="ascii") as file:
        for words in map(str.split, file):
            if words[0] == "t":
                graphs.append(nx.DiGraph())
            elif words[0] == "v":
                graphs[-1].add_node(int(words[1]), label=words[2])
            else:
                graphs[-1].add_edge(int(words[1]), int(words[2]))
    return graphs


def count(whole, part):
    matcher = DiGraphMatcher(whole, part, node_match=categorical_node_match("label", None))
    return sum(1 for _ in matcher.subgraph_monomorphisms_iter())


def main():
    whole, *parts = read(sys.argv[1])
    symmetries = [count(part, part) for part in parts]
    start = time.perf_counter()
    total = sum(count(whole, part) // n for part, n in zip(parts, symmetries))
    print(f"networkx {total} {(time.perf_counter() - start) * 1e3:.3f}")


main()
