/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage of a target by a reference (method.md section 5): counted in one search, then the gaps
 * and the models to add are chosen among what is uncovered. Adding a target model covers all of
 * its sequences, so choosing models is weighted set cover; a sequence of length n weighs its
 * support as a share of all that length n weighs, so every length counts the same. */
#include "hypothesis/coverage.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "corpus/gspan.h"
#include "hypothesis/cover.h"
#include "hypothesis/gaps.h"
#include "pattern/pattern.h"

void opsig_coverage_options_init(opsig_coverage_options *options)
{
    *options = (opsig_coverage_options){.version = 1,
                                        .alphabet = OPSIG_ALPHABET_OP,
                                        .min_length = 1,
                                        .max_length = 6,
                                        .max_gaps = 20,
                                        .max_additions = 10,
                                        .max_patterns = 20000000,
                                        .max_memory = UINT64_C(2) << 30};
}

void opsig_coverage_free(opsig_coverage *coverage)
{
    if (coverage == NULL) {
        return;
    }
    ops_coverage_counts_dispose(&coverage->counts);
    for (size_t i = 0; i < coverage->gaps.len; i++) {
        opsig_pattern_free(coverage->gaps.items[i].pattern);
    }
    ops_vec_dispose(&coverage->gaps);
    ops_vec_dispose(&coverage->additions);
    ops_mem_free(coverage);
}

/* ---- shares ---- */

/** The covered share of each length, averaged over the lengths that have sequences. */
static double mean_share(const opsig_coverage_count *by_length, uint32_t n_lengths)
{
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t k = 0; k < n_lengths; k++) {
        if (by_length[k].sequences > 0) {
            sum += (double)by_length[k].covered / (double)by_length[k].sequences;
            n++;
        }
    }
    return n > 0 ? sum / n : NAN;
}

/** The count of one length, or of all lengths together for 0. */
static opsig_coverage_count pick(const opsig_coverage *coverage,
                                 const opsig_coverage_count *by_length, uint32_t length)
{
    const struct ops_coverage_counts *const counts = &coverage->counts;
    opsig_coverage_count sum = {0, 0};
    for (uint32_t k = 0; k < counts->n_lengths; k++) {
        if (length == 0 || length == counts->min_length + k) {
            sum.sequences += by_length[k].sequences;
            sum.covered += by_length[k].covered;
        }
    }
    return sum;
}

/* ---- gaps ---- */

static opsig_status list_gap(opsig_coverage *coverage, const struct ops_intern *symbols,
                             uint32_t id, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t of_gap[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_step steps[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_listed_gap gap = {.id = id};
    const uint32_t n = ops_coverage_symbols(&coverage->counts, id, of_gap);
    for (uint32_t k = 0; k < n; k++) {
        steps[k] = ops_code_sequence_step(k, of_gap[k]);
    }
    TRY(ops_vec_reserve(&coverage->gaps, 1, err));
    TRY(ops_pattern_new(&gap.pattern, (struct ops_code){steps, n}, symbols, err));
    coverage->gaps.items[coverage->gaps.len++] = gap;
done:
    return status;
}

static opsig_status list_gaps(opsig_coverage *coverage, const struct ops_intern *symbols,
                              size_t max_gaps, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_gaps gaps = {0};
    TRY(ops_gaps_find(&gaps, &coverage->counts, symbols, err));
    coverage->n_gaps = gaps.len;
    for (size_t i = 0; i < gaps.len && i < max_gaps; i++) {
        TRY(list_gap(coverage, symbols, gaps.items[i], err));
    }
done:
    ops_vec_dispose(&gaps);
    return status;
}

/* ---- additions ---- */

/** What the uncovered sequences are as a set cover: target models are sets. */
struct turned {
    size_t *begin;
    uint32_t *elements, *weight;
    uint8_t *class_of;
    double unit[OPSIG_PATTERN_MAX_VERTICES];
};

static void turned_dispose(struct turned *turned)
{
    ops_mem_free(turned->begin);
    ops_mem_free(turned->elements);
    ops_mem_free(turned->weight);
    ops_mem_free(turned->class_of);
}

/** From the models of each sequence to the sequences of each model. */
static opsig_status turn(struct turned *out, const struct ops_coverage_counts *counts,
                         opsig_error *err)
{
    const uint32_t n = ops_coverage_n_uncovered(counts);
    out->begin = ops_mem_zalloc((size_t)counts->n_target + 1, sizeof *out->begin);
    out->elements = ops_mem_zalloc(counts->models.len, sizeof *out->elements);
    out->weight = ops_mem_zalloc(n, sizeof *out->weight);
    out->class_of = ops_mem_zalloc(n, sizeof *out->class_of);
    if (out->begin == NULL || out->elements == NULL || out->weight == NULL ||
        out->class_of == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t m = 0; m < counts->n_target; m++) {
        const opsig_coverage_count *const of_model =
            counts->of_model + (size_t)m * counts->n_lengths;
        out->begin[m + 1] = out->begin[m];
        for (uint32_t k = 0; k < counts->n_lengths; k++) {
            out->begin[m + 1] += of_model[k].sequences - of_model[k].covered;
        }
    }
    size_t i = counts->models.len;
    for (uint32_t s = n; s-- > 0;) { /* backwards, so that begin[m + 1] runs down to begin[m] */
        out->weight[s] = ops_coverage_support(counts, s);
        out->class_of[s] = (uint8_t)(ops_intern_len(counts->uncovered, s) / sizeof(uint32_t) -
                                     counts->min_length);
        while (i > counts->begin.items[s]) {
            out->elements[--out->begin[counts->models.items[--i] + 1]] = s;
        }
    }
    memmove(out->begin, out->begin + 1, counts->n_target * sizeof *out->begin);
    out->begin[counts->n_target] = counts->models.len;
    return OPSIG_OK;
}

/** Notes the steps as additions, with the share that each of them leads to. */
static opsig_status note_additions(opsig_coverage *coverage, const ops_cover_steps *steps,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n_lengths = coverage->counts.n_lengths;
    opsig_coverage_count held[OPSIG_PATTERN_MAX_VERTICES];
    memcpy(held, coverage->counts.held, n_lengths * sizeof *held);
    for (size_t i = 0; i < steps->len; i++) {
        const struct ops_cover_step *const step = &steps->items[i];
        for (uint32_t k = 0; k < n_lengths; k++) {
            held[k].covered += step->weight[k];
        }
        const opsig_coverage_addition addition = {step->set, step->n_newly,
                                                  mean_share(held, n_lengths)};
        TRY(ops_vec_push(&coverage->additions, addition, err));
    }
done:
    return status;
}

static opsig_status choose_additions(opsig_coverage *coverage,
                                     const opsig_coverage_options *options, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_coverage_counts *const counts = &coverage->counts;
    struct turned turned = {0};
    ops_cover_steps steps = {0};
    TRY(turn(&turned, counts, err));
    for (uint32_t k = 0; k < counts->n_lengths; k++) {
        turned.unit[k] = counts->held[k].sequences > 0 ? 1 / (double)counts->held[k].sequences : 0;
    }
    const struct ops_cover cover = {
        .n_sets = counts->n_target,
        .n_elements = ops_coverage_n_uncovered(counts),
        .n_classes = counts->n_lengths,
        .begin = turned.begin,
        .elements = turned.elements,
        .weight = turned.weight,
        .class_of = turned.class_of,
        .unit = turned.unit,
        .cancel = options->cancel,
    };
    TRY(ops_cover_greedily(&steps, &cover, options->max_additions, err));
    TRY(note_additions(coverage, &steps, err));
done:
    ops_vec_dispose(&steps);
    turned_dispose(&turned);
    return status;
}

/* ---- the whole ---- */

opsig_status ops_coverage_of_field(opsig_coverage **out, const struct ops_mine_field *field,
                                   uint32_t n_target, const opsig_coverage_options *options,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_coverage *coverage = ops_mem_zalloc(1, sizeof *coverage);
    *out = NULL;
    if (coverage == NULL) {
        return ops_error_nomem(err);
    }
    TRY(ops_coverage_count(&coverage->counts, field, n_target, options, err));
    TRY(list_gaps(coverage, field->symbols, options->max_gaps, err));
    TRY(choose_additions(coverage, options, err));
    *out = coverage;
    coverage = NULL;
done:
    opsig_coverage_free(coverage);
    return status;
}

static opsig_status check(const opsig_corpus *reference, const opsig_corpus *target,
                          const opsig_coverage_options *options, opsig_error *err)
{
    const char *wrong = NULL;
    if (opsig_corpus_n_models(reference) == 0) {
        wrong = "the reference has no model that could be read";
    } else if (opsig_corpus_n_models(target) == 0) {
        wrong = "the target has no model that could be read";
    } else if (ops_corpus_has_edge_labels(reference) || ops_corpus_has_edge_labels(target)) {
        wrong = "coverage is of models, not of graphs of a gSpan file";
    } else if (options->alphabet == OPSIG_ALPHABET_BOTH) {
        wrong = "coverage counts the sequences of one alphabet, op or op+attr";
    } else if (options->min_length == 0 || options->min_length > options->max_length ||
               options->max_length > OPSIG_PATTERN_MAX_VERTICES) {
        wrong = "lengths are out of range";
    }
    return wrong == NULL ? OPSIG_OK : ops_error_set(err, OPSIG_USAGE, "usage", -1, "%s", wrong);
}

opsig_status opsig_coverage_measure(opsig_coverage **out, const opsig_corpus *reference,
                                    const opsig_corpus *target,
                                    const opsig_coverage_options *options, opsig_error *err)
{
    struct ops_mine_field *field = NULL;
    const opsig_corpus *const corpora[] = {target, reference};
    *out = NULL;
    opsig_status status = check(reference, target, options, err);
    if (status == OPSIG_OK) {
        status = ops_mine_field_join(&field, corpora, 2, options->alphabet, err);
    }
    if (status == OPSIG_OK) {
        status = ops_coverage_of_field(out, field, (uint32_t)opsig_corpus_n_models(target),
                                       options, err);
    }
    ops_mine_field_free(field);
    return status;
}

/* ---- getters ---- */

uint32_t opsig_coverage_min_length(const opsig_coverage *coverage)
{
    return coverage->counts.min_length;
}

uint32_t opsig_coverage_max_length(const opsig_coverage *coverage)
{
    return coverage->counts.min_length + coverage->counts.n_lengths - 1;
}

opsig_coverage_count opsig_coverage_distinct(const opsig_coverage *coverage, uint32_t length)
{
    return pick(coverage, coverage->counts.distinct, length);
}

opsig_coverage_count opsig_coverage_held(const opsig_coverage *coverage, uint32_t length)
{
    return pick(coverage, coverage->counts.held, length);
}

double opsig_coverage_share(const opsig_coverage *coverage)
{
    return mean_share(coverage->counts.held, coverage->counts.n_lengths);
}

static const opsig_coverage_count *counts_of_model(const opsig_coverage *coverage, size_t i)
{
    return coverage->counts.of_model + i * coverage->counts.n_lengths;
}

opsig_coverage_count opsig_coverage_of_model(const opsig_coverage *coverage, size_t i,
                                             uint32_t length)
{
    return pick(coverage, counts_of_model(coverage, i), length);
}

double opsig_coverage_model_share(const opsig_coverage *coverage, size_t i)
{
    return mean_share(counts_of_model(coverage, i), coverage->counts.n_lengths);
}

uint64_t opsig_coverage_count_gaps(const opsig_coverage *coverage)
{
    return coverage->n_gaps;
}

size_t opsig_coverage_n_gaps(const opsig_coverage *coverage)
{
    return coverage->gaps.len;
}

opsig_coverage_gap opsig_coverage_gap_at(const opsig_coverage *coverage, size_t i)
{
    const struct ops_listed_gap *const gap = &coverage->gaps.items[i];
    return (opsig_coverage_gap){
        .pattern = gap->pattern,
        .models = coverage->counts.models.items + coverage->counts.begin.items[gap->id],
        .n_models = ops_coverage_support(&coverage->counts, gap->id),
    };
}

size_t opsig_coverage_n_additions(const opsig_coverage *coverage)
{
    return coverage->additions.len;
}

opsig_coverage_addition opsig_coverage_addition_at(const opsig_coverage *coverage, size_t i)
{
    return coverage->additions.items[i];
}
