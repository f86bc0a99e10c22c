/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared options. argp collects them from several parsers into one command line and one help.
 * Its own messages are two lines that begin with the program's name; ours are one line in the
 * form of all errors ("opsig: scan: ..."), so argv[0] is set to "opsig: scan" and argp's stream
 * for errors is closed. The help has its own options here, as argp's would show that name. */
#include "cli/options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

enum {
    KEY_USAGE = OPS_KEY_SHARED,
    KEY_NO_CONFIG,
    KEY_ORIGIN,
    KEY_COLOR,
    KEY_PROGRESS,
    KEY_FILES_FROM,
    KEY_INCLUDE,
    KEY_EXCLUDE,
    KEY_MAX_FILE_SIZE,
    KEY_MAX_NODES,
    KEY_MAX_EDGES,
    KEY_MAX_DEPTH,
    KEY_MAX_NAME,
    KEY_MAX_ATTRIBUTES,
    KEY_MAX_MEMORY,
    KEY_TIMEOUT,
    KEY_ALPHABET,
    KEY_ORACLE
};

enum { MAX_JOBS = 1024, MAX_DEPTH = 300, MAX_NAME = 65536, MAX_TIMEOUT = 1000000000 };

const char *const ops_text_and_json[] = {"text", "json", NULL};
const char *const ops_text_json_and_html[] = {"text", "json", "html", NULL};

static const char *const when_words[] = {"auto", "always", "never", NULL};
static const char *const alphabet_words[] = {"op", "op+attr", "both", NULL};

void ops_options_init(struct ops_options *options, const char *full_name,
                      const char *const *formats)
{
    *options = (struct ops_options){.full_name = full_name, .formats = formats};
    opsig_limits_init(&options->limits);
    options->limits.cancel = ops_cancel_flag();
}

void ops_options_share(const struct argp_state *state, struct ops_options *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        state->child_inputs[i] = options;
    }
}

int ops_options_parse(const struct argp *argp, int argc, char **argv, void *args)
{
    char name[64];
    (void)snprintf(name, sizeof name, "opsig: %s", argv[0]);
    char *const own = argv[0];
    argv[0] = name;
    const error_t error = argp_parse(argp, argc, argv, ARGP_NO_HELP, NULL, args);
    argv[0] = own;
    if (error == ENOMEM) {
        ops_say(NULL, "out of memory");
        return OPS_EXIT_FAILED;
    }
    return error == 0 ? OPS_EXIT_OK : OPS_EXIT_USAGE;
}

error_t ops_usage(const struct argp_state *state, const char *format, ...)
{
    char message[200];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const struct ops_options *const options = state->input;
    if (options->origin != NULL) {
        ops_say(options->origin, "%s", message);
    } else {
        ops_say(NULL, "%s: %s", state->argv[0] + strlen("opsig: "), message);
    }
    return EINVAL;
}

int ops_option_choice(const struct argp_state *state, const char *option, const char *arg,
                      const char *const *words)
{
    char list[100] = "";
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(arg, words[i]) == 0) {
            return i;
        }
        const size_t len = strlen(list);
        (void)snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    (void)ops_usage(state, "%s: '%s' is none of %s", option, arg, list);
    return -1;
}

/** Reads decimal digits, all of the text up to `end`. */
static bool read_digits(const char *text, uint64_t *out, const char **end)
{
    char *stop = NULL;
    errno = 0;
    *out = strtoull(text, &stop, 10);
    *end = stop;
    return text[0] >= '0' && text[0] <= '9' && errno == 0;
}

error_t ops_option_count(const struct argp_state *state, const char *option, const char *arg,
                         uint64_t min, uint64_t max, uint64_t *out)
{
    const char *end = NULL;
    if (!read_digits(arg, out, &end) || *end != '\0' || *out < min || *out > max) {
        return ops_usage(state, "%s: '%s' is no whole number from %llu to %llu", option, arg,
                         (unsigned long long)min, (unsigned long long)max);
    }
    return 0;
}

error_t ops_option_number(const struct argp_state *state, const char *option, const char *arg,
                          double min, double max, double *out)
{
    char *end = NULL;
    errno = 0;
    *out = strtod(arg, &end);
    const bool decimal = arg[0] != '\0' && arg[strspn(arg, "0123456789.eE+-")] == '\0';
    if (!decimal || *end != '\0' || !isfinite(*out) || *out < min || *out > max) {
        return ops_usage(state, "%s: '%s' is no number from %g to %g", option, arg, min, max);
    }
    return 0;
}

/** A number of bytes, with K, M, G or T for powers of 1024. */
error_t ops_option_size(const struct argp_state *state, const char *option, const char *arg,
                        uint64_t *out)
{
    static const char suffixes[] = "KMGT";
    const char *end = NULL;
    uint64_t bytes = 0;
    if (read_digits(arg, &bytes, &end)) {
        const char *const suffix = *end == '\0' ? NULL : strchr(suffixes, *end);
        const unsigned shift = suffix == NULL ? 0 : 10 * (unsigned)(suffix - suffixes + 1);
        end += suffix != NULL;
        if (*end == '\0' && bytes > 0 && bytes <= UINT64_MAX >> shift) {
            *out = bytes << shift;
            return 0;
        }
    }
    return ops_usage(state, "%s: '%s' is no number of bytes (such as 4096, 64K, 100M, 2G)", option,
                     arg);
}

/* ---- what a report looks like ---- */

static error_t parse_format(struct ops_options *options, const char *arg,
                            const struct argp_state *state)
{
    const int choice = ops_option_choice(state, "--format", arg, options->formats);
    options->format = (enum ops_output_format)(choice < 0 ? 0 : choice);
    options->has_format = true;
    return choice < 0 ? EINVAL : 0;
}

static error_t parse_when(enum ops_when *when, const char *option, const char *arg,
                          const struct argp_state *state)
{
    const int choice = ops_option_choice(state, option, arg, when_words);
    *when = (enum ops_when)(choice < 0 ? 0 : choice);
    return choice < 0 ? EINVAL : 0;
}

/** Prints the help, or a part of it, and ends the program. */
static error_t print_help(struct argp_state *state, const struct ops_options *options,
                          unsigned flags)
{
    state->name = (char *)(uintptr_t)options->full_name; /* argp only prints it */
    argp_state_help(state, state->out_stream, flags);
    return 0;
}

static error_t parse_report(int key, char *arg, struct argp_state *state)
{
    struct ops_options *const options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->err_stream = NULL;
        return 0;
    case 'f':
        return parse_format(options, arg, state);
    case KEY_COLOR:
        return parse_when(&options->color, "--color", arg, state);
    case 'q':
        options->quiet = true;
        return 0;
    case 'v':
        options->verbose = true;
        return 0;
    case 'h':
    case '?':
        return print_help(state, options, ARGP_HELP_STD_HELP);
    case KEY_NO_CONFIG: /* see arguments.c */
        return 0;
    case KEY_ORIGIN:
        options->origin = arg[0] != '\0' ? arg : NULL;
        return 0;
    case KEY_USAGE:
        return print_help(state, options, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A table's first entry is the heading in the help; groups are shown in rising order. */
enum { GROUP_FILES = 20, GROUP_WORK = 30, GROUP_REPORT = 40, GROUP_LIMITS = 50 };

static const struct argp_option report_options[] = {
    {NULL, 0, NULL, 0, "Report:", GROUP_REPORT},
    {"format", 'f', "FORMAT", 0,
     "text, json, or what else the command has (default: by the name after -o, else text)", 0},
    {"color", KEY_COLOR, "WHEN", 0,
     "auto (the default: on a terminal, unless NO_COLOR is set), always or never", 0},
    {"quiet", 'q', NULL, 0, "no warnings and no progress on standard error; errors remain", 0},
    {"verbose", 'v', NULL, 0, "print also what is folded by default", 0},
    {"no-config", KEY_NO_CONFIG, NULL, 0, "take no options from .opsig.conf", 0},
    {"origin", KEY_ORIGIN, "PLACE", OPTION_HIDDEN, "where the options that follow come from", 0},
    {"help", '?', NULL, 0, "print this help", -1},
    {NULL, 'h', NULL, OPTION_HIDDEN, NULL, -1},
    {"usage", KEY_USAGE, NULL, 0, "print the options in short", -1},
    {0},
};

const struct argp ops_argp_report = {.options = report_options, .parser = parse_report};

/* ---- where it goes ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t len = strlen(text);
    const size_t n = strlen(end);
    return len > n && strcmp(text + len - n, end) == 0;
}

/** The format that files of this name usually have; NULL: the name does not tell. */
static const char *format_of_name(const char *name)
{
    static const struct {
        const char *end, *format;
    } ends[] = {{".sarif.json", "sarif"}, {".sarif", "sarif"}, {".json", "json"},
                {".html", "html"},        {".htm", "html"},    {".xml", "junit"},
                {".md", "markdown"},      {".csv", "csv"},     {".svg", "svg"},
                {".dot", "dot"},          {".gv", "dot"},      {".graphml", "graphml"},
                {".gspan", "gspan"}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (ends_with(name, ends[i].end)) {
            return ends[i].format;
        }
    }
    return NULL;
}

/** Takes the format from the output's name where the command has one that it tells. */
static void guess_format(struct ops_options *options)
{
    const char *const format = options->output == NULL ? NULL : format_of_name(options->output);
    for (int i = 0; format != NULL && options->formats[i] != NULL; i++) {
        if (strcmp(options->formats[i], format) == 0) {
            options->format = (enum ops_output_format)i;
        }
    }
}

static error_t parse_output(int key, char *arg, struct argp_state *state)
{
    struct ops_options *const options = state->input;
    switch (key) {
    case 'o':
        options->output = arg;
        return 0;
    case ARGP_KEY_END: /* before the command's own, which may look at the format */
        if (!options->has_format) {
            guess_format(options);
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option output_options[] = {
    {"output", 'o', "FILE", 0,
     "write to FILE instead of standard output; it appears whole or not at all", GROUP_REPORT},
    {0},
};

const struct argp ops_argp_output = {.options = output_options, .parser = parse_output};

/* ---- how the work is done ---- */

static error_t parse_work(int key, char *arg, struct argp_state *state)
{
    struct ops_options *const options = state->input;
    uint64_t count = 0;
    switch (key) {
    case 'j':
        if (ops_option_count(state, "--jobs", arg, 1, MAX_JOBS, &count) != 0) {
            return EINVAL;
        }
        options->jobs = (unsigned)count;
        return 0;
    case KEY_PROGRESS:
        return parse_when(&options->progress, "--progress", arg, state);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option work_options[] = {
    {NULL, 0, NULL, 0, "Work:", GROUP_WORK},
    {"jobs", 'j', "N", 0, "processes that load models (default: one for each core)", 0},
    {"progress", KEY_PROGRESS, "WHEN", 0,
     "on standard error: auto (the default: only a terminal), always or never", 0},
    {0},
};

const struct argp ops_argp_work = {.options = work_options, .parser = parse_work};

/* ---- which files ---- */

static error_t parse_files(int key, char *arg, struct argp_state *state)
{
    struct ops_options *const options = state->input;
    switch (key) {
    case KEY_FILES_FROM:
        options->files_from = arg;
        return 0;
    case KEY_INCLUDE:
        options->include = arg;
        return 0;
    case KEY_EXCLUDE:
        options->exclude = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option files_options[] = {
    {NULL, 0, NULL, 0, "Files:", GROUP_FILES},
    {"files-from", KEY_FILES_FROM, "FILE", 0,
     "take paths also from FILE, one a line; - is standard input", 0},
    {"include", KEY_INCLUDE, "GLOB", 0,
     "of the files in folders only those whose path or name matches", 0},
    {"exclude", KEY_EXCLUDE, "GLOB", 0, "of the files in folders not those that match", 0},
    {0},
};

const struct argp ops_argp_files = {.options = files_options, .parser = parse_files};

/* ---- how much one model may cost ---- */

static error_t parse_u32(const struct argp_state *state, const char *option, const char *arg,
                         uint64_t max, uint32_t *out)
{
    uint64_t count = 0;
    const error_t error = ops_option_count(state, option, arg, 1, max, &count);
    *out = error == 0 ? (uint32_t)count : *out;
    return error;
}

static error_t parse_limits(int key, char *arg, struct argp_state *state)
{
    opsig_limits *limits = &((struct ops_options *)state->input)->limits;
    switch (key) {
    case KEY_MAX_FILE_SIZE:
        return ops_option_size(state, "--max-file-size", arg, &limits->max_file_size);
    case KEY_MAX_NODES:
        return parse_u32(state, "--max-nodes", arg, UINT32_MAX / 4, &limits->max_nodes);
    case KEY_MAX_EDGES:
        return parse_u32(state, "--max-model-edges", arg, UINT32_MAX / 4, &limits->max_edges);
    case KEY_MAX_DEPTH:
        return parse_u32(state, "--max-depth", arg, MAX_DEPTH, &limits->max_depth);
    case KEY_MAX_NAME:
        return parse_u32(state, "--max-name-length", arg, MAX_NAME, &limits->max_name_length);
    case KEY_MAX_ATTRIBUTES:
        return parse_u32(state, "--max-attributes", arg, UINT32_MAX, &limits->max_attributes);
    case KEY_MAX_MEMORY:
        return ops_option_size(state, "--max-model-memory", arg, &limits->max_memory);
    case KEY_TIMEOUT:
        return ops_option_number(state, "--timeout", arg, 0, MAX_TIMEOUT, &limits->timeout);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option limits_options[] = {
    {NULL, 0, NULL, 0, "Limits for each model (past one it is an error):", GROUP_LIMITS},
    {"max-file-size", KEY_MAX_FILE_SIZE, "SIZE", 0,
     "largest file, in bytes or with K, M, G or T (default 64G: weights are skipped)", 0},
    {"max-nodes", KEY_MAX_NODES, "N", 0,
     "most nodes, functions expanded (default 1000000)", 0},
    {"max-model-edges", KEY_MAX_EDGES, "N", 0,
     "most tensor reads, functions expanded (default 16000000)", 0},
    {"max-depth", KEY_MAX_DEPTH, "N", 0,
     "deepest nesting of messages in the file (default 100, at most 300)", 0},
    {"max-name-length", KEY_MAX_NAME, "N", 0,
     "longest name, in bytes (default and at most 65536)", 0},
    {"max-attributes", KEY_MAX_ATTRIBUTES, "N", 0, "most attributes of a node (default 10000)", 0},
    {"max-model-memory", KEY_MAX_MEMORY, "SIZE", 0, "most memory (default 1G)", 0},
    {"timeout", KEY_TIMEOUT, "SECONDS", 0, "longest time (default 60; 0: no limit)", 0},
    {0},
};

const struct argp ops_argp_limits = {.options = limits_options, .parser = parse_limits};

/* ---- alphabet and oracle ---- */

static error_t parse_alphabet(int key, char *arg, struct argp_state *state)
{
    struct ops_options *const options = state->input;
    if (key != KEY_ALPHABET) {
        return ARGP_ERR_UNKNOWN;
    }
    const int choice = ops_option_choice(state, "--alphabet", arg, alphabet_words);
    options->alphabet = choice < 0 ? options->alphabet : (opsig_alphabet)choice;
    return choice < 0 ? EINVAL : 0;
}

static const struct argp_option alphabet_options[] = {
    {"alphabet", KEY_ALPHABET, "NAME", 0,
     "what a node is in a pattern: op (its operator), op+attr (and the attributes that change "
     "what it computes) or both",
     OPS_GROUP_SEARCH},
    {0},
};

const struct argp ops_argp_alphabet = {.options = alphabet_options, .parser = parse_alphabet};

static error_t parse_oracle(int key, char *arg, struct argp_state *state)
{
    struct ops_options *const options = state->input;
    if (key != KEY_ORACLE) {
        return ARGP_ERR_UNKNOWN;
    }
    options->oracle = arg;
    return 0;
}

static const struct argp_option oracle_options[] = {
    {"oracle", KEY_ORACLE, "NAME", 0,
     "the manifest's columns NAME_status, ...; may be left out when there is one",
     OPS_GROUP_CORPUS},
    {0},
};

const struct argp ops_argp_oracle = {.options = oracle_options, .parser = parse_oracle};

/* ---- what follows from the options ---- */

static bool wants_color(enum ops_when when, FILE *stream)
{
    if (when != OPS_WHEN_AUTO) {
        return when == OPS_WHEN_ALWAYS;
    }
    const char *const no_color = getenv("NO_COLOR");
    const char *const terminal = getenv("TERM");
    return (no_color == NULL || no_color[0] == '\0') && isatty(fileno(stream)) == 1 &&
           terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/** The report's format by its name; text where the name is of another kind of file. */
static opsig_report_format report_format(const struct ops_options *options)
{
    static const struct {
        const char *name;
        opsig_report_format format;
    } formats[] = {{"json", OPSIG_REPORT_JSON},         {"html", OPSIG_REPORT_HTML},
                   {"sarif", OPSIG_REPORT_SARIF},       {"junit", OPSIG_REPORT_JUNIT},
                   {"markdown", OPSIG_REPORT_MARKDOWN}, {"csv", OPSIG_REPORT_CSV}};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(options->formats[options->format], formats[i].name) == 0) {
            return formats[i].format;
        }
    }
    return OPSIG_REPORT_TEXT;
}

opsig_report_style ops_options_style(const struct ops_options *options, FILE *stream)
{
    return (opsig_report_style){
        .format = report_format(options),
        .color = wants_color(options->color, stream),
        .verbose = options->verbose,
    };
}

unsigned ops_options_workers(const struct ops_options *options, size_t n_models)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t workers = options->jobs > 0 ? options->jobs : (size_t)(cores < 1 ? 1 : cores);
    workers = workers < MAX_JOBS ? workers : MAX_JOBS;
    workers = workers < n_models ? workers : n_models;
    return n_models <= 1 ? 0 : (unsigned)workers;
}
