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

/* Probabilities of the counts first, first + 1, ..., first + len - 1. */
struct window {
    double *p;
    size_t first, len;
};

/* A stratum counted from its smallest possible value: the count x is in 0 ... range, and the
 * cells of the table are x, a - x, b - x and c + x. */
struct table {
    double a, b, c;
    size_t range; /* min(a, b) */
    struct window tilted;
};

struct ops_cmh {
    long double *log_factorials; /* of 0 ... n_factorials - 1 */
    size_t n_factorials;
    struct table *tables; /* of the strata whose count is not fixed by the margins */
    size_t n_tables, cap_tables;
    struct window sum; /* of the strata convolved so far */
    double *spare;     /* room for the next sum */
    double *pool;      /* holds these, and the tilted strata at its front */
    size_t cap_pool;
    struct ops_stratum *strata; /* the caller's */
    size_t cap_strata;
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
    ops_mem_free(scratch->pool);
    ops_mem_free(scratch->strata);
    ops_mem_free(scratch);
}

/* Makes room for n items; returns the block, moved or not, or NULL and leaves it. */
static void *reserve(void *block, size_t *cap, size_t n, size_t size)
{
    if (n <= *cap && block != NULL) {
        return block;
    }
    void *const larger = ops_mem_resize(block, n, size);
    *cap = larger != NULL ? n : *cap;
    return larger;
}

struct ops_stratum *ops_cmh_strata(struct ops_cmh *scratch, size_t n)
{
    struct ops_stratum *const strata =
        reserve(scratch->strata, &scratch->cap_strata, n, sizeof *strata);
    scratch->strata = strata != NULL ? strata : scratch->strata;
    return strata;
}

/* Room for all tilted strata, whose counts range over `range` in all, and for two windows of
 * their sum. */
static bool reserve_pool(struct ops_cmh *scratch, size_t range)
{
    const size_t tilted = range + scratch->n_tables, want = tilted + 2 * (range + 1);
    double *const pool = reserve(scratch->pool, &scratch->cap_pool, want, sizeof *pool);
    if (pool == NULL) {
        return false;
    }
    scratch->pool = pool;
    scratch->sum = (struct window){.p = scratch->pool + tilted};
    scratch->spare = scratch->sum.p + range + 1;
    return true;
}

static bool reserve_tables(struct ops_cmh *scratch, size_t n)
{
    struct table *const tables = reserve(scratch->tables, &scratch->cap_tables, n, sizeof *tables);
    scratch->tables = tables != NULL ? tables : scratch->tables;
    return tables != NULL;
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

/* A search for the theta >= 0 at which the mean of the sum is about `target`. */
struct search {
    double target, theta, low, high;
};

/* Newton's step, kept between the bounds known so far. Returns false where theta is near enough:
 * the mean less than a standard deviation off, or above the target without any tilt. */
static bool search_on(struct search *search, double mean, double variance)
{
    const double miss = search->target - mean, theta = search->theta;
    if (miss * miss <= variance || (theta == 0.0 && miss <= 0.0)) {
        return false;
    }
    if (miss > 0.0) {
        search->low = theta;
    } else {
        search->high = theta;
    }
    const bool bounded = search->high < INFINITY;
    const double top = bounded ? search->high : theta + 4.0;
    const double next = variance > 0.0 ? theta + miss / variance : top;
    if (next > search->low && next < top) {
        search->theta = next;
    } else {
        search->theta = bounded ? (search->low + search->high) / 2 : top;
    }
    return true;
}

/* Mean of a tilted stratum, approximately: the root of x (c + x) = e^theta (a - x) (b - x),
 * exact at theta = 0. Its derivative by theta is written to *out_slope. */
static double rough_mean(const struct table *t, double untilt, double *out_slope)
{
    const double ab = t->a * t->b;
    const double q = t->c * untilt + t->a + t->b;
    const double root = q * q + 4.0 * (untilt - 1.0) * ab;
    const double x = 2.0 * ab / (q + sqrt(root > 0.0 ? root : 0.0));
    const double short_a = t->a - x, short_b = t->b - x;
    if (short_a <= 0.0 || short_b <= 0.0) {
        *out_slope = 0.0;
        return (double)t->range;
    }
    *out_slope = 1.0 / (1.0 / x + 1.0 / (t->c + x) + 1.0 / short_a + 1.0 / short_b);
    return x;
}

/* Brings theta near its place by the rough means. */
static void search_roughly(const struct ops_cmh *scratch, struct search *search)
{
    for (int step = 0; step < MAX_TILT_STEPS; step++) {
        const double untilt = exp(-search->theta);
        double mean = 0.0, variance = 0.0;
        for (size_t k = 0; k < scratch->n_tables; k++) {
            double slope;
            mean += rough_mean(&scratch->tables[k], untilt, &slope);
            variance += slope;
        }
        if (!search_on(search, mean, 0.25 * variance)) {
            return;
        }
    }
}

/* Makes the sum of the probabilities 1 and returns what it was; adds to mean and variance. */
static double normalise(const struct window *w, double *mean, double *variance)
{
    double sum = 0.0, sum_x = 0.0, sum_xx = 0.0;
    for (size_t i = 0; i < w->len; i++) {
        const double x = (double)i, p = w->p[i];
        sum += p;
        sum_x += x * p;
        sum_xx += x * x * p;
    }
    const double factor = 1.0 / sum, offset = sum_x * factor;
    for (size_t i = 0; i < w->len; i++) {
        w->p[i] *= factor;
    }
    *mean += (double)w->first + offset;
    *variance += sum_xx * factor - offset * offset;
    return sum;
}

/* The tilted probabilities of one stratum, from a count near the middle outwards, written to
 * room for range + 1. Returns those that are not negligible. */
static struct window tilt_table(const struct table *t, double theta, size_t middle, double *room)
{
    const double tilt = exp(theta);
    double top = 1.0;
    size_t first = middle, last = middle;
    room[middle] = 1.0;
    for (; last < t->range && room[last] >= top * NEGLIGIBLE; last++) {
        const double x = (double)last;
        room[last + 1] =
            room[last] * (tilt * (t->a - x) * (t->b - x) / ((x + 1.0) * (t->c + x + 1.0)));
        top = room[last + 1] > top ? room[last + 1] : top;
    }
    for (; first > 0 && room[first] >= top * NEGLIGIBLE; first--) {
        const double x = (double)first;
        room[first - 1] =
            room[first] * (x * (t->c + x) / (tilt * (t->a - x + 1.0) * (t->b - x + 1.0)));
        top = room[first - 1] > top ? room[first - 1] : top;
    }
    return (struct window){.p = room + first, .first = first, .len = last - first + 1};
}

/* Tilts all strata, one behind the other in `pool`. Returns the logarithm of the product of
 * their sums before they were made 1, and mean and variance of the sum of counts. */
static long double tilt_tables(struct ops_cmh *scratch, double theta, double *out_mean,
                               double *out_variance)
{
    double *room = scratch->pool;
    long double log_sums = 0.0L;
    *out_mean = *out_variance = 0.0;
    for (size_t k = 0; k < scratch->n_tables; k++) {
        struct table *const t = &scratch->tables[k];
        double slope;
        const size_t middle = (size_t)rough_mean(t, exp(-theta), &slope);
        t->tilted = tilt_table(t, theta, middle, room);
        const double sum = normalise(&t->tilted, out_mean, out_variance);
        log_sums += log_probability(scratch, t, (double)middle) +
                    (long double)theta * (long double)middle + (long double)log(sum);
        room += t->range + 1;
    }
    return log_sums;
}

/* Leaves out what is negligible at both ends. */
static struct window trimmed(struct window w)
{
    double top = 0.0;
    for (size_t i = 0; i < w.len; i++) {
        top = w.p[i] > top ? w.p[i] : top;
    }
    size_t from = 0, to = w.len;
    while (w.p[from] < top * NEGLIGIBLE) {
        from++;
    }
    while (w.p[to - 1] < top * NEGLIGIBLE) {
        to--;
    }
    memmove(w.p, w.p + from, (to - from) * sizeof *w.p);
    return (struct window){.p = w.p, .first = w.first + from, .len = to - from};
}

/* out += factor * in: the inner loop of the convolution. */
static void add_scaled(double *restrict out, const double *restrict in, size_t n, double factor)
{
    for (size_t i = 0; i < n; i++) {
        out[i] += factor * in[i];
    }
}

/* sum = sum convolved with one. */
static void convolve(struct ops_cmh *scratch, const struct window *one)
{
    const struct window *const sum = &scratch->sum;
    const struct window out = {
        .p = scratch->spare, .first = sum->first + one->first, .len = sum->len + one->len - 1};
    memset(out.p, 0, out.len * sizeof *out.p);
    for (size_t i = 0; i < one->len; i++) {
        add_scaled(out.p + i, sum->p, sum->len, one->p[i]);
    }
    scratch->spare = sum->p;
    scratch->sum = trimmed(out);
}

/* Sum over x of one(x) times the untilted tail of sum from target - x on, where a count s weighs
 * e^(-theta (s + x - target)). Turns sum into its own weighted tails. */
static double joint_tail(const struct window *sum, const struct window *one, size_t target,
                         double theta)
{
    const double untilt = exp(-theta);
    for (size_t i = sum->len - 1; i > 0; i--) {
        sum->p[i - 1] += untilt * sum->p[i];
    }
    double tail = 0.0;
    for (size_t i = 0; i < one->len; i++) {
        const size_t reached = one->first + i + sum->first;
        if (reached >= target) {
            tail += one->p[i] * sum->p[0] * exp(-theta * (double)(reached - target));
        } else if (target - reached < sum->len) {
            tail += one->p[i] * sum->p[target - reached];
        }
    }
    return tail;
}

/* log P(sum >= target) for 0 < target < the sum of the ranges. */
static double log_tail(struct ops_cmh *scratch, size_t target)
{
    struct search search = {.target = (double)target, .high = INFINITY};
    search_roughly(scratch, &search);
    search.low = 0.0; /* the bounds were those of the rough means */
    search.high = INFINITY;
    double theta, mean, variance;
    long double log_p;
    int step = 0;
    do {
        theta = search.theta;
        log_p = tilt_tables(scratch, theta, &mean, &variance);
    } while (++step < MAX_TILT_STEPS && search_on(&search, mean, variance));
    scratch->sum.p[0] = 1.0;
    scratch->sum.len = 1;
    const size_t last = scratch->n_tables - 1;
    for (size_t k = 0; k < last; k++) {
        convolve(scratch, &scratch->tables[k].tilted);
    }
    const double tail = joint_tail(&scratch->sum, &scratch->tables[last].tilted, target, theta);
    log_p += (long double)log(tail) - (long double)theta * (long double)target;
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
    if (!set_tables(scratch, strata, n_strata) || !reserve_pool(scratch, (size_t)(most - least))) {
        return NAN;
    }
    return log_tail(scratch, (size_t)(a - least));
}
