/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that decide labels and strata. */
#include "cli/labels.h"

#include <errno.h>
#include <string.h>

#include <opsig/corpus.h>

#include "cli/options.h"

/* Keys past those of the shared options and of any command. */
enum { KEY_TOLERANCE = OPS_KEY_OWN + 0x100, KEY_GROUP_BY, KEY_STRATA };

static const char *const strata_words[] = {"none", "group", "size", "both", NULL};

/** ABS, or ABS,REL */
static error_t parse_tolerance(const struct argp_state *state, const char *arg,
                               opsig_corpus_options *corpus)
{
    char absolute[64];
    const size_t len = strcspn(arg, ",");
    if (len >= sizeof absolute) {
        return ops_usage(state, "--tolerance: '%s' is no ABS or ABS,REL", arg);
    }
    memcpy(absolute, arg, len);
    absolute[len] = '\0';
    corpus->has_tolerance = true;
    const error_t error =
        ops_option_number(state, "--tolerance", absolute, 0, 1e300, &corpus->tolerance_abs);
    if (error != 0 || arg[len] == '\0') {
        return error;
    }
    return ops_option_number(state, "--tolerance", arg + len + 1, 0, 1e300,
                             &corpus->tolerance_rel);
}

static error_t parse_strata(const struct argp_state *state, const char *arg,
                            opsig_corpus_options *corpus)
{
    const int choice = ops_option_choice(state, "--strata", arg, strata_words);
    corpus->strata = (opsig_strata)(choice < 0 ? 0 : choice);
    return choice < 0 ? EINVAL : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    opsig_corpus_options *const corpus = ((const struct ops_options *)state->input)->corpus;
    switch (key) {
    case KEY_TOLERANCE:
        return parse_tolerance(state, arg, corpus);
    case KEY_GROUP_BY:
        corpus->group_by = arg;
        return 0;
    case KEY_STRATA:
        return parse_strata(state, arg, corpus);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"tolerance", KEY_TOLERANCE, "ABS[,REL]", 0,
     "let the manifest's differences decide: inconsistent above both", OPS_GROUP_CORPUS},
    {"group-by", KEY_GROUP_BY, "COLUMN", 0, "column of the strata (default group)", 0},
    {"strata", KEY_STRATA, "WHAT", 0,
     "compare models within: none, group, size (quartiles) or both (the default)", 0},
    {0},
};

const struct argp ops_argp_labels = {.options = options, .parser = parse};
