/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that say which rules count. */
#include "cli/rule_options.h"

#include <string.h>

#include "cli/options.h"

/* Keys past those of the shared options and of any command. */
enum { KEY_TARGET = OPS_KEY_OWN + 0x200, KEY_TAG };

error_t ops_words_add(const struct argp_state *state, const char *option, const char *arg,
                      struct ops_words *words)
{
    if (words->n == OPS_MOST_WORDS) {
        return ops_usage(state, "%s: more than %d of them", option, OPS_MOST_WORDS);
    }
    words->items[words->n++] = arg;
    return 0;
}

/** NAME or NAME=VERSION */
static error_t add_target(const struct argp_state *state, const char *arg,
                          struct ops_words *targets)
{
    const char *const version = strchr(arg, '=');
    if (arg[0] == '\0' || version == arg || (version != NULL && version[1] == '\0')) {
        return ops_usage(state, "--target: '%s' is no NAME or NAME=VERSION", arg);
    }
    return ops_words_add(state, "--target", arg, targets);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    const struct ops_options *const options = state->input;
    switch (key) {
    case KEY_TARGET:
        return add_target(state, arg, &options->rules->targets);
    case KEY_TAG:
        return ops_words_add(state, "--tag", arg, &options->rules->tags);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option argp_options[] = {
    {NULL, 0, NULL, 0, "Rules:", OPS_GROUP_RULES},
    {"target", KEY_TARGET, "NAME[=VERSION]", 0,
     "only rules that affect this converter or runtime; may be repeated", 0},
    {"tag", KEY_TAG, "TAG", 0, "only rules with this tag, or another one named so", 0},
    {0},
};

const struct argp ops_argp_rule_choice = {.options = argp_options, .parser = parse};

opsig_rules_filter ops_rule_choice_filter(const struct ops_rule_choice *choice)
{
    opsig_rules_filter filter;
    opsig_rules_filter_init(&filter);
    filter.targets = choice->targets.items;
    filter.n_targets = choice->targets.n;
    filter.tags = choice->tags.items;
    filter.n_tags = choice->tags.n;
    return filter;
}
