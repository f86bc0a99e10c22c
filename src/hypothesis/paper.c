/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paper's analysis, step by step: the paths of each model and the operators of each group, the
 * blocks that pairs of models share, and the counts, also under permuted labels. */
#include <opsig/paper.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/vec.h"
#include "graph/snapshot.h"
#include "hypothesis/figures.h"
#include "hypothesis/grid.h"
#include "hypothesis/paths.h"
#include "mine/permute.h"

/** A group of models. */
struct group {
    size_t n_models;
    struct ops_intern *names;      /* of its operators */
    OPS_VEC(const char *) ordered; /* the same, in byte order */
};

struct opsig_paper {
    bool has_tests;
    struct group groups[OPSIG_PAPER_N_GROUPS];
    OPS_VEC(const char *) left_out;
    uint64_t path_pairs[OPS_N_SETS], distinct_pairs[OPS_N_SETS];
    struct ops_vocabulary vocabulary;
    struct ops_figures figures;
};

/** A model that takes part. */
struct member {
    struct ops_paths *paths;
    size_t place; /* in its corpus */
    opsig_paper_group group;
};

/** The work of one analysis. */
struct analysis {
    opsig_paper *paper;
    const opsig_paper_options *options;
    const opsig_corpus *corpus, *tests;
    OPS_VEC(struct member) members; /* models, then tests */
    uint32_t n_models;
    OPS_VEC(struct ops_compared) compared; /* by member */
    uint64_t *bigrams;                     /* of all members, n_bigram_words each */
    size_t n_bigram_words;
    uint64_t *labels; /* by model, n_words each: permuted labels, then the given one */
    size_t n_words;
};

void opsig_paper_options_init(opsig_paper_options *options)
{
    *options = (opsig_paper_options){.version = 1,
                                     .alphabet = OPSIG_ALPHABET_OP,
                                     .max_paths = 20000,
                                     .permutations = 20,
                                     .seed = 1,
                                     .n_threads = 1};
}

void opsig_paper_free(opsig_paper *paper)
{
    if (paper == NULL) {
        return;
    }
    for (size_t g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        ops_intern_free(paper->groups[g].names);
        ops_vec_dispose(&paper->groups[g].ordered);
    }
    ops_vec_dispose(&paper->left_out);
    ops_figures_dispose(&paper->figures);
    ops_vocabulary_dispose(&paper->vocabulary);
    ops_mem_free(paper);
}

static void analysis_dispose(struct analysis *analysis)
{
    for (size_t i = 0; i < analysis->members.len; i++) {
        ops_paths_free(analysis->members.items[i].paths);
    }
    ops_vec_dispose(&analysis->members);
    ops_vec_dispose(&analysis->compared);
    ops_mem_free(analysis->bigrams);
    ops_mem_free(analysis->labels);
    opsig_paper_free(analysis->paper);
}

/* ---- operators ---- */

static int by_name(const void *a, const void *b)
{
    const char *const *const x = a;
    const char *const *const y = b;
    return strcmp(*x, *y);
}

/** Adds the operators of a model's main graph. */
static opsig_status add_operators(struct group *group, const opsig_graph *graph,
                                  opsig_alphabet alphabet, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t id;
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        const uint32_t symbol = graph->symbol[alphabet][v];
        if (graph->depth[v] == 0 && symbol != OPS_NO_SYMBOL) {
            const char *const text = ops_snapshot_symbol_text(graph, symbol);
            TRY(ops_intern_put(group->names, text, strlen(text), &id, err));
        }
    }
    group->n_models++;
done:
    return status;
}

static opsig_status order_operators(struct group *group, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(group->names);
    for (uint32_t id = 0; id < n; id++) {
        TRY(ops_vec_push(&group->ordered, ops_intern_text(group->names, id), err));
    }
    if (n > 1) {
        qsort(group->ordered.items, n, sizeof *group->ordered.items, by_name);
    }
done:
    return status;
}

/* ---- models ---- */

/** Finds the paths of a model; it takes part unless there are too many. */
static opsig_status add_member(struct analysis *analysis, const opsig_corpus *corpus, size_t place,
                               opsig_paper_group group, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_paper_options *const options = analysis->options;
    const opsig_graph *const graph = opsig_corpus_graph(corpus, place);
    opsig_paper *const paper = analysis->paper;
    struct ops_paths *paths = NULL;
    TRY(ops_paths_new(&paths, graph, options->alphabet, options->max_paths, &paper->vocabulary,
                      options->cancel, err));
    if (paths->n_distinct > options->max_paths) {
        TRY(ops_vec_push(&paper->left_out, opsig_corpus_path(corpus, place), err));
        goto done;
    }
    TRY(add_operators(&paper->groups[group], graph, options->alphabet, err));
    const struct member member = {.paths = paths, .place = place, .group = group};
    TRY(ops_vec_push(&analysis->members, member, err));
    paths = NULL;
done:
    ops_paths_free(paths);
    return status;
}

static opsig_status add_members(struct analysis *analysis, const opsig_corpus *corpus, bool tests,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_paper_options *const options = analysis->options;
    const size_t n = opsig_corpus_n_models(corpus);
    for (size_t m = 0; m < n; m++) {
        const bool inconsistent = opsig_corpus_label(corpus, m) == OPSIG_LABEL_INCONSISTENT;
        const opsig_paper_group by_label =
            inconsistent ? OPSIG_PAPER_INCONSISTENT : OPSIG_PAPER_CONSISTENT;
        TRY(add_member(analysis, corpus, m, tests ? OPSIG_PAPER_TESTS : by_label, err));
        if (options->progress != NULL) {
            options->progress("paths", m + 1, n, options->payload);
        }
    }
done:
    return status;
}

static opsig_status find_members(struct analysis *analysis, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_paper *const paper = analysis->paper;
    TRY(ops_vocabulary_init(&paper->vocabulary, err));
    for (size_t g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        TRY(ops_intern_new(&paper->groups[g].names, err));
    }
    TRY(add_members(analysis, analysis->corpus, false, err));
    analysis->n_models = (uint32_t)analysis->members.len;
    if (analysis->tests != NULL) {
        TRY(add_members(analysis, analysis->tests, true, err));
    }
    for (size_t g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        TRY(order_operators(&paper->groups[g], err));
    }
done:
    return status;
}

static void set_bit(uint64_t *bits, uint32_t bit)
{
    if (bit != OPS_INTERN_NONE) {
        bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

/** Makes the strings of bigrams. */
static opsig_status find_bigrams(struct analysis *analysis, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n_words = ops_intern_count(analysis->paper->vocabulary.bigrams) / 64 + 1;
    analysis->n_bigram_words = n_words;
    analysis->bigrams = ops_mem_zalloc(analysis->members.len, n_words * sizeof(uint64_t));
    TRY(analysis->bigrams != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0; i < analysis->members.len; i++) {
        const struct ops_paths *const paths = analysis->members.items[i].paths;
        uint64_t *const bits = analysis->bigrams + i * n_words;
        for (uint32_t e = 0; e < paths->n_edges; e++) {
            set_bit(bits, paths->bigram[e]);
        }
        for (uint32_t v = 0; v < paths->n_vertices; v++) {
            set_bit(bits, paths->first[v]);
            set_bit(bits, paths->last[v]);
        }
        const struct ops_compared compared = {.paths = paths, .bigrams = bits};
        TRY(ops_vec_push(&analysis->compared, compared, err));
    }
done:
    return status;
}

/* ---- labels ---- */

/** Permutes the labels of the models that take part. @param strings  by place in the corpus */
static opsig_status permute(const struct analysis *analysis, uint64_t *strings, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_design *design = NULL;
    uint64_t *rows = NULL;
    TRY(ops_design_new(&design, analysis->corpus, err));
    rows = ops_mem_zalloc(design->n_words, sizeof *rows);
    TRY(rows != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t i = 0; i < analysis->n_models; i++) {
        set_bit(rows, (uint32_t)analysis->members.items[i].place);
    }
    TRY(ops_permute_labels(strings, analysis->n_words, design, rows,
                           analysis->options->permutations, analysis->options->seed, err));
done:
    ops_mem_free(rows);
    ops_design_free(design);
    return status;
}

static opsig_status find_labels(struct analysis *analysis, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t given = analysis->options->permutations; /* the bit of the given labels */
    const size_t n_words = given / 64 + 1;
    const size_t n_all = opsig_corpus_n_models(analysis->corpus);
    analysis->n_words = n_words;
    uint64_t *const permuted = ops_mem_zalloc(n_all, n_words * sizeof *permuted);
    analysis->labels = ops_mem_zalloc(analysis->n_models, n_words * sizeof *permuted);
    TRY(permuted != NULL && analysis->labels != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(permute(analysis, permuted, err));
    for (uint32_t i = 0; i < analysis->n_models; i++) {
        const struct member *const member = &analysis->members.items[i];
        uint64_t *const string = analysis->labels + i * n_words;
        memcpy(string, permuted + member->place * n_words, n_words * sizeof *string);
        if (member->group == OPSIG_PAPER_INCONSISTENT) {
            set_bit(string, given);
        }
    }
done:
    ops_mem_free(permuted);
    return status;
}

/* ---- pairs ---- */

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/** Counts the pairs of paths in each set. */
static void count_pairs(const struct analysis *analysis)
{
    opsig_paper *const paper = analysis->paper;
    for (size_t a = 0; a < analysis->members.len; a++) {
        const struct member *const first = &analysis->members.items[a];
        for (size_t b = 0; first->group == OPSIG_PAPER_INCONSISTENT && b < analysis->members.len;
             b++) {
            const struct member *const second = &analysis->members.items[b];
            const size_t set = (size_t)second->group; /* the groups are in the order of the sets */
            if (b > a || set > 0) {
                const struct ops_paths *const x = first->paths;
                const struct ops_paths *const y = second->paths;
                paper->path_pairs[set] =
                    add(paper->path_pairs[set], times(x->n_paths, y->n_paths));
                paper->distinct_pairs[set] =
                    add(paper->distinct_pairs[set], times(x->n_distinct, y->n_distinct));
            }
        }
    }
}

static opsig_status compare_all(const struct analysis *analysis, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_paper_options *const options = analysis->options;
    const struct ops_grid_plan plan = {
        .models = analysis->compared.items,
        .n_models = analysis->n_models,
        .n_tests = (uint32_t)analysis->members.len - analysis->n_models,
        .labels = analysis->labels,
        .n_words = analysis->n_words,
        .vocabulary = &analysis->paper->vocabulary,
        .n_threads = options->n_threads,
        .cancel = options->cancel,
        .progress = options->progress,
        .payload = options->payload,
    };
    struct ops_grid grid = {0};
    TRY(ops_grid_fill(&grid, &plan, err));
    TRY(ops_figures_count(&analysis->paper->figures, &plan, &grid, options->permutations + 1,
                          err));
done:
    ops_grid_dispose(&grid);
    return status;
}

/** Refuses what cannot be compared. */
static opsig_status check(const opsig_corpus *corpus, const opsig_paper_options *options,
                          opsig_error *err)
{
    if (options->alphabet == OPSIG_ALPHABET_BOTH) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1,
                             "a node on a path has one symbol: the alphabet is op or op+attr");
    }
    if (opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT) == 0) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1, "no model is inconsistent");
    }
    return OPSIG_OK;
}

opsig_status opsig_paper_compare(opsig_paper **out, const opsig_corpus *corpus,
                                 const opsig_corpus *tests, const opsig_paper_options *options,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct analysis analysis = {.options = options, .corpus = corpus, .tests = tests};
    *out = NULL;
    TRY(check(corpus, options, err));
    analysis.paper = ops_mem_zalloc(1, sizeof *analysis.paper);
    TRY(analysis.paper != NULL ? OPSIG_OK : ops_error_nomem(err));
    analysis.paper->has_tests = tests != NULL;
    TRY(find_members(&analysis, err));
    TRY(find_bigrams(&analysis, err));
    TRY(find_labels(&analysis, err));
    count_pairs(&analysis);
    TRY(compare_all(&analysis, err));
    *out = analysis.paper;
    analysis.paper = NULL;
done:
    analysis_dispose(&analysis);
    return status;
}

/* ---- getters ---- */

size_t opsig_paper_n_models(const opsig_paper *paper, opsig_paper_group group)
{
    return paper->groups[group].n_models;
}

bool opsig_paper_has_tests(const opsig_paper *paper)
{
    return paper->has_tests;
}

size_t opsig_paper_n_left_out(const opsig_paper *paper)
{
    return paper->left_out.len;
}

const char *opsig_paper_left_out(const opsig_paper *paper, size_t i)
{
    return paper->left_out.items[i];
}

size_t opsig_paper_n_operators(const opsig_paper *paper, opsig_paper_group group)
{
    return paper->groups[group].ordered.len;
}

const char *opsig_paper_operator(const opsig_paper *paper, opsig_paper_group group, size_t i)
{
    return paper->groups[group].ordered.items[i];
}

static opsig_paper_count count_of(const opsig_paper *paper, size_t figure)
{
    const uint64_t *const values = paper->figures.values[figure];
    const uint32_t n = paper->figures.n_labellings - 1;
    opsig_paper_count out = {.count = values[n], .n_permutations = n, .least = UINT64_MAX};
    uint32_t n_as_much = 1;
    for (uint32_t l = 0; l < n; l++) {
        out.least = values[l] < out.least ? values[l] : out.least;
        out.most = values[l] > out.most ? values[l] : out.most;
        out.mean += (double)values[l] / n;
        n_as_much += values[l] >= out.count;
    }
    out.p = (double)n_as_much / (n + 1.0);
    return out;
}

opsig_paper_set opsig_paper_set_counts(const opsig_paper *paper, unsigned set)
{
    const size_t s = set - 1;
    return (opsig_paper_set){.path_pairs = paper->path_pairs[s],
                             .distinct_pairs = paper->distinct_pairs[s],
                             .total = count_of(paper, OPS_FIGURE_TOTAL + s),
                             .unique = count_of(paper, OPS_FIGURE_UNIQUE + s),
                             .reduced = count_of(paper, OPS_FIGURE_REDUCED + s)};
}

opsig_paper_count opsig_paper_list_count(const opsig_paper *paper, opsig_paper_list list)
{
    return count_of(paper, OPS_FIGURE_LEFT + (size_t)list); /* reduced ones follow the others */
}

static const struct ops_word *sequence_of(const opsig_paper *paper, opsig_paper_list list,
                                              size_t i)
{
    const struct ops_difference *const difference =
        &paper->figures.differences[list % OPS_N_DIFFERENCES];
    return list < OPSIG_PAPER_1_WITHOUT_2_REDUCED ? &difference->sequences.items[i]
                                                  : &difference->reduced.items[i];
}

size_t opsig_paper_sequence_length(const opsig_paper *paper, opsig_paper_list list, size_t i)
{
    return sequence_of(paper, list, i)->n;
}

const char *opsig_paper_sequence_symbol(const opsig_paper *paper, opsig_paper_list list, size_t i,
                                        size_t k)
{
    return paper->figures.texts.items[sequence_of(paper, list, i)->symbols[k]];
}

uint32_t opsig_paper_n_holders(const opsig_paper *paper, size_t i)
{
    return paper->figures.differences[0].n_models.items[i];
}

opsig_paper_count opsig_paper_sharing(const opsig_paper *paper)
{
    return count_of(paper, OPS_FIGURE_SHARING);
}
