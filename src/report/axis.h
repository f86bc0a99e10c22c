/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file axis.h  From values to places along an axis, and where its ticks stand. */
#ifndef OPSIG_REPORT_AXIS_H
#define OPSIG_REPORT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

/** Values low ... high (low < high; both above 0 where log) lie at from ... to. */
struct ops_axis {
    double low, high, from, to;
    bool log;
};

enum { OPS_AXIS_MAX_TICKS = 24 };

/** The place of a value; values outside lie at the nearer end. */
double ops_axis_place(const struct ops_axis *axis, double value);
/** Ticks at round values: 1, 2 or 5 times a power of ten apart, about `wanted` of them, or powers
 *  of ten on a logarithmic axis. @return their number */
size_t ops_axis_ticks(const struct ops_axis *axis, size_t wanted, double out[OPS_AXIS_MAX_TICKS]);

#endif
