/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for 1,000 rules in random models: the rules are those of the files that are named, again
 * and again under other names, so that they ask for what real ones ask for. A model is a random
 * graph of operators that exports have; a node reads one or two of the 12 nodes before it. Prints a
 * table; times are medians.
 *
 * usage: bench_rules ROUNDS FILE.rules...   (9 is a good number of rounds) */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <opsig/graph.h>

#include "base/buffer.h"
#include "base/rng.h"
#include "onnx/text.h"
#include "rules/match.h"

enum { N_RULES = 1000, REACH = 12, MAX_ROUNDS = 99 };

static const char *const operators[] = {
    "Conv",  "Relu",   "Add",    "Mul",    "MatMul",     "Reshape", "Transpose", "Concat",
    "Slice", "Gather", "Cast",   "Div",    "ReduceMean", "Sub",     "Sqrt",      "Softmax",
    "Clip",  "Resize", "Expand", "Shape",  "Unsqueeze",  "Squeeze", "Pow",       "Pad",
    "Gemm",  "Sigmoid"};
enum { N_OPERATORS = sizeof operators / sizeof *operators };

static void must(opsig_status status, const opsig_error *error)
{
    if (status != OPSIG_OK) {
        (void)fprintf(stderr, "rules: %s\n", error->message);
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static uint32_t roll(uint64_t *index, uint32_t bound)
{
    return (uint32_t)ops_rng_below(1, 0, (*index)++, bound);
}

static opsig_graph *make_graph(uint32_t n)
{
    struct ops_buffer text;
    struct onnx_message message;
    opsig_model *model = NULL;
    opsig_graph *graph = NULL;
    opsig_limits limits;
    opsig_error error = {.message = ""};
    uint64_t index = 0;
    opsig_limits_init(&limits);
    ops_buffer_init(&text, UINT32_MAX);
    ops_buffer_puts(&text, "g (float[1,8,16,16] t0) => (float y)\n{\n");
    for (uint32_t v = 1; v <= n; v++) {
        const char *const op = operators[roll(&index, N_OPERATORS)];
        const uint32_t reach = v < REACH ? v : REACH;
        ops_buffer_printf(&text, "t%" PRIu32 " = %s(t%" PRIu32, v, op, v - 1 - roll(&index, reach));
        if (roll(&index, 2) == 0) {
            ops_buffer_printf(&text, ", t%" PRIu32, v - 1 - roll(&index, reach));
        }
        ops_buffer_puts(&text, ")\n");
    }
    ops_buffer_printf(&text, "y = Relu(t%" PRIu32 ")\n}\n", n);
    onnx_message_init(&message);
    must(onnx_text_encode(&message, ops_buffer_text(&text), text.len, &error), &error);
    must(ops_model_load_memory(&model, message.own.bytes, message.own.len, &limits, true, &error),
         &error);
    must(opsig_graph_build(&graph, model, &limits, &error), &error);
    opsig_model_free(model);
    onnx_message_dispose(&message);
    ops_buffer_dispose(&text);
    return graph;
}

/** Writes copy `k` of a rule, which gets a name of its own. */
static void write_copy(struct ops_buffer *out, const opsig_rule *rule, size_t k)
{
    const char *const text = opsig_rule_text(rule);
    const char *const rest = strchr(text, '\n');
    const char *const examples = strstr(text, "\nexample ");
    ops_buffer_printf(out, "rule %s-%zu", opsig_rule_id(rule), k);
    ops_buffer_add(out, rest, examples != NULL ? (size_t)(examples - rest) : strlen(rest));
    ops_buffer_puts(out, examples != NULL ? "\nend\n" : "\n");
}

static void write_pack(struct ops_buffer *out, char **files, int n_files)
{
    opsig_rules *rules = NULL;
    opsig_error error = {.message = ""};
    must(opsig_rules_new(&rules, &error), &error);
    for (int i = 0; i < n_files; i++) {
        must(opsig_rules_add_file(rules, files[i], &error), &error);
    }
    for (size_t i = 0; i < N_RULES; i++) {
        const size_t n = opsig_rules_n(rules);
        write_copy(out, opsig_rules_at(rules, i % n), i / n);
    }
    opsig_rules_free(rules);
}

static int compare(const void *a, const void *b)
{
    const double *const x = a;
    const double *const y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *times, int n)
{
    qsort(times, (size_t)n, sizeof *times, compare);
    return times[n / 2];
}

static void time_reading(const struct ops_buffer *text, int rounds)
{
    double times[MAX_ROUNDS];
    opsig_error error = {.message = ""};
    for (int round = 0; round < rounds; round++) {
        opsig_rules *rules = NULL;
        const double start = now();
        must(opsig_rules_new(&rules, &error), &error);
        must(opsig_rules_add_text(rules, "pack", text->bytes, text->len, &error), &error);
        times[round] = now() - start;
        opsig_rules_free(rules);
    }
    (void)printf("reading %d rules (%zu bytes): %.2f ms\n", N_RULES, text->len,
                 median(times, rounds));
}

static void time_matching(const opsig_rules *rules, uint32_t n, int rounds)
{
    double times[MAX_ROUNDS];
    size_t n_found = 0;
    size_t n_matches = 0;
    opsig_error error = {.message = ""};
    opsig_graph *const graph = make_graph(n);
    for (int round = 0; round < rounds; round++) {
        struct ops_rules_found found;
        struct ops_deadline deadline;
        const struct ops_rules_match_options options = {
            .max_kept = 100, .max_work = OPS_RULES_MAX_WORK, .deadline = &deadline};
        ops_deadline_start(&deadline, 0, NULL);
        const double start = now();
        must(ops_rules_match(&found, rules, graph, &options, &error), &error);
        times[round] = now() - start;
        n_found = found.items.len;
        n_matches = 0;
        for (size_t i = 0; i < found.items.len; i++) {
            n_matches += found.items.items[i].n_total;
        }
        ops_rules_found_dispose(&found);
    }
    (void)printf("%8" PRIu32 " nodes: %8.2f ms, %zu rules found at %zu nodes\n", n,
                 median(times, rounds), n_found, n_matches);
    opsig_graph_free(graph);
}

int main(int argc, char **argv)
{
    const long given = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    const int rounds = given < 1 || given > MAX_ROUNDS ? 0 : (int)given;
    struct ops_buffer text;
    opsig_rules *rules = NULL;
    opsig_error error = {.message = ""};
    if (rounds < 1) {
        (void)fprintf(stderr, "usage: bench_rules ROUNDS FILE.rules...\n");
        return 2;
    }
    ops_buffer_init(&text, UINT32_MAX);
    write_pack(&text, argv + 2, argc - 2);
    time_reading(&text, rounds);
    must(opsig_rules_new(&rules, &error), &error);
    must(opsig_rules_add_text(rules, "pack", text.bytes, text.len, &error), &error);
    for (uint32_t n = 100; n <= 100000; n *= 10) {
        time_matching(rules, n, rounds);
    }
    opsig_rules_free(rules);
    ops_buffer_dispose(&text);
    return 0;
}
