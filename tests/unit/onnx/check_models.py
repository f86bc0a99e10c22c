#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Loads the hostile files of malformed/index.csv and the real ones of models/manifest.csv, and
compares with what these tables say. Cycles, second writers of a value and what functions expand to
are found when the graph is built: files that are refused for them load here.

usage: check_models.py LIST_MODELS
"""

import csv
import os
import sys

from listing import finish, load, shared

LATER = (
    "acyclic",
    "cycle",
    "expansion",
    "recursion",
    "SSA",
    "every output has two writers",
)


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check_hostile(row, model):
    loaded = model.error is None
    if row["expected"] == "must-load" and not loaded:
        return f"is refused: {model.error}"
    if row["expected"] == "must-reject" and loaded:
        later = any(word in row["reason"] for word in LATER)
        return None if later else f"is loaded ({row['reason']})"
    if loaded and row["cpp"] == "ok":
        if len(model.nodes) != int(row["main_nodes"]) or model.n_all != int(row["all_nodes"]):
            return f"has {len(model.nodes)} nodes, {model.n_all} in all"
        # The table keeps the last bytes of odd names apart; plain ones are compared.
        ops = row["ops"].split(" ")
        if row["category"] != "text" and ops != [""]:
            ours = [node[0].decode(errors="replace") for node in model.nodes[:8]]
            return None if ours == ops else f"has operators {ours}"
    return None


def check_real(row, model):
    if row["top_nodes"] == "" or row["no_graph"] == "1" or row["loads_with_onnx_python"] != "yes":
        return None if model.error else "is loaded"
    if model.error:
        # the one model that has a node without an operator
        return None if model.error[1] == "missing-op-type" else f"is refused: {model.error}"
    functions = int(row["fn_nodes"] or 0)
    if len(model.nodes) != int(row["top_nodes"]):
        return f"has {len(model.nodes)} nodes, not {row['top_nodes']}"
    if model.n_all + functions != int(row["n_nodes"]) and model.n_all != int(row["n_nodes"]):
        return f"has {model.n_all} nodes in all, not {row['n_nodes']}"
    return None


def check(program, folder, table, is_model, judge):
    base = shared(folder)
    rows = [row for row in rows_of(os.path.join(base, table)) if is_model(row)]
    paths = [os.path.join(base, row["file"]) for row in rows]
    models = load(program, paths)
    found = ((row["file"], judge(row, models[path])) for row, path in zip(rows, paths))
    return len(rows), [f"{file}: {what}" for file, what in found if what]


def main():
    program = sys.argv[1]
    hostile = check(program, "malformed", "index.csv", lambda r: r["kind"] == "model", check_hostile)
    real = check(program, "models", "manifest.csv", lambda r: True, check_real)
    finish(hostile[0] + real[0], hostile[1] + real[1])


main()
