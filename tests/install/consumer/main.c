/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program of someone else: includes the installed headers, reads a model from memory and
 * prints its operators. It reaches every foreign library of opsig, so that a missing one is a
 * link error. */
#include <stdio.h>
#include <string.h>

#include <opsig/opsig.h>

/* ir_version 8; a graph with x -> Relu -> y -> Exp -> z; opset 16. */
static const unsigned char model_bytes[] = {
    0x08, 0x08, 0x3a, 0x1d, 0x0a, 0x0c, 0x0a, 0x01, 'x', 0x12, 0x01, 'y', 0x22, 0x04, 'R', 'e',
    'l',  'u',  0x0a, 0x0b, 0x0a, 0x01, 'y',  0x12, 0x01, 'z', 0x22, 0x03, 'E', 'x',  'p', 0x12,
    0x00, 0x42, 0x02, 0x10, 0x10};

static int complain(const char *step, const opsig_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", step, opsig_status_name(error->status), error->message);
    return 1;
}

static int show_model(void)
{
    opsig_error error;
    opsig_model *model = NULL;
    opsig_graph *graph = NULL;
    if (opsig_model_load_memory(&model, model_bytes, sizeof model_bytes, NULL, &error) !=
        OPSIG_OK) {
        return complain("load", &error);
    }
    const opsig_status status = opsig_graph_build(&graph, model, NULL, &error);
    opsig_model_free(model);
    if (status != OPSIG_OK) {
        return complain("build", &error);
    }
    printf("%u vertices, %u edges, first %s\n", opsig_graph_n_vertices(graph),
           opsig_graph_n_edges(graph), opsig_graph_op_type(graph, 0));
    const int right = opsig_graph_n_vertices(graph) == 2 && opsig_graph_n_edges(graph) == 1 &&
                      strcmp(opsig_graph_op_type(graph, 0), "Relu") == 0;
    opsig_graph_free(graph);
    return right ? 0 : 1;
}

int main(void)
{
    opsig_error error;
    opsig_database *database = NULL;
    if (opsig_database_open(&database, "no such file", &error) != OPSIG_NOT_FOUND) {
        fprintf(stderr, "a database that is not there was opened\n");
        return 1;
    }
    if (strcmp(opsig_version(), OPSIG_VERSION) != 0) {
        fprintf(stderr, "headers are of %s, the library of %s\n", OPSIG_VERSION, opsig_version());
        return 1;
    }
    return show_model();
}
