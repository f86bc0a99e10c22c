/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig db: a table of actions on one database each. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include <opsig/db.h>
#include <opsig/report.h>
#include <opsig/scan.h>

#include "cli/actions.h"
#include "cli/cli.h"
#include "cli/databases.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/rule_files.h"
#include "cli/support.h"
#include "cli/write.h"

enum { KEY_MAX_EVIDENCE = OPS_KEY_OWN };

enum { N_CHILDREN = 5 };

struct db_args {
    struct ops_options options;
    struct ops_operands operands;
    int action; /* its place in the table */
    uint64_t max_evidence; /* db export; UINT64_MAX: all */
    opsig_database *database;
    struct ops_databases several;     /* db diff, db merge */
    const opsig_signature *signature; /* db show: this, or */
    const opsig_rule *rule;
    struct ops_rule_files rules; /* db import */
    opsig_db_diff *diff;
};

static const char *const formats[] = {"text", "json", "dot", "html", NULL};

enum { FORMAT_HTML = OPS_FORMAT_DOT + 1 };

/* ---- actions that read a database and print ---- */

static opsig_status write_info(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct db_args *const args = payload;
    return opsig_report_db_info(stream, style, args->operands.items[1], args->database, err);
}

static opsig_status write_list(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct db_args *const args = payload;
    return opsig_report_db_list(stream, style, args->operands.items[1], args->database, err);
}

static opsig_status write_show(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct db_args *const args = payload;
    if (args->options.format == OPS_FORMAT_DOT) {
        return opsig_pattern_write_dot(opsig_signature_pattern(args->signature), stream, err);
    }
    return args->rule != NULL ? opsig_report_rule(stream, style, args->rule, err)
                              : opsig_report_db_show(stream, style, args->signature, err);
}

static opsig_status write_text(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct db_args *const args = payload;
    (void)style;
    return opsig_database_export(args->database, stream, err);
}

static int open_database(struct db_args *args)
{
    opsig_error error = {.offset = -1};
    const opsig_status status =
        opsig_database_open(&args->database, args->operands.items[1], &error);
    if (status != OPSIG_OK) {
        ops_say_error(args->operands.items[1], &error);
    }
    return ops_exit_of_named_file(status);
}

static int run_reader(struct db_args *args, ops_writer writer)
{
    const int status = open_database(args);
    return status == OPS_EXIT_OK ? ops_write_result(&args->options, writer, args) : status;
}

static int run_info(struct db_args *args)
{
    return run_reader(args, write_info);
}

static int run_list(struct db_args *args)
{
    return run_reader(args, write_list);
}

static int run_export(struct db_args *args)
{
    opsig_error error = {.offset = -1};
    int status = open_database(args);
    if (status == OPS_EXIT_OK && args->max_evidence != UINT64_MAX) {
        const opsig_status kept =
            opsig_database_keep_evidence(args->database, (uint32_t)args->max_evidence, &error);
        status = ops_finish_work(kept, NULL, &error);
    }
    return status == OPS_EXIT_OK ? ops_write_result(&args->options, write_text, args) : status;
}

static int unknown_id(const struct db_args *args)
{
    const char *const id = args->operands.items[2];
    const char *const meant = ops_rules_nearest(opsig_database_rules(args->database), id);
    if (meant != NULL) {
        ops_say(args->operands.items[1], "no signature or rule '%s'; did you mean '%s'?", id,
                meant);
    } else {
        ops_say(args->operands.items[1],
                "no signature, or more than one, has an id that begins with '%s'", id);
    }
    return OPS_EXIT_USAGE;
}

static int run_show(struct db_args *args)
{
    const int status = open_database(args);
    if (status != OPS_EXIT_OK) {
        return status;
    }
    args->signature = opsig_database_find(args->database, args->operands.items[2]);
    const opsig_rules *const rules = opsig_database_rules(args->database);
    if (args->signature == NULL && rules != NULL) {
        args->rule = opsig_rules_find(rules, args->operands.items[2]);
    }
    if (args->rule != NULL && args->options.format == OPS_FORMAT_DOT) {
        ops_say(NULL, "db: --format dot draws a signature's pattern, and %s is a rule",
                args->operands.items[2]);
        return OPS_EXIT_USAGE;
    }
    return args->signature == NULL && args->rule == NULL
               ? unknown_id(args)
               : ops_write_result(&args->options, write_show, args);
}

/* ---- actions on several databases ---- */

static int open_several(struct db_args *args)
{
    for (size_t i = 1; i < args->operands.n; i++) {
        if (ops_databases_add(&args->several, args->operands.items[i]) != 0) {
            ops_say(NULL, "out of memory");
            return OPS_EXIT_FAILED;
        }
    }
    return ops_databases_open(&args->several);
}

static opsig_status write_diff(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct db_args *const args = payload;
    return opsig_report_db_diff(stream, style, args->operands.items[1], args->operands.items[2],
                                args->diff, err);
}

static int run_diff(struct db_args *args)
{
    opsig_error error = {.offset = -1};
    const int opened = open_several(args);
    if (opened != OPS_EXIT_OK) {
        return opened;
    }
    const opsig_database *const *const items = ops_databases_items(&args->several);
    const opsig_status status = opsig_db_diff_new(&args->diff, items[0], items[1], &error);
    return status == OPSIG_OK ? ops_write_result(&args->options, write_diff, args)
                              : ops_finish_work(status, NULL, &error);
}

/* ---- actions that make a database ---- */

static int write_database(const struct db_args *args)
{
    opsig_error error = {.offset = -1};
    const opsig_status status =
        *ops_cancel_flag() != 0
            ? OPSIG_CANCELLED
            : opsig_database_write(args->database, args->options.output, &error);
    return ops_finish_work(status, args->options.output, &error);
}

/** Loads the corpus that --oracle and the manifest name. */
static int load_corpus(opsig_corpus **out, const struct db_args *args)
{
    struct ops_progress progress;
    opsig_corpus_options options;
    opsig_error error = {.offset = -1};
    ops_progress_init(&progress, &args->options);
    opsig_corpus_options_init(&options);
    options.oracle = args->options.oracle;
    options.limits = args->options.limits;
    options.workers = ops_options_workers(&args->options, SIZE_MAX);
    options.progress = ops_progress_show;
    options.payload = &progress;
    const opsig_status status =
        opsig_corpus_load_manifest(out, args->operands.items[2], &options, &error);
    ops_progress_clear(&progress);
    return ops_corpus_loaded(status, *out, args->operands.items[2], &error);
}

/** Writes the database that has become of another, in its place unless --output names one. */
static int run_update(struct db_args *args)
{
    opsig_corpus *corpus = NULL;
    opsig_database *updated = NULL;
    opsig_error error = {.offset = -1};
    int status = open_database(args);
    if (status != OPS_EXIT_OK) {
        return status;
    }
    status = load_corpus(&corpus, args);
    if (corpus != NULL) {
        const opsig_status done =
            opsig_database_update(&updated, args->database, corpus, ops_cancel_flag(), &error);
        opsig_database_free(args->database);
        args->database = updated;
        args->options.output =
            args->options.output != NULL ? args->options.output : args->operands.items[1];
        if (done != OPSIG_OK) {
            ops_say_error(args->operands.items[2], &error);
        }
        status = ops_exit_worse(status, done == OPSIG_OK ? write_database(args)
                                                         : ops_exit_of_named_file(done));
    }
    opsig_corpus_free(corpus);
    return status;
}

/** Files of rules are known by their names; what is in folders are rules, too. */
static bool names_rules(const char *path)
{
    static const char suffix[] = ".rules";
    struct stat info;
    const size_t len = strlen(path);
    const size_t n = sizeof suffix - 1;
    return (len >= n && strcmp(path + len - n, suffix) == 0) ||
           (stat(path, &info) == 0 && S_ISDIR(info.st_mode));
}

/** Takes over a database that was made of `path`. */
static int take_over(struct db_args *args, opsig_database *database, const char *path)
{
    if (ops_databases_add(&args->several, path) != 0) {
        opsig_database_free(database);
        ops_say(NULL, "out of memory");
        return OPS_EXIT_FAILED;
    }
    args->several.items[args->several.n - 1] = database;
    return OPS_EXIT_OK;
}

/** Imports the texts among the operands. */
static int import_texts(struct db_args *args)
{
    int status = OPS_EXIT_OK;
    for (size_t i = 1; i < args->operands.n && status == OPS_EXIT_OK; i++) {
        const char *const path = args->operands.items[i];
        opsig_database *database = NULL;
        opsig_error error = {.offset = -1};
        if (names_rules(path)) {
            continue;
        }
        const opsig_status imported = opsig_database_import(&database, path, &error);
        if (imported == OPSIG_OK) {
            status = take_over(args, database, path);
        } else {
            ops_say_error(path, &error);
            status = ops_exit_of_input(imported);
        }
    }
    return status;
}

/** Reads the rules among the operands. */
static int import_rules(struct db_args *args)
{
    static const struct ops_rule_errors errors = {ops_exit_of_input, false};
    struct ops_operands paths = {.n = 0};
    opsig_database *database = NULL;
    opsig_error error = {.offset = -1};
    for (size_t i = 1; i < args->operands.n; i++) {
        if (names_rules(args->operands.items[i])) {
            paths.items[paths.n++] = args->operands.items[i];
        }
    }
    if (paths.n == 0) {
        return OPS_EXIT_OK;
    }
    const int status = ops_rule_files_open(&args->rules, paths.items, paths.n, &errors);
    if (status != OPS_EXIT_OK) {
        return status;
    }
    const opsig_status made = opsig_database_of_rules(&database, args->rules.rules, &error);
    if (made != OPSIG_OK) {
        ops_say_error(paths.items[0], &error);
        return ops_exit_of_input(made);
    }
    return take_over(args, database, paths.items[0]);
}

/** Makes one database of all that were opened. */
static int merge_several(struct db_args *args)
{
    opsig_error error = {.offset = -1};
    const opsig_status status = opsig_database_merge(
        &args->database, ops_databases_items(&args->several), args->several.n, &error);
    if (status == OPSIG_OK) {
        return write_database(args);
    }
    ops_say_error("merge", &error);
    return ops_exit_of_named_file(status);
}

static int run_merge(struct db_args *args)
{
    const int opened = open_several(args);
    return opened == OPS_EXIT_OK ? merge_several(args) : opened;
}

static int run_import(struct db_args *args)
{
    int status = import_texts(args);
    if (status == OPS_EXIT_OK) {
        status = import_rules(args);
    }
    return status == OPS_EXIT_OK ? merge_several(args) : status;
}

static const struct ops_action actions[] = {
    {"info", 2, 2, "DB"},
    {"list", 2, 2, "DB"},
    {"show", 3, 3, "DB ID"},
    {"export", 2, 2, "DB"},
    {"import", 2, OPS_MOST_OPERANDS, "PATH..."},
    {"diff", 3, 3, "DB DB"},
    {"merge", 3, OPS_MOST_OPERANDS, "DB DB..."},
    {"update", 3, 3, "DB MANIFEST"},
    {0},
};

/** What the actions do, in the same order. */
static int (*const runs[])(struct db_args *args) = {
    run_info, run_list, run_show, run_export, run_import, run_diff, run_merge, run_update,
};

/* ---- the command line ---- */

static error_t check(const struct argp_state *state, struct db_args *args)
{
    args->action = ops_action_choose(state, actions, &args->operands);
    if (args->action < 0) {
        return EINVAL;
    }
    int (*const run)(struct db_args *) = runs[args->action];
    const bool makes_database = run == run_import || run == run_merge;
    if (args->max_evidence != UINT64_MAX && run != run_export) {
        return ops_usage(state, "--max-evidence is for export");
    }
    if (args->options.format == OPS_FORMAT_DOT && run != run_show) {
        return ops_usage(state, "--format dot draws a signature's pattern: it is for show");
    }
    if ((int)args->options.format == FORMAT_HTML && run != run_show && run != run_list) {
        return ops_usage(state, "--format html is for list and show");
    }
    if (makes_database &&
        (args->options.output == NULL || strcmp(args->options.output, "-") == 0)) {
        return ops_usage(state, "%s writes a database: name the file with -o",
                         actions[args->action].name);
    }
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct db_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case KEY_MAX_EVIDENCE:
        return ops_option_count(state, "--max-evidence", arg, 0, UINT32_MAX, &args->max_evidence);
    case ARGP_KEY_ARG:
        return ops_operands_add(state, &args->operands, arg);
    case ARGP_KEY_END:
        return check(state, args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"max-evidence", KEY_MAX_EVIDENCE, "N", 0,
     "export: of each signature name at most N models of each label (default: all)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0}, {&ops_argp_output, 0, NULL, 0}, {&ops_argp_work, 0, NULL, 0},
    {&ops_argp_oracle, 0, NULL, 0}, {&ops_argp_limits, 0, NULL, 0}, {0},
};

const struct argp ops_argp_db = {
    .options = own_options,
    .parser = parse,
    .args_doc = "info DB\nlist DB\nshow DB ID\nexport DB\nimport PATH... -o DB\ndiff DB DB\n"
                "merge DB DB... -o DB\nupdate DB MANIFEST",
    .doc = "Looks after signature databases."
           "\v"
           "info: what a database holds and where it comes from.\n"
           "list: its signatures, one a line, strongest first: id, severity, inconsistent and "
           "consistent models that hold the pattern, likelihood ratio with its 95 % interval, "
           "pattern. --format html: with the evidence for each and its pattern drawn.\n"
           "show: the evidence for one signature or rule, and the signatures within and around it; "
           "the "
           "beginning of its id is enough. --format html or dot draws its pattern.\n"
           "export: the text form, for review and version control.\n"
           "import: a database of the text form, of rules (*.rules, or folders of them), or of "
           "several "
           "of these.\n"
           "diff: signatures that appeared (+), vanished (-) or changed between two databases.\n"
           "merge: one database of several; of a signature that several have, the first counts.\n"
           "update: adds the counts of another labelled corpus to the signatures; the database is "
           "written in its place unless -o names another.\n"
           "\n"
           "Exit status: 0 done; 2 usage error, missing or unusable database; 3 a text that "
           "cannot be read; 4 the result could not be written.",
    .children = children,
};

int ops_cmd_db(int argc, char **argv)
{
    struct db_args args = {.max_evidence = UINT64_MAX};
    ops_options_init(&args.options, "opsig db", formats);
    int status = ops_options_parse(&ops_argp_db, argc, argv, &args);
    if (status == OPS_EXIT_OK) {
        status = runs[args.action](&args);
    }
    opsig_db_diff_free(args.diff);
    ops_databases_dispose(&args.several);
    ops_rule_files_dispose(&args.rules);
    opsig_database_free(args.database);
    return status;
}
