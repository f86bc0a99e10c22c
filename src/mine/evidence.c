/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The projections of the whole corpus, cut down to one model, give that model's matches of a
 * sequence; subgraphs are matched model by model. */
#include "mine/evidence.h"

#include <string.h>

#include "base/buffer.h"
#include "base/escape.h"
#include "base/mem.h"
#include "mine/places.h"

enum { MAX_NODES_TEXT = 1 << 20 }; /* bytes; labels are bounded by the limits of loading */

/** Labels of the matched nodes, one a line; control characters in them are made visible. */
static opsig_status write_nodes(struct ops_buffer *out, const opsig_graph *graph,
                                const uint32_t *match, size_t n, uint32_t first_vertex,
                                opsig_error *err)
{
    ops_buffer_clear(out);
    for (size_t k = 0; k < n; k++) {
        const char *label = opsig_graph_node_label(graph, match[k] - first_vertex);
        if (k > 0) {
            ops_buffer_puts(out, "\n");
        }
        ops_escape_terminal(out, label, strlen(label));
    }
    return ops_buffer_status(out, err);
}

/** Appends a match in one model to a signature's evidence, for which room has been made. */
static opsig_status add_match(struct opsig_signature *signature, uint32_t model,
                              const opsig_graph *graph, const uint32_t *match, size_t n,
                              uint32_t first_vertex, opsig_error *err)
{
    struct ops_buffer text;
    ops_buffer_init(&text, MAX_NODES_TEXT);
    opsig_status status = write_nodes(&text, graph, match, n, first_vertex, err);
    if (status == OPSIG_OK) {
        const struct ops_evidence evidence = {model, ops_buffer_take(&text)};
        status = evidence.nodes == NULL ? ops_error_nomem(err) : OPSIG_OK;
        signature->evidence[signature->n_evidence] = evidence;
        signature->n_evidence += status == OPSIG_OK;
    }
    ops_buffer_dispose(&text);
    return status;
}

static opsig_status reserve(struct opsig_signature *signature, size_t n_models, opsig_error *err)
{
    signature->evidence = ops_mem_zalloc(n_models, sizeof *signature->evidence);
    return signature->evidence != NULL ? OPSIG_OK : ops_error_nomem(err);
}

/** Adds the first match in one model. */
static opsig_status add_first_match(struct opsig_signature *signature,
                                    const struct ops_trace *trace, uint32_t model,
                                    const opsig_graph *graph, opsig_error *err)
{
    struct ops_level levels[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_matches matches;
    for (size_t k = 0; k < trace->n_levels; k++) {
        levels[k] = ops_trace_in_model(trace, k, model);
    }
    opsig_status status =
        ops_matches_collect(&matches, &trace->field->field, levels, trace->n_levels, 1, err);
    if (status == OPSIG_OK) {
        status = add_match(signature, model, graph, matches.vertices, trace->n_levels,
                           trace->field->first_vertex[model], err);
        ops_mem_free(matches.vertices);
    }
    return status;
}

opsig_status ops_evidence_of_sequence(struct opsig_signature *signature, struct ops_trace *trace,
                                      struct ops_code sequence, const opsig_corpus *corpus,
                                      opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_trace_follow(trace, sequence, err));
    TRY(reserve(signature, trace->field->n_models, err));
    for (uint32_t model = 0; model < trace->field->n_models && trace->n_levels > 0; model++) {
        if (ops_trace_in_model(trace, trace->n_levels - 1, model).n > 0) {
            TRY(add_first_match(signature, trace, model, opsig_corpus_graph(corpus, model), err));
        }
    }
done:
    return status;
}

opsig_status ops_evidence_of_subgraphs(struct opsig_signature *const *signatures, size_t n,
                                       const opsig_corpus *corpus, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_places places = {{NULL, 0, 0}, {NULL, 0, 0}};
    const opsig_pattern **patterns = ops_mem_zalloc(n, sizeof *patterns);
    TRY(patterns != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (size_t i = 0; i < n; i++) {
        patterns[i] = signatures[i]->pattern;
        TRY(reserve(signatures[i], opsig_corpus_n_models(corpus), err));
    }
    TRY(ops_places_find(&places, corpus, patterns, n, err));
    for (size_t i = 0; i < places.items.len; i++) {
        const struct ops_place *place = &places.items.items[i];
        TRY(add_match(signatures[place->pattern], place->model,
                      opsig_corpus_graph(corpus, place->model),
                      places.vertices.items + place->first_match,
                      opsig_pattern_n_vertices(patterns[place->pattern]), 0, err));
    }
done:
    ops_places_dispose(&places);
    ops_mem_free(patterns);
    return status;
}
