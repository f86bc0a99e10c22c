#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the reference values beside it: exact.csv, interval.csv, multiple.csv.

Probabilities are sums of products of binomial coefficients, computed as integers and fractions;
only the last step, a logarithm or a square root, is rounded, from 60 decimal digits. Nothing but
Python's standard library is used, so the values do not depend on the libraries under test.
"""
import os
import random
from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb

getcontext().prec = 60
HERE = os.path.dirname(os.path.abspath(__file__))
Z = Decimal("1.95996398454005423552459443052055152795555")


def decimal(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


def text(value):
    if isinstance(value, float):
        return f"{value:.17g}"
    return f"{value:.20e}" if value else "0"


def ways(stratum):
    """Number of labellings with each count of inconsistent holders, from the least count on."""
    total, positives, holders = stratum
    least, most = max(0, holders + positives - total), min(holders, positives)
    return least, [comb(positives, x) * comb(total - positives, holders - x)
                   for x in range(least, most + 1)]


def convolve(a, b):
    out = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    return out


def log_fraction(numerator, denominator):
    return (Decimal(numerator) / Decimal(denominator)).ln() if numerator else Decimal("-Infinity")


def exact_row(strata, pick):
    least, counts = 0, [1]
    for stratum in strata:
        low, more = ways(stratum)
        least += low
        counts = convolve(counts, more)
    a = max(0, pick(least, least + len(counts) - 1))
    everything = sum(counts)
    tail = sum(counts[max(0, a - least):])
    cells = " ".join(f"{t} {p} {h}" for t, p, h in strata)
    log_p = text(log_fraction(tail, everything)) if tail else "-inf"
    return f"{a} {log_p} {text(log_fraction(counts[-1], everything))} {len(strata)} {cells}"


def random_stratum(rng, largest):
    total = rng.randint(0, largest)
    return total, rng.randint(0, total), rng.randint(0, total)


def rare_stratum(rng, largest, holders):
    total = rng.randint(largest // 2, largest)
    return total, rng.randint(total // 20, total // 4), rng.randint(0, min(total, holders))


def write_exact():
    rng = random.Random(20240601)
    picks = [lambda lo, hi: lo, lambda lo, hi: lo + 1, lambda lo, hi: hi, lambda lo, hi: hi - 1,
             lambda lo, hi: hi + 1, lambda lo, hi: hi - 2, lambda lo, hi: (lo + hi) // 2,
             lambda lo, hi: lo + (hi - lo) * 2 // 3, lambda lo, hi: lo + (hi - lo) // 3,
             lambda lo, hi: lo + (hi - lo) * 9 // 10]
    sets = []
    for i in range(40):
        sets.append([random_stratum(rng, 10 ** rng.randint(1, 3))])
    for i in range(60):
        sets.append([random_stratum(rng, 30) for _ in range(rng.randint(1, 12))])
    for i in range(80):
        sets.append([rare_stratum(rng, rng.choice([50, 300, 900]), rng.choice([3, 20, 60]))
                     for _ in range(12)])
    for i in range(10):
        sets.append([rare_stratum(rng, 40, 2) for _ in range(150)])
    for i in range(10):
        sets.append([rare_stratum(rng, 3000, 600) for _ in range(4)])
    for i in range(10):
        sets.append([(2, 1, 1)] * 60 + [random_stratum(rng, 400)])
    for i in range(10):
        sets.append([(2, 1, 1)] * 250)
        sets.append([(4, 2, 2)] * 150)
    sets.append([(5000, 1500, 1200), (9000, 30, 4000), (7, 7, 3)])
    with open(os.path.join(HERE, "exact.csv"), "w", encoding="ascii") as out:
        out.write("# a log_p log_min_p n_strata (total positives holders)...\n")
        for i, strata in enumerate(sets):
            for pick in (picks[i % len(picks)], picks[(i * 7 + 3) % len(picks)]):
                out.write(exact_row(strata, pick) + "\n")


def ratio(value, variance):
    factor = (Z * decimal(variance).sqrt()).exp()
    return [decimal(value), decimal(value) / factor, decimal(value) * factor]


def odds_ratio(a, n1, c, n0):
    half = Fraction(1, 2)
    a, b, c, d = a + half, n1 - a + half, c + half, n0 - c + half
    return ratio(a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d)


def likelihood_ratio(a, n1, c, n0):
    half = Fraction(1, 2)
    a, c, n1, n0 = a + half, c + half, Fraction(n1 + 1), Fraction(n0 + 1)
    return ratio((a / n1) / (c / n0), 1 / a - 1 / n1 + 1 / c - 1 / n0)


def wilson(k, n):
    """The two roots p of (k/n - p)^2 = z^2 p (1 - p) / n."""
    if n == 0:
        return [Decimal(0), Decimal(0), Decimal(1)]
    share, count = Decimal(k) / n, Decimal(n)
    a, b, c = 1 + Z * Z / count, -(2 * share + Z * Z / count), share * share
    root = max(Decimal(0), b * b - 4 * a * c).sqrt()
    low = Decimal(0) if k == 0 else (-b - root) / (2 * a)
    return [share, low, Decimal(1) if k == n else (-b + root) / (2 * a)]


def write_interval():
    rng = random.Random(7)
    rows = [(0, 0, 0, 0), (0, 5, 0, 5), (5, 5, 0, 7), (0, 5, 7, 7), (5, 5, 7, 7), (1, 1, 0, 1000),
            (31, 210, 4, 900), (60, 60, 0, 2200), (4000000000, 4000000000, 1, 4000000000)]
    for _ in range(120):
        n1, n0 = rng.randint(1, 10 ** rng.randint(1, 4)), rng.randint(1, 10 ** rng.randint(1, 4))
        rows.append((rng.randint(0, n1), n1, rng.randint(0, n0), n0))
    with open(os.path.join(HERE, "interval.csv"), "w", encoding="ascii") as out:
        out.write("# a n1 c n0, then value low high of odds ratio, likelihood ratio and Wilson\n")
        for row in rows:
            a, n1, c, n0 = row
            values = odds_ratio(*row) + likelihood_ratio(*row) + wilson(a, a + c)
            out.write(" ".join(map(str, row)) + " " + " ".join(map(text, values)) + "\n")


def adjust_bh(p, n_tests):
    """By the definition: the smallest p_j m / j over the ranks j that are not lower."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    out = [None] * len(p)
    for rank, i in enumerate(order):
        out[i] = min([Fraction(1)] + [p[order[j]] * n_tests / (j + 1)
                                      for j in range(rank, len(p))])
    return out


def write_multiple():
    rng = random.Random(11)
    with open(os.path.join(HERE, "multiple.csv"), "w", encoding="ascii") as out:
        out.write("# n n_tests, then n times: p adjusted_bh adjusted_bonferroni\n")
        for case in range(40):
            n = rng.randint(0, 30)
            n_tests = n + rng.choice([0, 0, 1, 1000, 10 ** 9])
            floats = [rng.choice([rng.random(), rng.random() ** 20, 0.05, 0.0, 1.0])
                      for _ in range(n)]
            p = [Fraction(x) for x in floats]
            bh = adjust_bh(p, n_tests)
            bonferroni = [min(Fraction(1), x * n_tests) for x in p]
            cells = " ".join(f"{text(x)} {text(decimal(y))} {text(decimal(z))}"
                             for x, y, z in zip(floats, bh, bonferroni))
            out.write(f"{n} {n_tests} {cells}".rstrip() + "\n")


write_exact()
write_interval()
write_multiple()
