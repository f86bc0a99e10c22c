#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ends mining at moments spread over its run, and looks at what stands at its target.

usage: check_kill.py OPSIG EXAMPLES [--kills N] [--seed S]
  EXAMPLES   folder with mine.csv and models
  --kills N  times by SIGKILL (default 30); a quarter as often by SIGINT

Killed, it leaves the old database or the new one, whole, and a next run is not in the way of what
is left beside it. Interrupted, it ends with 130, leaves the old one and nothing beside it, unless it
was done already.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Mining:
    """A mine onto a database that stands."""

    def __init__(self, opsig, examples, folder):
        self.folder = folder
        self.target = os.path.join(folder, "target.db")
        base = [opsig, "mine", os.path.join(examples, "mine.csv"), "-o", self.target]
        self.command = [*base, "--oracle", "torch_ort"]
        subprocess.run([*base, "--oracle", "ort_opt"], check=True, capture_output=True)
        self.old = read(self.target)
        start = time.monotonic()
        subprocess.run(self.command, check=True, capture_output=True)
        self.seconds = time.monotonic() - start
        self.new = read(self.target)

    def end_by(self, number, moment):
        """@return how it ended"""
        with open(self.target, "wb") as file:
            file.write(self.old)
        with subprocess.Popen(self.command, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as child:
            time.sleep(moment)
            child.send_signal(number)
            return child.wait(timeout=60)

    def judge(self):
        """@return what is wrong with the target, or None"""
        now = read(self.target)
        if now not in (self.old, self.new):
            return "the target is neither the old database nor the new one"
        with sqlite3.connect(f"file:{self.target}?mode=ro", uri=True) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        return None if answer == "ok" else f"integrity_check says {answer}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("examples")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    problems, n_new = [], 0
    with tempfile.TemporaryDirectory() as folder:
        mining = Mining(args.opsig, args.examples, folder)
        for _ in range(args.kills):
            moment = dice.uniform(0, mining.seconds * 1.1)
            mining.end_by(signal.SIGKILL, moment)
            wrong = mining.judge()
            n_new += read(mining.target) == mining.new
            if wrong:
                problems.append(f"killed at {moment:.3f} s: {wrong}")
        for _ in range(max(1, args.kills // 4)):
            moment = dice.uniform(0.02, mining.seconds)
            status = mining.end_by(signal.SIGINT, moment)
            left = sorted(os.listdir(folder))
            is_done = status == 0 and read(mining.target) == mining.new
            is_old = status in (130, -signal.SIGINT) and read(mining.target) == mining.old
            if not (is_done or is_old) or left != ["target.db"]:
                problems.append(f"interrupted at {moment:.3f} s: ends with {status}, leaves {left}")
        subprocess.run(mining.command, check=True, capture_output=True)
        if read(mining.target) != mining.new or os.listdir(folder) != ["target.db"]:
            problems.append(f"a next run leaves {os.listdir(folder)} or other bytes")
    print(f"{args.kills} kills, {n_new} of them when the new database stood; {len(problems)} problems")
    for problem in problems:
        print(f"check_kill: {problem}")
    sys.exit(1 if problems else 0)


main()
