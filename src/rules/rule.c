/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule says of itself, and whether it passes a filter. */
#include "rules/rule.h"

#include <string.h>

#include "rules/version.h"

const char *opsig_rule_confidence_name(opsig_rule_confidence confidence)
{
    static const char *const names[] = {"reported", "maintainer", "fixed"};
    return names[confidence];
}

const char *opsig_rule_id(const opsig_rule *rule)
{
    return rule->id;
}

const char *opsig_rule_title(const opsig_rule *rule)
{
    return rule->title;
}

opsig_severity opsig_rule_severity(const opsig_rule *rule)
{
    return rule->severity;
}

opsig_rule_confidence opsig_rule_confidence_of(const opsig_rule *rule)
{
    return rule->confidence;
}

const char *opsig_rule_fix(const opsig_rule *rule)
{
    return rule->fix;
}

const char *opsig_rule_note(const opsig_rule *rule)
{
    return rule->note;
}

const char *opsig_rule_path(const opsig_rule *rule)
{
    return rule->pack->path;
}

uint32_t opsig_rule_line(const opsig_rule *rule)
{
    return rule->line;
}

size_t opsig_rule_n_affects(const opsig_rule *rule)
{
    return rule->n_affects;
}

const char *opsig_rule_affects(const opsig_rule *rule, size_t i)
{
    return rule->affects_text[i];
}

const char *opsig_rule_component(const opsig_rule *rule, size_t i)
{
    return rule->affects[i].name;
}

size_t opsig_rule_n_refs(const opsig_rule *rule)
{
    return rule->n_refs;
}

const char *opsig_rule_ref(const opsig_rule *rule, size_t i)
{
    return rule->refs[i];
}

size_t opsig_rule_n_tags(const opsig_rule *rule)
{
    return rule->n_tags;
}

const char *opsig_rule_tag(const opsig_rule *rule, size_t i)
{
    return rule->tags[i];
}

const char *opsig_rule_pattern(const opsig_rule *rule)
{
    return rule->pattern_text;
}

const char *opsig_rule_text(const opsig_rule *rule)
{
    return rule->text;
}

size_t opsig_rule_n_examples(const opsig_rule *rule)
{
    return rule->n_examples;
}

opsig_example_kind opsig_rule_example_kind(const opsig_rule *rule, size_t i)
{
    return rule->examples[i].kind;
}

const char *opsig_example_kind_name(opsig_example_kind kind)
{
    static const char *const names[] = {"match", "possible", "clean"};
    return names[kind];
}

const char *opsig_rule_example_title(const opsig_rule *rule, size_t i)
{
    return rule->examples[i].title;
}

void opsig_rules_filter_init(opsig_rules_filter *filter)
{
    *filter = (opsig_rules_filter){.version = 1, .min_severity = OPSIG_SEVERITY_LOW};
}

/** Is a claim about this target? "onnxruntime" is about "onnxruntime-webgpu" as well. */
static bool is_about(const struct ops_claim *claim, const char *target)
{
    const char *const equals = strchr(target, '=');
    const size_t len = equals != NULL ? (size_t)(equals - target) : strlen(target);
    if (strncmp(claim->name, target, len) != 0 ||
        (claim->name[len] != '\0' && claim->name[len] != '-')) {
        return false;
    }
    return equals == NULL || ops_version_in_range(equals + 1, &claim->versions);
}

static bool affects_target(const opsig_rule *rule, const opsig_rules_filter *filter)
{
    for (size_t i = 0; i < filter->n_targets; i++) {
        for (size_t j = 0; j < rule->n_affects; j++) {
            if (is_about(&rule->affects[j], filter->targets[i])) {
                return true;
            }
        }
    }
    return filter->n_targets == 0 || rule->n_affects == 0;
}

static bool has_tag(const opsig_rule *rule, const opsig_rules_filter *filter)
{
    for (size_t i = 0; i < filter->n_tags; i++) {
        for (size_t j = 0; j < rule->n_tags; j++) {
            if (strcmp(rule->tags[j], filter->tags[i]) == 0) {
                return true;
            }
        }
    }
    return filter->n_tags == 0;
}

bool opsig_rule_passes(const opsig_rule *rule, const opsig_rules_filter *filter)
{
    return rule->severity >= filter->min_severity && affects_target(rule, filter) &&
           has_tag(rule, filter);
}
