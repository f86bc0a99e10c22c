# SPDX-License-Identifier: GPL-2.0-or-later
"""What the loader sees, as the program list_models prints it."""

import os
import subprocess
import sys

SKIPPED = 77


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def shared(name):
    """A folder of data that is not part of the source tree."""
    root = os.path.dirname(os.path.abspath(__file__))
    tree = os.path.join(root, "..", "..", "..")
    base = os.environ.get("OPSIG_SHARED", os.path.join(tree, "..", "shared"))
    path = os.path.join(base, name)
    if not os.path.isdir(path):
        skip(path + " is absent")
    return path


class Model:
    def __init__(self):
        self.error = None  # status, kind, offset, message
        self.nodes = []  # of the main graph: op_type, domain, inputs, outputs
        self.n_all = 0  # with nested graphs
        self.n_initializers = 0


def _name(text):
    return b"" if text == "-" else bytes.fromhex(text)


def _node(line):
    op, inputs, outputs = (part.split() for part in line.split("|"))
    return (
        _name(op[1]),
        _name(op[2]),
        [_name(name) for name in inputs],
        [_name(name) for name in outputs],
    )


def load(program, paths):
    """Loads files with the program list_models: path -> Model."""
    done = subprocess.run(
        [program], input="\n".join(paths).encode() + b"\n", stdout=subprocess.PIPE, check=True
    )
    models = {}
    for line in done.stdout.decode(errors="replace").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "file":
            model = models[rest] = Model()
        elif kind == "error":
            model.error = rest.split(" ", 3)
        elif kind == "node":
            model.nodes.append(_node(line))
        else:
            _, model.n_all, model.n_initializers = map(int, rest.split())
    return models


def finish(n, failures):
    for failure in failures:
        print(failure)
    print(f"{n} compared, {len(failures)} failures")
    sys.exit(1 if failures or n == 0 else 0)
