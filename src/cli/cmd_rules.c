/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig rules: a table of actions on files of rules. A rule with an error is left out, and the
 * others are still checked and shown; the exit status tells. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/db.h>
#include <opsig/report.h>
#include <opsig/rules.h>

#include "cli/actions.h"
#include "cli/cli.h"
#include "cli/default_db.h"
#include "cli/options.h"
#include "cli/rule_files.h"
#include "cli/rule_options.h"
#include "cli/write.h"

enum { KEY_MIN_SEVERITY = OPS_KEY_OWN };

enum { N_CHILDREN = 4 };

struct rules_args {
    struct ops_options options;
    struct ops_rule_choice choice;
    int min_severity;
    struct ops_operands operands;
    int action; /* its place in the table */
    struct ops_rule_files files;
    opsig_database *database; /* the default one, where no path is given */
    const opsig_rules *rules; /* of either */
    const opsig_rule *rule; /* explain */
    size_t n_failed;        /* test */
};

static const char *const severity_words[] = {"low", "medium", "high", NULL};

/* ---- actions ---- */

/** Reads the files that operands name. @param after  how many of the last name something else */
static int open_files(struct rules_args *args, size_t after, bool reported)
{
    const struct ops_rule_errors errors = {ops_exit_of_input, reported};
    const int status = ops_rule_files_open(&args->files, args->operands.items + 1,
                                           args->operands.n - 1 - after, &errors);
    args->rules = args->files.rules;
    return status;
}

/** Opens the database that comes with opsig. */
static int open_default(struct rules_args *args)
{
    opsig_error error = {.offset = -1};
    char *const path = ops_default_db_path();
    if (path == NULL) {
        ops_say(NULL,
                "rules: name files of rules; the database that comes with opsig is not there");
        return OPS_EXIT_USAGE;
    }
    const opsig_status status = opsig_database_open(&args->database, path, &error);
    if (status != OPSIG_OK) {
        ops_say_error(path, &error);
    } else {
        args->rules = opsig_database_rules(args->database);
    }
    free(path);
    return ops_exit_of_named_file(status);
}

/** Opens what operands name, or the default database where they name no path. */
static int open_rules(struct rules_args *args, size_t after)
{
    return args->operands.n > 1 + after ? open_files(args, after, false) : open_default(args);
}

static void keep_chosen(struct rules_args *args)
{
    opsig_rules_filter filter = ops_rule_choice_filter(&args->choice);
    filter.min_severity = (opsig_severity)args->min_severity;
    if (args->database != NULL) {
        opsig_database_keep_rules(args->database, &filter);
    } else if (args->files.rules != NULL) {
        opsig_rules_keep(args->files.rules, &filter);
    }
}

/** Writes a report on what could be read. @param status  of the reading */
static int report(struct rules_args *args, int status, ops_writer writer)
{
    return status == OPS_EXIT_USAGE || status >= OPS_EXIT_FAILED
               ? status
               : ops_exit_worse(status, ops_write_result(&args->options, writer, args));
}

static opsig_status write_check(FILE *stream, const opsig_report_style *style, void *payload,
                                opsig_error *err)
{
    const struct rules_args *const args = payload;
    return opsig_report_rules_check(stream, style, args->files.rules, args->files.n_files, err);
}

static int run_check(struct rules_args *args)
{
    return report(args, open_files(args, 0, true), write_check);
}

static opsig_status write_list(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct rules_args *const args = payload;
    return opsig_report_rules_list(stream, style, args->rules, err);
}

static int run_list(struct rules_args *args)
{
    const int status = open_rules(args, 0);
    keep_chosen(args);
    return report(args, status, write_list);
}

static opsig_status write_test(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    struct rules_args *const args = payload;
    return opsig_report_rules_test(stream, style, args->files.rules, &args->options.limits,
                                   &args->n_failed, err);
}

static int run_test(struct rules_args *args)
{
    const int status = report(args, open_files(args, 0, false), write_test);
    return args->n_failed > 0 ? ops_exit_worse(status, OPS_EXIT_FINDINGS) : status;
}

static opsig_status write_rule(FILE *stream, const opsig_report_style *style, void *payload,
                               opsig_error *err)
{
    const struct rules_args *const args = payload;
    return opsig_report_rule(stream, style, args->rule, err);
}

static int unknown_rule(const opsig_rules *rules, const char *id)
{
    const char *const meant = ops_rules_nearest(rules, id);
    if (meant != NULL) {
        ops_say(NULL, "there is no rule '%s'; did you mean '%s'?", id, meant);
    } else {
        ops_say(NULL, "there is no rule '%s'", id);
    }
    return OPS_EXIT_USAGE;
}

static int run_explain(struct rules_args *args)
{
    const char *const id = args->operands.items[args->operands.n - 1];
    const int status = open_rules(args, 1);
    if (status == OPS_EXIT_USAGE || status >= OPS_EXIT_FAILED) {
        return status;
    }
    args->rule = args->rules == NULL ? NULL : opsig_rules_find(args->rules, id);
    return args->rule == NULL ? ops_exit_worse(status, unknown_rule(args->rules, id))
                              : report(args, status, write_rule);
}

static const struct ops_action actions[] = {
    {"check", 2, OPS_MOST_OPERANDS, "PATH..."},
    {"list", 1, OPS_MOST_OPERANDS, "[PATH...]"},
    {"test", 2, OPS_MOST_OPERANDS, "PATH..."},
    {"explain", 2, OPS_MOST_OPERANDS, "[PATH...] ID"},
    {0},
};

/** What the actions do, in the same order. */
static int (*const runs[])(struct rules_args *args) = {run_check, run_list, run_test, run_explain};

/* ---- the command line ---- */

static error_t check(const struct argp_state *state, struct rules_args *args)
{
    args->action = ops_action_choose(state, actions, &args->operands);
    if (args->action < 0) {
        return EINVAL;
    }
    const bool filters = args->choice.targets.n > 0 || args->choice.tags.n > 0 ||
                         args->min_severity > OPSIG_SEVERITY_LOW;
    if (filters && runs[args->action] != run_list) {
        return ops_usage(state, "--target, --tag and --min-severity are for list");
    }
    return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct rules_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case KEY_MIN_SEVERITY:
        args->min_severity = ops_option_choice(state, "--min-severity", arg, severity_words);
        return args->min_severity < 0 ? EINVAL : 0;
    case ARGP_KEY_ARG:
        return ops_operands_add(state, &args->operands, arg);
    case ARGP_KEY_END:
        return check(state, args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"min-severity", KEY_MIN_SEVERITY, "SEVERITY", 0, "list no weaker rules (default low)",
     OPS_GROUP_RULES},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},
    {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_rule_choice, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},
    {0},
};

const struct argp ops_argp_rules = {
    .options = own_options,
    .parser = parse,
    .args_doc = "check PATH...\nlist [PATH...]\ntest PATH...\nexplain [PATH...] ID",
    .doc =
        "Looks after rules that people wrote: files, and the *.rules in folders."
        "\v"
        "check: what is wrong in them, with the place; warnings of unknown operators and "
        "attributes.\n"
        "list: rules, one a line: id, severity, confidence, whom it affects, title; without a path "
        "those that come with opsig.\n"
        "test: looks for each rule in its own examples, which say what it must and must not find.\n"
        "explain: the evidence page of one rule, without a path of one that comes with opsig.\n"
        "\n"
        "Exit status: 0 done; 1 an example failed; 2 usage error, missing file, unknown id; 3 some "
        "rule has an error "
        "or some file cannot be read; 4 the result could not be written.",
    .children = children,
};

int ops_cmd_rules(int argc, char **argv)
{
    struct rules_args args = {.min_severity = OPSIG_SEVERITY_LOW};
    ops_options_init(&args.options, "opsig rules", ops_text_and_json);
    args.options.rules = &args.choice;
    int status = ops_options_parse(&ops_argp_rules, argc, argv, &args);
    if (status == OPS_EXIT_OK) {
        status = runs[args.action](&args);
    }
    ops_rule_files_dispose(&args.files);
    opsig_database_free(args.database);
    return status;
}
