/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the models that are named, one after the other, and prints how many operators they hold:
 * the contender for opsig in run.py. */
#include <inttypes.h>
#include <stdio.h>

#include <opsig/opsig.h>

int main(int argc, char **argv)
{
    uint64_t operators = 0;
    for (int i = 1; i < argc; i++) {
        opsig_error error;
        opsig_graph *graph = NULL;
        if (opsig_graph_load(&graph, argv[i], NULL, &error) != OPSIG_OK) {
            fprintf(stderr, "load: %s: %s\n", argv[i], error.message);
            return 1;
        }
        operators += opsig_graph_n_vertices(graph);
        opsig_graph_free(graph);
    }
    printf("%" PRIu64 "\n", operators);
    return 0;
}
