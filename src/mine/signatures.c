/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From selected classes to signatures in a database. */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "corpus/gspan.h"
#include "mine/evidence.h"
#include "mine/mining.h"
#include "pattern/pattern.h"
#include "stats/interval.h"

/** Scratch, and the subgraphs whose evidence is gathered at the end. */
struct adding {
    struct ops_mining *mining;
    struct ops_cmh *cmh;
    struct ops_trace *trace;
    uint64_t *within, *holders;                    /* n_words each */
    OPS_VEC(struct opsig_signature *) subgraphs;
};

/** p-value of a pattern among the models that hold all of its symbols, however arranged. */
static opsig_status order_p(struct adding *adding, const struct ops_class *class, double *out,
                            opsig_error *err)
{
    const struct ops_design *design = adding->mining->design;
    for (size_t w = 0; w < design->n_words; w++) {
        adding->within[w] = design->all[w];
    }
    for (size_t k = 0; k < class->generator.n_steps; k++) {
        const uint32_t symbol = class->generator.steps[k].symbol;
        for (size_t w = 0; w < design->n_words; w++) {
            adding->holders[w] = 0;
        }
        if (symbol == OPS_NO_SYMBOL) {
            continue;
        }
        ops_mine_field_holders(adding->mining->field, symbol, adding->holders);
        for (size_t w = 0; w < design->n_words; w++) {
            adding->within[w] &= adding->holders[w];
        }
    }
    const double log_p = ops_design_log_p(design, adding->cmh, adding->within, class->models);
    *out = exp(log_p);
    return isnan(log_p) ? ops_error_nomem(err) : OPSIG_OK;
}

static opsig_status add_evidence(struct adding *adding, struct opsig_signature *signature,
                                 const struct ops_class *class, opsig_error *err)
{
    if (ops_code_is_sequence(class->generator)) {
        return ops_evidence_of_sequence(signature, adding->trace, class->generator,
                                        adding->mining->corpus, err);
    }
    return ops_vec_push(&adding->subgraphs, signature, err);
}

/** Adds the signature, or the term of the risk model, that a selected class makes. */
static opsig_status add_signature(struct adding *adding, size_t i, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_mining *mining = adding->mining;
    const struct ops_selected *selected = &mining->selection.items[i];
    const struct ops_class *class = &mining->classes->classes.items[selected->class_id];
    const struct ops_intern *symbols = mining->classes->symbols;
    const struct ops_design *design = mining->design;
    struct opsig_signature *signature = NULL;
    if (!selected->significant && mining->weights[i] == 0) {
        return OPSIG_OK;
    }
    TRY(ops_database_add(mining->database, &signature, err));
    TRY(ops_pattern_new(&signature->pattern, class->generator, symbols, err));
    TRY(ops_pattern_new(&signature->context, class->closed, symbols, err));
    ops_statistics_fill(&signature->statistics,
                        ops_design_count(design, design->all, class->models, true),
                        ops_design_count(design, design->all, NULL, true),
                        ops_design_count(design, design->all, class->models, false),
                        ops_design_count(design, design->all, NULL, false));
    signature->statistics.p = selected->p;
    signature->statistics.p_adjusted = selected->p_adjusted;
    signature->significant = selected->significant;
    signature->weight = mining->weights[i];
    TRY(order_p(adding, class, &signature->statistics.p_order, err));
    if (selected->significant && !ops_corpus_has_edge_labels(mining->corpus)) {
        TRY(add_evidence(adding, signature, class, err));
    }
done:
    return status;
}

static opsig_status add_models(const struct ops_mining *mining, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t m = 0; m < opsig_corpus_n_models(mining->corpus); m++) {
        struct ops_db_model model = {
            .path = ops_mem_strdup(opsig_corpus_path(mining->corpus, m)),
            .inconsistent =
                opsig_corpus_label(mining->corpus, m) == OPSIG_LABEL_INCONSISTENT,
        };
        snprintf(model.sha256, sizeof model.sha256, "%s",
                 opsig_corpus_sha256(mining->corpus, m));
        if (model.path == NULL) {
            return ops_error_nomem(err);
        }
        status = ops_vec_push(&mining->database->models, model, err);
        if (status != OPSIG_OK) {
            ops_mem_free(model.path);
            return status;
        }
    }
    return status;
}

opsig_status ops_mining_add_signatures(struct ops_mining *mining, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct adding adding = {.mining = mining};
    adding.cmh = ops_cmh_new();
    adding.within = ops_mem_zalloc(mining->design->n_words, sizeof *adding.within);
    adding.holders = ops_mem_zalloc(mining->design->n_words, sizeof *adding.holders);
    TRY(adding.cmh != NULL && adding.within != NULL && adding.holders != NULL
            ? OPSIG_OK
            : ops_error_nomem(err));
    TRY(ops_trace_new(&adding.trace, mining->field, err));
    TRY(add_models(mining, err));
    for (size_t i = 0; i < mining->selection.len; i++) {
        TRY(add_signature(&adding, i, err));
    }
    TRY(ops_evidence_of_subgraphs(adding.subgraphs.items, adding.subgraphs.len, mining->corpus,
                                  err));
    ops_database_sort(mining->database);
done:
    ops_cmh_free(adding.cmh);
    ops_mem_free(adding.within);
    ops_mem_free(adding.holders);
    ops_trace_free(adding.trace);
    ops_vec_dispose(&adding.subgraphs);
    return status;
}
