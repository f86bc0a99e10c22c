#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times opsig beside what one would take instead, on the same inputs, in turns within one run.

usage: benchmarks/run.py [--rounds N] [--only JOB[,JOB]] [--graphs FOLDER] [--plots FOLDER]
                         [--peer NAME='COMMAND {input} {support}'] [--instructions [--keep]]

Builds a release in build/bench, makes the inputs there, runs the jobs and prints a Markdown table:
medians of processor time (user and system), time by the clock and memory of whole processes, and how
many times opsig's each contender takes. The same is written to build/bench/figures.csv. Contenders
must agree in what they count, or their times are not compared; those that this machine lacks are left
out (C++: libonnx-dev and libprotobuf-dev; Python: python3-onnx, python3-networkx).

  --rounds N      runs of each command (default 5); slow contenders run once
  --only JOB      load, weights, start, scan, signatures, subgraphs, mine, sequences, shapes, paper, bits
  --graphs FOLDER data sets in gSpan's text format and their reference.csv, for `subgraphs`
  --peer NAME=COMMAND  another miner of frequent subgraphs; prints the number of patterns last. Those of
                  single vertices may be counted or not. May be repeated.
  --plots FOLDER  write curves of cost against size there, as SVG
  --instructions  instead, count instructions by callgrind, and hold them against instructions.csv
  --keep          write instructions.csv anew
exit status: 0 done, 1 contenders disagree
"""
import argparse
import csv
import os
import re
import shlex
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import inputs  # noqa: E402
import plot  # noqa: E402

ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build", "bench")
BIN = os.path.join(BUILD, "benchmarks")
OPSIG = os.path.join(BUILD, "opsig")
DATA = os.path.join(BUILD, "data")
PYTHON = "/usr/bin/python3"  # Debian's packages are for this one
SLOW = 3000  # milliseconds of processor time: not run again


class Contender:
    """A command, and how its output tells what it counted."""

    def __init__(self, name, command, count=r"(\d+)\s*$"):
        self.name, self.command, self.count = name, [str(word) for word in command], count
        self.samples, self.found = [], None

    def run(self, sample_file):
        if self.samples and self.samples[0][1] > SLOW:
            return
        result = subprocess.run([os.path.join(BIN, "bench_measure"), sample_file, *self.command],
                                stdout=subprocess.PIPE if self.count else subprocess.DEVNULL,
                                text=True, check=False)
        if result.returncode != 0:
            sys.exit(f"run: {self.name} ends with {result.returncode}: {shlex.join(self.command)}")
        with open(sample_file, encoding="ascii") as file:
            self.samples.append([float(word) for word in file.readlines()[-1].split()])
        found = re.findall(self.count, result.stdout, re.M) if self.count else []
        self.found = {int(n) for n in found[-1:]}

    def medians(self):
        """@return milliseconds by the clock, of processors, KiB"""
        return [statistics.median(column) for column in zip(*self.samples)]


class Bench:
    def __init__(self, args):
        self.args, self.rows, self.disagree = args, [], False
        self.sample_file = os.path.join(BUILD, "samples")

    def add(self, job, case, size, name, figures, n=1, ratio=1.0):
        """@param figures  milliseconds by the clock, of processors, KiB; None: unknown"""
        self.rows.append([job, case, size, name, *figures, ratio, n])
        cells = ["" if f is None else f"{f:.3g} ms" if i < 2 else f"{f / 1024:.1f} MiB"
                 for i, f in enumerate(figures)]
        print(f"| {job} | {case} | {name} | {cells[1]} | {cells[0]} | {cells[2]} | "
              f"{'' if ratio == 1 else f'{ratio:.3g}'} |", flush=True)

    def contest(self, job, case, contenders, size=0):
        """Runs them in turns; the first one is opsig."""
        for _ in range(self.args.rounds):
            for contender in contenders:
                contender.run(self.sample_file)
        base = contenders[0]
        for contender in contenders:
            if contender.count and not contender.found & base.found:
                print(f"run: {job}, {case}: {contender.name} counts {contender.found}, "
                      f"{base.name} {base.found}", file=sys.stderr)
                self.disagree = True
            else:
                figures = contender.medians()
                self.add(job, case, size, contender.name, figures, len(contender.samples),
                         figures[1] / max(base.medians()[1], 0.01))

    def write_csv(self):
        with open(os.path.join(BUILD, "figures.csv"), "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["job", "case", "size", "contender", "wall_ms", "cpu_ms", "kib",
                          "times_opsig", "runs"])
            out.writerows(self.rows)

    def curves(self, job):
        """Points (size, milliseconds) by contender, of the sizes that a job went through."""
        curves = {}
        for row in self.rows:
            if row[0] == job and row[2] > 0:
                by_clock = row[5] is None or job.endswith("threads")  # which do not save processor time
                milliseconds = row[4] if by_clock else row[5]
                curves.setdefault(row[3], []).append((row[2], max(milliseconds, 0.001)))
        return {name: sorted(points) for name, points in curves.items() if len(points) > 2}

    def tell_growth(self):
        """Exponents, and plots where they are asked for."""
        print("\n| cost grows with | contender | from | to | power |\n| --- | --- | ---: | ---: | ---: |")
        for job in dict.fromkeys(row[0] for row in self.rows):
            curves = self.curves(job)
            for name, points in curves.items():
                print(f"| {job} | {name} | {points[0][0]:g} | {points[-1][0]:g} | "
                      f"{plot.exponent(points):.2f} |")
            if curves and self.args.plots:
                os.makedirs(self.args.plots, exist_ok=True)
                plot.write(os.path.join(self.args.plots, f"{job.replace(' ', '-')}.svg"), job,
                           job.split(" by ")[-1], "milliseconds", curves)


def made(name, write, *arguments):
    """The path of an input, which is made when it is not there."""
    path = os.path.join(DATA, name)
    if not os.path.exists(path):
        os.makedirs(DATA, exist_ok=True)
        partial = path + ".part"
        write(partial, *arguments)
        os.rename(partial, path)
    return path


def has_module(name):
    return subprocess.run([PYTHON, "-c", f"import {name}"], capture_output=True,
                          check=False).returncode == 0


def loaders(files):
    """Contenders that load models and count their operators."""
    contenders = [Contender("opsig", [os.path.join(BIN, "bench_load"), *files])]
    if os.path.exists(os.path.join(BIN, "bench_load_cc")):
        contenders.append(Contender("C++ protobuf", [os.path.join(BIN, "bench_load_cc"), *files]))
    if has_module("onnx"):
        contenders.append(Contender("onnx.load", [PYTHON, os.path.join(HERE, "load.py"), *files]))
    return contenders


def small_models(n):
    folder = made(f"small-{n}", inputs.write_small_models, n)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def job_load(bench):
    bench.contest("load", "no model", loaders([]))
    for n in (10, 100, 1000):
        bench.contest("load by models", f"{n} models of 770 bytes", loaders(small_models(n)), n)
    for n in (1000, 10000, 30000, 100000, 300000):
        path = made(f"nodes-{n}.onnx", inputs.write_dag, n, 1, "/blk/t%d")
        bench.contest("load by nodes", f"{n} nodes, {os.path.getsize(path) / 1e6:.1f} MB",
                      loaders([path]), n)


def job_weights(bench):
    path = made("weights.onnx", inputs.write_weights, 1 << 30)
    bench.contest("weights", "1 GiB of weights",
                  [*loaders([path]), Contender("cat", ["cat", path], None)])


def job_start(bench):
    path = small_models(1)[0]
    scan = [OPSIG, "scan", "--no-config", "--fail-on", "never", path]
    contenders = [Contender("opsig scan", scan, None)]
    if has_module("onnx"):
        contenders.append(Contender("import onnx", [PYTHON, "-c", "import onnx"], None))
    bench.contest("start", "whole scan of a small model, default database", contenders)


def scan_lines(command):
    """Lines "name count milliseconds"."""
    out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [(w[0], int(w[1]), float(w[2])) for w in map(str.split, out.splitlines())]


def scan_case(bench, job, nodes, signatures, size, peers):
    written = os.path.join(BUILD, "scan.txt")
    lines = scan_lines([os.path.join(BIN, "bench_scan"), str(nodes), str(signatures),
                        str(bench.args.rounds * 5), *(p for p in peers if p != "networkx"),
                        *(["write", written] if "networkx" in peers else [])])
    if "networkx" in peers and has_module("networkx"):
        lines += scan_lines([PYTHON, os.path.join(HERE, "count_networkx.py"), written])
    for name, n, ms in lines:
        if n != lines[0][1]:
            print(f"run: {job}: {name} finds {n}, opsig {lines[0][1]}", file=sys.stderr)
            bench.disagree = True
        bench.add(job, f"{nodes} nodes, {signatures} patterns, {n} matches", size, name,
                  [ms, None, None], ratio=ms / lines[0][2])


def job_scan(bench):
    peers = {1000: ["vf2", "lad", "networkx"], 3000: ["vf2", "lad"], 10000: ["vf2"]}
    for nodes in (1000, 3000, 10000, 100000, 1000000):
        scan_case(bench, "scan by nodes", nodes, 100, nodes, peers.get(nodes, []))


def job_signatures(bench):
    for n in (10, 100, 1000, 10000):
        scan_case(bench, "scan by signatures", 1000, n, n, ["vf2"] if n < 1000 else [])


def miners(bench, path, directed, support, edges, threads=1):
    """opsig and the peers; opsig's numbers are all patterns, and those with edges."""
    command = [OPSIG, "frequent", "--input", "gspan", path, "--min-support", support, "--max-edges",
               edges, "--count-only", "--quiet", "-j", threads]
    command += [] if directed else ["--undirected"]
    contenders = [Contender("opsig", command)]
    out = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True, check=True).stdout
    by_edges = [int(n) for n in re.findall(r"^ *(\d+) with \d+ edge", out, re.M)]
    contenders[0].count = r"^(\d+) patterns"
    if edges == 0:
        for name, template in bench.args.peer:
            contenders.append(Contender(name, shlex.split(template.format(input=path, support=support)),
                                        r"(\d+)\D*\Z"))
    return contenders, sum(by_edges), sum(by_edges[1:])


def subgraph_case(bench, job, case, size, arguments, expected=None):
    contenders, n_all, n_with_edges = miners(bench, *arguments)
    for peer in contenders[1:]:
        peer.run(bench.sample_file)
        if not peer.found & {n_all, n_with_edges}:
            print(f"run: {case}: {peer.name} counts {peer.found}, opsig {n_all} ({n_with_edges} with "
                  "edges): not timed", file=sys.stderr)
            bench.disagree = True
            contenders.remove(peer)
        peer.count = None
    if expected not in (None, n_with_edges):
        print(f"run: {case}: opsig counts {n_with_edges} with edges, known are {expected}",
              file=sys.stderr)
        bench.disagree = True
    bench.contest(job, f"{case}: {n_all} patterns", contenders, size)


def job_subgraphs(bench):
    for n in (250, 500, 1000, 2000, 4000):
        path = made(f"graphs-{n}.txt", inputs.write_graphs, n)
        subgraph_case(bench, "subgraphs by graphs", f"{n} graphs at 2 %", n, (path, True, n // 50, 0))
    path = made("graphs-1000.txt", inputs.write_graphs, 1000)
    for support in (8, 10, 14, 20, 40, 100):
        subgraph_case(bench, "subgraphs by support", f"1000 graphs at {support}", support,
                      (path, False, support, 0))
    path = made("graphs-4000.txt", inputs.write_graphs, 4000)
    for threads in (1, 2, 4):
        subgraph_case(bench, "subgraphs by threads", f"4000 graphs at 8, {threads} threads", threads,
                      (path, False, 8, 0, threads))
    if bench.args.graphs:
        data_sets(bench)


# Data set, directed, support, most edges (0: any), patterns with edges where others know their number.
MORE_SUPPORTS = [("compound_422", False, 42, 0, 15966), ("chemical_340", False, 17, 0, 3608),
                 ("onnx_ops_directed", True, 20, 4, 3459), ("onnx_ops_directed", True, 60, 0, None)]


def data_sets(bench):
    """The references of --graphs, lower supports, and significance where the first 100 graphs are
    the class."""
    folder = bench.args.graphs
    with open(os.path.join(folder, "reference.csv"), encoding="utf-8") as file:
        cases = [(row["dataset"], row["directed"] == "1", int(row["minsup_graphs"]),
                  int(row["max_edges"] or 0), int(row["frequent_excl_single_vertices"]))
                 for row in csv.DictReader(file)]
    for name, directed, support, edges, expected in cases + MORE_SUPPORTS:
        case = f"{name}, {'' if directed else 'un'}directed, at {support}"
        case += f", {edges} edges" if edges else ""
        subgraph_case(bench, "subgraphs", case, 0,
                      (os.path.join(folder, name + ".txt"), directed, support, edges), expected)
    classes = made("first-100-of-340.class", write_classes, 340, lambda i: i < 100)
    for correction in ("tarone", "westfall-young"):
        command = [OPSIG, "mine", "--input", "gspan", os.path.join(folder, "chemical_340.txt"),
                   "--classes", classes, "--undirected", "--min-support", "2", "--max-edges", "0",
                   "--strata", "none", "--correction", correction, "-j", "1"]
        bench.contest("significance", f"chemical_340, {correction}",
                      [Contender("opsig", command, r"significant_patterns +(\d+)")])


def mine(bench, job, case, size, manifest, *options):
    command = [OPSIG, "mine", manifest, "--no-config", "--quiet", "--progress", "never", "-o",
               os.path.join(BUILD, "mined.db"), *options]
    bench.contest(job, case, [Contender("opsig", command, r"^(\d+) models")], size)


def job_mine(bench):
    for n in (250, 500, 1000, 2000, 4000):
        manifest = os.path.join(made(f"corpus-{n}", inputs.write_corpus, n), "manifest.csv")
        mine(bench, "mine by models", f"{n} models, 1,000 permutations", n, manifest, "-j", "1")
    manifest = os.path.join(made("corpus-1000", inputs.write_corpus, 1000), "manifest.csv")
    for n in (100, 1000, 10000, 100000):
        mine(bench, "mine by permutations", f"1000 models, {n} permutations", n, manifest, "-j", "1",
             "--permutations", str(n))


def job_sequences(bench):
    for n in (250, 1000, 4000):
        folder = made(f"corpus-{n}", inputs.write_corpus, n)
        command = [OPSIG, "frequent", "--count-only", "--max-length", "6", "-j", "1", folder]
        bench.contest("sequences by models", f"{n} models, lengths to 6",
                      [Contender("opsig", command, r"^(\d+) patterns")], n)


def job_shapes(bench):
    shapes = [("chain of 64 diamonds", "diamonds.onnx", inputs.write_diamonds, 64),
              ("10,000 nodes one behind the other", "deep.onnx", inputs.write_deep, 10000),
              ("10,000 nodes side by side", "wide.onnx", inputs.write_wide, 10000)]
    for case, name, write, n in shapes:
        path = made(name, write, n)
        bench.contest("shapes", f"{case}, inspect",
                      [Contender("opsig", [OPSIG, "inspect", path], None)])
        bench.contest("shapes", f"{case}, sequences to 6",
                      [Contender("opsig", [OPSIG, "frequent", "--min-support", "1", "--max-length", "6",
                                           "--count-only", path], None)])


def job_paper(bench):
    """Its contender is the reference that tests hold it against, which uses difflib."""
    command = [PYTHON, os.path.join(HERE, "paper_mode.py"), OPSIG,
               os.path.join(ROOT, "examples", "corpus", "mine.csv"), "torch_ort", "300", "120"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        print("run: paper: left out: paper_mode.py cannot run here", file=sys.stderr)
        return
    seconds = {name: float(s) for name, s in re.findall(r"^(difflib|opsig) +([\d.]+) s", result.stdout,
                                                        re.M)}
    case = result.stdout.splitlines()[0]
    for name in ("opsig", "difflib"):
        bench.add("paper", case, 0, name, [seconds[name] * 1e3, None, None],
                  ratio=seconds[name] / seconds["opsig"])


def job_bits(bench):
    out = subprocess.run([os.path.join(BIN, "bench_bits")], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    base = None
    for kind, columns, _, table, _ in map(str.split, out.splitlines()[1:]):
        base = base or (float(columns), float(table))
        for i, (what, ns) in enumerate((("200 strings of 1,024 bits added up", columns),
                                        ("2x2 table of 2,048 models", table))):
            bench.add("bits", what, 0, kind, [float(ns) / 1e6, None, None], ratio=float(ns) / base[i])


JOBS = {"load": job_load, "weights": job_weights, "start": job_start, "scan": job_scan,
        "signatures": job_signatures, "subgraphs": job_subgraphs, "mine": job_mine,
        "sequences": job_sequences, "shapes": job_shapes, "paper": job_paper, "bits": job_bits}


def instruction_commands():
    """What callgrind counts: it does not see processes that load models."""
    graphs = made("graphs-250.txt", inputs.write_graphs, 250)
    bench_load = os.path.join(BIN, "bench_load")
    return {
        "load 100 small models": [bench_load, *small_models(100)],
        "load 10,000 nodes": [bench_load, made("nodes-10000.onnx", inputs.write_dag, 10000, 1, "/blk/t%d")],
        "load 1 GiB of weights": [bench_load, made("weights.onnx", inputs.write_weights, 1 << 30)],
        "scan 10,000 nodes for 100 patterns": [os.path.join(BIN, "bench_scan"), "10000", "100", "10"],
        "subgraphs of 250 graphs at 5": [OPSIG, "frequent", "--input", "gspan", graphs, "--min-support",
                                         "5", "--max-edges", "0", "--count-only", "-j", "1"],
        "significant subgraphs of 250 graphs": [
            OPSIG, "mine", "--input", "gspan", graphs, "--classes",
            made("fourth-of-250.class", write_classes, 250, lambda i: i % 4 == 0), "--correction", "westfall-young", "-j", "1"],
        "inspect a chain of 64 diamonds": [OPSIG, "inspect", made("diamonds.onnx", inputs.write_diamonds,
                                                                64)],
    }


def write_classes(path, n, is_positive):
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{int(is_positive(i))}\n" for i in range(n))


def count_instructions(command):
    result = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                            capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode != 0 or not found:
        sys.exit(f"run: {shlex.join(command)}: {result.stderr[-300:]}")
    return int(found[1])


def instructions(keep):
    path, kept = os.path.join(HERE, "instructions.csv"), {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            kept = {row["command"]: int(row["instructions"]) for row in csv.DictReader(file)}
    rows = []
    print("| command | instructions | kept | ratio |\n| --- | ---: | ---: | ---: |")
    for name, command in instruction_commands().items():
        n = count_instructions(command)
        old = kept.get(name, n)
        rows.append([name, n])
        print(f"| {name} | {n:,} | {old:,} | {n / old:.3f} |", flush=True)
    if keep:
        with open(path, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["command", "instructions"])
            out.writerows(rows)


def build():
    options = ["-DCMAKE_BUILD_TYPE=Release", "-DOPSIG_TESTS=OFF", "-DOPSIG_BENCHMARKS=ON"]
    subprocess.run(["cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja", *options], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", BUILD], check=True, stdout=subprocess.DEVNULL)


def parse_arguments():
    def peer(text):
        name, _, command = text.partition("=")
        if "{input}" not in command:
            raise argparse.ArgumentTypeError(f"no {{input}} in {text!r}")
        return name, command

    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(JOBS))
    parser.add_argument("--graphs")
    parser.add_argument("--plots")
    parser.add_argument("--peer", type=peer, action="append", default=[])
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    if unknown := set(args.only) - set(JOBS):
        parser.error(f"no such job: {', '.join(sorted(unknown))}")
    return args


def main():
    args = parse_arguments()
    build()
    if args.instructions:
        instructions(args.keep)
        return
    bench = Bench(args)
    print("| job | case | contender | processor | clock | memory | times opsig |\n"
          "| --- | --- | --- | ---: | ---: | ---: | ---: |")
    for name in args.only:
        JOBS[name](bench)
    bench.write_csv()
    bench.tell_growth()
    sys.exit(1 if bench.disagree else 0)


if __name__ == "__main__":
    main()
