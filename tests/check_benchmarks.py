#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs of benchmarks are models that load, with the nodes asked for, and the same each time; the
power that a curve grows with is found.

usage: check_benchmarks.py OPSIG BENCHMARKS
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

OPSIG, BENCHMARKS = sys.argv[1:]
sys.path.insert(0, BENCHMARKS)
import inputs  # noqa: E402
import plot  # noqa: E402


def run(*arguments):
    return subprocess.run([OPSIG, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout


def contents(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))}


def write_all(folder):
    models = {"dag": (inputs.write_dag, 50, 50), "deep": (inputs.write_deep, 40, 40),
              "wide": (inputs.write_wide, 30, 31), "diamonds": (inputs.write_diamonds, 64, 256),
              "weights": (inputs.write_weights, 100000, 50)}
    for name, (write, size, _) in models.items():
        write(os.path.join(folder, name + ".onnx"), size)
    inputs.write_graphs(os.path.join(folder, "graphs.txt"), 40)
    return {name: n_nodes for name, (_, _, n_nodes) in models.items()}


def check_models(folder, n_nodes):
    for name, n in n_nodes.items():
        shown = run("inspect", "--format", "json", os.path.join(folder, name + ".onnx"))
        found = json.loads(shown)["main_nodes"]
        assert found == n, f"{name}: {found} nodes, not {n}"
    found = run("frequent", "--input", "gspan", os.path.join(folder, "graphs.txt"), "--min-support",
                "10", "--count-only")
    assert re.match(r"\d+ patterns in at least 10 of 40 graphs", found), found


def check_corpus(folder):
    manifest = inputs.write_corpus(folder, 80)
    found = run("mine", manifest, "--no-config", "--format", "json", "-o",
                os.path.join(folder, "mined.db"))
    motif = {operator for operator, _ in inputs.MOTIF}
    assert any(operator in found for operator in motif), "the planted motif is not found"


def check_plot(folder):
    points = [(n, 3 * n ** 1.5) for n in (10, 100, 300, 1000)]
    assert abs(plot.exponent(points) - 1.5) < 1e-9
    path = os.path.join(folder, "curve.svg")
    plot.write(path, "a < b", "size", "ms", {"opsig & others": points, "other": points[:3]})
    texts = [element.text for element in xml.parse(path).iter() if element.tag.endswith("text")]
    assert "a < b" in texts and "opsig & others" in texts


def main():
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        n_nodes = write_all(first)
        write_all(second)
        assert contents(first) == contents(second), "inputs differ from one time to the next"
        check_models(first, n_nodes)
        check_corpus(os.path.join(first, "corpus"))
        check_plot(first)
    print("inputs and curves are right")


main()
