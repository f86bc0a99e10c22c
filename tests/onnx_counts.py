#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts nodes, edges and operators of ONNX models: the rules of the operator graph once more,
written apart from the library, on top of Debian's python3-onnx.

usage: onnx_counts.py OUT.csv

Reads all models of the package libonnx-testdata, and those in the folder models of the shared
data (OPSIG_SHARED) where it is there. One row a model:
path, status (ok or refused), vertices, edges, parallel_edges, main_nodes, ops ("Add:3;Relu:1").
Exit status 77 where python3-onnx or all models are missing.
"""
import collections
import csv
import os
import subprocess
import sys

try:
    import onnx
except ImportError:
    onnx = None


class Refused(Exception):
    """Two writers of one tensor, or a cycle."""


class Value:
    """A tensor: whatever name it goes by, and who writes it."""

    def __init__(self, kind):
        self.kind = kind  # "input", "initializer", "node" or "unknown"
        self.writer = None  # index into Counter.nodes
        self.node = None  # NodeProto
        self.same_as = None  # the value that a function hands through

    def producer(self):
        value = self
        while value.writer is None and value.same_as is not None:
            value = value.same_as
        return value.writer


def is_constant(node):
    return node.op_type == "Constant" and node.domain in ("", "ai.onnx") and len(node.output) == 1


class Scope:
    """The names of a graph; a function's names stand alone, a body's inside others."""

    def __init__(self, outer=None):
        self.names = {}
        self.outer = outer

    def find(self, name):
        scope = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return Value("unknown")

    def give(self, name, kind):
        if name and name not in self.names:
            self.names[name] = Value(kind)

    def write(self, node):
        """The names that a node writes."""
        for name in node.output:
            if not name:
                continue
            known = self.names.get(name)
            if known is None:
                self.names[name] = known = Value("node")
            elif known.kind == "initializer":
                known.kind = "node"
            elif known.kind == "formal" and known.node is None:
                pass  # the result of a call: the caller's value, written here
            elif known.kind == "node" and is_constant(node) and is_constant(known.node):
                continue
            else:
                raise Refused("two writers of " + name)
            known.node = node


class Counter:
    def __init__(self, model):
        self.functions = {(f.domain, f.name): f for f in model.functions}
        self.nodes = []  # (symbol, inputs)
        self.enter(model.graph, None)

    def enter(self, graph, outer):
        scope = Scope(outer)
        for value in graph.input:
            scope.give(value.name, "input")
        for tensor in graph.initializer:
            scope.give(tensor.name, "initializer")
        for tensor in graph.sparse_initializer:
            scope.give(tensor.values.name, "initializer")
        self.visit(graph.node, scope, {})
        return [scope.find(value.name) for value in graph.output if value.name]

    def visit(self, nodes, scope, parameters):
        for node in nodes:
            scope.write(node)
        for node in nodes:
            domain = "" if node.domain == "ai.onnx" else node.domain
            function = self.functions.get((domain, node.op_type))
            attributes = self.bind(node, scope, parameters)
            if function is not None:
                self.call(function, node, scope, attributes)
            else:
                self.add(node, domain, scope, attributes)

    @staticmethod
    def bind(node, scope, parameters):
        """Attributes by name, each with the scope in which its graphs were written."""
        bound = {}
        for attribute in node.attribute:
            if attribute.ref_attr_name:
                if attribute.ref_attr_name in parameters:
                    bound[attribute.name] = parameters[attribute.ref_attr_name]
            else:
                bound[attribute.name] = (attribute, scope)
        return bound

    def call(self, function, node, scope, attributes):
        inner = Scope()
        for i, name in enumerate(function.input):
            actual = node.input[i] if i < len(node.input) else ""
            if actual:
                inner.names[name] = scope.find(actual)
            else:
                inner.names[name] = Value("unknown")
        for i, name in enumerate(function.output):
            actual = node.output[i] if i < len(node.output) else ""
            result = scope.find(actual) if actual else Value("formal")
            if name in inner.names:
                result.same_as = inner.names[name]
            else:
                result.kind = "formal"
                result.node = None
                inner.names[name] = result
        self.visit(function.node, inner, attributes)
        for name in function.output:
            inner.names[name].kind = "node"

    def add(self, node, domain, scope, attributes):
        vertex = len(self.nodes)
        inputs = [scope.find(name) for name in node.input if name]
        self.nodes.append(((domain + "::" if domain else "") + node.op_type, inputs))
        for name in node.output:
            value = scope.names.get(name) if name else None
            if value is not None and value.node is node:
                value.writer = vertex
        for attribute, home in attributes.values():
            bodies = [attribute.g] if attribute.HasField("g") else list(attribute.graphs)
            for body in bodies:
                inputs.extend(self.enter(body, home))

    def edges(self):
        found = []
        for vertex, (_, inputs) in enumerate(self.nodes):
            for value in inputs:
                writer = value.producer()
                if writer is not None:
                    found.append((writer, vertex))
        return found


def check_acyclic(n, edges):
    readers = collections.defaultdict(list)
    waiting = [0] * n
    for writer, reader in edges:
        readers[writer].append(reader)
        waiting[reader] += 1
    ready = [v for v in range(n) if waiting[v] == 0]
    for v in ready:
        for reader in readers[v]:
            waiting[reader] -= 1
            if waiting[reader] == 0:
                ready.append(reader)
    if len(ready) < n:
        raise Refused("cycle")


def count(path):
    try:
        model = onnx.load(path, load_external_data=False)
        if not model.HasField("graph"):
            raise Refused("no graph")
        counter = Counter(model)
        edges = counter.edges()
        check_acyclic(len(counter.nodes), edges)
        if any(symbol.split("::")[-1] == "" for symbol, _ in counter.nodes):
            raise Refused("no op_type")
    except Exception as reason:  # whatever the parser raises is a refusal
        if not isinstance(reason, (Refused, ValueError)) and "Decode" not in type(reason).__name__:
            raise
        return {"path": path, "status": "refused"}
    ops = collections.Counter(symbol for symbol, _ in counter.nodes)
    return {"path": path, "status": "ok", "vertices": len(counter.nodes),
            "edges": len(set(edges)), "parallel_edges": len(edges),
            "main_nodes": len(model.graph.node),
            "ops": ";".join("%s:%d" % item for item in sorted(ops.items()))}


def models():
    listed = subprocess.run(["dpkg", "-L", "libonnx-testdata"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True, check=False).stdout
    found = [path for path in listed.splitlines() if path.endswith(".onnx")]
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared")
    shared = os.path.join(os.environ.get("OPSIG_SHARED", beside), "models")
    for root, _, files in os.walk(os.path.normpath(shared)):
        found += [os.path.join(root, name) for name in files if name.endswith(".onnx")]
    if not found:
        print("skipped: neither libonnx-testdata nor OPSIG_SHARED is there")
        sys.exit(77)
    return sorted(found)


def main():
    if onnx is None:
        print("skipped: python3-onnx is missing")
        sys.exit(77)
    fields = ["path", "status", "vertices", "edges", "parallel_edges", "main_nodes", "ops"]
    paths = models()
    with open(sys.argv[1], "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fields, lineterminator="\n")
        writer.writeheader()
        for path in paths:
            writer.writerow(count(path))


if __name__ == "__main__":
    main()
