#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes models and searches to each limit, and one step past it.

usage: check_limits.py OPSIG

A model at a limit is read by every command; one past it is an error for that model, which names the
limit's option, while the others are read. A search past a limit ends with a message that names
the option.
"""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import onnx_bytes as onnx  # noqa: E402

PROBLEMS = []


def need(holds, what):
    if not holds:
        PROBLEMS.append(what)


def chain(n):
    """n nodes, one behind the other."""
    return b"".join(onnx.node("Relu", [f"t{i}"], [f"t{i + 1}"]) for i in range(n))


def nested(n):
    """n messages inside each other, besides the one of the file."""
    graph = b""
    for _ in range(n // 3):  # node, attribute, graph
        graph = onnx.node("If", ["c"], ["y"], more=onnx.body("then_branch", graph))
    return graph


MODELS = {  # option: limit, the graph that is at it or past it
    "max-nodes": (5, chain),
    "max-model-edges": (5, lambda n: chain(1) + onnx.node("Sum", ["t1"] * n, ["y"])),
    "max-depth": (10, lambda n: nested(9) if n == 10 else nested(12)),
    "max-name-length": (60, lambda n: onnx.node("Relu", ["x"], ["y"], name="n" * n)),
    "max-attributes": (3, lambda n: onnx.node("A", ["x"], ["y"], more=onnx.attribute("a", "b") * n)),
    "max-model-memory": (1 << 20, lambda n: chain(2) if n == 1 << 20 else chain(20000)),
    "max-file-size": (1000, lambda n: onnx.message(2, "g" * (n - 14))),
}


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def commands(folder, database):
    """The commands that read models, with MODEL for one; its neighbours are in the folder too."""
    good = os.path.join(folder, "good.onnx")
    return {
        "inspect": ["inspect", good, "MODEL"],
        "scan": ["scan", "--no-default", "--db", database, "--fail-on", "never", good, "MODEL"],
        "frequent": ["frequent", "--min-support", "1", good, "MODEL"],
        "coverage": ["coverage", "--reference", good, "--target", "MODEL"],
        "mine": ["mine", os.path.join(folder, "one.csv"), "-o", os.path.join(folder, "mined.db")],
        "hypothesis": ["hypothesis", os.path.join(folder, "one.csv"), "--mode", "paper"],
        "update": ["db", "update", database, os.path.join(folder, "one.csv"), "-o",
                   os.path.join(folder, "updated.db")],
        "slice": ["slice", "MODEL", "--nodes", "#0", "-o", os.path.join(folder, "slice.onnx")],
    }


def check_models(opsig, folder, database):
    table, tried = commands(folder, database), 0
    for option, (limit, make) in MODELS.items():
        paths = [write(folder, f"{option}-{i}.onnx", onnx.model(make(limit + i))) for i in (0, 1)]
        if option == "max-file-size":
            need([os.path.getsize(path) - limit for path in paths] == [0, 1], "max-file-size: sizes")
        for name, command in table.items():
            for past, path in enumerate(paths):
                with open(os.path.join(folder, "one.csv"), "w", encoding="utf-8") as file:
                    file.write(f"path,ort_status\n{path},inconsistent\ngood.onnx,consistent\n")
                arguments = [path if word == "MODEL" else word for word in command]
                status, _, errors = run([opsig, *arguments, f"--{option}", str(limit)])
                tried += 1
                told = [e for e in errors.splitlines() if path in e and f"(--{option})" in e]
                where = f"{name} --{option} {limit}, {'past' if past else 'at'} it"
                need(len(told) == past, f"{where}: {errors}")
                need(status == 3 or not past, f"{where}: ends with {status}")
    return tried


def check_timeout(opsig, folder):
    path = write(folder, "long.onnx", onnx.model(chain(200000)))
    status, out, _ = run([opsig, "inspect", "-f", "json", "--timeout", "0.0001", path])
    error = json.loads(out)["error"]
    is_told = error["kind"] == "limit" and "--timeout" in error["message"]
    need(status == 3 and is_told, f"timeout: {error}")


def star(n):
    """n like nodes around one."""
    return onnx.node("Relu", ["x"], ["a"]) + b"".join(
        onnx.node("Neg", ["a"], [f"b{i}"]) for i in range(n))


def check_searches(opsig, folder):
    for i in (1, 2):
        name = onnx.message(2, f"g{i}")  # as the same content twice counts once
        write(folder, f"star-{i}.onnx", onnx.model(star(300) + name))
        ends = onnx.value(11, "t0") + onnx.value(12, "t8") + onnx.value(12, "z")
        fork = b"".join(onnx.node(op, [f"t{k}"], [f"t{k + 1}"]) for k, op in enumerate("ABCDEFGH"))
        write(folder, f"mix-{i}.onnx", onnx.model(name + ends + fork + onnx.node("I", ["t1"], ["z"])))
    stars = [os.path.join(folder, f"star-{i}.onnx") for i in (1, 2)]
    mixes = [os.path.join(folder, f"mix-{i}.onnx") for i in (1, 2)]
    manifest = write(folder, "mixes.csv",
                     b"path,o_status\nmix-1.onnx,inconsistent\nmix-2.onnx,consistent\n")
    database = os.path.join(folder, "mixes.db")
    for option, command in (
            ("--max-patterns", ["frequent", *mixes, "--max-patterns", "10"]),
            ("--max-patterns", ["frequent", "--kind", "subgraph", *mixes, "--max-patterns", "10"]),
            ("--max-patterns", ["mine", manifest, "--max-patterns", "1", "--min-support", "1", "-o",
                                database]),
            ("--max-patterns", ["coverage", "--reference", stars[0], "--target", mixes[0],
                                "--max-patterns", "10"]),
            ("--max-memory", ["frequent", "--kind", "subgraph", *stars, "--max-memory", "1K"]),
            ("--max-memory", ["coverage", "--reference", stars[0], "--target", mixes[0],
                              "--max-memory", "10"])):
        status, _, errors = run([opsig, *command])
        need(status == 4 and option in errors and len(errors.splitlines()) == 1,
             f"{command[0]} {option}: ends with {status}: {errors}")
    need(not os.path.exists(database), "mine past a limit leaves a database")
    status, _, errors = run([opsig, "hypothesis", manifest, "--mode", "paper", "--max-paths", "1"])
    need(status == 3 and errors.count("--max-paths") == 2, f"hypothesis: ends with {status}: {errors}")


def check_matches(opsig, folder):
    """Matches past --max-matches are counted, and not kept."""
    rules = write(folder, "star.rules",
                  b'rule star\n  title "t"\nmatch\n  a:Relu -> b:Neg\nreport at b\nend\n')
    scan = [opsig, "scan", "--rules", rules, "-f", "json", "--fail-on", "never"]
    path = os.path.join(folder, "star-1.onnx")
    finding = json.loads(run([*scan, "--max-matches", "7", path])[1])["models"][0]["findings"][0]
    need(finding["occurrences"] == 300 and len(finding["matches"]) == 7, f"--max-matches: {finding}")


def main():
    opsig = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "good.onnx", onnx.model(chain(2)))
        text = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cli", "data", "fixed.txt")
        database = os.path.join(folder, "fixed.db")
        assert run([opsig, "db", "import", text, "-o", database])[0] == 0
        tried = check_models(opsig, folder, database)
        check_timeout(opsig, folder)
        check_searches(opsig, folder)
        check_matches(opsig, folder)
    print(f"{len(MODELS)} limits on models, {tried} runs; {len(PROBLEMS)} problems")
    for problem in PROBLEMS[:40]:
        print(f"check_limits: {problem}")
    sys.exit(1 if PROBLEMS else 0)


main()
