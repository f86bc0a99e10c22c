/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig hypothesis: do inconsistent models share sequences that others lack? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/corpus.h>
#include <opsig/hypothesis.h>
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
    KEY_MAX_LENGTH,
    KEY_PERMUTATIONS,
    KEY_REWIRINGS,
    KEY_FOLDS,
    KEY_TOLERANCES,
    KEY_SEED
};

enum { N_CHILDREN = 7, GROUP_STATISTICS = 4, MOST_PERMUTATIONS = 1000000 };
enum { MOST_REWIRINGS = 100000, MOST_FOLDS = 1000, MOST_TOLERANCES = 64, NUMBER_SIZE = 64 };

/** What --mode says. */
enum mode { MODE_PAPER, MODE_TEST, MODE_BOTH };

struct hypothesis_args {
    struct ops_options options;
    opsig_corpus_options corpus;
    opsig_paper_options paper;
    opsig_hypothesis_options test;
    enum mode mode;
    double tolerances[MOST_TOLERANCES];
    const char *manifest;
    char *tests; /* NULL: not given */
};

/* ---- options ---- */

static error_t parse_mode(const struct argp_state *state, const char *arg, enum mode *out)
{
    static const char *const words[] = {"paper", "test", "both", NULL};
    const int choice = ops_option_choice(state, "--mode", arg, words);
    *out = (enum mode)(choice < 0 ? MODE_BOTH : choice);
    return choice < 0 ? EINVAL : 0;
}

static error_t parse_u32(const struct argp_state *state, const char *option, const char *arg,
                         uint64_t min, uint64_t max, uint32_t *out)
{
    uint64_t count = 0;
    const error_t error = ops_option_count(state, option, arg, min, max, &count);
    *out = error == 0 ? (uint32_t)count : *out;
    return error;
}

/** Sets those of both modes. */
static error_t parse_permutations(const struct argp_state *state, const char *arg,
                                  struct hypothesis_args *args)
{
    const error_t error = parse_u32(state, "--permutations", arg, 0, MOST_PERMUTATIONS,
                                    &args->paper.permutations);
    args->test.permutations = args->paper.permutations;
    return error;
}

static error_t parse_seed(const struct argp_state *state, const char *arg,
                          struct hypothesis_args *args)
{
    const error_t error =
        ops_option_count(state, "--seed", arg, 0, UINT64_MAX, &args->paper.seed);
    args->test.seed = args->paper.seed;
    return error;
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/** A list such as 1e-6,1e-3; "none" for no series. */
static error_t parse_tolerances(const struct argp_state *state, const char *arg,
                                struct hypothesis_args *args)
{
    args->test.tolerances = args->tolerances;
    args->test.n_tolerances = 0;
    if (strcmp(arg, "none") == 0) {
        return 0;
    }
    while (true) {
        char number[NUMBER_SIZE];
        const size_t len = strcspn(arg, ",");
        if (len >= sizeof number || args->test.n_tolerances == MOST_TOLERANCES) {
            return ops_usage(state, "--tolerances: a list of at most %d numbers is expected",
                             MOST_TOLERANCES);
        }
        memcpy(number, arg, len);
        number[len] = '\0';
        const error_t error =
            ops_option_number(state, "--tolerances", number, 0, 1e300,
                              &args->tolerances[args->test.n_tolerances++]);
        if (error != 0 || arg[len] == '\0') {
            qsort(args->tolerances, args->test.n_tolerances, sizeof *args->tolerances,
                  compare_numbers);
            return error;
        }
        arg += len + 1;
    }
}

/** Options of the tests. */
static error_t parse_test(int key, const char *arg, const struct argp_state *state)
{
    struct hypothesis_args *const args = state->input;
    switch (key) {
    case KEY_MAX_LENGTH:
        return parse_u32(state, "--max-length", arg, 2, OPSIG_PATTERN_MAX_VERTICES,
                         &args->test.max_length);
    case KEY_REWIRINGS:
        return parse_u32(state, "--rewirings", arg, 1, MOST_REWIRINGS, &args->test.rewirings);
    case KEY_FOLDS:
        return parse_u32(state, "--folds", arg, 2, MOST_FOLDS, &args->test.folds);
    case KEY_TOLERANCES:
        return parse_tolerances(state, arg, args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_own(int key, char *arg, const struct argp_state *state)
{
    struct hypothesis_args *const args = state->input;
    switch (key) {
    case KEY_MODE:
        return parse_mode(state, arg, &args->mode);
    case KEY_TESTS:
        args->tests = arg;
        return 0;
    case KEY_MAX_PATHS:
        return ops_option_count(state, "--max-paths", arg, 1, UINT32_MAX,
                                &args->paper.max_paths);
    case KEY_PERMUTATIONS:
        return parse_permutations(state, arg, args);
    case KEY_SEED:
        return parse_seed(state, arg, args);
    default:
        return parse_test(key, arg, state);
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct hypothesis_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
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
    {"mode", KEY_MODE, "MODE", 0,
     "paper: the analysis of Jajal et al. (ISSTA 2024); test: whether what is shared is more than "
     "chance, more than operators explain, and predicts; both (the default)",
     0},
    {NULL, 0, NULL, 0, "Corpus:", OPS_GROUP_CORPUS},
    {"tests", KEY_TESTS, "PATH", 0,
     "models of a converter's test suite, the paper's third set: a folder, a model or a manifest "
     "(.csv, .json)",
     0},
    {NULL, 0, NULL, 0, "Search:", OPS_GROUP_SEARCH},
    {"max-paths", KEY_MAX_PATHS, "N", 0,
     "a model with more distinct paths is left out and named (default 20000)", 0},
    {"max-length", KEY_MAX_LENGTH, "N", 0, "longest sequence that is tested (default 6)", 0},
    {NULL, 0, NULL, 0, "Statistics:", GROUP_STATISTICS},
    {"permutations", KEY_PERMUTATIONS, "N", 0,
     "of labels (default: 20 for the paper's figures, 1000 for tests)", 0},
    {"rewirings", KEY_REWIRINGS, "N", 0, "of edges, for the test of order (default 100)", 0},
    {"folds", KEY_FOLDS, "N", 0, "of the prediction (default 5)", 0},
    {"tolerances", KEY_TOLERANCES, "LIST", 0,
     "test also with differences above each of these as inconsistent (default 1e-7,1e-6 ... 1e-1), "
     "or none",
     0},
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
           "JSON of the paper's artifact. Formats: text, json, html."
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
    opsig_paper *paper;
    opsig_hypothesis *test;
};

static opsig_status write_report(FILE *stream, const opsig_report_style *style, void *payload,
                                 opsig_error *err)
{
    const struct run *const run = payload;
    return opsig_report_hypothesis(stream, style, run->corpus, run->paper, run->test, err);
}

/** Names the models that were not compared. @return an exit status */
static int name_left_out(const opsig_paper *paper, uint64_t max_paths)
{
    const size_t n = paper != NULL ? opsig_paper_n_left_out(paper) : 0;
    for (size_t i = 0; i < n; i++) {
        ops_say(opsig_paper_left_out(paper, i),
                "left out: more than %llu distinct paths (--max-paths)",
                (unsigned long long)max_paths);
    }
    return n > 0 ? OPS_EXIT_INPUT : OPS_EXIT_OK;
}

static opsig_status compare(struct run *run, struct hypothesis_args *args,
                            const opsig_corpus *tests, struct ops_progress *progress,
                            opsig_error *error)
{
    args->paper.alphabet = args->options.alphabet;
    args->paper.n_threads = ops_options_workers(&args->options, SIZE_MAX);
    args->paper.cancel = ops_cancel_flag();
    args->paper.progress = ops_progress_show;
    args->paper.payload = progress;
    return opsig_paper_compare(&run->paper, run->corpus, tests, &args->paper, error);
}

static opsig_status test(struct run *run, struct hypothesis_args *args,
                         struct ops_progress *progress, opsig_error *error)
{
    args->test.n_threads = ops_options_workers(&args->options, SIZE_MAX);
    args->test.cancel = ops_cancel_flag();
    args->test.progress = ops_progress_show;
    args->test.payload = progress;
    return opsig_hypothesis_test(&run->test, run->corpus, &args->test, error);
}

/** Does what the mode asks for, and reports. @return an exit status */
static int analyse(struct hypothesis_args *args, const opsig_corpus *corpus,
                   const opsig_corpus *tests, struct ops_progress *progress)
{
    struct run run = {.corpus = corpus};
    opsig_error error = {.offset = -1};
    opsig_status status = OPSIG_OK;
    if (args->mode != MODE_TEST) {
        status = compare(&run, args, tests, progress, &error);
    }
    if (args->mode != MODE_PAPER && status == OPSIG_OK) {
        status = test(&run, args, progress, &error);
    }
    ops_progress_clear(progress);
    int ended = ops_finish_work(status, NULL, &error);
    if (status == OPSIG_OK) {
        ended = name_left_out(run.paper, args->paper.max_paths);
        ended = ops_exit_worse(ended, ops_write_result(&args->options, write_report, &run));
    }
    opsig_hypothesis_free(run.test);
    opsig_paper_free(run.paper);
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
        status = ops_exit_worse(status, analyse(args, corpus, tests, &progress));
    }
    opsig_corpus_free(tests);
    opsig_corpus_free(corpus);
    return status;
}

int ops_cmd_hypothesis(int argc, char **argv)
{
    struct hypothesis_args args = {0};
    ops_options_init(&args.options, "opsig hypothesis", ops_text_json_and_html);
    args.options.corpus = &args.corpus;
    opsig_corpus_options_init(&args.corpus);
    opsig_paper_options_init(&args.paper);
    opsig_hypothesis_options_init(&args.test);
    args.mode = MODE_BOTH;
    args.options.alphabet = args.paper.alphabet;
    const int status = ops_options_parse(&ops_argp_hypothesis, argc, argv, &args);
    return status == OPS_EXIT_OK ? run_hypothesis(&args) : status;
}
