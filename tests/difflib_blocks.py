#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes random pairs of strings with the matching blocks that difflib finds.

usage: difflib_blocks.py OUT

A line is a pair: the lengths of both strings, their symbols as numbers, the number of blocks, and
the blocks as i j n.
"""
import difflib
import random
import sys

SHORT, LONG = 30000, 600


def random_string(rng, length, symbols):
    return [rng.choice(symbols) for _ in range(length)]


def mutate(rng, string, symbols):
    """A string that shares long parts with another one."""
    out = []
    for symbol in string:
        roll = rng.random()
        if roll < 0.06:
            out.append(rng.choice(symbols))
        elif roll < 0.12:
            continue
        else:
            out.append(symbol)
        if rng.random() < 0.05:
            out.extend(random_string(rng, rng.randint(1, 4), symbols))
    return out


def pair(rng, low, high):
    symbols = list(range(rng.choice([1, 2, 3, 4, 6, 10, 20, 40])))
    a = random_string(rng, rng.randint(low, high), symbols)
    if rng.random() < 0.5:
        return a, random_string(rng, rng.randint(low, high), symbols)
    return a, mutate(rng, a, symbols)


def popular_pair(rng):
    """Long strings in which some symbols are too frequent to begin a block and others are not."""
    rare = list(range(10, 10 + rng.choice([20, 80, 150])))
    symbols = [0] * rng.choice([1, 30]) + [1] * rng.choice([0, 10]) + rare
    b = random_string(rng, rng.randint(195, 420), symbols)
    a = mutate(rng, b, symbols) if rng.random() < 0.7 else random_string(
        rng, rng.randint(150, 300), symbols)
    return a, b


def main():
    rng = random.Random(1)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        for case in range(SHORT + LONG):
            if case < SHORT:
                a, b = pair(rng, 0, 24 if case % 4 else 90)
            elif case % 2:
                a, b = popular_pair(rng)
            else:
                a, b = pair(rng, 190, 260)
            blocks = difflib.SequenceMatcher(None, a, b).get_matching_blocks()[:-1]
            flat = [number for block in blocks for number in block]
            print(len(a), len(b), *a, *b, len(blocks), *flat, file=out)


if __name__ == "__main__":
    main()
