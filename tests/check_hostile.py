#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the hostile files of the shared data (malformed/index.csv) through the program.

usage: check_hostile.py OPSIG EXAMPLES
  EXAMPLES  folder with models that are read without errors, and mine.csv
exit status 77 (skipped): the data are missing

1. Each file alone: the exit status that the table expects, no end by a signal, at most 256 MiB, JSON
   that is JSON, an error in one line that names the file, the file as it was and nothing beside it.
2. Hostile models among good ones: what is said of the good ones is what is said without the others.
3. Under strace, where it is there: no file is opened but those named, none for writing, no network.
"""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

MOST_MEMORY = 256 << 20
HANG = 120  # seconds: what takes longer hangs
SOME = 50

DONE, BROKEN_NAMED, BROKEN_INPUT = 0, 2, 3


def run(command):
    """Runs a command. @return status, output, errors, peak bytes, seconds"""
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err) as child:
            _, how, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(how)
        out.seek(0)
        err.seek(0)
        texts = out.read(), err.read().decode(errors="surrogateescape")
    return child.returncode, *texts, usage.ru_maxrss * 1024, time.monotonic() - start


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def commands(opsig, database, scratch):
    """Kind of file: the command that reads it, and the status where it refuses it."""
    start = ["timeout", "--signal=KILL", str(HANG), opsig]
    scan = ["scan", "--db", database, "--no-default", "--format", "json", "--fail-on", "never"]
    frequent = ["frequent", "--input", "gspan", "--min-support", "1", "--format", "json"]
    return {
        "model": (start + scan, BROKEN_INPUT),
        "manifest": (start + ["mine", "-o", os.path.join(scratch, "mined.db")], BROKEN_INPUT),
        "gspan": (start + frequent, BROKEN_INPUT),
        "database": (start + ["db", "info"], BROKEN_NAMED),
    }


def with_rules(opsig, database, rules, scratch):
    """A database of the signatures of another one and of rules, which ask for more of a model."""
    text, both = os.path.join(scratch, "examples.txt"), os.path.join(scratch, "both.db")
    for command in (["db", "export", database, "-o", text], ["db", "import", text, rules, "-o", both]):
        done = run([opsig, *command])
        assert done[0] == DONE, done[2]
    return both


def judge(row, path, command, refused):
    """@return what is wrong, or None; seconds; bytes"""
    folder = os.path.dirname(path)
    before = digest(path), sorted(os.listdir(folder))
    status, out, err, memory, seconds = run(command + [path])
    after = digest(path), sorted(os.listdir(folder))
    wrong = None
    if status < 0 or status > BROKEN_INPUT or "Sanitizer" in err:
        wrong = f"ends with {status}: {err[-300:]}"
    elif row["expected"] == "must-reject" and status != refused:
        wrong = f"ends with {status} but should be refused"
    elif row["expected"] == "must-load" and status == refused and path + ":" in err:
        wrong = f"is refused: {err}"
    elif row["expected"] == "must-reject" and os.path.basename(path) not in err:
        wrong = f"is refused without its name: {err}"
    elif before != after:
        wrong = "was changed, or something beside it"
    elif memory > MOST_MEMORY:
        wrong = f"took {memory >> 20} MiB"
    elif "json" in command and out:
        try:
            json.loads(out)
        except ValueError as error:
            wrong = f"is reported as what is no JSON: {error}"
    return wrong, seconds, memory


def each_alone(rows, base, table):
    problems, slowest, largest = [], (0.0, ""), (0, "")
    for row in rows:
        command, refused = table[row["kind"]]
        path = os.path.join(base, row["file"])
        wrong, seconds, memory = judge(row, path, command, refused)
        slowest = max(slowest, (seconds, row["file"]))
        largest = max(largest, (memory, row["file"]))
        if wrong:
            problems.append(f"{row['file']} {wrong}")
    print(f"{len(rows)} files; slowest {slowest[0]:.2f} s ({slowest[1]}), most memory "
          f"{largest[0] / 2**20:.0f} MiB ({largest[1]})")
    return problems


def said_of(opsig, database, paths):
    """What a scan says of each path."""
    command = [opsig, "scan", "--db", database, "--no-default", "--format", "json", "--fail-on"]
    _, out, _, _, _ = run(command + ["never", "-j", "2", *paths])
    return {m["path"]: json.dumps(m) for m in json.loads(out)["models"]}


def among_good_ones(opsig, database, good, hostile):
    alone = said_of(opsig, database, good)
    step = max(1, len(good) // len(hostile))
    mixed = list(good)
    for i, path in enumerate(hostile):
        mixed.insert(i * (step + 1), path)
    together = said_of(opsig, database, mixed)
    changed = [path for path in good if alone[path] != together.get(path)]
    print(f"{len(hostile)} hostile models among {len(good)}: {len(changed)} others changed")
    return [f"{path} is reported otherwise beside hostile models" for path in changed]


CALL = re.compile(r'\b(open|openat|creat|rename|unlink|mkdir|socket|connect)\((.*)')
OPENED = re.compile(r'"((?:[^"\\]|\\.)*)", ([A-Z_|]+)')
SYSTEM = ("/etc/", "/lib", "/usr/lib", "/proc/self/", "/proc/sys/", "/sys/devices/system/cpu/")


def unnamed_files(opsig, database, paths, scratch):
    """Traces a scan of all paths. @return problems, or None where it cannot be traced"""
    trace = os.path.join(scratch, "trace")
    tracer = ["strace", "-f", "-qq", "-s", "4096", "-o", trace, "-e", "trace=%file,%network,creat"]
    probe = subprocess.run(tracer + ["true"], capture_output=True, check=False)
    if probe.returncode != 0:
        return None
    named = {os.path.abspath(path) for path in [*paths, database]}
    empty = os.path.join(scratch, "ignores")
    with open(empty, "wb"):
        named.add(empty)
    options = ["--no-config", "--no-default", "--db", database, "--ignore-file", empty, "-j", "2"]
    run(tracer + [opsig, "scan", *options, "--fail-on", "never", *paths])
    problems, unopened = [], set(named)
    with open(trace, encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            call = CALL.search(line)
            if not call:
                continue
            opened = OPENED.search(call[2])
            if call[1] not in ("open", "openat") or not opened:
                problems.append(line.strip()[:200])
                continue
            raw = opened[1].encode("latin-1").decode("unicode_escape").encode("latin-1")
            path = os.path.abspath(os.fsdecode(raw))
            unopened.discard(path)
            writes = re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", opened[2])
            if writes or not (path in named or path.startswith(SYSTEM)):
                problems.append(line.strip()[:200])
    return problems + [f"{path} was not seen to be opened" for path in sorted(unopened)]


def main():
    opsig, examples = sys.argv[1:3]
    here = os.path.dirname(os.path.abspath(__file__))
    shared = os.environ.get("OPSIG_SHARED", os.path.join(here, "..", "..", "shared"))
    base = os.path.realpath(os.path.join(shared, "malformed"))
    if not os.path.exists(os.path.join(base, "index.csv")):
        print(f"check_hostile: skipped: no index.csv in {base} (OPSIG_SHARED)")
        sys.exit(77)
    with open(os.path.join(base, "index.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as scratch:
        database = os.path.join(scratch, "examples.db")
        manifest = os.path.join(examples, "mine.csv")
        mined = run([opsig, "mine", manifest, "--oracle", "ort_opt", "-o", database])
        assert mined[0] == DONE, mined[2]
        database = with_rules(opsig, database, os.path.join(here, "..", "patterns"), scratch)
        table = commands(opsig, database, scratch)
        problems = each_alone(rows, base, table)

        models = [os.path.join(base, row["file"]) for row in rows if row["kind"] == "model"]
        folder = os.path.join(examples, "models")
        good = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        problems += among_good_ones(opsig, database, good, models[:: len(models) // SOME][:SOME])

        traced = unnamed_files(opsig, database, models, scratch)
        print("files opened: " + ("not traced" if traced is None else f"{len(traced)} problems"))
        problems += traced or []
    for problem in problems[:40]:
        print(f"check_hostile: {problem}")
    sys.exit(1 if problems else 0)


main()
