/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranking quality by one pass over the scores from high to low. Equal scores are one step: the
 * ROC curve crosses them in a straight line, precision is taken after all of them. */
#include "stats/roc.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct scored {
    double score;
    uint8_t label;
};

static int compare_falling(const void *a, const void *b)
{
    const struct scored *const x = a, *const y = b;
    return (x->score < y->score) - (x->score > y->score);
}

/* `order` falls by score. */
static void sweep(const struct scored *order, size_t n, double *out_auc, double *out_average)
{
    double positives = 0, negatives = 0, area = 0, average = 0;
    for (size_t i = 0; i < n;) {
        double new_positives = 0, new_negatives = 0;
        const double score = order[i].score;
        for (; i < n && order[i].score == score; i++) {
            if (order[i].label != 0) {
                new_positives++;
            } else {
                new_negatives++;
            }
        }
        area += new_negatives * (positives + new_positives / 2);
        positives += new_positives;
        negatives += new_negatives;
        average += new_positives * positives / (positives + negatives);
    }
    const int both = positives > 0 && negatives > 0;
    *out_auc = both ? area / (positives * negatives) : NAN;
    *out_average = both ? average / positives : NAN;
}

int ops_roc(const double *scores, const uint8_t *labels, size_t n, double *out_auc,
            double *out_average_precision)
{
    struct scored *const order = ops_mem_alloc(n * sizeof *order);
    if (order == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = (struct scored){.score = scores[i], .label = labels[i]};
    }
    qsort(order, n, sizeof *order, compare_falling);
    sweep(order, n, out_auc, out_average_precision);
    ops_mem_free(order);
    return 0;
}
