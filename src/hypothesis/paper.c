/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paper's analysis, step by step: which operators the models of a group have. */
#include <opsig/paper.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/vec.h"
#include "graph/snapshot.h"

/** A group of models. */
struct group {
    size_t n_models;
    struct ops_intern *names;      /* of its operators */
    OPS_VEC(const char *) ordered; /* the same, in byte order */
};

struct opsig_paper {
    struct group groups[OPSIG_PAPER_N_GROUPS];
};

void opsig_paper_options_init(opsig_paper_options *options)
{
    *options = (opsig_paper_options){.version = 1,
                                     .alphabet = OPSIG_ALPHABET_OP,
                                     .max_paths = 1000000,
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
    ops_mem_free(paper);
}

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

static opsig_paper_group group_of(opsig_label label)
{
    return label == OPSIG_LABEL_INCONSISTENT ? OPSIG_PAPER_INCONSISTENT : OPSIG_PAPER_CONSISTENT;
}

static opsig_status list_operators(opsig_paper *paper, const opsig_corpus *corpus,
                                   const opsig_corpus *tests, opsig_alphabet alphabet,
                                   opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        TRY(ops_intern_new(&paper->groups[g].names, err));
    }
    for (size_t m = 0; m < opsig_corpus_n_models(corpus); m++) {
        struct group *const group = &paper->groups[group_of(opsig_corpus_label(corpus, m))];
        TRY(add_operators(group, opsig_corpus_graph(corpus, m), alphabet, err));
    }
    for (size_t m = 0; tests != NULL && m < opsig_corpus_n_models(tests); m++) {
        TRY(add_operators(&paper->groups[OPSIG_PAPER_TESTS], opsig_corpus_graph(tests, m),
                          alphabet, err));
    }
    for (size_t g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        TRY(order_operators(&paper->groups[g], err));
    }
done:
    return status;
}

opsig_status opsig_paper_compare(opsig_paper **out, const opsig_corpus *corpus,
                                 const opsig_corpus *tests, const opsig_paper_options *options,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_paper *paper = NULL;
    *out = NULL;
    if (opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT) == 0) {
        return ops_error_set(err, OPSIG_USAGE, "usage", -1, "no model is inconsistent");
    }
    paper = ops_mem_zalloc(1, sizeof *paper);
    TRY(paper != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(list_operators(paper, corpus, tests, options->alphabet, err));
    *out = paper;
    paper = NULL;
done:
    opsig_paper_free(paper);
    return status;
}

size_t opsig_paper_n_models(const opsig_paper *paper, opsig_paper_group group)
{
    return paper->groups[group].n_models;
}

size_t opsig_paper_n_operators(const opsig_paper *paper, opsig_paper_group group)
{
    return paper->groups[group].ordered.len;
}

const char *opsig_paper_operator(const opsig_paper *paper, opsig_paper_group group, size_t i)
{
    return paper->groups[group].ordered.items[i];
}
