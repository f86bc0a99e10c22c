/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what the loader sees, for scripts that compare it with other readers. For each path read
 * from standard input, one a line:
 *
 *      file <path>
 *      node <op_type> <domain> | <input> <input> | <output>       of the main graph, or
 *      nodes <main graph> <with nested graphs> <initializers>     at its end, or
 *      error <status> <kind> <offset> <message>
 *
 * Names are written in hexadecimal, "-" for an empty one. */
#include <stdio.h>
#include <string.h>

#include <opsig/model.h>

#include "onnx/model.h"

static void put_name(const char *bytes, size_t len)
{
    (void)fputs(len == 0 ? " -" : " ", stdout);
    for (size_t i = 0; i < len; i++) {
        (void)printf("%02x", (unsigned char)bytes[i]);
    }
}

static void put_values(const opsig_model *model, const uint32_t *values, size_t n)
{
    (void)fputs(" |", stdout);
    for (size_t i = 0; i < n; i++) {
        put_name(ops_intern_text(model->values, values[i]),
                 ops_intern_len(model->values, values[i]));
    }
}

static size_t count_nodes(const struct onnx_graph *graph)
{
    size_t n = graph->n_nodes;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct onnx_node *const node = &graph->nodes[i];
        for (uint32_t a = 0; a < node->n_attributes; a++) {
            for (size_t g = 0; g < node->attributes[a].n_graphs; g++) {
                n += count_nodes(node->attributes[a].graphs[g]);
            }
        }
    }
    return n;
}

static void put_model(const opsig_model *model)
{
    const struct onnx_graph *const graph = model->graph;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct onnx_node *const node = &graph->nodes[i];
        (void)fputs("node", stdout);
        put_name(node->op_type, strlen(node->op_type));
        put_name(node->domain, strlen(node->domain));
        put_values(model, node->inputs, node->n_inputs);
        put_values(model, node->outputs, node->n_outputs);
        (void)fputs("\n", stdout);
    }
    (void)printf("nodes %zu %zu %zu\n", graph->n_nodes, count_nodes(graph),
                 graph->n_initializers);
}

int main(void)
{
    static char path[8192];
    while (fgets(path, sizeof path, stdin) != NULL) {
        opsig_model *model = NULL;
        opsig_error err = {0};
        path[strcspn(path, "\n")] = '\0';
        const opsig_status status = opsig_model_load(&model, path, NULL, &err);
        (void)printf("file %s\n", path);
        if (status == OPSIG_OK) {
            put_model(model);
        } else {
            (void)printf("error %s %s %lld %s\n", opsig_status_name(status), err.kind,
                         (long long)err.offset, err.message);
        }
        opsig_model_free(model);
    }
    return 0;
}
