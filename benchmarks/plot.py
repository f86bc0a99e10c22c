# SPDX-License-Identifier: GPL-2.0-or-later
"""Curves of cost against size, as SVG, and the power of the size that a cost grows with."""
import html
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 70, 150, 40, 50
COLOURS = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf"]


def exponent(points):
    """Slope of the logarithm of the cost over that of the size, by least squares, over the sizes from
    a tenth of the largest on, three at least: of smaller ones what starting costs is a large part."""
    ordered = sorted(points)
    some = [(x, y) for x, y in ordered if x >= ordered[-1][0] / 10]
    some = some if len(some) >= 3 else ordered[-3:]
    xs, ys = [math.log(x) for x, _ in some], [math.log(y) for _, y in some]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / spread


def ticks(low, high):
    """Powers of ten from one bound to the other."""
    return [10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def write(path, title, x_title, y_title, curves):
    """@param curves  points (size, cost), ascending, by name"""
    points = [p for each in curves.values() for p in each]
    across, up = (ticks(min(p[i] for p in points), max(p[i] for p in points)) for i in (0, 1))
    low_x, high_x = min(p[0] for p in points), max(p[0] for p in points)

    def place(value, low, high, start, end):
        share = math.log(value / low) / math.log(high / low) if high > low else 0.5
        return start + share * (end - start)

    def x_of(x):
        return place(x, low_x, high_x, LEFT, WIDTH - RIGHT)

    def y_of(y):
        return place(y, up[0], up[-1], HEIGHT - BOTTOM, TOP)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="15">{html.escape(title)}</text>',
           f'<text x="{LEFT}" y="{HEIGHT - 12}">{html.escape(x_title)}</text>',
           f'<text x="12" y="{TOP - 8}">{html.escape(y_title)}</text>']
    for y in up:
        out.append(f'<path d="M{LEFT} {y_of(y):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 6}" y="{y_of(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in across:
        if low_x <= x <= high_x:
            out.append(f'<path d="M{x_of(x):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
                       f'<text x="{x_of(x):.1f}" y="{HEIGHT - BOTTOM + 16}" '
                       f'text-anchor="middle">{x:g}</text>')
    for i, (name, each) in enumerate(curves.items()):
        colour = COLOURS[i % len(COLOURS)]
        line = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in each)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3" fill="{colour}"/>'
                for x, y in each]
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{TOP + 14 + 16 * i}" '
                   f'fill="{colour}">{html.escape(name)}</text>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([*out, "</svg>"]) + "\n")
