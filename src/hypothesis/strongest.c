/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mean over pairs has little to say where each cause of inconsistency touches few models; a
 * single sequence that is held by just those has. For order the models are those that hold all
 * operators of the sequence, so that a model's operators decide nothing, and what it would hold
 * when rewired is subtracted, so that the numbers of its operators and edges decide nothing
 * either. */
#include "hypothesis/strongest.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "pattern/pattern.h"

static const double Z_95 = 1.959963984540054;

/** Standardised differences this close are the same number. */
static const double SAME = 1e-9;

/** Of the models of one stratum that are compared. */
struct cell {
    double n, n_inconsistent;
    double sum, squares, inconsistent_sum; /* of their numbers */
};

struct scratch {
    uint32_t *order;
    uint8_t *labels;
    struct cell *cells; /* by stratum; all 0 between uses */
};

struct search {
    const struct ops_sample *sample;
    const struct ops_contrast *contrast;
    uint64_t seed;
    double *values;      /* by entry */
    uint32_t *stratum;   /* by place */
    double *largest;     /* by permutation */
    struct scratch *scratch;
    unsigned n_workers;
};

/** How a sequence's numbers differ between the labels. */
struct difference {
    double value, deviation; /* standard, under permuted labels; 0: says nothing */
};

/** Adds up the entries of a sequence by stratum. */
static void fill_cells(const struct search *search, uint32_t c, const uint8_t *labels,
                       struct cell *cells)
{
    const struct ops_candidates *const candidates = search->contrast->candidates;
    for (size_t e = candidates->begin[c]; e < candidates->begin[c + 1]; e++) {
        const uint32_t place = candidates->place[e];
        struct cell *const cell = &cells[search->stratum[place]];
        const double value = search->values[e];
        cell->n++;
        cell->sum += value;
        cell->squares += value * value;
        if (labels[place]) {
            cell->n_inconsistent++;
            cell->inconsistent_sum += value;
        }
    }
}

/** Where all models are compared, those without an entry have the number 0. */
static void count_all(const struct search *search, const uint8_t *labels, uint32_t stratum,
                      struct cell *cell)
{
    if (search->contrast->hits == NULL) {
        const struct ops_sample *const sample = search->sample;
        cell->n = sample->begin[stratum + 1] - sample->begin[stratum];
        cell->n_inconsistent = ops_sample_count(sample, labels, stratum);
    }
}

static struct difference compare(const struct search *search, uint32_t c, const uint8_t *labels,
                                 struct cell *cells)
{
    double score = 0;
    double variance = 0;
    double weight = 0;
    fill_cells(search, c, labels, cells);
    for (uint32_t s = 0; s < search->sample->n_strata; s++) {
        struct cell *const cell = &cells[s];
        count_all(search, labels, s, cell);
        const double n1 = cell->n_inconsistent;
        const double n0 = cell->n - n1;
        if (n1 > 0 && n0 > 0) {
            score += cell->inconsistent_sum - cell->sum * n1 / cell->n;
            variance += n1 * n0 / (cell->n * (cell->n - 1)) *
                        (cell->squares - cell->sum * cell->sum / cell->n);
            weight += n1 * n0 / cell->n;
        }
    }
    memset(cells, 0, search->sample->n_strata * sizeof *cells);
    return weight > 0 ? (struct difference){score / weight, sqrt(fmax(variance, 0)) / weight}
                      : (struct difference){0, 0};
}

/** The sequence that differs most; *out_z is -INFINITY where none says anything. */
static uint32_t find_largest(const struct search *search, const uint8_t *labels,
                             struct cell *cells, double *out_z)
{
    uint32_t largest = 0;
    *out_z = -INFINITY;
    for (uint32_t c = 0; c < search->contrast->candidates->n; c++) {
        const struct difference difference = compare(search, c, labels, cells);
        const double z = difference.deviation > SAME ? difference.value / difference.deviation
                                                     : -INFINITY;
        if (z > *out_z + SAME) {
            *out_z = z;
            largest = c;
        }
    }
    return largest;
}

static opsig_status permute_once(uint32_t j, unsigned worker, void *payload, opsig_error *err)
{
    (void)err;
    const struct search *const search = payload;
    const struct scratch *const scratch = &search->scratch[worker];
    ops_sample_permute(search->sample, search->sample->labels, search->seed, j, scratch->order,
                       scratch->labels);
    (void)find_largest(search, scratch->labels, scratch->cells, &search->largest[j]);
    return OPSIG_OK;
}

/** The numbers that are compared. */
static void fill_values(struct search *search)
{
    const struct ops_contrast *const contrast = search->contrast;
    const struct ops_candidates *const candidates = contrast->candidates;
    for (size_t e = 0; e < candidates->begin[candidates->n]; e++) {
        const double expected =
            contrast->hits == NULL ? 0 : (double)contrast->hits[e] / contrast->n_rewirings;
        search->values[e] = candidates->holds[e] - expected;
    }
    for (uint32_t s = 0; s < search->sample->n_strata; s++) {
        for (uint32_t i = search->sample->begin[s]; i < search->sample->begin[s + 1]; i++) {
            search->stratum[i] = s;
        }
    }
}

static opsig_status search_init(struct search *search, const struct ops_study *study,
                                opsig_error *err)
{
    const struct ops_candidates *const candidates = search->contrast->candidates;
    const struct ops_sample *const sample = search->sample;
    search->n_workers = ops_each_workers(&study->each, study->options->permutations);
    search->values = ops_mem_zalloc(candidates->begin[candidates->n], sizeof *search->values);
    search->stratum = ops_mem_zalloc(sample->n, sizeof *search->stratum);
    search->largest = ops_mem_zalloc(study->options->permutations, sizeof *search->largest);
    search->scratch = ops_mem_zalloc(search->n_workers, sizeof *search->scratch);
    bool complete = search->values != NULL && search->stratum != NULL &&
                    search->largest != NULL && search->scratch != NULL;
    for (unsigned w = 0; complete && w < search->n_workers; w++) {
        struct scratch *const scratch = &search->scratch[w];
        scratch->order = ops_mem_zalloc(sample->n, sizeof *scratch->order);
        scratch->labels = ops_mem_zalloc(sample->n, sizeof *scratch->labels);
        scratch->cells = ops_mem_zalloc(sample->n_strata, sizeof *scratch->cells);
        complete = scratch->order != NULL && scratch->labels != NULL && scratch->cells != NULL;
    }
    return complete ? OPSIG_OK : ops_error_nomem(err);
}

static void search_dispose(struct search *search)
{
    for (unsigned w = 0; search->scratch != NULL && w < search->n_workers; w++) {
        ops_mem_free(search->scratch[w].order);
        ops_mem_free(search->scratch[w].labels);
        ops_mem_free(search->scratch[w].cells);
    }
    ops_mem_free(search->values);
    ops_mem_free(search->stratum);
    ops_mem_free(search->largest);
    ops_mem_free(search->scratch);
}

/** Text of a sequence, in the arena of the result. */
static opsig_status name_sequence(const char **out, struct ops_study *study,
                                  struct ops_code sequence, opsig_error *err)
{
    opsig_pattern *pattern = NULL;
    opsig_status status = ops_pattern_new(&pattern, sequence, study->field->symbols, err);
    if (status == OPSIG_OK) {
        const char *const text = opsig_pattern_text(pattern);
        *out = ops_arena_strndup(&study->out->arena, text, strlen(text));
        status = *out == NULL ? ops_error_nomem(err) : OPSIG_OK;
    }
    opsig_pattern_free(pattern);
    return status;
}

static opsig_status describe(opsig_hypothesis_strongest *out, struct ops_study *study,
                             const struct search *search, uint32_t c, double z, opsig_error *err)
{
    const struct ops_candidates *const candidates = search->contrast->candidates;
    const uint8_t *const labels = search->sample->labels;
    const struct difference difference =
        compare(search, c, labels, search->scratch[0].cells);
    uint32_t reached = 0;
    for (size_t e = candidates->begin[c]; e < candidates->begin[c + 1]; e++) {
        const bool holds = candidates->holds[e];
        out->with_inconsistent += holds && labels[candidates->place[e]];
        out->with_consistent += holds && !labels[candidates->place[e]];
    }
    for (uint32_t j = 0; j < study->options->permutations; j++) {
        reached += search->largest[j] >= z - SAME * (1 + fabs(z));
    }
    out->difference = (opsig_effect){
        .value = difference.value,
        .low = difference.value - Z_95 * difference.deviation,
        .high = difference.value + Z_95 * difference.deviation,
        .p = (1.0 + reached) / (1.0 + study->options->permutations)};
    return name_sequence(&out->sequence, study, candidates->sequences[c], err);
}

opsig_status ops_study_strongest(struct ops_study *study, const struct ops_contrast *contrast,
                                 uint64_t seed, opsig_hypothesis_strongest *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    double z = -INFINITY;
    struct search search = {.sample = study->sample, .contrast = contrast, .seed = seed};
    *out = (opsig_hypothesis_strongest){
        .sequence = "", .n_tested = contrast->candidates->n, .difference = ops_no_effect()};
    TRY(search_init(&search, study, err));
    fill_values(&search);
    const uint32_t c =
        find_largest(&search, study->sample->labels, search.scratch[0].cells, &z);
    if (isinf(z)) {
        goto done;
    }
    TRY(ops_each_do(&study->each, study->options->permutations, permute_once, &search, err));
    TRY(describe(out, study, &search, c, z, err));
done:
    search_dispose(&search);
    return status;
}
