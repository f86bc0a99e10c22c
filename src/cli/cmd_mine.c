/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig mine: a labelled corpus becomes a signature database. The database is the result and goes
 * to --output; what was found is told on standard output. Graphs that are no models make no
 * database: what was found is all there is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/corpus.h>
#include <opsig/mine.h>
#include <opsig/output.h>
#include <opsig/report.h>

#include "cli/cli.h"
#include "cli/labels.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/support.h"
#include "cli/write.h"

enum {
    KEY_INCONSISTENT = OPS_KEY_OWN,
    KEY_CONSISTENT,
    KEY_MAX_LENGTH,
    KEY_MIN_SUPPORT,
    KEY_ALPHA,
    KEY_CORRECTION,
    KEY_KIND,
    KEY_PERMUTATIONS,
    KEY_FOLDS,
    KEY_SEED,
    KEY_MAX_EDGES,
    KEY_EDGE_SLOTS,
    KEY_MAX_PATTERNS,
    KEY_MAX_MEMORY,
    KEY_INPUT,
    KEY_CLASSES,
    KEY_UNDIRECTED
};

enum { N_CHILDREN = 6, GROUP_STATISTICS = 4, MOST_FOLDS = 1000, MOST_PERMUTATIONS = 1000000 };

/* What MANIFEST is. */
enum input { INPUT_MANIFEST = 0, INPUT_GSPAN, INPUT_BY_NAME };

struct mine_args {
    struct ops_options options;
    opsig_corpus_options corpus;
    opsig_mine_options mine;
    struct ops_support min_support;
    enum input input;
    bool has_kind;
    const char *manifest;                   /* or graphs; NULL: the two folders */
    const char *inconsistent, *consistent; /* NULL: the manifest */
};

static const char *const correction_words[] = {"bh", "bonferroni", "tarone", "westfall-young",
                                               NULL};

static error_t parse_correction(const struct argp_state *state, const char *arg,
                                opsig_mine_options *mine)
{
    const int choice = ops_option_choice(state, "--correction", arg, correction_words);
    mine->correction = (opsig_correction)(choice < 0 ? 0 : choice);
    return choice < 0 ? EINVAL : 0;
}

static error_t parse_kind(const struct argp_state *state, const char *arg,
                          opsig_mine_options *mine)
{
    static const char *const words[] = {"sequence", "subgraph", "both", NULL};
    const int choice = ops_option_choice(state, "--kind", arg, words);
    mine->kind = choice < 0 ? mine->kind : (opsig_mine_kind)(choice + 1);
    return choice < 0 ? EINVAL : 0;
}

static error_t parse_input(const struct argp_state *state, const char *arg, enum input *out)
{
    static const char *const words[] = {"manifest", "gspan", NULL};
    const int choice = ops_option_choice(state, "--input", arg, words);
    *out = (enum input)(choice < 0 ? 0 : choice);
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

/** Options of the corpus. */
static error_t parse_corpus(int key, char *arg, const struct argp_state *state)
{
    struct mine_args *const args = state->input;
    switch (key) {
    case KEY_INCONSISTENT:
        args->inconsistent = arg;
        return 0;
    case KEY_CONSISTENT:
        args->consistent = arg;
        return 0;
    case KEY_INPUT:
        return parse_input(state, arg, &args->input);
    case KEY_CLASSES:
        args->corpus.classes = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/** Options of the search and of the statistics. */
static error_t parse_mine(int key, char *arg, const struct argp_state *state)
{
    struct mine_args *const args = state->input;
    opsig_mine_options *const mine = &args->mine;
    switch (key) {
    case KEY_MAX_LENGTH:
        return parse_u32(state, "--max-length", arg, 1, OPSIG_PATTERN_MAX_VERTICES,
                         &mine->max_length);
    case KEY_MIN_SUPPORT:
        return ops_support_parse(state, arg, &args->min_support);
    case KEY_ALPHA:
        return ops_option_number(state, "--alpha", arg, 1e-300, 1, &mine->alpha);
    case KEY_CORRECTION:
        return parse_correction(state, arg, mine);
    case KEY_KIND:
        args->has_kind = true;
        return parse_kind(state, arg, mine);
    case KEY_UNDIRECTED:
        mine->undirected = true;
        return 0;
    case KEY_MAX_EDGES:
        return parse_u32(state, "--max-edges", arg, 0, UINT32_MAX, &mine->max_edges);
    case KEY_EDGE_SLOTS:
        mine->edge_slots = true;
        return 0;
    case KEY_MAX_MEMORY:
        return ops_option_size(state, "--max-memory", arg, &mine->max_memory);
    case KEY_PERMUTATIONS:
        return parse_u32(state, "--permutations", arg, 1, MOST_PERMUTATIONS, &mine->permutations);
    case KEY_FOLDS:
        return parse_u32(state, "--folds", arg, 2, MOST_FOLDS, &mine->folds);
    case KEY_SEED:
        return ops_option_count(state, "--seed", arg, 0, UINT64_MAX, &mine->seed);
    case KEY_MAX_PATTERNS:
        return ops_option_count(state, "--max-patterns", arg, 1, UINT64_MAX, &mine->max_patterns);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/** Options of graphs that are no models. */
static error_t check_gspan(const struct argp_state *state, struct mine_args *args)
{
    if (args->corpus.classes == NULL) {
        return ops_usage(state, "--input gspan: name the file of the graphs' classes with "
                                "--classes");
    }
    if (args->has_kind && args->mine.kind != OPSIG_MINE_SUBGRAPHS) {
        return ops_usage(state, "--kind: graphs of a gSpan file have subgraphs, not sequences");
    }
    if (args->options.output != NULL) {
        return ops_usage(state, "--input gspan: what is found goes to standard output; a database "
                                "is for models");
    }
    args->mine.kind = OPSIG_MINE_SUBGRAPHS;
    return 0;
}

static void find_input(struct mine_args *args)
{
    const char *const suffix = args->manifest != NULL ? strrchr(args->manifest, '.') : NULL;
    if (args->input == INPUT_BY_NAME) {
        args->input = suffix != NULL && strcmp(suffix, ".gspan") == 0 ? INPUT_GSPAN
                                                                      : INPUT_MANIFEST;
    }
}

static error_t check(const struct argp_state *state, struct mine_args *args)
{
    const bool folders = args->inconsistent != NULL && args->consistent != NULL;
    const bool some_folder = args->inconsistent != NULL || args->consistent != NULL;
    if (args->manifest == NULL && !folders) {
        return ops_usage(state, "nothing to mine: name a manifest, or two folders with "
                                "--inconsistent and --consistent");
    }
    if (args->manifest != NULL && some_folder) {
        return ops_usage(state, "name either a manifest or two folders");
    }
    find_input(args);
    if (args->input == INPUT_GSPAN) {
        return check_gspan(state, args);
    }
    if (args->corpus.classes != NULL || args->mine.undirected) {
        return ops_usage(state, "--classes and --undirected are for --input gspan");
    }
    if (args->options.output == NULL || strcmp(args->options.output, "-") == 0) {
        return ops_usage(state, "name the database to write with -o");
    }
    return 0;
}

static error_t parse_argument(const struct argp_state *state, const char *arg,
                              struct mine_args *args)
{
    if (args->manifest != NULL) {
        return ops_usage(state, "'%s': one manifest at a time", arg);
    }
    args->manifest = arg;
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct mine_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case 'o':
        args->options.output = arg;
        return 0;
    case ARGP_KEY_ARG:
        return parse_argument(state, arg, args);
    case ARGP_KEY_END:
        return check(state, args);
    default: {
        const error_t error = parse_corpus(key, arg, state);
        return error == ARGP_ERR_UNKNOWN ? parse_mine(key, arg, state) : error;
    }
    }
}

static const struct argp_option own_options[] = {
    {"output", 'o', "DB", 0, "the database to write; it appears whole or not at all", 0},
    {NULL, 0, NULL, 0, "Corpus:", OPS_GROUP_CORPUS},
    {"inconsistent", KEY_INCONSISTENT, "DIR", 0, "folder of inconsistent models", 0},
    {"consistent", KEY_CONSISTENT, "DIR", 0, "folder of consistent models", 0},
    {"input", KEY_INPUT, "KIND", 0,
     "what MANIFEST is: manifest, or gspan (graphs as text); default: by the file's name", 0},
    {"classes", KEY_CLASSES, "FILE", 0,
     "of a gSpan file's graphs: a line each, 1 (inconsistent) or 0", 0},
    {NULL, 0, NULL, 0, "Search:", OPS_GROUP_SEARCH},
    {"kind", KEY_KIND, "KIND", 0, "of patterns: sequence, subgraph or both (the default)", 0},
    {"max-length", KEY_MAX_LENGTH, "N", 0, "nodes in the longest sequence (default 6)", 0},
    {"max-edges", KEY_MAX_EDGES, "N", 0, "edges in the largest subgraph (default 5; 0: no limit)",
     0},
    {"edge-slots", KEY_EDGE_SLOTS, NULL, 0,
     "edges of subgraphs are labelled with the input slot that they lead to, from 1", 0},
    {"undirected", KEY_UNDIRECTED, NULL, 0, "edges of a gSpan file's graphs have no direction", 0},
    {"min-support", KEY_MIN_SUPPORT, "N|P%", 0,
     "models that must hold a pattern, as a number or a share (default: chosen by the size of the "
     "corpus)",
     0},
    {"max-patterns", KEY_MAX_PATTERNS, "N", 0,
     "patterns explored before the search is given up (default 20000000)", 0},
    {"max-memory", KEY_MAX_MEMORY, "SIZE", 0,
     "most memory for the embeddings of subgraphs, for each thread (default 2G)", 0},
    {NULL, 0, NULL, 0, "Statistics:", GROUP_STATISTICS},
    {"alpha", KEY_ALPHA, "LEVEL", 0, "of the correction for multiple tests (default 0.05)", 0},
    {"correction", KEY_CORRECTION, "NAME", 0,
     "westfall-young (the default), tarone, bonferroni or bh (Benjamini-Hochberg)", 0},
    {"permutations", KEY_PERMUTATIONS, "N", 0, "of labels, for westfall-young (default 1000)", 0},
    {"folds", KEY_FOLDS, "N", 0, "of the risk model's cross-validation (default 5)", 0},
    {"seed", KEY_SEED, "N", 0, "of all random choices (default 1)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},
    {&ops_argp_work, 0, NULL, 0},
    {&ops_argp_oracle, 0, NULL, 0},
    {&ops_argp_alphabet, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},
    {&ops_argp_labels, 0, NULL, 0},
    {0},
};

const struct argp ops_argp_mine = {
    .options = own_options,
    .parser = parse,
    .args_doc = "MANIFEST -o DB\n--inconsistent DIR --consistent DIR -o DB\n"
                "--input gspan GRAPHS --classes FILE",
    .doc = "Mines a labelled corpus and writes the signature database DB, which -o names. What was "
           "found is told on standard output. MANIFEST is a CSV file with a header row, or the "
           "JSON of the paper's artifact. Of GRAPHS in gSpan's text format the significant "
           "subgraphs are told, and no database is written."
           "\v"
           "Exit status: 0 done; 2 usage error, missing manifest or unknown oracle; 3 some model "
           "or the manifest could not be read (the other models were mined), or no signature was "
           "found, and then no database is written; 4 out of memory, disk full, or the search was "
           "given up; 130 interrupted.",
    .children = children,
};

/* ---- the work ---- */

static opsig_status load_corpus(opsig_corpus **out, const struct mine_args *args, opsig_error *err)
{
    if (args->input == INPUT_GSPAN) {
        return opsig_corpus_load_gspan(out, args->manifest, &args->corpus, err);
    }
    if (args->manifest != NULL) {
        return opsig_corpus_load_manifest(out, args->manifest, &args->corpus, err);
    }
    return opsig_corpus_load_folders(out, args->inconsistent, args->consistent, &args->corpus,
                                     err);
}

/** What the summary is made of. */
struct mined {
    const opsig_corpus *corpus;
    const opsig_database *database;
    const char *path; /* NULL: not written */
};

static opsig_status write_summary(FILE *stream, const opsig_report_style *style, void *payload,
                                  opsig_error *err)
{
    const struct mined *const mined = payload;
    return opsig_report_mine(stream, style, mined->corpus, mined->database, mined->path, err);
}

static int print_summary(const struct mine_args *args, struct mined *mined)
{
    struct ops_options options = args->options;
    options.output = NULL; /* which is the database's place */
    return ops_write_result(&options, write_summary, mined);
}

/** Writes the database, unless it would be empty, and the summary. @return an exit status */
static int finish(const struct mine_args *args, const opsig_corpus *corpus,
                  const opsig_database *database)
{
    const char *const path = args->options.output;
    struct mined mined = {.corpus = corpus, .database = database, .path = path};
    opsig_error error = {.offset = -1};
    if (*ops_cancel_flag() != 0) {
        return ops_finish_work(OPSIG_CANCELLED, path, &error);
    }
    if (args->input == INPUT_GSPAN) {
        return print_summary(args, &mined);
    }
    if (opsig_database_n_signatures(database) == 0) {
        ops_say(path, "not written: no pattern passed the test, so there is no signature");
        mined.path = NULL;
        return ops_exit_worse(OPS_EXIT_INPUT, print_summary(args, &mined));
    }
    const opsig_status status = opsig_database_write(database, path, &error);
    if (status != OPSIG_OK) {
        return ops_finish_work(status, path, &error);
    }
    ops_signals_done();
    return print_summary(args, &mined);
}

static int mine_corpus(struct mine_args *args, const opsig_corpus *corpus,
                       struct ops_progress *progress)
{
    opsig_database *database = NULL;
    opsig_error error = {.offset = -1};
    const size_t n = opsig_corpus_n_models(corpus);
    args->mine.min_support = ops_support_of(&args->min_support, n);
    args->mine.alphabet = args->options.alphabet;
    args->mine.n_threads = ops_options_workers(&args->options, SIZE_MAX);
    args->mine.cancel = ops_cancel_flag();
    args->mine.progress = ops_progress_show;
    args->mine.payload = progress;
    const opsig_status status = opsig_mine(&database, corpus, &args->mine, &error);
    ops_progress_clear(progress);
    const int ended = status == OPSIG_OK
                          ? finish(args, corpus, database)
                          : ops_finish_work(status, args->options.output, &error);
    opsig_database_free(database);
    return ended;
}

/** Fails before the work, not after it, where nothing could be written. */
static int check_output(const char *path)
{
    opsig_output *output = NULL;
    opsig_error error = {.offset = -1};
    const opsig_status status = opsig_output_open(&output, path, &error);
    opsig_output_discard(output);
    return ops_finish_work(status, path, &error);
}

static int run_mine(struct mine_args *args, struct ops_progress *progress)
{
    opsig_corpus *corpus = NULL;
    opsig_error error = {.offset = -1};
    ops_progress_init(progress, &args->options);
    args->corpus.oracle = args->options.oracle;
    args->corpus.limits = args->options.limits;
    args->corpus.workers = ops_options_workers(&args->options, SIZE_MAX);
    args->corpus.progress = ops_progress_show;
    args->corpus.payload = progress;
    const int writable =
        args->options.output == NULL ? OPS_EXIT_OK : check_output(args->options.output);
    if (writable != OPS_EXIT_OK) {
        return writable;
    }
    const opsig_status loaded = load_corpus(&corpus, args, &error);
    ops_progress_clear(progress);
    int status = ops_corpus_loaded(loaded, corpus, args->manifest, &error);
    if (loaded == OPSIG_OK) {
        status = ops_exit_worse(status, mine_corpus(args, corpus, progress));
    }
    opsig_corpus_free(corpus);
    return status;
}

int ops_cmd_mine(int argc, char **argv)
{
    struct mine_args args = {.input = INPUT_BY_NAME};
    struct ops_progress progress;
    ops_options_init(&args.options, "opsig mine", ops_text_and_json);
    args.options.corpus = &args.corpus;
    opsig_corpus_options_init(&args.corpus);
    opsig_mine_options_init(&args.mine);
    args.options.alphabet = args.mine.alphabet;
    const int status = ops_options_parse(&ops_argp_mine, argc, argv, &args);
    return status == OPS_EXIT_OK ? run_mine(&args, &progress) : status;
}
