/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text format, and the sentences that its reports share. Statistics are said as counts of
 * models first: anyone can judge "31 of 210 against 4 of 900". */
#include "report/text.h"

#include <math.h>

#include "report/format.h"

const struct ops_format ops_format_text = {
    .scan_model = ops_text_scan_model,
    .scan_end = ops_text_scan_end,
    .inspect_model = ops_text_inspect_model,
    .mine = ops_text_mine,
    .frequent = ops_text_frequent,
    .hypothesis = ops_text_hypothesis,
    .coverage = ops_text_coverage,
    .db_info = ops_text_db_info,
    .db_list = ops_text_db_list,
    .db_diff = ops_text_db_diff,
    .db_show = ops_text_db_show,
    .rules_check = ops_text_rules_check,
    .rules_list = ops_text_rules_list,
    .rules_test = ops_text_rules_test,
    .rule = ops_text_rule,
    .version = ops_text_version,
};

void ops_text_support(struct ops_page *page, const opsig_statistics *statistics)
{
    ops_page_print(page, "%u of %u inconsistent models hold it, %u of %u consistent ones",
                   statistics->with_inconsistent, statistics->n_inconsistent,
                   statistics->with_consistent, statistics->n_consistent);
}

void ops_text_oracle(struct ops_page *page, const opsig_signature *signature)
{
    const char *const oracle = opsig_signature_oracle(signature);
    if (oracle != NULL && oracle[0] != '\0') {
        ops_page_print(page, " (");
        ops_page_name(page, oracle);
        ops_page_print(page, ")");
    }
}

void ops_text_evidence(struct ops_page *page, const opsig_finding *finding)
{
    if (finding->rule == NULL) {
        ops_text_support(page, opsig_signature_statistics(finding->signature));
        ops_text_oracle(page, finding->signature);
        return;
    }
    ops_page_print(page, "%sconfidence %s; affects ",
                   finding->is_possible ? "possible: some test is of what is not known; " : "",
                   opsig_rule_confidence_name(opsig_rule_confidence_of(finding->rule)));
    ops_text_affects(page, finding->rule);
}

void ops_text_unsearched(struct ops_page *page, const opsig_scan_result *result)
{
    const size_t n = opsig_scan_result_n_unsearched(result);
    size_t n_rules = 0;
    for (size_t i = 0; i < n; i++) {
        n_rules += opsig_scan_result_unsearched(result, i)->rule != NULL;
    }
    if (n > n_rules) {
        ops_page_count(page, n - n_rules, "signature");
        ops_page_print(page, n_rules > 0 ? " and " : "");
    }
    if (n_rules > 0) {
        ops_page_count(page, n_rules, "rule");
    }
    ops_page_print(page, " may be here and not found: too many like nodes meet (--max-work "
                         "searches on)");
}

void ops_text_odds(struct ops_page *page, double log_odds)
{
    ops_page_print(page, log_odds < 0 ? "divides" : "multiplies");
    ops_page_print(page, " the odds of inconsistency by ");
    ops_page_factor(page, exp(fabs(log_odds)));
}

/** "[11.5, 96.1]", as wide as most of its kind. */
static void bounds(struct ops_page *page, opsig_interval interval)
{
    ops_page_print(page, "[");
    ops_page_factor(page, interval.low);
    ops_page_print(page, ", ");
    ops_page_factor(page, interval.high);
    ops_page_print(page, "]");
}

void ops_text_signature_line(struct ops_page *page, const opsig_signature *signature)
{
    const opsig_statistics *const s = opsig_signature_statistics(signature);
    ops_page_name(page, opsig_signature_id(signature));
    ops_page_print(page, "  ");
    ops_page_severity(page, s->severity);
    ops_page_print(page, "  %5u/%u %5u/%u  LR ", s->with_inconsistent, s->n_inconsistent,
                   s->with_consistent, s->n_consistent);
    ops_page_factor(page, s->likelihood_ratio.value);
    ops_page_print(page, " ");
    bounds(page, s->likelihood_ratio);
    ops_page_print(page, "  ");
    ops_page_name(page, opsig_pattern_text(opsig_signature_pattern(signature)));
    ops_page_print(page, "\n");
}

void ops_text_error(struct ops_page *page, const opsig_error *error)
{
    ops_page_name(page, error->message);
    if (error->offset >= 0) {
        ops_page_print(page, " (at byte %lld)", (long long)error->offset);
    }
}

void ops_text_severities(struct ops_page *page, const size_t *by_severity)
{
    ops_page_print(page, "%zu high, %zu medium, %zu low", by_severity[OPSIG_SEVERITY_HIGH],
                   by_severity[OPSIG_SEVERITY_MEDIUM], by_severity[OPSIG_SEVERITY_LOW]);
}
