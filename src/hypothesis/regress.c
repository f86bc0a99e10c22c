/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking out the means of each pair of strata leaves a regression with two slopes and no constant,
 * whose normal equations are solved as they stand (Frisch & Waugh, Econometrica 1933). */
#include "hypothesis/regress.h"

#include <math.h>

/** Share of a sum of squares below which a regressor counts as explained by the other. */
static const double SMALL = 1e-9;

void ops_pairs_log(struct ops_pairs *pairs, double scale)
{
    const size_t n = ops_pairs_size(pairs);
    for (size_t k = 0; k < n; k++) {
        pairs->values[k] = log1p(pairs->values[k] * scale);
    }
}

/** Takes the mean out of the pairs between strata s >= t. */
static void centre_block(struct ops_pairs *pairs, const struct ops_sample *sample, uint32_t s,
                         uint32_t t)
{
    double sum = 0;
    double n = 0;
    for (uint32_t i = sample->begin[s]; i < sample->begin[s + 1]; i++) {
        const double *const row = ops_pairs_row(pairs, i);
        const uint32_t end = s == t ? i : sample->begin[t + 1];
        for (uint32_t k = sample->begin[t]; k < end; k++) {
            sum += row[k];
            n++;
        }
    }
    for (uint32_t i = sample->begin[s]; i < sample->begin[s + 1]; i++) {
        double *const row = ops_pairs_row(pairs, i);
        const uint32_t end = s == t ? i : sample->begin[t + 1];
        for (uint32_t k = sample->begin[t]; k < end; k++) {
            row[k] -= sum / n;
        }
    }
}

static void centre(struct ops_pairs *pairs, const struct ops_sample *sample)
{
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        for (uint32_t t = 0; t <= s; t++) {
            centre_block(pairs, sample, s, t);
        }
    }
}

static double product(const struct ops_pairs *a, const struct ops_pairs *b)
{
    const size_t n = ops_pairs_size(a);
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += a->values[k] * b->values[k];
    }
    return sum;
}

/** Subtracts slope times x. */
static void take_out(struct ops_pairs *y, const struct ops_pairs *x, double slope)
{
    const size_t n = ops_pairs_size(y);
    for (size_t k = 0; k < n; k++) {
        y->values[k] -= slope * x->values[k];
    }
}

void ops_pairs_regress(struct ops_pairs *y, struct ops_pairs *x1, struct ops_pairs *x2,
                       const struct ops_sample *sample, double out_slopes[2])
{
    centre(y, sample);
    centre(x1, sample);
    centre(x2, sample);
    const double a = product(x1, x1);
    const double b = product(x1, x2);
    const double c = product(x2, x2);
    const double y1 = product(x1, y);
    const double y2 = product(x2, y);
    const double determinant = a * c - b * b;
    out_slopes[0] = a > SMALL ? y1 / a : 0;
    out_slopes[1] = a <= SMALL && c > SMALL ? y2 / c : 0;
    if (determinant > SMALL * a * c) {
        out_slopes[0] = (c * y1 - b * y2) / determinant;
        out_slopes[1] = (a * y2 - b * y1) / determinant;
    }
    take_out(y, x1, out_slopes[0]);
    take_out(y, x2, out_slopes[1]);
}
