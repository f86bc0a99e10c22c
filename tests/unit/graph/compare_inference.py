#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares types and shapes with those that python3-onnx infers, over libonnx-testdata and the
models of OPSIG_SHARED: a contradiction is a failure; how many tensors each of them knows is told.

usage: compare_inference.py LIST_FACTS [FOLDER...]

What files say of the values between inputs and outputs is taken out first, so that both sides have
to infer it. Only tensors that nodes of the main graph write are looked at. Of models whose opset is newer than
python3-onnx it is told what it infers, but not held to be right.
"""

import glob
import os
import subprocess
import sys
import tempfile

SKIPPED = 77
TESTDATA = "/usr/share/libonnx-testdata"
LARGEST = 64 << 20  # bytes of a file

try:
    import onnx
    import onnx.defs
    import onnx.shape_inference
except ImportError:
    print("skipped: python3-onnx is missing")
    sys.exit(SKIPPED)


def models(folders):
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.onnx"), recursive=True)):
            if os.path.getsize(path) <= LARGEST:
                yield path


def strip(path):
    """The model without the types of values, or None where it cannot be read."""
    try:
        model = onnx.load(path, load_external_data=False)
    except Exception:  # hostile files fail in many ways
        return None
    if not model.HasField("graph"):
        return None
    del model.graph.value_info[:]
    for output in model.graph.output:
        if output.type.HasField("tensor_type"):
            output.type.tensor_type.ClearField("shape")
    return model


def reference(model):
    """Name to (element type, dimensions or None), of tensors that are known."""
    try:
        inferred = onnx.shape_inference.infer_shapes(model)
    except Exception:  # an opset that it does not know, or a model that it refuses
        return {}
    known = {}
    for info in list(inferred.graph.value_info) + list(inferred.graph.output):
        if not info.type.HasField("tensor_type"):
            continue
        tensor = info.type.tensor_type
        dims = None
        if tensor.HasField("shape"):
            dims = [dim.dim_value if dim.HasField("dim_value") else None
                    for dim in tensor.shape.dim]
        known[info.name] = (tensor.elem_type, dims)
    return known


def run(program, paths):
    """For each path its tensors, or None."""
    out = subprocess.run([program], input="".join(path + "\n" for path in paths), text=True,
                         capture_output=True, check=True).stdout
    result, tensors = {}, None
    for line in out.splitlines():
        word, rest = line.split(" ", 1)
        if word == "file":
            tensors = result[rest] = {}
        elif word == "error":
            print("refused:", rest)
        else:
            fields = rest.split(" ")
            name = bytes.fromhex(fields[0]).decode(errors="replace")
            dims = [None if field == "?" else int(field) for field in fields[3:]]
            tensors[name] = (int(fields[1]), dims if int(fields[2]) >= 0 else None)
    return result


def is_newer(model):
    """Does the model use a version that python3-onnx does not know, and takes for an older one?"""
    newest = onnx.defs.onnx_opset_version()
    return any(opset.domain == "" and opset.version > newest for opset in model.opset_import)


def contradicts(ours, theirs):
    if ours[0] and theirs[0] and ours[0] != theirs[0]:
        return True
    if ours[1] is None or theirs[1] is None:
        return False
    return len(ours[1]) != len(theirs[1]) or any(
        a is not None and b is not None and a != b for a, b in zip(ours[1], theirs[1]))


class Shares:
    """How many tensors are known: by type, by rank, in all dimensions."""

    def __init__(self):
        self.n, self.counts = 0, {}

    def add(self, who, fact):
        counts = self.counts.setdefault(who, [0, 0, 0])
        counts[0] += fact[0] != 0
        counts[1] += fact[1] is not None
        counts[2] += fact[1] is not None and None not in fact[1]

    def show(self, title):
        for who, counts in self.counts.items():
            share = ["%d (%.1f %%)" % (count, 100 * count / max(self.n, 1)) for count in counts]
            print(f"{title}: {self.n} tensors; {who}: type {share[0]}, rank {share[1]}, "
                  f"all dimensions {share[2]}")


def compare(folder, program):
    shares, wrong = Shares(), 0
    with tempfile.TemporaryDirectory() as scratch:
        expected, origin, newer = {}, {}, set()
        for path in models([folder]):
            model = strip(path)
            if model is None:
                continue
            copy = os.path.join(scratch, "%d.onnx" % len(origin))
            try:
                onnx.save(model, copy)
            except Exception:  # external data that are not there
                continue
            origin[copy], expected[copy] = path, reference(model)
            if is_newer(model):
                newer.add(copy)
        for copy, tensors in run(program, list(origin)).items():
            for name, ours in tensors.items():
                theirs = expected[copy].get(name, (0, None))
                shares.n += 1
                shares.add("opsig", ours)
                shares.add("python3-onnx", theirs)
                if copy not in newer and contradicts(ours, theirs):
                    wrong += 1
                    print(f"{origin[copy]}: {name} is {ours}, python3-onnx has {theirs}")
    shares.show(folder)
    return wrong


def main():
    root = os.environ.get("OPSIG_SHARED", os.path.join(os.path.dirname(__file__),
                                                       "../../../../shared"))
    folders = sys.argv[2:] or [TESTDATA, os.path.join(root, "models")]
    present = [folder for folder in folders if os.path.isdir(folder)]
    if not present:
        print("skipped: no models")
        sys.exit(SKIPPED)
    sys.exit(1 if sum(compare(folder, sys.argv[1]) for folder in present) else 0)


if __name__ == "__main__":
    main()
