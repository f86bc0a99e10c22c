# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs of benchmarks, the same on every machine: each is drawn from its own seed.

Operators are as unequal in frequency as in exported models: a few (Conv, Relu, Add, ...) make up most
of a graph. A node reads the tensors of nodes just before it, one or two of them.
"""
import csv
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "support"))
import onnx_bytes as onnx  # noqa: E402

UNARY = ["Relu", "Conv", "BatchNormalization", "Reshape", "Transpose", "Cast", "Sigmoid", "Unsqueeze",
         "Softmax", "Slice", "MaxPool", "Clip", "Pad", "AveragePool", "Tanh", "Exp", "Sqrt", "Neg",
         "Flatten", "Identity"]
BINARY = ["Add", "Mul", "MatMul", "Concat", "Div", "Sub", "Gather", "Pow", "Equal", "Where"]
MOTIF = [("Erf", [None]), ("Atan", [0]), ("Sinh", [0]), ("Hardmax", [1, 2])]  # a diamond
REACH = 12


def rank(rng, n):
    """0 is the likeliest: about as the frequencies of operators fall."""
    return rng.randrange(1 + rng.randrange(n))


def random_nodes(rng, n):
    """(operator, numbers of the tensors read); node i writes tensor i + 1, 0 is the graph's input."""
    nodes = []
    for i in range(n):
        kinds, n_inputs = (BINARY, 2) if rng.random() < 0.3 else (UNARY, 1)
        nodes.append((kinds[rank(rng, len(kinds))],
                      [i - rank(rng, min(i + 1, REACH)) for _ in range(n_inputs)]))
    return nodes


def plant(rng, nodes, motif):
    """Adds a motif behind some tensor of the graph."""
    first = len(nodes)
    source = rng.randrange(first + 1)
    for operator, inputs in motif:
        nodes.append((operator, [source if i is None else first + i + 1 for i in inputs]))


def model_bytes(nodes, name="/block/t%d"):
    parts = [onnx.node(operator, [name % i for i in inputs], [name % (at + 1)])
             for at, (operator, inputs) in enumerate(nodes)]
    ends = onnx.value(11, name % 0) + onnx.value(12, name % len(nodes))
    return onnx.model(b"".join(parts) + ends)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def write_dag(path, n, seed=1, name="t%d"):
    write(path, model_bytes(random_nodes(random.Random(seed), n), name))


def write_small_models(folder, n):
    """Models of 22 to 46 nodes, about 770 bytes each."""
    os.makedirs(folder, exist_ok=True)
    for i in range(n):
        write_dag(os.path.join(folder, f"small-{i:05}.onnx"), 22 + i % 25, i)


def write_deep(path, n):
    write(path, model_bytes([(UNARY[i % len(UNARY)], [i]) for i in range(n)], "t%d"))


def write_wide(path, n):
    """n nodes that read one tensor, and one that reads them all."""
    write(path, model_bytes([("Neg", [0])] * n + [("Concat", list(range(1, n + 1)))], "t%d"))


def write_diamonds(path, n):
    """A chain of n diamonds, which has 2^n paths."""
    nodes = []
    for _ in range(n):
        top = len(nodes)
        nodes += [("Relu", [top]), ("Neg", [top + 1]), ("Abs", [top + 1]), ("Add", [top + 2, top + 3])]
    write(path, model_bytes(nodes, "t%d"))


def write_weights(path, size):
    """50 nodes, and weights of `size` bytes that are a hole in the file."""
    nodes = random_nodes(random.Random(1), 50)
    parts = b"".join(onnx.node(operator, [f"t{i}" for i in inputs], [f"t{at + 1}"])
                     for at, (operator, inputs) in enumerate(nodes))
    head = onnx.number(1, size // 4) + onnx.number(2, 1) + onnx.message(8, "weights")
    head += onnx.varint(9 << 3 | 2) + onnx.varint(size)
    graph = parts + onnx.varint(5 << 3 | 2) + onnx.varint(len(head) + size) + head
    start = onnx.number(1, 8) + onnx.message(8, onnx.message(1, "") + onnx.number(2, 17))
    start += onnx.varint(7 << 3 | 2) + onnx.varint(len(graph) + size)
    write(path, start + graph)
    os.truncate(path, len(start) + len(graph) + size)


def write_corpus(folder, n, seed=1, motif_in=0.7):
    """A labelled corpus: a quarter is inconsistent, and most of that, but few others, hold a motif.
    @return the manifest"""
    os.makedirs(folder, exist_ok=True)
    manifest = os.path.join(folder, "manifest.csv")
    with open(manifest, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "ort_status", "group"])
        for i in range(n):
            rng = random.Random(f"{seed} {i}")
            inconsistent = i % 4 == 0
            nodes = random_nodes(rng, rng.randint(15, 45))
            if rng.random() < (motif_in if inconsistent else 0.02):
                plant(rng, nodes, MOTIF)
            write(os.path.join(folder, f"{i:05}.onnx"), model_bytes(nodes))
            rows.writerow([f"{i:05}.onnx", "inconsistent" if inconsistent else "consistent",
                           f"g{i % 3}"])
    return manifest


def write_graphs(path, n, seed=1):
    """n operator graphs of 10 to 30 vertices in gSpan's text format, a motif in each fourth."""
    number = {operator: i for i, operator in enumerate(UNARY + BINARY + [m for m, _ in MOTIF])}
    with open(path, "w", encoding="ascii") as file:
        for g in range(n):
            rng = random.Random(f"{seed} {g}")
            nodes = random_nodes(rng, rng.randint(10, 30))
            if g % 4 == 0:
                plant(rng, nodes, MOTIF)
            file.write(f"t # {g}\n")
            file.writelines(f"v {v} {number[operator]}\n" for v, (operator, _) in enumerate(nodes))
            edges = {(source - 1, v) for v, (_, inputs) in enumerate(nodes) for source in inputs}
            file.writelines(f"e {a} {b} 0\n" for a, b in sorted(edges) if a >= 0)
        file.write("t # -1\n")
