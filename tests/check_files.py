#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Gives the program files that are none, slow streams, interrupted calls, links and moving targets.

usage: check_files.py OPSIG

1. A FIFO, a socket, devices, folders, files of /proc, dangling and circular links in the place of each
   kind of input: an error that names it, at once, and nothing is waited for.
2. A model that comes byte by byte while the reader is stopped and continued, and, where strace is
   there, system calls that are interrupted: the same output.
3. A link as the output: the file behind it is replaced, the link stays.
4. Scans while their database is replaced again and again: each sees the old one or the new one.
5. Databases that another program changed: refused, unchanged, nothing beside them.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import onnx_bytes as onnx  # noqa: E402

HANG = 30  # seconds: what takes longer waits for something
FIXED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cli", "data", "fixed.txt")
PROBLEMS = []


def need(holds, what):
    if not holds:
        PROBLEMS.append(what)


def run(command, **more):
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=HANG,
                              stdin=more.pop("stdin", subprocess.DEVNULL), **more)
    except subprocess.TimeoutExpired:
        PROBLEMS.append(f"{command[1:4]} waits")
        return subprocess.CompletedProcess(command, 0, b"", b"")


def write_model(path):
    graph = onnx.node("Pad", ["x"], ["a"], name="p") + onnx.node("AveragePool", ["a"], ["b"], name="q")
    with open(path, "wb") as file:
        file.write(onnx.model(graph + onnx.node("Relu", ["b"], ["c"])))


def no_files(folder):
    """Paths that can be opened, or not, and are no regular files."""
    names = ("fifo", "socket", "folder.onnx", "dangling", "loop")
    paths = [os.path.join(folder, name) for name in names]
    os.mkfifo(paths[0])
    server = socket.socket(socket.AF_UNIX)
    server.bind(paths[1])
    os.mkdir(paths[2])
    os.symlink("nowhere", paths[3])
    os.symlink("loop", paths[4])
    return [*paths, "/dev/null", "/dev/zero", "/dev/tty", "/proc/self/mem"]


def check_no_files(opsig, folder, database):
    model = os.path.join(folder, "m.onnx")
    scan = [opsig, "scan", "--no-config", "--db", database, "--fail-on", "never"]
    out = os.path.join(folder, "new.db")
    tried = 0
    for path in no_files(folder):
        places = {
            "model": [*scan, path],
            "database": [opsig, "scan", "--no-config", "--db", path, model],
            "manifest": [opsig, "mine", path, "-o", out],
            "gSpan text": [opsig, "frequent", "--input", "gspan", path],
            "classes": [opsig, "mine", "--input", "gspan", FIXED, "--classes", path],
            "database's text": [opsig, "db", "import", path, "-o", out],
            "rules": [opsig, "rules", "check", path],
            "ignore file": [*scan, "--ignore-file", path, model],
            "baseline": [*scan, "--baseline", path, model],
            "slice": [opsig, "slice", path, "--nodes", "p", "-o", out],
        }
        if path.endswith("folder.onnx"):  # which holds no rules and no models
            kept = ("database", "ignore file", "baseline", "slice")
            places = {place: places[place] for place in kept}
        for place, command in places.items():
            done = run(command)
            tried += 1
            lines = done.stderr.decode(errors="replace").splitlines()
            is_empty = path in ("/dev/null", "/proc/self/mem") and place in (
                "ignore file", "rules", "gSpan text")  # read as what they say to be: empty
            need(done.returncode in ((0, 2, 3) if is_empty else (2, 3)),
                 f"{path} as {place}: ends with {done.returncode}")
            is_told = len(lines) > 0 and lines[0].startswith("opsig: ")
            need(is_empty or is_told, f"{path} as {place}: {lines}")
            need(not os.path.exists(out), f"{path} as {place} leaves an output")
    return tried


def check_slow_stream(opsig, folder, database):
    path = os.path.join(folder, "m.onnx")
    scan = [opsig, "scan", "--no-config", "--db", database, "--fail-on", "never", "-"]
    with open(path, "rb") as file:
        content = file.read()
    with open(path, "rb") as file:
        whole = run(scan, stdin=file)
    with subprocess.Popen(scan, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as child:
        for i, _ in enumerate(content):
            child.stdin.write(content[i:i + 1])
            child.stdin.flush()
            child.send_signal(signal.SIGSTOP)
            child.send_signal(signal.SIGCONT)
        slow = child.communicate(timeout=HANG)[0]
    need(child.returncode == whole.returncode == 0, f"a slow stream: ends with {child.returncode}")
    need(slow == whole.stdout, "a slow stream: other output")


def check_interrupted(opsig, folder, database):
    """Calls but write, which only the signals interrupt that end the program.
    @return how many runs; None where calls cannot be interrupted"""
    out = os.path.join(folder, "scan.json")
    scan = [opsig, "scan", "--no-config", "--db", database, "--fail-on", "never", "-f", "json",
            "-j", "2", "-o", out, os.path.join(folder, "m.onnx"), os.path.join(folder, "n.onnx")]
    probe = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=read:error=EINTR:when=900", "true"]
    if not shutil.which("strace") or run(probe).returncode != 0:
        return None
    need(run(scan).returncode == 0, "a scan without interruptions fails")
    with open(out, "rb") as file:
        expected = file.read()
    calls = ("pread64", "read", "poll", "recvmsg", "sendmsg", "recvfrom", "sendto", "wait4")
    for call in calls:
        for when in ("1+2", "2+3"):
            with open(out, "wb"):
                pass
            inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                      f"inject={call}:error=EINTR:when={when}"]
            done = run([*inject, *scan], env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
            if done.returncode == 127 and b"shared libraries" in done.stderr:
                continue  # the program had not begun
            with open(out, "rb") as file:
                is_same = file.read() == expected
            need(done.returncode == 0 and is_same, f"{call} interrupted at {when}: ends with "
                 f"{done.returncode} {done.stderr.decode(errors='replace')[:200]}")
    return 2 * len(calls)


def check_link(opsig, folder, database):
    target, link = os.path.join(folder, "target.txt"), os.path.join(folder, "link.txt")
    with open(target, "wb") as file:
        file.write(b"old")
    os.symlink("target.txt", link)
    done = run([opsig, "db", "export", database, "-o", link])
    with open(target, "rb") as file:
        text = file.read()
    need(done.returncode == 0 and os.readlink(link) == "target.txt", "a link as output: is replaced")
    need(text.startswith(b"opsig-database"), f"a link as output: {text[:20]}")


def check_replaced(opsig, folder, database):
    """Scans while a database is replaced. @return how many scans saw which one"""
    text, other = os.path.join(folder, "other.txt"), os.path.join(folder, "moving.db")
    with open(FIXED, encoding="utf-8") as file:
        content = file.read().replace("corpus", "Corpus").replace("oracle ort", "oracle other")
    with open(text, "w", encoding="utf-8") as file:
        file.write(content)
    scan = [opsig, "scan", "--no-config", "--db", other, "--fail-on", "never", "-f", "json",
            os.path.join(folder, "m.onnx")]
    expected = []
    for source in (FIXED, text):
        assert run([opsig, "db", "import", source, "-o", other]).returncode == 0
        expected.append(run(scan).stdout)
    need(expected[0] != expected[1], "the two databases cannot be told apart")
    ended = threading.Event()

    def replace():
        while not ended.is_set():
            for source in (FIXED, text):
                need(run([opsig, "db", "import", source, "-o", other]).returncode == 0, "import fails")

    writer = threading.Thread(target=replace)
    writer.start()
    seen = [0, 0]
    for _ in range(60):
        done = run(scan)
        if done.stdout in expected:
            seen[expected.index(done.stdout)] += 1
        else:
            PROBLEMS.append(f"beside a writer: ends with {done.returncode} {done.stderr[:200]}")
    ended.set()
    writer.join()
    need([name for name in os.listdir(folder) if name.startswith("moving.db")] == ["moving.db"],
         "something is left beside a replaced database")
    return seen


CHANGES = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON model BEGIN DELETE FROM model; END",
    "a view": "CREATE VIEW v AS SELECT * FROM model",
    "a view for a table": "ALTER TABLE rule RENAME TO r; CREATE VIEW rule AS SELECT * FROM r",
    "an index": "CREATE INDEX i ON model (label)",
    "a table more": "CREATE TABLE extra (a)",
    "a newer version": "PRAGMA user_version = 99",
    "another program's mark": "PRAGMA application_id = 42",
    "a virtual table": "CREATE VIRTUAL TABLE f USING fts5(a)",
    "WAL": "PRAGMA journal_mode = WAL",
}


def check_databases(opsig, folder, database):
    place = os.path.join(folder, "databases")
    os.mkdir(place)
    for what, sql in CHANGES.items():
        path = os.path.join(place, "changed.db")
        shutil.copy(database, path)
        connection = sqlite3.connect(path)
        try:
            connection.executescript(sql)
        except sqlite3.OperationalError:
            connection.close()
            continue  # this SQLite has no such thing
        connection.close()
        with open(path, "rb") as file:
            before = file.read()
        for command in (["db", "info", path], ["scan", "--db", path, os.path.join(folder, "m.onnx")]):
            done = run([opsig, *command])
            need(done.returncode == 2 and done.stderr.startswith(b"opsig: "),
                 f"{what}: {command[0]} ends with {done.returncode} {done.stderr[:200]}")
        with open(path, "rb") as file:
            is_same = file.read() == before
        need(is_same and os.listdir(place) == ["changed.db"], f"{what}: files changed")
    return len(CHANGES)


def main():
    opsig = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "fixed.db")
        assert run([opsig, "db", "import", FIXED, "-o", database]).returncode == 0
        for name in ("m.onnx", "n.onnx"):
            write_model(os.path.join(folder, name))
        tried = check_no_files(opsig, folder, database)
        check_slow_stream(opsig, folder, database)
        interrupted = check_interrupted(opsig, folder, database)
        check_link(opsig, folder, database)
        seen = check_replaced(opsig, folder, database)
        changed = check_databases(opsig, folder, database)
    print(f"{tried} inputs that are no files, {interrupted or 'no'} runs with interrupted calls, "
          f"{seen[0]} and {seen[1]} scans saw one and the other database, {changed} changed ones; "
          f"{len(PROBLEMS)} problems")
    for problem in PROBLEMS[:40]:
        print(f"check_files: {problem}")
    sys.exit(1 if PROBLEMS else 0)


main()
