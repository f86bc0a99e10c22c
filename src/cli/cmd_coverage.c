/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig coverage: what of a target corpus a reference, say a converter's test suite, exercises. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/coverage.h>
#include <opsig/report.h>

#include "cli/cli.h"
#include "cli/corpora.h"
#include "cli/options.h"
#include "cli/write.h"

enum {
    KEY_REFERENCE = OPS_KEY_OWN,
    KEY_TARGET,
    KEY_LENGTH,
    KEY_GAPS,
    KEY_ADD,
    KEY_MAX_PATTERNS,
    KEY_MAX_MEMORY
};

enum { N_CHILDREN = 5 };

/** Paths of one corpus. */
struct paths {
    char **items;
    size_t n;
};

struct coverage_args {
    struct ops_options options;
    opsig_coverage_options coverage;
    struct paths reference, target;
};

static error_t add_path(struct paths *paths, char *path)
{
    char **const items = reallocarray(paths->items, paths->n + 1, sizeof *items);
    if (items == NULL) {
        return ENOMEM;
    }
    items[paths->n++] = path;
    paths->items = items;
    return 0;
}

/** "4", or "2-5". */
static error_t parse_length(const struct argp_state *state, char *arg,
                            opsig_coverage_options *options)
{
    uint64_t low = 0;
    uint64_t high = 0;
    char *const dash = strchr(arg, '-');
    if (dash != NULL) {
        *dash = '\0';
    }
    error_t error =
        ops_option_count(state, "--length", arg, 1, OPSIG_PATTERN_MAX_VERTICES, &low);
    high = low;
    if (error == 0 && dash != NULL) {
        error = ops_option_count(state, "--length", dash + 1, low, OPSIG_PATTERN_MAX_VERTICES,
                                 &high);
    }
    options->min_length = (uint32_t)low;
    options->max_length = (uint32_t)high;
    return error;
}

static error_t parse_shown(const struct argp_state *state, const char *option, const char *arg,
                           size_t *out)
{
    uint64_t n = 0;
    const error_t error = ops_option_count(state, option, arg, 0, UINT32_MAX, &n);
    *out = (size_t)n;
    return error;
}

static error_t check(const struct argp_state *state, const struct coverage_args *args)
{
    if (args->reference.n == 0 || args->target.n == 0) {
        return ops_usage(state, "%s is missing: a manifest, a folder, or models",
                         args->reference.n == 0 ? "--reference" : "--target");
    }
    if (args->options.alphabet == OPSIG_ALPHABET_BOTH) {
        return ops_usage(state, "--alphabet: coverage counts the sequences of one, op or op+attr");
    }
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct coverage_args *const args = state->input;
    opsig_coverage_options *const coverage = &args->coverage;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case KEY_REFERENCE:
        return add_path(&args->reference, arg);
    case KEY_TARGET:
        return add_path(&args->target, arg);
    case KEY_LENGTH:
        return parse_length(state, arg, coverage);
    case KEY_GAPS:
        return parse_shown(state, "--gaps", arg, &coverage->max_gaps);
    case KEY_ADD:
        return parse_shown(state, "--add", arg, &coverage->max_additions);
    case KEY_MAX_PATTERNS:
        return ops_option_count(state, "--max-patterns", arg, 1, UINT64_MAX,
                                &coverage->max_patterns);
    case KEY_MAX_MEMORY:
        return ops_option_size(state, "--max-memory", arg, &coverage->max_memory);
    case ARGP_KEY_ARG:
        return ops_usage(state, "'%s' belongs to no option: use --reference and --target", arg);
    case ARGP_KEY_END:
        return check(state, args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"reference", KEY_REFERENCE, "PATH", 0,
     "what exercises sequences, such as a converter's test suite: a manifest (.csv, .json), or a "
     "folder or a model, which may be repeated",
     0},
    {"target", KEY_TARGET, "PATH", 0, "what should be exercised; likewise", 0},
    {"length", KEY_LENGTH, "N|N-M", 0, "nodes in a sequence (default 1-6, each by itself)", 0},
    {"gaps", KEY_GAPS, "N", 0, "uncovered sequences to list (default 20)", 0},
    {"add", KEY_ADD, "N", 0,
     "target models to propose, in the order that raises coverage fastest (default 10)", 0},
    {"max-patterns", KEY_MAX_PATTERNS, "N", 0,
     "sequences of the target before the search is given up (default 20000000)", 0},
    {"max-memory", KEY_MAX_MEMORY, "SIZE", 0,
     "most memory for the uncovered sequences with the models that hold them (default 2G)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},
    {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_work, 0, NULL, 0},
    {&ops_argp_alphabet, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},
    {0},
};

const struct argp ops_argp_coverage = {
    .options = own_options,
    .parser = parse,
    .args_doc = "--reference PATH --target PATH",
    .doc = "Measures how much of a target corpus's operator sequences a reference corpus "
           "exercises, lists the most common ones that it misses, and which target models to add "
           "to it. Labels are ignored."
           "\v"
           "Exit status: 0 done; 2 usage error or missing file; 3 some model could not be read "
           "(the others were counted); 4 out of memory, disk full, or the search was given up; "
           "130 interrupted.",
    .children = children,
};

/* ---- the work ---- */

struct run {
    const struct coverage_args *args;
    opsig_corpus *reference, *target;
};

static opsig_status write_coverage(FILE *stream, const opsig_report_style *style, void *payload,
                                   opsig_error *err)
{
    const struct run *const run = payload;
    opsig_coverage *coverage = NULL;
    opsig_status status = opsig_coverage_measure(&coverage, run->reference, run->target,
                                                 &run->args->coverage, err);
    if (status == OPSIG_OK) {
        status = opsig_report_coverage(stream, style, run->reference, run->target, coverage, err);
    }
    opsig_coverage_free(coverage);
    return status;
}

static int run_coverage(struct coverage_args *args)
{
    struct run run = {.args = args};
    args->coverage.alphabet = args->options.alphabet;
    args->coverage.cancel = ops_cancel_flag();
    int status = ops_corpus_from_paths(&run.reference, &args->options, args->reference.items,
                                       args->reference.n);
    if (run.reference != NULL) {
        status = ops_exit_worse(status, ops_corpus_from_paths(&run.target, &args->options,
                                                              args->target.items,
                                                              args->target.n));
    }
    if (run.target != NULL) {
        status = ops_exit_worse(status, ops_write_result(&args->options, write_coverage, &run));
    }
    opsig_corpus_free(run.reference);
    opsig_corpus_free(run.target);
    return status;
}

int ops_cmd_coverage(int argc, char **argv)
{
    struct coverage_args args = {0};
    ops_options_init(&args.options, "opsig coverage", ops_text_and_json);
    opsig_coverage_options_init(&args.coverage);
    args.options.alphabet = args.coverage.alphabet;
    int status = ops_options_parse(&ops_argp_coverage, argc, argv, &args);
    if (status == OPS_EXIT_OK) {
        status = run_coverage(&args);
    }
    free(args.reference.items);
    free(args.target.items);
    return status;
}
