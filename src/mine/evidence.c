/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The projections of the whole corpus, cut down to one model, give that model's matches. */
#include "mine/evidence.h"

#include <string.h>

#include "base/buffer.h"
#include "base/escape.h"
#include "base/mem.h"

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

/** First match in one model, as text; the caller's. */
static opsig_status first_match(char **out, const struct ops_trace *trace, uint32_t model,
                                const opsig_graph *graph, opsig_error *err)
{
    struct ops_level levels[OPSIG_PATTERN_MAX_VERTICES];
    struct ops_matches matches;
    struct ops_buffer text;
    opsig_status status = OPSIG_OK;
    ops_buffer_init(&text, MAX_NODES_TEXT);
    for (size_t k = 0; k < trace->n_levels; k++) {
        levels[k] = ops_trace_in_model(trace, k, model);
    }
    *out = NULL;
    TRY(ops_matches_collect(&matches, &trace->field->field, levels, trace->n_levels, 1, err));
    status = write_nodes(&text, graph, matches.vertices, trace->n_levels,
                         trace->field->first_vertex[model], err);
    ops_mem_free(matches.vertices);
    if (status == OPSIG_OK) {
        *out = ops_buffer_take(&text);
        status = *out == NULL ? ops_error_nomem(err) : OPSIG_OK;
    }
done:
    ops_buffer_dispose(&text);
    return status;
}

opsig_status ops_evidence_collect(struct opsig_signature *signature, struct ops_trace *trace,
                                  struct ops_sequence sequence, const opsig_corpus *corpus,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_trace_follow(trace, sequence, err));
    signature->evidence =
        ops_mem_zalloc(trace->field->n_models, sizeof *signature->evidence);
    if (signature->evidence == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t model = 0; model < trace->field->n_models && trace->n_levels > 0; model++) {
        if (ops_trace_in_model(trace, trace->n_levels - 1, model).n == 0) {
            continue;
        }
        struct ops_evidence *evidence = &signature->evidence[signature->n_evidence];
        TRY(first_match(&evidence->nodes, trace, model, opsig_corpus_graph(corpus, model), err));
        evidence->model = model;
        signature->n_evidence++;
    }
done:
    return status;
}
