#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Loads every model of Debian's libonnx-testdata and compares it with what python3-onnx reads:
operators, domains, inputs and outputs of the main graph, number of nodes with nested graphs,
number of initializers.

usage: compare_reference.py LIST_MODELS
"""

import os
import sys

from listing import finish, load, skip

DATA = "/usr/include/onnx/backend/test/data"

try:
    import onnx
except ImportError:
    skip("python3-onnx is absent")


def model_files(folder):
    for place, _, names in os.walk(os.path.realpath(folder)):
        yield from (os.path.join(place, name) for name in names if name.endswith(".onnx"))


def count_nodes(graph):
    n = len(graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            bodies = list(attribute.graphs) + ([attribute.g] if attribute.HasField("g") else [])
            n += sum(count_nodes(body) for body in bodies)
    return n


def node_of(node):
    domain = "" if node.domain == "ai.onnx" else node.domain
    return (
        node.op_type.encode(),
        domain.encode(),
        [name.encode() for name in node.input],
        [name.encode() for name in node.output],
    )


def compare(path, ours):
    graph = onnx.load(path, load_external_data=False).graph
    if ours.error:
        return f"{path}: {ours.error}"
    if ours.nodes != [node_of(node) for node in graph.node]:
        return f"{path}: other nodes"
    if ours.n_all != count_nodes(graph):
        return f"{path}: {ours.n_all} nodes in all, not {count_nodes(graph)}"
    if ours.n_initializers != len(graph.initializer) + len(graph.sparse_initializer):
        return f"{path}: other initializers"
    return None


def main():
    paths = sorted(model_files(DATA))
    if not paths:
        skip(DATA + " is absent")
    models = load(sys.argv[1], paths)
    failures = filter(None, (compare(path, models[path]) for path in paths))
    finish(len(paths), list(failures))


main()
