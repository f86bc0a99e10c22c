/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hostile and odd files: each is refused or loaded as its index says. The files lie in the folder
 * malformed of OPSIG_SHARED, or beside the source tree; without them the test is skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <opsig/graph.h>

enum { MAX_FIELDS = 24, PATH_ROOM = 4096 };

/* The index, by the names of its columns. */
static const char *const columns[] = {"file", "kind", "expected", "main_nodes", "ops"};
enum { FILE_NAME, KIND, EXPECTED, MAIN_NODES, OPS, N_COLUMNS };

/* Cuts one record of RFC 4180, which holds no line breaks, into fields. */
static size_t cut(char *line, char *fields[MAX_FIELDS])
{
    size_t n = 0;
    while (n < MAX_FIELDS) {
        char *out = line;
        bool quoted = *line == '"';
        fields[n++] = out;
        line += quoted;
        while (*line != '\0' && *line != '\n' && (quoted || *line != ',')) {
            if (*line == '"' && line[1] != '"') {
                quoted = false;
                line++;
                continue;
            }
            line += *line == '"';
            *out++ = *line++;
        }
        const bool more = *line == ',';
        *out = '\0';
        if (!more) {
            break;
        }
        line++;
    }
    return n;
}

static const char *folder(char *room)
{
    const char *const shared = getenv("OPSIG_SHARED");
    (void)snprintf(room, PATH_ROOM, "%s/malformed",
                   shared != NULL ? shared : OPSIG_SOURCE_DIR "/../shared");
    return room;
}

/* The first eight operators of the main graph, as the index lists them. */
static void first_operators(const opsig_graph *graph, char *out, size_t room)
{
    enum { SHOWN = 8 };
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < opsig_graph_n_main_nodes(graph) && i < SHOWN; i++) {
        const int n = snprintf(out + used, room - used, "%s%s", i > 0 ? " " : "",
                               opsig_graph_main_op_type(graph, i));
        used += n > 0 ? (size_t)n : 0;
        assert_true(used < room);
    }
}

/* Does the file do what its row says? Says what it does not. */
static bool behaves(const char *path, char *const row[N_COLUMNS])
{
    opsig_graph *graph;
    opsig_error error = {0};
    const opsig_status status = opsig_graph_load(&graph, path, NULL, &error);
    bool right = true;
    if (status != OPSIG_OK) {
        right = strcmp(row[EXPECTED], "must-load") != 0 && error.kind != NULL &&
                error.message[0] != '\0' && strpbrk(error.message, "\n\x1b") == NULL;
        if (!right) {
            print_error("%s: %s\n", row[FILE_NAME], error.message);
        }
        return right;
    }
    char counted[32];
    static char operators[1 << 20];
    (void)snprintf(counted, sizeof counted, "%u", opsig_graph_n_main_nodes(graph));
    first_operators(graph, operators, sizeof operators);
    if (strcmp(row[EXPECTED], "must-reject") == 0) {
        print_error("%s: loads\n", row[FILE_NAME]);
        right = false;
    } else if (strcmp(row[EXPECTED], "must-load") == 0 &&
               (strcmp(counted, row[MAIN_NODES]) != 0 || strcmp(operators, row[OPS]) != 0)) {
        print_error("%s: %s nodes: %s\n", row[FILE_NAME], counted, operators);
        right = false;
    }
    opsig_graph_free(graph);
    return right;
}

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void find_columns(char *header, size_t at[N_COLUMNS])
{
    char *fields[MAX_FIELDS];
    const size_t n = cut(header, fields);
    for (size_t c = 0; c < N_COLUMNS; c++) {
        at[c] = 0;
        while (at[c] < n && strcmp(fields[at[c]], columns[c]) != 0) {
            at[c]++;
        }
        assert_true(at[c] < n);
    }
}

static void each_file_is_refused_or_loaded_as_the_index_says(void **state)
{
    (void)state;
    char dir[PATH_ROOM];
    char path[2 * PATH_ROOM];
    (void)snprintf(path, sizeof path, "%s/index.csv", folder(dir));
    FILE *const index = fopen(path, "r");
    if (index == NULL) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    char *line = NULL;
    size_t room = 0;
    size_t at[N_COLUMNS];
    unsigned n_rows = 0;
    unsigned n_wrong = 0;
    double slowest = 0;
    assert_true(getline(&line, &room, index) > 0);
    find_columns(line, at);
    while (getline(&line, &room, index) > 0) {
        char *fields[MAX_FIELDS] = {0};
        char *row[N_COLUMNS];
        (void)cut(line, fields);
        for (size_t c = 0; c < N_COLUMNS; c++) {
            row[c] = fields[at[c]];
        }
        if (strcmp(row[KIND], "model") == 0) {
            const double started = seconds();
            (void)snprintf(path, sizeof path, "%s/%s", dir, row[FILE_NAME]);
            n_rows++;
            n_wrong += !behaves(path, row);
            slowest = seconds() - started > slowest ? seconds() - started : slowest;
        }
    }
    free(line);
    (void)fclose(index);
    print_message("%u files, %u wrong, the slowest took %.3f s\n", n_rows, n_wrong, slowest);
    assert_int_equal(n_wrong, 0);
    assert_true(n_rows > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_is_refused_or_loaded_as_the_index_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
