/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a small ONNX model for the tests of the program.
 *
 *   make_model [-n NAME]... 'a = Relu(x); b, c = my.domain::Split(a)' > FILE
 *   -n NAME  names the next node that has no name yet; $'...' brings in bytes of any kind
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/onnx_write.h"

enum { MOST_NAMES = 64 };

/* Adds the node of one statement, "outputs = Op(inputs)", which is cut into its parts. */
static int add_node(struct ow *graph, char *statement, const char *name)
{
    char *outputs = statement;
    char *op = strchr(statement, '=');
    char *inputs = op == NULL ? NULL : strchr(op, '(');
    char *end = inputs == NULL ? NULL : strchr(inputs, ')');
    if (end == NULL) {
        return 1;
    }
    *op++ = '\0';
    *inputs++ = '\0';
    *end = '\0';
    op += strspn(op, " ");
    struct ow more = {0};
    if (name != NULL) {
        ow_node_name(&more, name);
    }
    ow_node(graph, op, inputs, outputs, &more);
    return 0;
}

static int usage(void)
{
    (void)fputs("usage: make_model [-n NAME]... NODES > FILE\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *names[MOST_NAMES] = {NULL};
    size_t n_names = 0;
    size_t n_nodes = 0;
    int option;
    while ((option = getopt(argc, argv, "n:")) == 'n' && n_names < MOST_NAMES) {
        names[n_names++] = optarg;
    }
    if (option != -1 || optind + 1 != argc) {
        return usage();
    }
    struct ow graph = {0};
    struct ow model = {0};
    char *rest = argv[optind];
    for (char *statement = strsep(&rest, ";"); statement != NULL; statement = strsep(&rest, ";")) {
        const char *const name = n_nodes < n_names ? names[n_nodes] : NULL;
        n_nodes++;
        if (statement[strspn(statement, " ")] != '\0' && add_node(&graph, statement, name) != 0) {
            return usage();
        }
    }
    ow_model(&model, &graph, 17);
    const size_t written = fwrite(model.bytes, 1, model.len, stdout);
    const int failed = written != model.len || fclose(stdout) != 0;
    ow_free(&model);
    return failed;
}
