#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Cuts slices out of the models of the shared data and has the onnx package check them.

usage: check_slices.py OPSIG [--each N] [--all]
  --each N  slices a model and number of steps (default 1)
  --all     also the models above 4 MB
exit status 77 (skipped): the onnx package or the data are missing

A model takes part where the package accepts the model itself. Nodes are picked in equal steps, and
context is 0 to 3 edges. So are the nodes of each finding of a scan with the default database,
with context 0 and 1. A slice is checked; where the package's full check (with shape inference)
accepts the model, so it must the slice. What the model says too little of to give each cut tensor
a type is counted apart.
"""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

try:
    import onnx
except ImportError:
    print("check_slices: skipped: the onnx package is missing")
    sys.exit(77)

LARGEST = 4_000_000


def accepted(model, full):
    try:
        onnx.checker.check_model(model, full_check=full)
    except Exception as error:  # the package has several kinds, some of them plain RuntimeError
        return str(error).strip().split("\n")[0][:200]
    return None


def load(path):
    try:
        return onnx.load(path, load_external_data=False)
    except Exception:
        return None


def names_of(opsig, path):
    """Each node as Op#position."""
    graph = subprocess.run(
        [opsig, "inspect", "--format", "graphml", path], capture_output=True, text=True, check=False
    ).stdout
    operators = re.findall(r'<node id="n\d+">.*?key="op_type">([^<]*)<', graph)
    return [f"{operator}#{position}" for position, operator in enumerate(operators)]


def findings_of(opsig, path):
    """Ids of the signatures and rules that a scan finds."""
    report = subprocess.run(
        [opsig, "scan", "--no-config", "--fail-on", "never", "--format", "json", path],
        capture_output=True, text=True, check=False,
    ).stdout
    return [f["id"] for f in json.loads(report)["models"][0].get("findings", [])]


def pick(names, n):
    return [names[i * len(names) // n] for i in range(min(n, len(names)))]


class Counts:
    def __init__(self):
        self.models = self.findings = self.made = self.untyped = self.valid = self.full = 0
        self.failures = []


def check_slice(counts, path, slice_path, said, full):
    counts.made += 1
    model = load(slice_path)
    if model is None:
        counts.failures.append(f"{path}: cannot be read")
    elif "does not tell" in said:
        counts.untyped += 1
    elif error := accepted(model, False):
        counts.failures.append(f"{path}: {error}")
    elif full and (error := accepted(model, True)):
        counts.failures.append(f"{path}: full check: {error}")
    else:
        counts.valid += 1
        counts.full += full


def cut(counts, opsig, path, what, context, full, folder):
    """Cuts what an option names, and checks the slice."""
    target = os.path.join(folder, "slice.onnx")
    done = subprocess.run(
        [opsig, "slice", path, *what, "--context", str(context), "-o", target],
        capture_output=True, text=True, check=False,
    )
    what = f"{os.path.basename(path)} {what[1]} context {context}"
    if done.returncode != 0:
        counts.failures.append(f"{what}: {done.stderr.strip()}")
    else:
        check_slice(counts, what, target, done.stderr, full)


def check_model(counts, opsig, path, each, folder):
    model = load(path)
    if model is None or accepted(model, False):
        return
    full = accepted(model, True) is None
    counts.models += 1
    names = names_of(opsig, path)
    for context in range(4):
        for node in pick(names, each):
            cut(counts, opsig, path, ["--nodes", node], context, full, folder)
    for found in findings_of(opsig, path):
        counts.findings += 1
        for context in range(2):
            cut(counts, opsig, path, ["--signature", found], context, full, folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    shared = os.environ.get("OPSIG_SHARED", os.path.join(here, "..", "..", "shared"))
    paths = sorted(glob.glob(os.path.join(shared, "models", "*", "*.onnx")))
    if not paths:
        print(f"check_slices: skipped: no models in {shared}/models (OPSIG_SHARED)")
        sys.exit(77)
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            if args.all or os.path.getsize(path) <= LARGEST:
                check_model(counts, args.opsig, path, args.each, folder)
    for failure in counts.failures:
        print(f"check_slices: {failure}")
    print(
        f"check_slices: {counts.models} models, {counts.findings} findings, {counts.made} slices: "
        f"{counts.valid} valid "
        f"({counts.full} by the full check too), {counts.untyped} with tensors of unknown type"
    )
    sys.exit(1 if counts.failures or counts.valid == 0 else 0)


main()
