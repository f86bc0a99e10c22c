/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranking measures against their definitions, by all pairs and by all thresholds. */
#include "base/mem.h"
#include "base/rng.h"
#include "stats/roc.h"
#include "support/close.h"

enum { MAX_ROWS = 60 };

/* Share of the pairs of an inconsistent and a consistent model in which the first scores higher;
 * equal scores count half. */
static double auc_of_pairs(const double *scores, const uint8_t *labels, size_t n)
{
    double won = 0, pairs = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (labels[i] == 1 && labels[j] == 0) {
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                pairs++;
            }
        }
    }
    return pairs > 0 ? won / pairs : NAN;
}

/* Mean over inconsistent models of the precision among all that score at least as high. */
static double average_precision(const double *scores, const uint8_t *labels, size_t n)
{
    double sum = 0, positives = 0;
    for (size_t i = 0; i < n; i++) {
        double above = 0, right = 0;
        for (size_t j = 0; labels[i] == 1 && j < n; j++) {
            above += scores[j] >= scores[i];
            right += scores[j] >= scores[i] && labels[j] == 1;
        }
        positives += labels[i];
        sum += labels[i] == 1 ? right / above : 0;
    }
    return positives > 0 && positives < (double)n ? sum / positives : NAN;
}

static void measures_agree_with_their_definitions(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 500; i++) {
        const size_t n = ops_rng_below(2, i, 0, MAX_ROWS);
        const uint64_t levels = 1 + ops_rng_below(2, i, 1, 100); /* few: many equal scores */
        double scores[MAX_ROWS], auc, average;
        uint8_t labels[MAX_ROWS];
        for (size_t r = 0; r < n; r++) {
            scores[r] = (double)ops_rng_below(2, i, 2 * r + 2, levels) - 7.5;
            labels[r] = ops_rng_below(2, i, 2 * r + 3, 3) == 0;
        }
        assert_int_equal(ops_roc(scores, labels, n, &auc, &average), 0);
        assert_close(auc, auc_of_pairs(scores, labels, n), 1e-12);
        assert_close(average, average_precision(scores, labels, n), 1e-12);
    }
}

static void one_label_gives_nan(void **state)
{
    (void)state;
    const double scores[] = {1, 2};
    const uint8_t ones[] = {1, 1}, zeros[] = {0, 0};
    double auc, average;
    assert_int_equal(ops_roc(scores, ones, 2, &auc, &average), 0);
    assert_true(isnan(auc) && isnan(average));
    assert_int_equal(ops_roc(scores, zeros, 2, &auc, &average), 0);
    assert_true(isnan(auc) && isnan(average));
}

static void missing_memory_is_told(void **state)
{
    (void)state;
    const double score = 1;
    const uint8_t label = 1;
    double auc, average;
    ops_mem_fail_at(1, 0);
    assert_int_equal(ops_roc(&score, &label, 1, &auc, &average), -1);
    ops_mem_fail_at(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_agree_with_their_definitions),
        cmocka_unit_test(one_label_gives_nan),
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
