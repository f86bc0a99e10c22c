/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what is known of the tensors that nodes of the main graph write, for scripts that compare
 * it with other programs. For each path read from standard input, one a line:
 *
 *      file <path>
 *      tensor <name in hexadecimal> <element type> <rank, -1: unknown> <dimension, ?>..., or
 *      error <status> <message> */
#include <stdio.h>
#include <string.h>

#include "graph/facts.h"

static void put_tensor(const struct ops_facts *facts, uint32_t t)
{
    const struct ops_fact_tensor *const tensor = &facts->tensors[t];
    const struct ops_fact_dim *const dims = ops_facts_dims(facts, t);
    (void)fputs("tensor ", stdout);
    for (const char *at = facts->text + tensor->name; *at != '\0'; at++) {
        (void)printf("%02x", (unsigned char)*at);
    }
    (void)printf(" %d %d", (int)tensor->element_type, (int)tensor->rank);
    for (int32_t i = 0; i < tensor->rank; i++) {
        if (dims[i].value >= 0) {
            (void)printf(" %lld", (long long)dims[i].value);
        } else {
            (void)fputs(" ?", stdout);
        }
    }
    (void)fputs("\n", stdout);
}

static void put_facts(const struct ops_facts *facts)
{
    for (uint32_t t = 0; t < facts->n_tensors; t++) {
        const struct ops_fact_tensor *const tensor = &facts->tensors[t];
        if (tensor->holder == OPS_NO_VERTEX && tensor->producer != OPS_NO_VERTEX &&
            facts->text[tensor->name] != '\0' &&
            (tensor->kind == OPS_VALUE_TENSOR || tensor->kind == OPS_VALUE_UNKNOWN)) {
            put_tensor(facts, t);
        }
    }
}

int main(void)
{
    static char path[8192];
    while (fgets(path, sizeof path, stdin) != NULL) {
        opsig_graph *graph = NULL;
        opsig_error err = {0};
        path[strcspn(path, "\n")] = '\0';
        const opsig_status status = ops_graph_load(&graph, path, NULL, true, &err);
        (void)printf("file %s\n", path);
        if (status == OPSIG_OK) {
            put_facts(ops_facts_of(graph));
        } else {
            (void)printf("error %s %s\n", opsig_status_name(status), err.message);
        }
        opsig_graph_free(graph);
    }
    return 0;
}
