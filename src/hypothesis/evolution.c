/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is inconsistency associated with operators that were added or revised lately? (method.md section
 * 5, test mode, 5) Each model has the share of its nodes in each class of age; the shares are
 * compared between the labels within strata. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "graph/operators.h"
#include "graph/snapshot.h"
#include "hypothesis/pair_test.h"
#include "hypothesis/result.h"

enum { MAX_VERSIONS = 64 };

/** First age of each class, in opset versions. */
static const uint32_t from_age[OPS_MAX_AGES] = {0, 3, 6, 9};

/** Sums of p-values' comparisons may differ in their last bits. */
static const double SAME = 1e-12;

/** Scratch of the test. */
struct ageing {
    struct ops_study *study;
    double *shares[OPS_MAX_AGES]; /* by place */
    uint32_t *order;
    uint8_t *labels;
    double *weights;
    double *resampled; /* by resample */
};

/** Opset of the domain that a graph imports; 0 where it imports none. */
static int64_t opset_of(const opsig_graph *graph, const char *domain)
{
    for (uint32_t i = 0; i < opsig_graph_n_opsets(graph); i++) {
        if (strcmp(opsig_graph_opset_domain(graph, i), domain) == 0) {
            return opsig_graph_opset_version(graph, i);
        }
    }
    return 0;
}

/** Class of a vertex's age; OPS_MAX_AGES where it is not known. */
static size_t age_class(const opsig_graph *graph, uint32_t v)
{
    int64_t versions[MAX_VERSIONS];
    const char *const domain = opsig_graph_domain(graph, v);
    const int64_t opset = opset_of(graph, domain);
    size_t n = ops_operator_versions(domain, opsig_graph_op_type(graph, v), versions, MAX_VERSIONS);
    n = n < MAX_VERSIONS ? n : MAX_VERSIONS;
    while (n > 0 && versions[n - 1] > opset) {
        n--;
    }
    if (n == 0) {
        return OPS_MAX_AGES;
    }
    const int64_t age = opset - versions[n - 1];
    size_t class = OPS_MAX_AGES - 1;
    while (class > 0 && age < (int64_t)from_age[class]) {
        class--;
    }
    return class;
}

/** Fills in the shares of one model; nodes of unknown age do not count. */
static void measure(struct ageing *ageing, uint32_t place, uint64_t *n_nodes, uint64_t *n_known)
{
    const opsig_graph *const graph =
        opsig_corpus_graph(ageing->study->corpus, ageing->study->sample->model[place]);
    uint32_t count[OPS_MAX_AGES + 1] = {0};
    uint32_t known = 0;
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        if (graph->symbol[OPSIG_ALPHABET_OP][v] != OPS_NO_SYMBOL) {
            const size_t class = age_class(graph, v);
            count[class]++;
            known += class < OPS_MAX_AGES;
            ++*n_nodes;
        }
    }
    for (size_t k = 0; k < OPS_MAX_AGES; k++) {
        ageing->shares[k][place] = known > 0 ? (double)count[k] / known : 0;
    }
    *n_known += known;
}

/** Difference of the mean share within strata, inconsistent less consistent. @param weights  by
 *  place; NULL: all 1 */
static double difference_of(const struct ops_sample *sample, const double *shares,
                            const uint8_t *labels, const double *weights)
{
    double score = 0;
    double total = 0;
    for (uint32_t s = 0; s < sample->n_strata; s++) {
        double sum[2] = {0, 0};
        double n[2] = {0, 0};
        for (uint32_t i = sample->begin[s]; i < sample->begin[s + 1]; i++) {
            const double weight = weights == NULL ? 1 : weights[i];
            sum[labels[i]] += weight * shares[i];
            n[labels[i]] += weight;
        }
        if (n[0] > 0 && n[1] > 0) {
            const double weight = n[0] * n[1] / (n[0] + n[1]);
            score += weight * (sum[1] / n[1] - sum[0] / n[0]);
            total += weight;
        }
    }
    return total > 0 ? score / total : NAN;
}

static double mean_of(const struct ops_sample *sample, const double *shares, uint8_t label)
{
    double sum = 0;
    double n = 0;
    for (uint32_t i = 0; i < sample->n; i++) {
        if (sample->labels[i] == label) {
            sum += shares[i];
            n++;
        }
    }
    return sum / n;
}

static void test_class(const struct ageing *ageing, size_t k, opsig_hypothesis_age *out)
{
    const struct ops_sample *const sample = ageing->study->sample;
    const opsig_hypothesis_options *const options = ageing->study->options;
    const double *const shares = ageing->shares[k];
    const uint64_t seed = ops_seed_for(options->seed, OPS_PURPOSE_EVOLUTION);
    uint32_t reached = 0;
    const double value = difference_of(sample, shares, sample->labels, NULL);
    for (uint32_t j = 0; j < options->permutations; j++) {
        ops_sample_permute(sample, sample->labels, seed, j, ageing->order, ageing->labels);
        const double permuted = difference_of(sample, shares, ageing->labels, NULL);
        reached += fabs(permuted) >= fabs(value) - SAME;
    }
    for (uint32_t j = 0; j < options->bootstraps; j++) {
        ops_sample_resample(sample, sample->labels, ~seed, j, ageing->order, ageing->weights);
        ageing->resampled[j] = difference_of(sample, shares, sample->labels, ageing->weights);
    }
    out->from = from_age[k];
    out->to = k + 1 < OPS_MAX_AGES ? from_age[k + 1] - 1 : UINT32_MAX;
    out->inconsistent = mean_of(sample, shares, 1);
    out->consistent = mean_of(sample, shares, 0);
    out->difference.value = value;
    out->difference.p =
        isnan(value) ? NAN : (1.0 + reached) / (1.0 + options->permutations);
    ops_percentiles(ageing->resampled, options->bootstraps, &out->difference.low,
                    &out->difference.high);
}

static opsig_status ageing_init(struct ageing *ageing, opsig_error *err)
{
    const uint32_t n = ageing->study->sample->n;
    ageing->order = ops_mem_zalloc(n, sizeof *ageing->order);
    ageing->labels = ops_mem_zalloc(n, sizeof *ageing->labels);
    ageing->weights = ops_mem_zalloc(n, sizeof *ageing->weights);
    ageing->resampled =
        ops_mem_zalloc(ageing->study->options->bootstraps, sizeof *ageing->resampled);
    bool complete = ageing->order != NULL && ageing->labels != NULL && ageing->weights != NULL &&
                    ageing->resampled != NULL;
    for (size_t k = 0; k < OPS_MAX_AGES; k++) {
        ageing->shares[k] = ops_mem_zalloc(n, sizeof *ageing->shares[k]);
        complete = complete && ageing->shares[k] != NULL;
    }
    return complete ? OPSIG_OK : ops_error_nomem(err);
}

static void ageing_dispose(struct ageing *ageing)
{
    for (size_t k = 0; k < OPS_MAX_AGES; k++) {
        ops_mem_free(ageing->shares[k]);
    }
    ops_mem_free(ageing->order);
    ops_mem_free(ageing->labels);
    ops_mem_free(ageing->weights);
    ops_mem_free(ageing->resampled);
}

opsig_status ops_study_evolution(struct ops_study *study, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_hypothesis *const out = study->out;
    struct ageing ageing = {.study = study};
    uint64_t n_nodes = 0;
    uint64_t n_known = 0;
    TRY(ageing_init(&ageing, err));
    for (uint32_t i = 0; i < study->sample->n; i++) {
        measure(&ageing, i, &n_nodes, &n_known);
    }
    out->age_known = n_nodes > 0 ? (double)n_known / (double)n_nodes : NAN;
    for (size_t k = 0; k < OPS_MAX_AGES; k++) {
        test_class(&ageing, k, &out->ages[k]);
    }
    out->n_ages = OPS_MAX_AGES;
done:
    ageing_dispose(&ageing);
    return status;
}
