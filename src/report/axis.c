/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Axes of plots. */
#include "report/axis.h"

#include <math.h>

double ops_axis_place(const struct ops_axis *axis, double value)
{
    const double inside = fmin(fmax(value, axis->low), axis->high);
    const double share = axis->log
                             ? log(inside / axis->low) / log(axis->high / axis->low)
                             : (inside - axis->low) / (axis->high - axis->low);
    return axis->from + share * (axis->to - axis->from);
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `step`. */
static double round_step(double step)
{
    const double power = pow(10, floor(log10(step)));
    const double factor = step / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

static size_t log_ticks(const struct ops_axis *axis, double out[OPS_AXIS_MAX_TICKS])
{
    size_t n = 0;
    const double first = ceil(log10(axis->low) - 1e-9);
    while (n < OPS_AXIS_MAX_TICKS && first + (double)n <= log10(axis->high) + 1e-9) {
        out[n] = pow(10, first + (double)n);
        n++;
    }
    return n;
}

size_t ops_axis_ticks(const struct ops_axis *axis, size_t wanted, double out[OPS_AXIS_MAX_TICKS])
{
    if (axis->log) {
        return log_ticks(axis, out);
    }
    size_t n = 0;
    const double step = round_step((axis->high - axis->low) / (double)wanted);
    const double first = ceil(axis->low / step - 1e-9);
    while (n < OPS_AXIS_MAX_TICKS && (first + (double)n) * step <= axis->high + step * 1e-9) {
        out[n] = (first + (double)n) * step;
        n++;
    }
    return n;
}
