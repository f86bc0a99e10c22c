#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what is loaded with what `protoc --decode`, Google's parser in C++, makes of a file.

usage: check_decode.py OPSIG PROTO [--step N]
  PROTO     folder with onnx.proto
  --step N  of the models of the package libonnx-testdata every N-th (default 8)
exit status 77 (skipped): protoc or all models are missing

Files: models of libonnx-testdata, and of the shared data (OPSIG_SHARED) all models and all hostile
files. Where both accept a file, number of nodes of the main graph, operators, edges and, where no
function is expanded, each node's name, operator and domain are the same. What protoc accepts and
opsig does not is an error that names its kind. What protoc refuses is refused, unless the table of
the hostile files leaves that open, as what is broken lies in a part that is passed by.
"""

import argparse
import collections
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

import onnx_counts

REPEATED = {"node", "input", "output", "initializer", "sparse_initializer", "functions", "attribute",
            "graphs"}
KEPT = REPEATED | {"graph", "g", "name", "op_type", "domain", "ref_attr_name", "values", "overload"}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
XML_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\udc80-\udcff]")


class Message:
    """A message with the fields that describe graphs; what is absent is empty."""

    def __init__(self):
        self.fields = {}

    def add(self, name, value):
        if name in REPEATED:
            self.fields.setdefault(name, []).append(value)
        else:
            self.fields[name] = value

    def HasField(self, name):  # as protobuf's own classes
        return name in self.fields

    def __getattr__(self, name):
        if name in REPEATED:
            return self.fields.get(name, [])
        return self.fields.get(name, EMPTY if name in ("values", "g", "graph") else "")


EMPTY = Message()


def text_of(quoted):
    """The text of a quoted string of protobuf's text format; bytes that are no UTF-8 are kept."""
    def one(match):
        return chr(int(match[1], 8)) if match[1] else ESCAPES.get(match[2], match[2])
    plain = re.sub(r"\\(?:([0-7]{3})|(.))", one, quoted[1:-1])
    return plain.encode("latin-1", "replace").decode(errors="surrogateescape")


def decoded(path, proto):
    """@return the model as protoc sees it; None where it refuses the file"""
    with open(path, "rb") as file:
        done = subprocess.run(["protoc", "-I", proto, "--decode=onnx.ModelProto", "onnx.proto"],
                              stdin=file, capture_output=True, check=False)
    if done.returncode != 0:
        return None
    stack = [Message()]
    for line in done.stdout.decode("latin-1").split("\n"):
        line = line.strip()
        if line.endswith("{"):
            name = line[:-1].strip()
            inner = Message()
            stack[-1].add(name, inner)
            stack.append(inner)
        elif line == "}":
            stack.pop()
        else:
            name, _, value = line.partition(": ")
            if name in KEPT and value[:1] == '"':
                stack[-1].add(name, text_of(value))
    return stack[0]


def seen(opsig, path):
    """What opsig sees of a model: JSON, and (name, operator, domain) by vertex with the edges."""
    run = [opsig, "inspect", "--format"]
    facts = json.loads(subprocess.run([*run, "json", path], capture_output=True, check=False).stdout)
    if facts["status"] != "ok":
        return facts, None, None
    drawn = subprocess.run([*run, "graphml", path], capture_output=True, check=True)
    graph = xml.fromstring(drawn.stdout).find("{*}graph")
    nodes = [tuple((d.text or "") for key in ("name", "op_type", "domain")
                   for d in node if d.get("key") == key) for node in graph.findall("{*}node")]
    edges = {(int(e.get("source")[1:]), int(e.get("target")[1:])) for e in graph.findall("{*}edge")}
    return facts, nodes, edges


def shown(name):
    """As GraphML holds it."""
    return XML_CONTROLS.sub(lambda c: f"\\x{ord(c[0]) & 0xff:02x}" if ord(c[0]) not in (0xfffe, 0xffff)
                            else f"\\u{{{ord(c[0]):04x}}}", name)


class Namer(onnx_counts.Counter):
    """Nodes with their names, in the order of vertices."""

    def __init__(self, model):
        self.named = []
        super().__init__(model)

    def add(self, node, domain, scope, attributes):
        self.named.append((shown(node.name), shown(node.op_type), shown(domain)))
        super().add(node, domain, scope, attributes)


def compare(facts, nodes, edges, model):
    """@return what differs, or None"""
    try:
        other = Namer(model)
    except onnx_counts.Refused as reason:
        return f"is loaded, but has {reason}"
    if facts["main_nodes"] != len(model.graph.node):
        return f"has {len(model.graph.node)} main nodes, not {facts['main_nodes']}"
    if facts["nodes"] != len(other.nodes):
        return f"has {len(other.nodes)} nodes, not {facts['nodes']}"
    operators = collections.Counter(op for _, op, _ in other.named)
    if operators != collections.Counter(op for _, op, _ in nodes):
        return "has other operators"
    if not other.functions and nodes != other.named:
        pairs = [(a, b) for a, b in zip(nodes, other.named) if a != b]
        return f"has other names: {ascii(pairs[0])[:200]}"
    found = other.edges()
    if facts["parallel_edges"] != len(found) or facts["edges"] != len(set(found)):
        return f"has {len(set(found))} edges, {len(found)} with parallel ones"
    if edges != set(found):
        return "has other edges"
    return None


def files(step):
    """Paths of models, and whether they may be loaded though protoc refuses them."""
    shared = os.environ.get("OPSIG_SHARED", os.path.join(os.path.dirname(
        os.path.abspath(__file__)), "..", "..", "shared"))
    hostile = []
    table = os.path.join(shared, "malformed", "index.csv")
    models = onnx_counts.models()
    packaged = [path for path in models if path.startswith("/usr/")]
    found = packaged[::step] + [path for path in models if not path.startswith("/usr/")]
    if os.path.exists(table):
        with open(table, newline="", encoding="utf-8") as file:
            hostile = [(os.path.join(shared, "malformed", row["file"]), row["expected"] == "may-either")
                       for row in csv.DictReader(file) if row["kind"] == "model"]
    return [(path, False) for path in found] + hostile


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("proto")
    parser.add_argument("--step", type=int, default=8)
    args = parser.parse_args()
    if not shutil.which("protoc"):
        print("check_decode: skipped: protoc is missing")
        sys.exit(77)
    sys.setrecursionlimit(10000)
    count, problems = collections.Counter(), []
    for path, is_open in files(args.step):
        facts, nodes, edges = seen(args.opsig, path)
        model = decoded(path, args.proto)
        if facts["status"] != "ok":
            kind = facts["error"]["kind"]
            count["refused by both" if model is None else f"refused by opsig alone ({kind})"] += 1
            wrong = None if kind else "is refused without a kind"
        elif model is None:
            count["refused by protoc alone"] += 1
            wrong = None if is_open else "is loaded, protoc refuses it"
        else:
            count["the same"] += 1
            wrong = compare(facts, nodes, edges, model)
        if wrong:
            problems.append(f"{path} {wrong}")
    told = ", ".join(f"{n} {what}" for what, n in sorted(count.items()))
    print(f"{told}; {len(problems)} problems")
    for problem in problems[:40]:
        print(f"check_decode: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
