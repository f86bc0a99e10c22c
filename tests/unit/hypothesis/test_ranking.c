/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "hypothesis/ranking.h"
#include "stats/roc.h"
#include "support/close.h"
#include "support/small_sample.h"

enum { N = 40 };

/** Scores with ties, and labels that go with them a little. */
static void fill(struct small_sample *small, double *scores, uint64_t seed)
{
    small_sample_init(small, N, 3);
    for (uint32_t i = 0; i < N; i++) {
        scores[i] = (double)ops_rng_below(seed, 0, i, 10) / 10;
        small->labels[i] = (double)ops_rng_below(seed, 1, i, 10) < 2 + 4 * scores[i];
    }
    small->labels[0] = small->labels[39] = 1;
    small->labels[1] = small->labels[38] = 0;
}

static void judge(const struct small_sample *small, const double *scores, const double *weights,
                  double out[OPS_N_FIGURES])
{
    struct ops_ranking ranking;
    assert_int_equal(ops_ranking_init(&ranking, &small->sample, scores, NULL), OPSIG_OK);
    ops_ranking_judge(&ranking, small->labels, weights, out);
    ops_ranking_dispose(&ranking);
}

/** Share of pairs, one model of each label, in which the inconsistent one has the higher score;
 *  only of pairs in one stratum where asked for. */
static double share_of_pairs(const struct small_sample *small, const double *scores,
                             const double *weights, bool within)
{
    double won = 0;
    double all = 0;
    for (uint32_t i = 0; i < N; i++) {
        for (uint32_t k = 0; k < N; k++) {
            const bool together = i / 13 == k / 13 || (i >= 26 && k >= 26);
            if (small->labels[i] && !small->labels[k] && (!within || together)) {
                const double weight = weights == NULL ? 1 : weights[i] * weights[k];
                won += weight * (scores[i] > scores[k] ? 1 : scores[i] < scores[k] ? 0 : 0.5);
                all += weight;
            }
        }
    }
    return won / all;
}

static void figures_are_those_of_all_pairs_and_of_the_plain_curve(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct small_sample small;
        double scores[N], figures[OPS_N_FIGURES], auc, average;
        uint32_t flagged = 0, hits = 0, positives = 0;
        fill(&small, scores, seed);
        judge(&small, scores, NULL, figures);
        assert_int_equal(ops_roc(scores, small.labels, N, &auc, &average), 0);
        assert_close(figures[OPS_FIGURE_ROC_AUC], auc, 1e-12);
        assert_close(figures[OPS_FIGURE_AVERAGE_PRECISION], average, 1e-12);
        assert_close(figures[OPS_FIGURE_ROC_AUC_WITHIN],
                     share_of_pairs(&small, scores, NULL, true), 1e-12);
        for (uint32_t i = 0; i < N; i++) {
            flagged += scores[i] > 0.5;
            hits += scores[i] > 0.5 && small.labels[i];
            positives += small.labels[i];
        }
        assert_close(figures[OPS_FIGURE_PRECISION], (double)hits / flagged, 1e-12);
        assert_close(figures[OPS_FIGURE_RECALL], (double)hits / positives, 1e-12);
    }
}

static void weights_count_a_model_as_often_as_it_was_drawn(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct small_sample small;
        double scores[N], figures[OPS_N_FIGURES], weights[N];
        uint32_t order[N];
        double sums[2] = {0, 0};
        fill(&small, scores, seed);
        ops_sample_resample(&small.sample, small.labels, seed, 3, order, weights);
        judge(&small, scores, weights, figures);
        assert_close(figures[OPS_FIGURE_ROC_AUC], share_of_pairs(&small, scores, weights, false),
                     1e-12);
        assert_close(figures[OPS_FIGURE_ROC_AUC_WITHIN],
                     share_of_pairs(&small, scores, weights, true), 1e-12);
        for (uint32_t i = 0; i < N; i++) {
            sums[small.labels[i]] += weights[i];
        }
        const uint32_t n1 = ops_sample_count_all(&small.sample, small.labels);
        assert_close(sums[1], n1, 0); /* each stratum and label keeps its number */
        assert_close(sums[0], N - n1, 0);
    }
}

static void figures_that_do_not_exist_are_nan(void **state)
{
    (void)state;
    struct small_sample small;
    double scores[N] = {0};
    double figures[OPS_N_FIGURES];
    small_sample_init(&small, N, 2);
    small.labels[0] = 1;
    judge(&small, scores, NULL, figures);
    assert_true(isnan(figures[OPS_FIGURE_PRECISION])); /* nothing is flagged */
    assert_close(figures[OPS_FIGURE_ROC_AUC], 0.5, 0);
    memset(small.labels, 0, sizeof small.labels);
    judge(&small, scores, NULL, figures);
    assert_true(isnan(figures[OPS_FIGURE_ROC_AUC]));
    assert_true(isnan(figures[OPS_FIGURE_ROC_AUC_WITHIN]));
}

static void curves_run_from_corner_to_corner_and_hold_the_area(void **state)
{
    (void)state;
    struct small_sample small;
    struct ops_ranking ranking;
    double scores[N], figures[OPS_N_FIGURES];
    opsig_point roc[N + 1], pr[N];
    fill(&small, scores, 5);
    judge(&small, scores, NULL, figures);
    assert_int_equal(ops_ranking_init(&ranking, &small.sample, scores, NULL), OPSIG_OK);
    const size_t n = ops_ranking_curves(&ranking, small.labels, roc, pr);
    assert_int_equal(n, 10); /* different scores */
    double area = 0;
    for (size_t i = 1; i <= n; i++) {
        area += (roc[i].x - roc[i - 1].x) * (roc[i].y + roc[i - 1].y) / 2;
    }
    assert_close(area, figures[OPS_FIGURE_ROC_AUC], 1e-12);
    assert_close(roc[n].x, 1, 0);
    assert_close(roc[n].y, 1, 0);
    assert_close(pr[n - 1].x, 1, 0);
    assert_close(pr[n - 1].y,
                 (double)ops_sample_count_all(&small.sample, small.labels) / N, 1e-12);
    ops_ranking_dispose(&ranking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_all_pairs_and_of_the_plain_curve),
        cmocka_unit_test(weights_count_a_model_as_often_as_it_was_drawn),
        cmocka_unit_test(figures_that_do_not_exist_are_nan),
        cmocka_unit_test(curves_run_from_corner_to_corner_and_hold_the_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
