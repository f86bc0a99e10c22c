/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig frequent: what occurs in many models, whatever their labels. */
#include <errno.h>
#include <string.h>

#include <opsig/corpus.h>
#include <opsig/mine.h>
#include <opsig/report.h>

#include "cli/cli.h"
#include "cli/corpora.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/support.h"
#include "cli/write.h"

enum {
    KEY_INPUT = OPS_KEY_OWN,
    KEY_MIN_SUPPORT,
    KEY_MAX_EDGES,
    KEY_MAX_LENGTH,
    KEY_CLOSED,
    KEY_COUNT_ONLY,
    KEY_KIND,
    KEY_UNDIRECTED,
    KEY_EDGE_SLOTS,
    KEY_MAX_PATTERNS,
    KEY_MAX_MEMORY
};

enum { N_CHILDREN = 7 };

/* Formats: text and JSON, and one of this command's own. */
static const char *const formats[] = {"text", "json", "gspan", NULL};
enum { FORMAT_GSPAN = OPS_FORMAT_JSON + 1 };

/* What the arguments are. */
enum input { INPUT_ONNX = 0, INPUT_MANIFEST, INPUT_GSPAN, INPUT_BY_NAME };

struct frequent_args {
    struct ops_options options;
    opsig_frequent_options frequent;
    struct ops_support min_support;
    enum input input;
    bool has_kind;
    char **paths;
    size_t n_paths;
};

static error_t parse_input(const struct argp_state *state, const char *arg, enum input *out)
{
    static const char *const words[] = {"onnx", "manifest", "gspan", NULL};
    const int choice = ops_option_choice(state, "--input", arg, words);
    *out = (enum input)(choice < 0 ? 0 : choice);
    return choice < 0 ? EINVAL : 0;
}

static error_t parse_max_edges(const struct argp_state *state, const char *arg, uint32_t *out)
{
    uint64_t edges = 0;
    const error_t error = ops_option_count(state, "--max-edges", arg, 0, UINT32_MAX, &edges);
    *out = (uint32_t)edges;
    return error;
}

static error_t parse_kind(const struct argp_state *state, const char *arg,
                          struct frequent_args *args)
{
    static const char *const words[] = {"sequence", "subgraph", NULL};
    const int choice = ops_option_choice(state, "--kind", arg, words);
    args->has_kind = true;
    args->frequent.kind = choice == 1 ? OPSIG_PATTERN_SUBGRAPH : OPSIG_PATTERN_SEQUENCE;
    return choice < 0 ? EINVAL : 0;
}

/** In nodes: a sequence has one edge less. A length of 1 is asked for by a limit on the search. */
static error_t parse_max_length(const struct argp_state *state, const char *arg, uint32_t *out)
{
    uint64_t nodes = 0;
    const error_t error =
        ops_option_count(state, "--max-length", arg, 2, OPSIG_PATTERN_MAX_VERTICES, &nodes);
    *out = error == 0 ? (uint32_t)nodes - 1 : *out;
    return error;
}

/** What a single file of a name that no model has is. */
static enum input input_by_name(const struct frequent_args *args)
{
    const char *const suffix = args->n_paths == 1 ? strrchr(args->paths[0], '.') : NULL;
    if (args->n_paths == 1 && ops_names_manifest(args->paths[0])) {
        return INPUT_MANIFEST;
    }
    return suffix != NULL && strcmp(suffix, ".gspan") == 0 ? INPUT_GSPAN : INPUT_ONNX;
}

/** Options that go together, and those that do not. */
static error_t check_kind(const struct argp_state *state, struct frequent_args *args)
{
    opsig_frequent_options *const frequent = &args->frequent;
    if (!args->has_kind && (args->input == INPUT_GSPAN || frequent->undirected ||
                            frequent->edge_slots)) {
        frequent->kind = OPSIG_PATTERN_SUBGRAPH;
    }
    if (frequent->kind == OPSIG_PATTERN_SUBGRAPH) {
        return 0;
    }
    if (args->input == INPUT_GSPAN) {
        return ops_usage(state, "--kind: graphs of a gSpan file have subgraphs, not sequences");
    }
    if (frequent->undirected || frequent->edge_slots) {
        return ops_usage(state, "--undirected and --edge-slots are for --kind subgraph");
    }
    return 0;
}

static error_t check(const struct argp_state *state, struct frequent_args *args)
{
    if (args->n_paths == 0 && args->options.files_from == NULL) {
        return ops_usage(state, "nothing to mine: name models, folders, a manifest or "
                                "--files-from");
    }
    if (args->input == INPUT_BY_NAME) {
        args->input = input_by_name(args);
    }
    if (args->input != INPUT_ONNX && (args->n_paths != 1 || args->options.files_from != NULL)) {
        return ops_usage(state, args->input == INPUT_GSPAN ? "--input gspan takes one file"
                                                           : "--input manifest takes one manifest");
    }
    return check_kind(state, args);
}

static error_t parse_own(int key, char *arg, const struct argp_state *state)
{
    struct frequent_args *const args = state->input;
    opsig_frequent_options *const frequent = &args->frequent;
    switch (key) {
    case KEY_INPUT:
        return parse_input(state, arg, &args->input);
    case KEY_MIN_SUPPORT:
        return ops_support_parse(state, arg, &args->min_support);
    case KEY_MAX_EDGES:
        return parse_max_edges(state, arg, &frequent->max_edges);
    case KEY_MAX_LENGTH:
        return parse_max_length(state, arg, &frequent->max_edges);
    case KEY_CLOSED:
        frequent->closed = true;
        return 0;
    case KEY_COUNT_ONLY:
        frequent->count_only = true;
        return 0;
    case KEY_KIND:
        return parse_kind(state, arg, args);
    case KEY_UNDIRECTED:
        frequent->undirected = true;
        return 0;
    case KEY_EDGE_SLOTS:
        frequent->edge_slots = true;
        return 0;
    case KEY_MAX_MEMORY:
        return ops_option_size(state, "--max-memory", arg, &frequent->max_memory);
    case KEY_MAX_PATTERNS:
        return ops_option_count(state, "--max-patterns", arg, 1, UINT64_MAX,
                                &frequent->max_patterns);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct frequent_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case ARGP_KEY_ARGS:
        args->paths = state->argv + state->next;
        args->n_paths = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        return check(state, args);
    default:
        return parse_own(key, arg, state);
    }
}

static const struct argp_option own_options[] = {
    {"input", KEY_INPUT, "KIND", 0,
     "what INPUT is: onnx (models and folders), manifest, or gspan (graphs as text); default: by "
     "the file's name (.csv, .json, .gspan)",
     OPS_GROUP_CORPUS},
    {NULL, 0, NULL, 0, "Search:", OPS_GROUP_SEARCH},
    {"kind", KEY_KIND, "KIND", 0, "of patterns: sequence or subgraph (default: sequence; of "
                                   "gspan subgraph)", 0},
    {"undirected", KEY_UNDIRECTED, NULL, 0, "edges of subgraphs have no direction", 0},
    {"edge-slots", KEY_EDGE_SLOTS, NULL, 0,
     "edges of subgraphs are labelled with the input slot that they lead to, from 1", 0},
    {"min-support", KEY_MIN_SUPPORT, "N|P%", 0,
     "models or graphs that must hold a pattern, as a number or a share (default 2)", 0},
    {"max-edges", KEY_MAX_EDGES, "N", 0, "edges in the largest pattern (default 5; 0: no limit)",
     0},
    {"max-length", KEY_MAX_LENGTH, "N", 0, "the same in nodes, which are one more", 0},
    {"closed", KEY_CLOSED, NULL, 0,
     "only patterns that none with one edge more has the support of", 0},
    {"count-only", KEY_COUNT_ONLY, NULL, 0, "count the patterns, do not list them", 0},
    {"max-patterns", KEY_MAX_PATTERNS, "N", 0,
     "patterns explored before the search is given up (default 20000000)", 0},
    {"max-memory", KEY_MAX_MEMORY, "SIZE", 0,
     "most memory for the embeddings of subgraphs, for each thread (default 2G)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},
    {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_work, 0, NULL, 0},
    {&ops_argp_files, 0, NULL, 0},
    {&ops_argp_oracle, 0, NULL, 0},
    {&ops_argp_alphabet, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},
    {0},
};

const struct argp ops_argp_frequent = {
    .options = own_options,
    .parser = parse,
    .args_doc = "INPUT...",
    .doc = "Lists the operator sequences, or the connected subgraphs, that many models hold. "
           "Labels are ignored. Formats: text, json, gspan."
           "\v"
           "Exit status: 0 done; 2 usage error or missing file; 3 some model could not be read "
           "(the others were mined); 4 out of memory, disk full, or the search was given up; 130 "
           "interrupted.",
    .children = children,
};

/* ---- the work ---- */

struct run {
    struct frequent_args *args;
    const opsig_corpus *corpus;
};

static opsig_status write_patterns(FILE *stream, const opsig_report_style *style, void *payload,
                                   opsig_error *err)
{
    const struct run *const run = payload;
    const opsig_frequent_options *const options = &run->args->frequent;
    opsig_frequent *frequent = NULL;
    opsig_status status = opsig_frequent_mine(&frequent, run->corpus, options, err);
    if (status == OPSIG_OK && run->args->options.format == (enum ops_output_format)FORMAT_GSPAN) {
        status = opsig_report_frequent_gspan(stream, frequent, err);
    } else if (status == OPSIG_OK) {
        status = opsig_report_frequent(stream, style, run->corpus, options->min_support,
                                       options->count_only, frequent, err);
    }
    opsig_frequent_free(frequent);
    return status;
}

static int mine_corpus(struct frequent_args *args, const opsig_corpus *corpus)
{
    struct run run = {.args = args, .corpus = corpus};
    const uint32_t asked = ops_support_of(&args->min_support, opsig_corpus_n_models(corpus));
    args->frequent.min_support = asked > 0 ? asked : args->frequent.min_support;
    args->frequent.alphabet = args->options.alphabet;
    args->frequent.cancel = ops_cancel_flag();
    args->frequent.n_threads = ops_options_workers(&args->options, SIZE_MAX);
    return ops_write_result(&args->options, write_patterns, &run);
}

static opsig_status load(opsig_corpus **out, const struct frequent_args *args,
                         const struct ops_inputs *inputs, const opsig_corpus_options *options,
                         opsig_error *error)
{
    switch (args->input) {
    case INPUT_MANIFEST:
        return opsig_corpus_load_manifest(out, args->paths[0], options, error);
    case INPUT_GSPAN:
        return opsig_corpus_load_gspan(out, args->paths[0], options, error);
    default:
        return opsig_corpus_load_paths(out, (const char *const *)inputs->paths, inputs->n, options,
                                       error);
    }
}

/** Loads the corpus. @param inputs  the models; empty for a single file */
static int run_frequent(struct frequent_args *args, const struct ops_inputs *inputs)
{
    const bool single = args->input != INPUT_ONNX;
    struct ops_progress progress;
    opsig_corpus_options options;
    opsig_corpus *corpus = NULL;
    opsig_error error = {.offset = -1};
    ops_progress_init(&progress, &args->options);
    opsig_corpus_options_init(&options);
    options.oracle = args->options.oracle;
    options.unlabelled = true;
    options.limits = args->options.limits;
    options.workers = ops_options_workers(&args->options, single ? SIZE_MAX : inputs->n);
    options.progress = ops_progress_show;
    options.payload = &progress;
    const opsig_status loaded = load(&corpus, args, inputs, &options, &error);
    ops_progress_clear(&progress);
    int status = ops_corpus_loaded(loaded, corpus, single ? args->paths[0] : NULL, &error);
    if (loaded == OPSIG_OK) {
        status = ops_exit_worse(status, mine_corpus(args, corpus));
    }
    opsig_corpus_free(corpus);
    return status;
}

int ops_cmd_frequent(int argc, char **argv)
{
    struct frequent_args args = {.input = INPUT_BY_NAME};
    struct ops_inputs inputs = {0};
    ops_options_init(&args.options, "opsig frequent", formats);
    opsig_frequent_options_init(&args.frequent);
    args.options.alphabet = args.frequent.alphabet;
    int status = ops_options_parse(&ops_argp_frequent, argc, argv, &args);
    if (status == OPS_EXIT_OK && args.input == INPUT_ONNX) {
        status = ops_inputs_gather(&inputs, &args.options, args.paths, args.n_paths);
    }
    if (status == OPS_EXIT_OK || status == OPS_EXIT_INPUT) {
        status = ops_exit_worse(status, run_frequent(&args, &inputs));
    }
    ops_inputs_dispose(&inputs);
    return status;
}
