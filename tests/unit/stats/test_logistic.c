/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ridge logistic regression against its slow twin, and Platt's calibration against a grid. */
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/logistic.h"
#include "support/close.h"
#include "support/dense_logistic.h"

enum { MAX_ROWS = 120, MAX_COLUMNS = DENSE_MAX - 1 };

/* A random sparse problem and the same in dense form. */
struct problem {
    uint32_t begin[MAX_ROWS + 1], items[MAX_ROWS * MAX_COLUMNS], rows[MAX_ROWS];
    uint8_t labels[MAX_ROWS], kept_labels[MAX_ROWS];
    double penalty[DENSE_MAX]; /* [0] is the intercept's */
    double dense[MAX_ROWS][DENSE_MAX];
    size_t n_kept;
    struct ops_sparse x;
};

static void make_problem(struct problem *p, uint64_t seed)
{
    uint64_t draw = 0;
    memset(p, 0, sizeof *p);
    const size_t n_rows = 20 + ops_rng_below(seed, 0, draw++, MAX_ROWS - 20);
    p->x = (struct ops_sparse){.n_rows = n_rows,
                               .n_columns = 1 + ops_rng_below(seed, 0, draw++, MAX_COLUMNS),
                               .begin = p->begin,
                               .items = p->items};
    for (size_t r = 0; r < p->x.n_rows; r++) {
        p->begin[r + 1] = p->begin[r];
        p->labels[r] = ops_rng_below(seed, 0, draw++, 4) == 0;
        const bool keep = ops_rng_below(seed, 0, draw++, 5) > 0;
        p->dense[p->n_kept][0] = 1;
        for (size_t j = 0; j < p->x.n_columns; j++) {
            const bool one = ops_rng_below(seed, 0, draw++, 3) == 0;
            p->dense[p->n_kept][j + 1] = one;
            if (one) {
                p->items[p->begin[r + 1]++] = (uint32_t)j;
            }
        }
        if (keep) {
            p->kept_labels[p->n_kept] = p->labels[r];
            p->rows[p->n_kept++] = (uint32_t)r;
        }
    }
    for (size_t j = 1; j <= p->x.n_columns; j++) {
        p->penalty[j] = 0.1 + 0.1 * (double)ops_rng_below(seed, 0, draw++, 30);
    }
}

static void weights_agree_with_the_slow_twin(void **state)
{
    (void)state;
    static struct problem p;
    for (uint64_t seed = 0; seed < 20; seed++) {
        make_problem(&p, seed);
        double slow[DENSE_MAX], weights[MAX_COLUMNS] = {0}, intercept = 0;
        dense_logistic(p.dense, p.kept_labels, p.n_kept, p.penalty, p.x.n_columns + 1, slow);
        assert_int_equal(ops_logistic_fit(&p.x, p.labels, p.rows, p.n_kept, p.penalty + 1, weights,
                                          &intercept, NULL),
                         OPSIG_OK);
        assert_close(intercept, slow[0], 1e-6);
        for (size_t j = 0; j < p.x.n_columns; j++) {
            assert_close(weights[j], slow[j + 1], 1e-6);
        }
    }
}

static void a_start_elsewhere_ends_at_the_same_weights(void **state)
{
    (void)state;
    static struct problem p;
    make_problem(&p, 77);
    double cold[MAX_COLUMNS] = {0}, warm[MAX_COLUMNS], cold_b = 0, warm_b = -5;
    for (size_t j = 0; j < MAX_COLUMNS; j++) {
        warm[j] = j % 2 == 0 ? 3 : -4;
    }
    assert_int_equal(
        ops_logistic_fit(&p.x, p.labels, p.rows, p.n_kept, p.penalty + 1, cold, &cold_b, NULL),
        OPSIG_OK);
    assert_int_equal(
        ops_logistic_fit(&p.x, p.labels, p.rows, p.n_kept, p.penalty + 1, warm, &warm_b, NULL),
        OPSIG_OK);
    assert_close(warm_b, cold_b, 1e-6);
    for (size_t j = 0; j < p.x.n_columns; j++) {
        assert_close(warm[j], cold[j], 1e-6);
    }
}

static void one_label_and_no_rows_end_without_harm(void **state)
{
    (void)state;
    static struct problem p;
    make_problem(&p, 5);
    memset(p.labels, 1, sizeof p.labels);
    double weights[MAX_COLUMNS] = {0}, intercept = 0;
    assert_int_equal(ops_logistic_fit(&p.x, p.labels, p.rows, p.n_kept, p.penalty + 1, weights,
                                      &intercept, NULL),
                     OPSIG_OK);
    assert_true(isfinite(intercept) && intercept > 5);
    memset(weights, 0, sizeof weights);
    intercept = 0;
    assert_int_equal(
        ops_logistic_fit(&p.x, p.labels, p.rows, 0, p.penalty + 1, weights, &intercept, NULL),
        OPSIG_OK);
    assert_true(intercept == 0.0 && weights[0] == 0.0);
}

static void weights_without_columns_give_the_base_rate(void **state)
{
    (void)state;
    const uint32_t begin[] = {0, 0, 0, 0, 0}, rows[] = {0, 1, 2, 3};
    const uint8_t labels[] = {1, 0, 0, 0};
    const struct ops_sparse x = {.n_rows = 4, .begin = begin, .items = NULL};
    double intercept = 0, none = 0;
    assert_int_equal(ops_logistic_fit(&x, labels, rows, 4, &none, &none, &intercept, NULL),
                     OPSIG_OK);
    assert_close(intercept, log(1.0 / 3.0), 1e-7);
}

static void missing_memory_is_told(void **state)
{
    (void)state;
    static struct problem p;
    make_problem(&p, 6);
    double weights[MAX_COLUMNS] = {0}, intercept = 0;
    ops_mem_fail_at(1, 0);
    assert_int_equal(ops_logistic_fit(&p.x, p.labels, p.rows, p.n_kept, p.penalty + 1, weights,
                                      &intercept, NULL),
                     OPSIG_NOMEM);
    ops_mem_fail_at(0, 0);
}

static void score_is_the_sum_of_a_rows_weights(void **state)
{
    (void)state;
    const uint32_t begin[] = {0, 2, 2}, items[] = {0, 2};
    const struct ops_sparse x = {.n_rows = 2, .n_columns = 3, .begin = begin, .items = items};
    const double weights[] = {1, 10, 100};
    assert_true(ops_logistic_score(&x, 0, weights, 0.5) == 101.5);
    assert_true(ops_logistic_score(&x, 1, weights, 0.5) == 0.5);
}

/* Loss of Platt's sigmoid with his targets, written out. */
static double platt_loss(const double *scores, const uint8_t *labels, size_t n, double a, double b)
{
    double positives = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        positives += labels[i];
    }
    for (size_t i = 0; i < n; i++) {
        const double target =
            labels[i] ? (positives + 1) / (positives + 2) : 1 / ((double)n - positives + 2);
        const double p = 1 / (1 + exp(-(a * scores[i] + b)));
        sum -= target * log(p) + (1 - target) * log(1 - p);
    }
    return sum;
}

static void calibration_minimises_the_loss(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        double scores[MAX_ROWS], a, b;
        uint8_t labels[MAX_ROWS];
        const size_t n = 4 + ops_rng_below(seed, 1, 0, MAX_ROWS - 4);
        for (size_t i = 0; i < n; i++) {
            labels[i] = ops_rng_below(seed, 1, 2 * i + 1, 3) == 0;
            scores[i] = (double)ops_rng_below(seed, 1, 2 * i + 2, 1000) / 100 + 2 * labels[i];
        }
        ops_platt_fit(scores, labels, n, &a, &b);
        const double best = platt_loss(scores, labels, n, a, b);
        for (int step = 0; step < 4; step++) {
            const double da = step % 2 == 0 ? 1e-3 : -1e-3, db = step < 2 ? 1e-3 : -1e-3;
            assert_true(platt_loss(scores, labels, n, a + da, b) > best);
            assert_true(platt_loss(scores, labels, n, a, b + db) > best);
        }
    }
}

static void calibration_of_separated_or_equal_scores_is_finite(void **state)
{
    (void)state;
    const double apart[] = {-3, -2, 5, 6}, equal[] = {1, 1, 1, 1};
    const uint8_t labels[] = {0, 0, 1, 1};
    double a, b;
    ops_platt_fit(apart, labels, 4, &a, &b);
    assert_true(isfinite(a) && isfinite(b) && a > 0);
    assert_close(1 / (1 + exp(-(a * -2.5 + b))), 0.25, 0.02);
    ops_platt_fit(equal, labels, 4, &a, &b);
    assert_close(a + b, 0, 1e-9);
    ops_platt_fit(equal, labels, 0, &a, &b);
    assert_true(a == 0 && b == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_agree_with_the_slow_twin),
        cmocka_unit_test(a_start_elsewhere_ends_at_the_same_weights),
        cmocka_unit_test(one_label_and_no_rows_end_without_harm),
        cmocka_unit_test(weights_without_columns_give_the_base_rate),
        cmocka_unit_test(missing_memory_is_told),
        cmocka_unit_test(score_is_the_sum_of_a_rows_weights),
        cmocka_unit_test(calibration_minimises_the_loss),
        cmocka_unit_test(calibration_of_separated_or_equal_scores_is_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
