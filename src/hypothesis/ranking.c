/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pass from high scores to low; equal scores are one step, as in stats/roc.c, here with
 * weights: a model that a sample holds twice counts twice. */
#include "hypothesis/ranking.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static const double THRESHOLD = 0.5;

struct sums {
    double positives, negatives, area, precision; /* precision: over positives */
};

/** What places are sorted by. */
struct key {
    const double *scores; /* by place */
};

static int compare_scores(const void *a, const void *b, void *payload)
{
    const double *const scores = ((const struct key *)payload)->scores;
    const uint32_t i = *(const uint32_t *)a;
    const uint32_t k = *(const uint32_t *)b;
    if (scores[i] < scores[k] || scores[i] > scores[k]) {
        return scores[i] > scores[k] ? -1 : 1;
    }
    return (i > k) - (i < k);
}

/** Sorts the places of an array by falling score. */
static void sort_places(uint32_t *places, uint32_t n, const double *scores)
{
    struct key key = {scores};
    if (n > 1) {
        qsort_r(places, n, sizeof *places, compare_scores, &key);
    }
}

opsig_status ops_ranking_init(struct ops_ranking *ranking, const struct ops_sample *sample,
                              const double *scores, opsig_error *err)
{
    *ranking = (struct ops_ranking){.sample = sample, .scores = scores};
    ranking->overall = ops_mem_zalloc(sample->n, sizeof *ranking->overall);
    ranking->within = ops_mem_zalloc(sample->n, sizeof *ranking->within);
    if (ranking->overall == NULL || ranking->within == NULL) {
        ops_ranking_dispose(ranking);
        return ops_error_nomem(err);
    }
    for (uint32_t i = 0; i < sample->n; i++) {
        ranking->overall[i] = ranking->within[i] = i;
    }
    sort_places(ranking->overall, sample->n, scores);
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        const uint32_t begin = sample->begin[s];
        sort_places(ranking->within + begin, sample->begin[s + 1] - begin, scores);
    }
    return OPSIG_OK;
}

void ops_ranking_dispose(struct ops_ranking *ranking)
{
    ops_mem_free(ranking->overall);
    ops_mem_free(ranking->within);
    ranking->overall = ranking->within = NULL;
}

/** Adds up the models that share the score at places[i]; returns where the next score begins. */
static uint32_t take_step(const struct ops_ranking *ranking, const uint32_t *places, uint32_t i,
                          uint32_t n, const uint8_t *labels, const double *weights, double by[2])
{
    const double score = ranking->scores[places[i]];
    by[0] = by[1] = 0;
    while (i < n && !(ranking->scores[places[i]] < score)) {
        by[labels[places[i]]] += weights == NULL ? 1 : weights[places[i]];
        i++;
    }
    return i;
}

static struct sums sweep(const struct ops_ranking *ranking, const uint32_t *places, uint32_t n,
                         const uint8_t *labels, const double *weights)
{
    struct sums sums = {0, 0, 0, 0};
    double by[2];
    for (uint32_t i = 0; i < n;) {
        i = take_step(ranking, places, i, n, labels, weights, by);
        sums.area += by[0] * (sums.positives + by[1] / 2);
        sums.positives += by[1];
        sums.negatives += by[0];
        if (by[1] > 0) {
            sums.precision += by[1] * sums.positives / (sums.positives + sums.negatives);
        }
    }
    return sums;
}

static void judge_threshold(const struct ops_ranking *ranking, const uint8_t *labels,
                            const double *weights, double positives, double out[OPS_N_FIGURES])
{
    double flagged[2] = {0, 0};
    for (uint32_t i = 0; i < ranking->sample->n; i++) {
        if (ranking->scores[i] > THRESHOLD) {
            flagged[labels[i]] += weights == NULL ? 1 : weights[i];
        }
    }
    out[OPS_FIGURE_PRECISION] = flagged[1] / (flagged[0] + flagged[1]);
    out[OPS_FIGURE_RECALL] = flagged[1] / positives;
}

void ops_ranking_judge(const struct ops_ranking *ranking, const uint8_t *labels,
                       const double *weights, double out[OPS_N_FIGURES])
{
    const struct ops_sample *const sample = ranking->sample;
    const struct sums all = sweep(ranking, ranking->overall, sample->n, labels, weights);
    double area = 0;
    double pairs = 0;
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        const uint32_t begin = sample->begin[s];
        const struct sums sums = sweep(ranking, ranking->within + begin,
                                       sample->begin[s + 1] - begin, labels, weights);
        area += sums.area;
        pairs += sums.positives * sums.negatives;
    }
    out[OPS_FIGURE_ROC_AUC] = all.area / (all.positives * all.negatives);
    out[OPS_FIGURE_ROC_AUC_WITHIN] = area / pairs;
    out[OPS_FIGURE_AVERAGE_PRECISION] = all.precision / all.positives;
    judge_threshold(ranking, labels, weights, all.positives, out);
}

size_t ops_ranking_curves(const struct ops_ranking *ranking, const uint8_t *labels,
                          opsig_point *roc, opsig_point *pr)
{
    const uint32_t n = ranking->sample->n;
    const double positives = ops_sample_count_all(ranking->sample, labels);
    double by[2];
    double so_far[2] = {0, 0};
    size_t n_points = 0;
    roc[0] = (opsig_point){0, 0};
    for (uint32_t i = 0; i < n; n_points++) {
        i = take_step(ranking, ranking->overall, i, n, labels, NULL, by);
        so_far[0] += by[0];
        so_far[1] += by[1];
        const double recall = so_far[1] / positives;
        roc[n_points + 1] = (opsig_point){so_far[0] / (n - positives), recall};
        pr[n_points] = (opsig_point){recall, so_far[1] / (so_far[0] + so_far[1])};
    }
    return n_points;
}
