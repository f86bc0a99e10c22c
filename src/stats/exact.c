/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact tail probabilities of one hypergeometric count, and of a sum of them.
 *
 * The distribution of the sum over strata is a convolution. Far tails (e^-700 and beyond) would
 * underflow in it, so each stratum is tilted first: its probabilities are multiplied by
 * e^(theta x), with the theta that moves the mean of the sum close to the observed count, and
 * the factor is divided out of the result. Any theta gives the same tail; a good one keeps all
 * terms that matter near 1, so plain doubles do, and what lies so many standard deviations off
 * that it cannot change the result is left out: vectors are as long as the spread of the
 * sum, not as its range. The last stratum needs no convolution, only the tail of the others. */
#include "stats/exact.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/mem.h"

/* Probabilities below this, relative to the largest, are left out. The rest of a call loses less
 * than 1e-12 by it. */
#define NEGLIGIBLE 1e-18

enum {
    MAX_FACTORIALS = 1 << 20, /* logarithms kept; beyond, they are computed each time */
    MAX_TILT_STEPS = 60
};

/* A stratum counted from its smallest possible value: the count x is in 0 ... range, and the
 * cells of the table are x, a - x, b - x and c + x. */
struct table {
    double a, b, c;
    size_t range; /* min(a, b) */
};

/* Probabilities of the counts first, first + 1, ..., first + len - 1. */
struct window {
    double *p;
    size_t first, len, cap;
};

struct ops_cmh {
    long double *log_factorials; /* of 0 ... n_factorials - 1 */
    size_t n_factorials;
    struct table *tables; /* of the strata whose count is not fixed by the margins */
    size_t n_tables, cap_tables;
    struct window one, sum, spare;
};

static uint32_t count_min(struct ops_stratum s)
{
    const uint64_t drawn = (uint64_t)s.holders + s.positives;
    return drawn > s.total ? (uint32_t)(drawn - s.total) : 0;
}

static uint32_t count_max(struct ops_stratum s)
{
    return s.holders < s.positives ? s.holders : s.positives;
}

double ops_fisher_log_p(struct ops_stratum margins, uint32_t a)
{
    if (a <= count_min(margins)) {
        return 0.0;
    }
    if (a > count_max(margins)) {
        return -INFINITY;
    }
    return phyper((double)a - 1.0, margins.positives, (double)margins.total - margins.positives,
                  margins.holders, 0, 1);
}

double ops_cmh_log_min_p(const struct ops_stratum *strata, size_t n_strata)
{
    double log_p = 0.0;
    for (size_t k = 0; k < n_strata; k++) {
        const struct ops_stratum s = strata[k];
        const uint32_t most = count_max(s);
        if (most != count_min(s)) {
            log_p += dhyper(most, s.positives, (double)s.total - s.positives, s.holders, 1);
        }
    }
    return log_p;
}

struct ops_cmh *ops_cmh_new(void)
{
    return ops_mem_zalloc(1, sizeof(struct ops_cmh));
}

void ops_cmh_free(struct ops_cmh *scratch)
{
    if (scratch == NULL) {
        return;
    }
    ops_mem_free(scratch->log_factorials);
    ops_mem_free(scratch->tables);
    ops_mem_free(scratch->one.p);
    ops_mem_free(scratch->sum.p);
    ops_mem_free(scratch->spare.p);
    ops_mem_free(scratch);
}

static bool reserve_window(struct window *window, size_t len)
{
    if (len > window->cap) {
        double *const p = ops_mem_resize(window->p, len, sizeof *p);
        if (p == NULL) {
            return false;
        }
        window->p = p;
        window->cap = len;
    }
    return true;
}

static bool reserve_tables(struct ops_cmh *scratch, size_t n)
{
    if (n > scratch->cap_tables) {
        struct table *const tables = ops_mem_resize(scratch->tables, n, sizeof *tables);
        if (tables == NULL) {
            return false;
        }
        scratch->tables = tables;
        scratch->cap_tables = n;
    }
    return true;
}

/* Makes log_factorials reach `largest` or its maximum. */
static bool reserve_factorials(struct ops_cmh *scratch, size_t largest)
{
    size_t n = scratch->n_factorials;
    if (largest < n || n == MAX_FACTORIALS) {
        return true;
    }
    const size_t want = largest < 512 ? 1024 : largest * 2;
    const size_t end = want < MAX_FACTORIALS ? want : MAX_FACTORIALS;
    long double *const logs = ops_mem_resize(scratch->log_factorials, end, sizeof *logs);
    if (logs == NULL) {
        return false;
    }
    for (; n < end; n++) {
        logs[n] = n < 2 ? 0.0L : logs[n - 1] + logl((long double)n);
    }
    scratch->log_factorials = logs;
    scratch->n_factorials = end;
    return true;
}

static long double log_factorial(const struct ops_cmh *scratch, double n)
{
    if (n < (double)scratch->n_factorials) {
        return scratch->log_factorials[(size_t)n];
    }
    int sign;
    return lgammal_r((long double)n + 1.0L, &sign);
}

/* Logarithm of the untilted probability of the count x. */
static long double log_probability(const struct ops_cmh *scratch, const struct table *t, double x)
{
    const long double ways = log_factorial(scratch, t->a) + log_factorial(scratch, t->b) +
                             log_factorial(scratch, t->a + t->c) +
                             log_factorial(scratch, t->b + t->c) -
                             log_factorial(scratch, t->a + t->b + t->c);
    return ways - log_factorial(scratch, x) - log_factorial(scratch, t->a - x) -
           log_factorial(scratch, t->b - x) - log_factorial(scratch, t->c + x);
}

/* Fills in the tables of the strata that can vary; the one with the widest range comes last.
 * Returns false when memory ran out. */
static bool set_tables(struct ops_cmh *scratch, const struct ops_stratum *strata, size_t n_strata)
{
    size_t widest = 0, largest = 0;
    scratch->n_tables = 0;
    if (!reserve_tables(scratch, n_strata)) {
        return false;
    }
    for (size_t k = 0; k < n_strata; k++) {
        const struct ops_stratum s = strata[k];
        const uint32_t least = count_min(s);
        const uint32_t range = count_max(s) - least;
        if (range == 0) {
            continue;
        }
        const double a = (double)s.positives - least, b = (double)s.holders - least;
        scratch->tables[scratch->n_tables] =
            (struct table){.a = a, .b = b, .c = s.total - a - b, .range = range};
        if (range > scratch->tables[widest].range) {
            widest = scratch->n_tables;
        }
        largest = s.total > largest ? s.total : largest;
        scratch->n_tables++;
    }
    if (scratch->n_tables > 0) {
        const struct table last = scratch->tables[scratch->n_tables - 1];
        scratch->tables[scratch->n_tables - 1] = scratch->tables[widest];
        scratch->tables[widest] = last;
    }
    return reserve_factorials(scratch, largest);
}

/* Mean of a tilted stratum, approximately: the root of x (c + x) = e^theta (a - x) (b - x),
 * whose derivative by theta is written to *out_slope. */
static double tilted_mean(const struct table *t, double untilt, double *out_slope)
{
    const double ab = t->a * t->b;
    const double q = t->c * untilt + t->a + t->b;
    const double root = q * q + 4.0 * (untilt - 1.0) * ab;
    double x = 2.0 * ab / (q + sqrt(root > 0.0 ? root : 0.0));
    const double most = (double)t->range;
    x = x < most ? x : most;
    const double short_a = t->a - x, short_b = t->b - x;
    if (short_a <= 0.0 || short_b <= 0.0) {
        *out_slope = 0.0;
        return most;
    }
    *out_slope = 1.0 / (1.0 / x + 1.0 / (t->c + x) + 1.0 / short_a + 1.0 / short_b);
    return x;
}

/* The theta >= 0 at which the mean of the sum is about `target`: Newton's method between bounds.
 * Half a standard deviation off is near enough. */
static double find_tilt(const struct ops_cmh *scratch, double target)
{
    double theta = 0.0, low = 0.0, high = INFINITY;
    for (int step = 0; step < MAX_TILT_STEPS; step++) {
        const double untilt = exp(-theta);
        double mean = 0.0, variance = 0.0;
        for (size_t k = 0; k < scratch->n_tables; k++) {
            double slope;
            mean += tilted_mean(&scratch->tables[k], untilt, &slope);
            variance += slope;
        }
        const double miss = target - mean;
        if (miss * miss <= 0.25 * variance || (theta == 0.0 && miss <= 0.0)) {
            break;
        }
        if (miss > 0.0) {
            low = theta;
        } else {
            high = theta;
        }
        const double next = theta + (variance > 0.0 ? miss / variance : miss);
        const double top = high < INFINITY ? high : theta + 4.0;
        theta = next > low && next < top ? next : high < INFINITY ? (low + high) / 2 : top;
    }
    return theta;
}

/* Multiplies `window` through and returns the sum that it had. */
static double normalise(struct window *window)
{
    double sum = 0.0;
    for (size_t i = 0; i < window->len; i++) {
        sum += window->p[i];
    }
    const double factor = 1.0 / sum;
    for (size_t i = 0; i < window->len; i++) {
        window->p[i] *= factor;
    }
    return sum;
}

/* The tilted probabilities of one stratum, from a count near the middle outwards. Returns the
 * logarithm of their sum before it was made 1. */
static long double tilt_table(struct ops_cmh *scratch, const struct table *t, double theta)
{
    double slope;
    const size_t middle = (size_t)tilted_mean(t, exp(-theta), &slope);
    const double tilt = exp(theta);
    double *const p = scratch->one.p;
    double top = 1.0;
    size_t first = middle, last = middle;
    p[middle] = 1.0;
    for (; last < t->range && p[last] >= top * NEGLIGIBLE; last++) {
        const double x = (double)last;
        p[last + 1] = p[last] * (tilt * (t->a - x) * (t->b - x) / ((x + 1.0) * (t->c + x + 1.0)));
        top = p[last + 1] > top ? p[last + 1] : top;
    }
    for (; first > 0 && p[first] >= top * NEGLIGIBLE; first--) {
        const double x = (double)first;
        p[first - 1] = p[first] * (x * (t->c + x) / (tilt * (t->a - x + 1.0) * (t->b - x + 1.0)));
        top = p[first - 1] > top ? p[first - 1] : top;
    }
    memmove(p, p + first, (last - first + 1) * sizeof *p);
    scratch->one.first = first;
    scratch->one.len = last - first + 1;
    const double sum = normalise(&scratch->one);
    return log_probability(scratch, t, (double)middle) + (long double)theta * middle + logl(sum);
}

/* Leaves out what is negligible at both ends. */
static void trim(struct window *window)
{
    double top = 0.0;
    for (size_t i = 0; i < window->len; i++) {
        top = window->p[i] > top ? window->p[i] : top;
    }
    size_t from = 0, to = window->len;
    while (window->p[from] < top * NEGLIGIBLE) {
        from++;
    }
    while (window->p[to - 1] < top * NEGLIGIBLE) {
        to--;
    }
    memmove(window->p, window->p + from, (to - from) * sizeof *window->p);
    window->first += from;
    window->len = to - from;
}

/* out += factor * in: the inner loop of the convolution. */
static void add_scaled(double *restrict out, const double *restrict in, size_t n, double factor)
{
    for (size_t i = 0; i < n; i++) {
        out[i] += factor * in[i];
    }
}

/* sum = sum convolved with one. */
static void convolve(struct ops_cmh *scratch)
{
    const struct window *const one = &scratch->one, *const sum = &scratch->sum;
    struct window out = scratch->spare;
    out.first = sum->first + one->first;
    out.len = sum->len + one->len - 1;
    memset(out.p, 0, out.len * sizeof *out.p);
    for (size_t i = 0; i < one->len; i++) {
        add_scaled(out.p + i, sum->p, sum->len, one->p[i]);
    }
    scratch->spare = *sum;
    scratch->sum = out;
    trim(&scratch->sum);
}

/* Sum over x of one(x) times the untilted tail of sum from target - x on, where a count s weighs
 * e^(-theta (s + x - target)). Turns sum into its own weighted tails. */
static double joint_tail(struct ops_cmh *scratch, size_t target, double theta)
{
    const struct window *const one = &scratch->one, *const sum = &scratch->sum;
    const double untilt = exp(-theta);
    for (size_t i = sum->len - 1; i > 0; i--) {
        sum->p[i - 1] += untilt * sum->p[i];
    }
    double tail = 0.0;
    for (size_t i = 0; i < one->len; i++) {
        const size_t x = one->first + i;
        if (x + sum->first >= target) {
            const double beyond = (double)(x + sum->first - target);
            tail += one->p[i] * sum->p[0] * (beyond > 0.0 ? exp(-theta * beyond) : 1.0);
        } else if (target - x - sum->first < sum->len) {
            tail += one->p[i] * sum->p[target - x - sum->first];
        }
    }
    return tail;
}

/* log P(sum >= target) for 0 < target < the sum of the ranges. */
static double log_tail(struct ops_cmh *scratch, size_t target)
{
    const double theta = find_tilt(scratch, (double)target);
    long double log_p = -(long double)theta * target;
    scratch->sum.p[0] = 1.0;
    scratch->sum.first = 0;
    scratch->sum.len = 1;
    for (size_t k = 0; k < scratch->n_tables; k++) {
        log_p += tilt_table(scratch, &scratch->tables[k], theta);
        if (k + 1 < scratch->n_tables) {
            convolve(scratch);
        }
    }
    log_p += logl(joint_tail(scratch, target, theta));
    return log_p < 0.0L ? (double)log_p : 0.0;
}

double ops_cmh_log_p(struct ops_cmh *scratch, const struct ops_stratum *strata, size_t n_strata,
                     uint32_t a)
{
    uint64_t least = 0, most = 0;
    for (size_t k = 0; k < n_strata; k++) {
        least += count_min(strata[k]);
        most += count_max(strata[k]);
    }
    if (a <= least) {
        return 0.0;
    }
    if (a > most) {
        return -INFINITY;
    }
    if (a == most) {
        return ops_cmh_log_min_p(strata, n_strata);
    }
    const size_t room = (size_t)(most - least) + 1;
    if (!set_tables(scratch, strata, n_strata) || !reserve_window(&scratch->one, room) ||
        !reserve_window(&scratch->sum, room) || !reserve_window(&scratch->spare, room)) {
        return NAN;
    }
    return log_tail(scratch, (size_t)(a - least));
}
