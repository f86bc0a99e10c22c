/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a report prints back to the node that it means. */
#include <opsig/graph.h>

#include <stdlib.h>
#include <string.h>

#include <opsig/nearest.h>

#include "base/error.h"

/** Reads "Op#position", perhaps with "(output)" behind it, for a node of that operator. */
static bool by_position(const opsig_graph *graph, const char *label, uint32_t *out)
{
    const char *const mark = strrchr(label, '#');
    if (mark == NULL || mark[1] < '0' || mark[1] > '9') {
        return false;
    }
    char *end = NULL;
    const unsigned long long position = strtoull(mark + 1, &end, 10);
    if ((*end != '\0' && *end != '(') || position >= opsig_graph_n_vertices(graph)) {
        return false;
    }
    *out = (uint32_t)position;
    const char *const op_type = opsig_graph_op_type(graph, *out);
    const size_t len = (size_t)(mark - label);
    return strlen(op_type) == len && memcmp(op_type, label, len) == 0;
}

/** The name to propose: one that holds the words, else one that is a few letters away. */
static opsig_status unknown(const opsig_graph *graph, const char *label, opsig_error *err)
{
    opsig_nearest nearest;
    const char *holds = NULL;
    opsig_nearest_start(&nearest, label, strlen(label));
    for (uint32_t v = 0; v < opsig_graph_n_vertices(graph); v++) {
        const char *const known = opsig_graph_node_label(graph, v);
        opsig_nearest_offer(&nearest, known);
        holds = holds == NULL && strstr(known, label) != NULL ? known : holds;
    }
    const char *const best = nearest.best != NULL ? nearest.best : holds;
    if (best == NULL) {
        return ops_error_set(err, OPSIG_NOT_FOUND, "not-found", -1, "there is no node '%.100s'",
                             label);
    }
    return ops_error_set(err, OPSIG_NOT_FOUND, "not-found", -1,
                         "there is no node '%.80s'; did you mean '%.100s'?", label, best);
}

opsig_status opsig_graph_find(uint32_t *out, const opsig_graph *graph, const char *label,
                              opsig_error *err)
{
    uint32_t n = 0;
    uint32_t found = 0;
    for (uint32_t v = opsig_graph_n_vertices(graph); v-- > 0;) {
        if (strcmp(opsig_graph_node_label(graph, v), label) == 0) {
            found = v;
            n++;
        }
    }
    if (n > 1) {
        return ops_error_set(err, OPSIG_CONFLICT, "ambiguous", -1,
                             "%u nodes are called '%.80s'; name one by its position, as %.40s#%u",
                             n, label, opsig_graph_op_type(graph, found), found);
    }
    if (n == 0 && !by_position(graph, label, &found)) {
        return unknown(graph, label, err);
    }
    *out = found;
    return OPSIG_OK;
}
