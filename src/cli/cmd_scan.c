/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig scan: models against signatures and rules. The exit status follows from the findings and
 * the errors, never from the format in which they are printed. */
#include <errno.h>
#include <string.h>

#include <opsig/report.h>
#include <opsig/scan.h>

#include "cli/accepted.h"
#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/rule_options.h"
#include "cli/sources.h"
#include "cli/write.h"

enum {
    KEY_FAIL_ON = OPS_KEY_OWN,
    KEY_MIN_SEVERITY,
    KEY_MAX_MATCHES,
    KEY_MAX_WORK,
    KEY_HASH,
    KEY_IGNORE_FILE,
    KEY_BASELINE,
    KEY_WRITE_BASELINE,
    KEY_ONLY_NEW,
    KEY_EXPLAIN
};

/* --fail-on never: above every severity */
enum { NEVER = OPSIG_SEVERITY_HIGH + 1, N_CHILDREN = 7, MOST_MATCHES = 1000000 };

struct scan_args {
    struct ops_options options;
    struct ops_sources sources;
    opsig_scan_options scan;
    int fail_on; /* a severity, or NEVER */
    bool hash;   /* files of any size */
    bool explain;
    struct ops_accepted accepted; /* findings that do not count */
    char **paths;
    size_t n_paths;
};

static const char *const formats[] = {"text",  "json",     "html", "sarif",
                                      "junit", "markdown", "csv",  NULL};
static const char *const severity_words[] = {"low", "medium", "high", "never", NULL};
static const char *const min_severity_words[] = {"low", "medium", "high", NULL};

static error_t check(const struct argp_state *state, const struct scan_args *args)
{
    if (args->n_paths == 0 && args->options.files_from == NULL) {
        return ops_usage(state, "nothing to scan: name a model, a folder or --files-from");
    }
    return ops_sources_check(state, &args->sources);
}

static error_t parse_matches(const struct argp_state *state, const char *arg,
                             opsig_scan_options *scan)
{
    uint64_t count = 0;
    const error_t error = ops_option_count(state, "--max-matches", arg, 1, MOST_MATCHES, &count);
    scan->max_matches = (uint32_t)count;
    return error;
}

static error_t parse_work(const struct argp_state *state, const char *arg,
                          opsig_scan_options *scan)
{
    uint64_t count = 0;
    const error_t error = ops_option_count(state, "--max-work", arg, 1, UINT32_MAX, &count);
    scan->max_work = (uint32_t)count;
    return error;
}

static error_t parse_severity(const struct argp_state *state, const char *arg,
                              opsig_scan_options *scan)
{
    const int choice = ops_option_choice(state, "--min-severity", arg, min_severity_words);
    scan->min_severity = (opsig_severity)(choice < 0 ? 0 : choice);
    return choice < 0 ? EINVAL : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct scan_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case KEY_FAIL_ON:
        args->fail_on = ops_option_choice(state, "--fail-on", arg, severity_words);
        return args->fail_on < 0 ? EINVAL : 0;
    case KEY_MIN_SEVERITY:
        return parse_severity(state, arg, &args->scan);
    case KEY_MAX_MATCHES:
        return parse_matches(state, arg, &args->scan);
    case KEY_MAX_WORK:
        return parse_work(state, arg, &args->scan);
    case KEY_HASH:
        args->hash = true;
        return 0;
    case KEY_EXPLAIN:
        args->explain = true;
        return 0;
    case KEY_IGNORE_FILE:
        args->accepted.ignore_file = arg;
        return 0;
    case KEY_BASELINE:
        args->accepted.baseline_file = arg;
        return 0;
    case KEY_WRITE_BASELINE:
        args->accepted.record_file = arg;
        return 0;
    case KEY_ONLY_NEW:
        args->scan.only_new = true;
        return 0;
    case ARGP_KEY_ARGS:
        args->paths = state->argv + state->next;
        args->n_paths = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        return check(state, args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"fail-on", KEY_FAIL_ON, "SEVERITY|never", 0,
     "end with status 1 from this severity on: low, medium, high (the default) or never", 0},
    {"min-severity", KEY_MIN_SEVERITY, "SEVERITY", 0,
     "leave weaker findings out, also for --fail-on (default low)", 0},
    {"max-matches", KEY_MAX_MATCHES, "N", 0,
     "places kept for each finding (default 100); all are counted", 0},
    {"explain", KEY_EXPLAIN, NULL, 0, "print also the evidence of each signature and rule found",
     0},
    {"ignore-file", KEY_IGNORE_FILE, "FILE", 0,
     "findings that do not count, with the reason (default: .opsigignore beside or in the folders "
     "that are scanned)",
     0},
    {"baseline", KEY_BASELINE, "FILE", 0,
     "findings that were there before and do not count; more of them do", 0},
    {"write-baseline", KEY_WRITE_BASELINE, "FILE", 0,
     "write what was found and is not ignored as a baseline", 0},
    {"only-new", KEY_ONLY_NEW, NULL, 0,
     "leave out what a baseline or an ignore file covers; the summary still counts it", 0},
    {"max-work", KEY_MAX_WORK, "N", 0,
     "neighbours looked at for each step of a subgraph in one model (default 1000000); past it a "
     "search is broken off, and the report says so",
     0},
    {"hash", KEY_HASH, NULL, 0,
     "SHA-256 of files of any size, which reads them whole (default: in JSON, up to 16 MiB)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},      {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_work, 0, NULL, 0},        {&ops_argp_files, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},      {&ops_argp_sources, 0, NULL, 0},
    {&ops_argp_rule_choice, 0, NULL, 0}, {0},
};

const struct argp ops_argp_scan = {
    .options = own_options,
    .parser = parse,
    .args_doc = "PATH...",
    .doc = "Matches signatures and rules against models. A folder is walked for *.onnx; - reads a "
           "model from "
           "standard input. Formats: text, json, html, sarif, junit, markdown, "
           "csv."
           "\v"
           "Exit status: 0 no finding at or above --fail-on; 1 at least one; 2 usage error, "
           "missing file, unusable database or broken rules; 3 some model could not be read; 4 out "
           "of memory, "
           "disk full or the like; 130 interrupted. The highest that applies wins.",
    .children = children,
};

/** What the callback works on. */
struct run {
    const struct scan_args *args;
    opsig_scan_report *report;
    struct ops_inputs inputs;
    struct ops_progress progress;
    size_t done;
    int status;          /* of the findings and errors so far */
    opsig_status failed; /* of the report; OPSIG_OK while it can be written */
    opsig_error error;
};

static bool fails(const struct run *run, const opsig_scan_result *result)
{
    for (size_t i = 0; i < opsig_scan_result_n_findings(result); i++) {
        const opsig_finding *const finding = opsig_scan_result_finding(result, i);
        if (finding->state == OPSIG_FINDING_NEW &&
            (int)opsig_finding_severity(finding) >= run->args->fail_on) {
            return true;
        }
    }
    return false;
}

static int take_model(const opsig_scanned *scanned, void *payload)
{
    struct run *const run = payload;
    if (scanned->error != NULL) {
        ops_progress_clear(&run->progress);
        ops_say_error(scanned->path, scanned->error);
        run->status = ops_exit_worse(run->status, OPS_EXIT_INPUT);
    } else if (fails(run, scanned->result)) {
        run->status = ops_exit_worse(run->status, OPS_EXIT_FINDINGS);
    }
    run->done++;
    run->failed = opsig_scan_report_add(run->report, scanned, &run->error);
    ops_progress_show("scan", run->done, run->inputs.n, &run->progress);
    return run->failed == OPSIG_OK ? 0 : 1;
}

/** Scans and writes the report to a stream. */
static opsig_status scan(FILE *stream, const opsig_report_style *style, void *payload,
                         opsig_error *err)
{
    struct run *const run = payload;
    const struct ops_databases *const named = &run->args->sources.databases;
    const opsig_database *const *const databases = ops_databases_items(named);
    opsig_scanner *scanner = NULL;
    opsig_status status = opsig_scanner_new(&scanner, databases, named->n, &run->args->scan, err);
    opsig_report_style own = *style;
    own.fail_on = run->args->fail_on;
    if (status == OPSIG_OK) {
        own.explain = run->args->explain;
        status = opsig_scan_report_new(&run->report, stream, &own, databases, named->paths,
                                       named->n, ops_sources_rules(&run->args->sources), err);
    }
    if (status == OPSIG_OK) {
        status = opsig_scan_paths(scanner, (const char *const *)run->inputs.paths, run->inputs.n,
                                  take_model, run, err);
    }
    if (run->failed != OPSIG_OK) {
        status = run->failed;
        *err = run->error;
    }
    if (status == OPSIG_OK) {
        status = opsig_scan_report_end(run->report, err);
    }
    ops_progress_clear(&run->progress);
    opsig_scan_report_free(run->report);
    opsig_scanner_free(scanner);
    return status;
}

/** Text does not print digests: files are then not read for them. */
static opsig_digest choose_digest(const struct scan_args *args)
{
    if (args->hash) {
        return OPSIG_DIGEST_ALL;
    }
    return args->options.format == OPS_FORMAT_TEXT ? OPSIG_DIGEST_NONE : OPSIG_DIGEST_SMALL;
}

/** Finds the models, opens the databases, scans. @return an exit status */
static int run_scan(struct scan_args *args, struct run *run)
{
    int status = ops_inputs_gather(&run->inputs, &args->options, args->paths, args->n_paths);
    if (status == OPS_EXIT_OK || status == OPS_EXIT_INPUT) {
        status = ops_exit_worse(status, ops_sources_open(&args->sources, &args->options));
    }
    if (status == OPS_EXIT_OK || status == OPS_EXIT_INPUT) {
        status = ops_exit_worse(status, ops_accepted_open(&args->accepted, args->paths,
                                                          args->n_paths, &args->scan));
    }
    if (status == OPS_EXIT_OK || status == OPS_EXIT_INPUT) {
        args->scan.rules = ops_sources_rules(&args->sources);
        args->scan.limits = args->options.limits;
        args->scan.digest = choose_digest(args);
        args->scan.workers = ops_options_workers(&args->options, run->inputs.n);
        ops_progress_init(&run->progress, &args->options);
        const int written = ops_write_result(&args->options, scan, run);
        status = ops_exit_worse(status, written);
        if (written == OPS_EXIT_OK) {
            status = ops_exit_worse(status, ops_accepted_close(&args->accepted, &args->options));
        }
    }
    return ops_exit_worse(status, run->status);
}

int ops_cmd_scan(int argc, char **argv)
{
    struct scan_args args = {.fail_on = OPSIG_SEVERITY_HIGH};
    struct run run = {.args = &args};
    ops_options_init(&args.options, "opsig scan", formats);
    args.options.sources = &args.sources;
    args.options.rules = &args.sources.choice;
    opsig_scan_options_init(&args.scan);
    int status = ops_options_parse(&ops_argp_scan, argc, argv, &args);
    if (status == OPS_EXIT_OK) {
        status = run_scan(&args, &run);
    }
    ops_inputs_dispose(&run.inputs);
    ops_accepted_dispose(&args.accepted);
    ops_sources_dispose(&args.sources);
    return status;
}
