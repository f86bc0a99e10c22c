/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig hypothesis: do inconsistent models share sequences that others lack? */
#include <errno.h>

#include <opsig/corpus.h>
#include <opsig/paper.h>
#include <opsig/report.h>

#include "cli/cli.h"
#include "cli/corpora.h"
#include "cli/labels.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/support.h"
#include "cli/write.h"

enum {
    KEY_MODE = OPS_KEY_OWN,
    KEY_TESTS,
    KEY_MAX_PATHS,
    KEY_PERMUTATIONS,
    KEY_SEED
};

enum { N_CHILDREN = 6, GROUP_STATISTICS = 4, MOST_PERMUTATIONS = 1000000 };

struct hypothesis_args {
    struct ops_options options;
    opsig_corpus_options corpus;
    opsig_paper_options paper;
    const char *manifest;
    char *tests; /* NULL: not given */
};

/* ---- options ---- */

static error_t parse_mode(const struct argp_state *state, const char *arg)
{
    static const char *const words[] = {"paper", NULL};
    return ops_option_choice(state, "--mode", arg, words) < 0 ? EINVAL : 0;
}

static error_t parse_permutations(const struct argp_state *state, const char *arg,
                                  struct hypothesis_args *args)
{
    uint64_t count = 0;
    const error_t error =
        ops_option_count(state, "--permutations", arg, 0, MOST_PERMUTATIONS, &count);
    args->paper.permutations = (uint32_t)count;
    return error;
}

static error_t parse_own(int key, char *arg, const struct argp_state *state)
{
    struct hypothesis_args *const args = state->input;
    switch (key) {
    case KEY_MODE:
        return parse_mode(state, arg);
    case KEY_TESTS:
        args->tests = arg;
        return 0;
    case KEY_MAX_PATHS:
        return ops_option_count(state, "--max-paths", arg, 1, UINT32_MAX,
                                &args->paper.max_paths);
    case KEY_PERMUTATIONS:
        return parse_permutations(state, arg, args);
    case KEY_SEED:
        return ops_option_count(state, "--seed", arg, 0, UINT64_MAX, &args->paper.seed);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct hypothesis_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        state->child_inputs[N_CHILDREN] = &args->corpus;
        return 0;
    case ARGP_KEY_ARG:
        if (args->manifest != NULL) {
            return ops_usage(state, "'%s': one manifest at a time", arg);
        }
        args->manifest = arg;
        return 0;
    case ARGP_KEY_END:
        return args->manifest != NULL ? 0 : ops_usage(state, "name a manifest");
    default:
        return parse_own(key, arg, state);
    }
}

static const struct argp_option own_options[] = {
    {"mode", KEY_MODE, "MODE", 0, "paper: the analysis of Jajal et al. (ISSTA 2024)", 0},
    {NULL, 0, NULL, 0, "Corpus:", OPS_GROUP_CORPUS},
    {"tests", KEY_TESTS, "PATH", 0,
     "models of a converter's test suite, the paper's third set: a folder, a model or a manifest "
     "(.csv, .json)",
     0},
    {NULL, 0, NULL, 0, "Search:", OPS_GROUP_SEARCH},
    {"max-paths", KEY_MAX_PATHS, "N", 0,
     "a model with more distinct paths is left out and named (default 1000000)", 0},
    {NULL, 0, NULL, 0, "Statistics:", GROUP_STATISTICS},
    {"permutations", KEY_PERMUTATIONS, "N", 0, "of labels (default 20)", 0},
    {"seed", KEY_SEED, "N", 0, "of all random choices (default 1)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},
    {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_work, 0, NULL, 0},
    {&ops_argp_oracle, 0, NULL, 0},
    {&ops_argp_alphabet, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},
    {&ops_argp_labels, 0, NULL, 0},
    {0},
};

const struct argp ops_argp_hypothesis = {
    .options = own_options,
    .parser = parse,
    .args_doc = "MANIFEST",
    .doc = "Asks whether inconsistent models share sequences of operators that others lack, and "
           "whether that is more than chance. MANIFEST is a CSV file with a header row, or the "
           "JSON of the paper's artifact."
           "\v"
           "Exit status: 0 done; 2 usage error, missing file or unknown oracle; 3 some model or "
           "the manifest could not be read, or a model passed a limit (the others were compared); "
           "4 out of memory or disk full; 130 interrupted.",
    .children = children,
};

/* ---- the work ---- */

/** What is reported. */
struct run {
    const opsig_corpus *corpus;
    const opsig_paper *paper;
};

static opsig_status write_report(FILE *stream, const opsig_report_style *style, void *payload,
                                 opsig_error *err)
{
    const struct run *const run = payload;
    return opsig_report_paper(stream, style, run->corpus, run->paper, err);
}

static int compare(struct hypothesis_args *args, const opsig_corpus *corpus,
                   const opsig_corpus *tests, struct ops_progress *progress)
{
    opsig_paper *paper = NULL;
    opsig_error error = {.offset = -1};
    args->paper.alphabet = args->options.alphabet;
    args->paper.n_threads = ops_options_workers(&args->options, SIZE_MAX);
    args->paper.cancel = ops_cancel_flag();
    args->paper.progress = ops_progress_show;
    args->paper.payload = progress;
    const opsig_status status = opsig_paper_compare(&paper, corpus, tests, &args->paper, &error);
    ops_progress_clear(progress);
    struct run run = {.corpus = corpus, .paper = paper};
    const int ended = status == OPSIG_OK ? ops_write_result(&args->options, write_report, &run)
                                         : ops_finish_work(status, NULL, &error);
    opsig_paper_free(paper);
    return ended;
}

static int load(opsig_corpus **out, const struct hypothesis_args *args,
                struct ops_progress *progress)
{
    opsig_error error = {.offset = -1};
    opsig_corpus_options options = args->corpus;
    options.oracle = args->options.oracle;
    options.limits = args->options.limits;
    options.workers = ops_options_workers(&args->options, SIZE_MAX);
    options.progress = ops_progress_show;
    options.payload = progress;
    const opsig_status status =
        opsig_corpus_load_manifest(out, args->manifest, &options, &error);
    ops_progress_clear(progress);
    return ops_corpus_loaded(status, *out, args->manifest, &error);
}

static int run_hypothesis(struct hypothesis_args *args)
{
    struct ops_progress progress;
    opsig_corpus *corpus = NULL;
    opsig_corpus *tests = NULL;
    ops_progress_init(&progress, &args->options);
    int status = load(&corpus, args, &progress);
    if (corpus != NULL && args->tests != NULL) {
        status = ops_exit_worse(status,
                                ops_corpus_from_paths(&tests, &args->options, &args->tests, 1));
    }
    if (corpus != NULL && (args->tests == NULL || tests != NULL)) {
        status = ops_exit_worse(status, compare(args, corpus, tests, &progress));
    }
    opsig_corpus_free(tests);
    opsig_corpus_free(corpus);
    return status;
}

int ops_cmd_hypothesis(int argc, char **argv)
{
    struct hypothesis_args args = {0};
    ops_options_init(&args.options, "opsig hypothesis", ops_text_and_json);
    opsig_corpus_options_init(&args.corpus);
    opsig_paper_options_init(&args.paper);
    args.options.alphabet = args.paper.alphabet;
    const int status = ops_options_parse(&ops_argp_hypothesis, argc, argv, &args);
    return status == OPS_EXIT_OK ? run_hypothesis(&args) : status;
}
