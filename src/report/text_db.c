/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig db info`, `db list`, `db show` and `opsig version` for people. What `db show` prints is
 * the evidence page of a signature: what it is, what speaks for it, and where it was seen. */
#include <math.h>
#include <string.h>

#include <opsig/version.h>

#include "pattern/signature.h"
#include "report/build.h"
#include "report/format.h"
#include "report/mined.h"
#include "report/relatives.h"
#include "report/text.h"

/* Models shown of each label unless --verbose asks for all. */
enum { EVIDENCE_SHOWN = 10 };

/* Below this the arrangement of the operators is said to matter beside their presence. */
static const double order_level = 0.05;

opsig_status ops_text_db_info(FILE *stream, const opsig_report_style *style,
                              const struct ops_named_database *named, opsig_error *err)
{
    const opsig_database *const database = named->database;
    size_t by_severity[OPS_N_SEVERITIES] = {0};
    size_t rules[OPS_N_SEVERITIES] = {0};
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_page_toned(&page, OPS_TONE_HEADING, named->path);
    ops_page_print(&page, ": ");
    ops_page_count(&page, ops_count_severities(by_severity, database), "signature");
    ops_page_print(&page, " (");
    ops_text_severities(&page, by_severity);
    if (database->rules != NULL) {
        ops_page_print(&page, "), ");
        ops_page_count(&page, ops_count_rules(rules, database), "rule");
        ops_page_print(&page, " (");
        ops_text_severities(&page, rules);
    }
    ops_page_print(&page, ")\n  alphabet %s, names ", ops_alphabet_name(database->alphabet));
    ops_page_count(&page, database->models.len, "model");
    ops_page_print(&page, ", %s risk model\n", database->risk.present ? "with a" : "without a");
    for (size_t i = 0; i < opsig_database_n_provenance(database); i++) {
        ops_page_print(&page, "  ");
        ops_page_cell(&page, opsig_database_provenance_key(database, i), 28);
        ops_page_print(&page, " ");
        ops_page_name(&page, opsig_database_provenance_value(database, i));
        ops_page_print(&page, "\n");
    }
    return ops_page_finish(&page, err);
}

opsig_status ops_text_db_list(FILE *stream, const opsig_report_style *style,
                              const struct ops_named_database *named, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    for (size_t i = 0; i < opsig_database_n_signatures(named->database); i++) {
        ops_text_signature_line(&page, opsig_database_signature(named->database, i));
    }
    const opsig_rules *const rules = opsig_database_rules(named->database);
    for (size_t i = 0; rules != NULL && i < opsig_rules_n(rules); i++) {
        ops_text_rule_line(&page, opsig_rules_at(rules, i));
    }
    return ops_page_finish(&page, err);
}

static void print_title(struct ops_page *page, const opsig_signature *signature)
{
    const opsig_pattern *const context = opsig_signature_context(signature);
    const opsig_pattern *const pattern = opsig_signature_pattern(signature);
    ops_page_toned(page, OPS_TONE_HEADING, opsig_pattern_text(pattern));
    ops_page_print(page, "\n  %s, severity ", opsig_signature_id(signature));
    ops_page_toned(page, OPS_TONE_HEADING,
                   opsig_severity_name(opsig_signature_statistics(signature)->severity));
    ops_page_print(page, "\n");
    if (opsig_pattern_n_vertices(context) > opsig_pattern_n_vertices(pattern)) {
        ops_page_print(page, "  largest pattern in the same models: ");
        ops_page_name(page, opsig_pattern_text(context));
        ops_page_print(page, "\n");
    }
}

static void print_strength(struct ops_page *page, const opsig_signature *signature)
{
    const opsig_statistics *const s = opsig_signature_statistics(signature);
    ops_page_print(page, "\nHow strong\n  ");
    ops_text_support(page, s);
    ops_text_oracle(page, signature);
    ops_page_print(page, ".\n  Inconsistent models hold it more often by a factor (likelihood "
                         "ratio) of ");
    ops_page_interval(page, s->likelihood_ratio);
    ops_page_print(page, ".\n  Of the models that hold it ");
    ops_page_percent(page, s->confidence.value);
    ops_page_print(page, " are inconsistent (95 %% interval ");
    ops_page_percent(page, s->confidence.low);
    ops_page_print(page, " to ");
    ops_page_percent(page, s->confidence.high);
    ops_page_print(page, "), ");
    ops_page_factor(page, s->lift);
    ops_page_print(page, " times the share in the whole corpus.\n  Odds ratio ");
    ops_page_interval(page, s->odds_ratio);
    ops_page_print(page, ".\n");
}

static void print_chance(struct ops_page *page, const opsig_statistics *s)
{
    ops_page_print(page, "\nCould it be chance\n  p = ");
    ops_page_number(page, s->p, 3);
    ops_page_print(page, " within strata; ");
    ops_page_number(page, s->p_adjusted, 3);
    ops_page_print(page, " after correction for all patterns that were tested.\n");
    if (!isnan(s->p_order)) {
        ops_page_print(page, "  Against models with the same operators in another arrangement: "
                             "p = ");
        ops_page_number(page, s->p_order, 3);
        ops_page_print(page, s->p_order < order_level
                                 ? ", so the arrangement says more than the operators alone.\n"
                                 : ", so the operators alone may explain it.\n");
    }
}

/** The labels of a match, which the database joins by newlines. */
static void print_nodes(struct ops_page *page, const char *joined)
{
    for (bool first = true; joined[0] != '\0'; first = false) {
        const size_t length = strcspn(joined, "\n");
        ops_page_print(page, "%s", first ? "" : ", ");
        ops_page_bytes(page, joined, length);
        joined += length + (joined[length] == '\n');
    }
}

static void print_evidence(struct ops_page *page, const opsig_signature *signature,
                           int inconsistent)
{
    size_t n = 0;
    for (size_t i = 0; i < opsig_signature_n_evidence(signature); i++) {
        const opsig_evidence evidence = opsig_signature_evidence(signature, i);
        if (evidence.inconsistent != inconsistent || (n++ >= EVIDENCE_SHOWN && !page->verbose)) {
            continue;
        }
        ops_page_print(page, "  %-12s  ", inconsistent ? "inconsistent" : "consistent");
        ops_page_name(page, evidence.model);
        ops_page_print(page, "  ");
        print_nodes(page, evidence.nodes);
        ops_page_print(page, "\n");
    }
    if (n > EVIDENCE_SHOWN && !page->verbose) {
        ops_page_print(page, "  and %zu more %s ones (--verbose shows all)\n", n - EVIDENCE_SHOWN,
                       inconsistent ? "inconsistent" : "consistent");
    }
}

static void print_relatives(struct ops_page *page, const char *title, const ops_signature_vec *list)
{
    if (list->len > 0) {
        ops_page_print(page, "\n%s\n", title);
    }
    for (size_t i = 0; i < list->len; i++) {
        ops_page_print(page, "  %s  ", opsig_signature_id(list->items[i]));
        ops_page_name(page, opsig_pattern_text(opsig_signature_pattern(list->items[i])));
        ops_page_print(page, "\n");
    }
}

opsig_status ops_text_db_show(FILE *stream, const opsig_report_style *style,
                              const opsig_signature *signature, opsig_error *err)
{
    const double weight = opsig_signature_weight(signature);
    struct ops_page page;
    struct ops_relatives relatives = {0};
    const opsig_status status = ops_relatives_find(&relatives, signature, err);
    if (status != OPSIG_OK) {
        ops_relatives_dispose(&relatives);
        return status;
    }
    ops_page_start(&page, stream, style);
    print_title(&page, signature);
    print_strength(&page, signature);
    print_chance(&page, opsig_signature_statistics(signature));
    ops_page_print(&page, "\nIn the risk of a model\n  ");
    if (fabs(weight) > 0) {
        ops_page_print(&page, "n places add ");
        ops_page_number(&page, weight, 3);
        ops_page_print(&page, " * log2(1 + n) to the log-odds of inconsistency, before "
                              "calibration.\n");
    } else {
        ops_page_print(&page, "It does not count.\n");
    }
    print_relatives(&page, "Signatures within it", &relatives.parts);
    print_relatives(&page, "Signatures around it", &relatives.wholes);
    ops_relatives_dispose(&relatives);
    ops_page_print(&page, "\nSeen in\n");
    print_evidence(&page, signature, 1);
    print_evidence(&page, signature, 0);
    return ops_page_finish(&page, err);
}

/** A signature or rule on a line of its own, with + or - before it. */
static void print_side(struct ops_page *page, const char *sign, const opsig_signature *signature,
                       const opsig_rule *rule)
{
    if (signature != NULL || rule != NULL) {
        ops_page_print(page, "%s ", sign);
    }
    if (signature != NULL) {
        ops_text_signature_line(page, signature);
    } else if (rule != NULL) {
        ops_text_rule_line(page, rule);
    }
}

opsig_status ops_text_db_diff(FILE *stream, const opsig_report_style *style,
                              const struct ops_compared *compared, opsig_error *err)
{
    static const char *const words[] = {"appeared", "vanished", "changed"};
    size_t counts[] = {0, 0, 0};
    struct ops_page page;
    ops_page_start(&page, stream, style);
    for (size_t i = 0; i < opsig_db_diff_n(compared->diff); i++) {
        const opsig_db_change *const change = opsig_db_diff_change(compared->diff, i);
        if (counts[change->kind]++ == 0) {
            ops_page_print(&page, "%s:\n", words[change->kind]);
        }
        print_side(&page, "-", change->before, change->rule_before);
        print_side(&page, "+", change->after, change->rule_after);
    }
    ops_page_name(&page, compared->before);
    ops_page_print(&page, " -> ");
    ops_page_name(&page, compared->after);
    ops_page_print(&page, ": %zu appeared, %zu vanished, %zu changed, %zu the same\n",
                   counts[OPSIG_DB_APPEARED], counts[OPSIG_DB_VANISHED], counts[OPSIG_DB_CHANGED],
                   opsig_db_diff_n_same(compared->diff));
    return ops_page_finish(&page, err);
}

static void print_facts(struct ops_page *page, const struct ops_fact *fact)
{
    for (; fact->name != NULL; fact++) {
        if (fact->value[0] != '\0') {
            ops_page_print(page, "  %-10s  %s\n", fact->name, fact->value);
        }
    }
}

opsig_status ops_text_version(FILE *stream, const opsig_report_style *style, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_page_print(&page, "opsig %s\nbuild:\n", opsig_version());
    print_facts(&page, ops_build_facts);
    ops_page_print(&page, "libraries:\n");
    print_facts(&page, ops_build_libraries);
    return ops_page_finish(&page, err);
}
