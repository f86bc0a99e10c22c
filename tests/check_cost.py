#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what inputs cost that are made to cost much: memory, instructions, and time over a limit.

usage: check_cost.py OPSIG PATTERNS [--bytes N] [--nodes N] [--timeouts N] [--verbose]
  PATTERNS           folder of rules, which are looked for
  --bytes N          size of the inputs whose memory is measured (default 1000000)
  --nodes N          repetitions in the inputs whose instructions are counted (default 1000)
  --timeouts N       scan also inputs of N bytes with --timeout 0.2 and 1, and report by how much the
                     slowest passes it (no part of the verdict)

Memory: at most 32 MiB and ten times the bytes of the file to load it, as inspect does, and twenty
times to scan it, with what follows of types and shapes. Instructions, counted by
valgrind where it is there: an input twice as long takes at most 2.5 times as many, what the
program takes for an empty model not counted.
"""

import argparse
import glob
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import onnx_bytes as onnx  # noqa: E402

BASE, FACTORS, MOST_RATIO = 32 << 20, {"inspect": 10, "scan": 20}, 2.5


def chain(n):
    return onnx.model(b"".join(onnx.node("Relu", [f"t{i}"], [f"t{i + 1}"]) for i in range(n)))


def wide(n):
    nodes = b"".join(onnx.node("Neg", ["x"], [f"t{i}"]) for i in range(n))
    return onnx.model(nodes + onnx.node("Concat", [f"t{i}" for i in range(n)], ["y"]))


def fan_out(n):
    readers = b"".join(onnx.node("Neg", ["a"], [f"t{i}"]) for i in range(n))
    return onnx.model(onnx.node("Relu", ["x"], ["a"]) + readers)


def diamonds(n):
    return onnx.model(b"".join(
        onnx.node("Relu", [f"t{i}"], [f"a{i}"]) + onnx.node("Neg", [f"t{i}"], [f"b{i}"]) +
        onnx.node("Add", [f"a{i}", f"b{i}"], [f"t{i + 1}"]) for i in range(n)))


def parts(n):
    return b"".join(onnx.message(7, onnx.node("Abs", [f"t{i}"], [f"t{i + 1}"])) for i in range(n))


def opsets(n):
    return onnx.model(onnx.node("Relu", ["x"], ["y"]), domains=[f"d{i}" for i in range(n)])


def branches(n):
    body = onnx.body("then_branch", onnx.node("Neg", ["x"], ["b"]) + onnx.value(12, "b"))
    return onnx.model(b"".join(onnx.node("If", ["c"], [f"t{i}"], more=body) for i in range(n)))


def loops(n):
    body = onnx.body("body", onnx.node("Neg", ["x"], ["b"]) + onnx.value(12, "b"))
    return onnx.model(b"".join(onnx.node("Loop", ["m"], [f"t{i}"], more=body) for i in range(n)))


def calls(n):
    function = onnx.message(1, "F") + onnx.message(10, "f")
    function += onnx.message(4, "a") + onnx.message(5, "b")
    function += onnx.message(7, onnx.node("Neg", ["a"], ["b"])[2:])
    graph = b"".join(onnx.node("F", [f"t{i}"], [f"t{i + 1}"], domain="f") for i in range(n))
    return onnx.model(graph, domains=["f"], more=onnx.message(25, function))


def one_node(field, content):
    """One node that holds the same field n times."""
    front = onnx.message(4, "Custom")
    return lambda n: onnx.model(onnx.message(1, front + onnx.message(field, content) * n))


def one_graph(field, content):
    return lambda n: onnx.model(onnx.message(field, content) * n + onnx.node("Relu", ["x"], ["y"]))


def names(n):
    return onnx.model(b"".join(onnx.node("Relu", ["x"], [f"t{i}"], name="same") for i in range(n)))


def attributes(n):
    return onnx.model(b"".join(
        onnx.node("Relu", ["x"], [f"t{i}"], more=onnx.message(5, b"") * 20) for i in range(n // 20)))


KINDS = {
    "chain": chain, "wide": wide, "fan-out": fan_out, "diamonds": diamonds, "graph in parts": parts,
    "opset imports": opsets, "branches": branches, "loops": loops, "calls of a function": calls,
    "names": names,
    "empty attributes": attributes, "empty inputs": one_node(1, b""), "outputs": one_node(2, b""),
    "integers": lambda n: onnx.model(onnx.node("A", ["x"], ["y"], more=onnx.message(
        5, onnx.message(1, "a") + onnx.message(8, b"\x01" * n)))),
    "initializers": one_graph(5, b""), "value infos": one_graph(13, b""),
    "graph inputs": one_graph(11, b""),
    "unknown fields": lambda n: onnx.model(onnx.node("Relu", ["x"], ["y"])) + onnx.number(999, 1) * n,
    "metadata": lambda n: onnx.model(onnx.node("Relu", ["x"], ["y"])) + onnx.message(14, b"") * n,
    "operators of their own": lambda n: onnx.model(b"".join(
        onnx.node(f"Op{i}", ["x"], [f"t{i}"]) for i in range(n))),
}


def write_of_size(path, make, size):
    """Writes an input of about that many bytes, but of fewer nodes than the limit, in a process of its
    own: the peak of a program that is started counts what this one has held."""
    child = os.fork()
    if child == 0:
        each = (len(make(400)) - len(make(200))) / 200
        with open(path, "wb") as file:
            file.write(make(min(int(size / each), 900000)))
        os._exit(0)
    os.waitpid(child, 0)
    return os.path.getsize(path)


def scan_of(opsig, patterns, path):
    return [opsig, "scan", "--rules", patterns, "--fail-on", "never", "-j", "1", "-q", path]


def peak(command):
    """@return status, bytes"""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        errors = child.stderr.read().decode(errors="replace")
        _, how, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(how)
    return child.returncode, usage.ru_maxrss * 1024, errors


def check_memory(args, folder):
    problems, worst = [], (0, "")
    path = os.path.join(folder, "memory.onnx")
    for kind, make in KINDS.items():
        size = write_of_size(path, make, args.bytes)
        for command in (scan_of(args.opsig, args.patterns, path),
                        [args.opsig, "inspect", "-j", "1", path]):
            status, most, errors = peak(command)
            allowed = BASE + FACTORS[command[1]] * size
            worst = max(worst, (most / size, f"{kind}, {command[1]}: {most >> 20} MiB"))
            if args.verbose:
                print(f"  {kind}, {command[1]}: {size} bytes, {most / 2**20:.1f} MiB, {status}")
            if status not in (0, 3) or most > allowed:
                problems.append(f"{kind}, {command[1]}: {most / 2**20:.1f} MiB for {size} bytes, "
                                f"ends with {status} {errors[:100]}")
    print(f"memory: {len(KINDS)} kinds of {args.bytes} bytes, at most {worst[0]:.1f} bytes a byte "
          f"({worst[1]})")
    return problems


def instructions(command, folder):
    """Instructions that a command takes, in all of its processes."""
    for old in glob.glob(os.path.join(folder, "callgrind.*")):
        os.remove(old)
    subprocess.run(["valgrind", "--tool=callgrind", "--trace-children=yes", "-q",
                    f"--callgrind-out-file={folder}/callgrind.%p", *command],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    total = 0
    for path in glob.glob(os.path.join(folder, "callgrind.*")):
        with open(path, encoding="utf-8", errors="replace") as file:
            total += int(re.findall(r"^(?:summary|totals): (\d+)", file.read(), re.M)[-1])
    return total


def check_instructions(args, folder):
    if not shutil.which("valgrind"):
        print("instructions: not counted, as valgrind is missing")
        return []
    problems, worst = [], (0, "")
    path = os.path.join(folder, "counted.onnx")

    def count(content):
        with open(path, "wb") as file:
            file.write(content)
        return instructions(scan_of(args.opsig, args.patterns, path), folder)

    base = count(chain(1))
    for kind, make in KINDS.items():
        one, two = (count(make(k * args.nodes)) - base for k in (1, 2))
        ratio = two / max(one, base / 20)  # of too few the ratio means nothing
        worst = max(worst, (ratio, kind))
        if args.verbose:
            print(f"  {kind}: {one} and {two} instructions")
        if ratio > MOST_RATIO:
            problems.append(f"{kind}: twice the input takes {ratio:.2f} times the instructions")
    print(f"instructions: twice the input takes at most {worst[0]:.2f} times as many ({worst[1]})")
    return problems


def report_timeouts(args, folder):
    slowest, passed = (0, ""), 0
    path = os.path.join(folder, "large.onnx")
    for kind, make in KINDS.items():
        write_of_size(path, make, args.timeouts)
        for limit in (0.2, 1):
            start = time.monotonic()
            command = [*scan_of(args.opsig, args.patterns, path), "--timeout", str(limit)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            over = time.monotonic() - start - limit
            passed += "--timeout" in done.stderr
            slowest = max(slowest, (over, f"{kind}, {limit} s"))
    print(f"time: {passed} of {2 * len(KINDS)} scans pass --timeout, and end at most "
          f"{slowest[0]:.2f} s later ({slowest[1]})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("patterns")
    parser.add_argument("--bytes", type=int, default=1000000)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--timeouts", type=int)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        problems = check_memory(args, folder) + check_instructions(args, folder)
        if args.timeouts:
            report_timeouts(args, folder)
    for problem in problems:
        print(f"check_cost: {problem}")
    print(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


main()
