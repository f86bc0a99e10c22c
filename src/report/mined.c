/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts over a whole database. */
#include "report/mined.h"

size_t ops_count_severities(size_t *by_severity, const opsig_database *database)
{
    const size_t n = opsig_database_n_signatures(database);
    for (size_t i = 0; i < n; i++) {
        const opsig_signature *const signature = opsig_database_signature(database, i);
        by_severity[opsig_signature_statistics(signature)->severity]++;
    }
    return n;
}

size_t ops_count_rules(size_t *by_severity, const opsig_database *database)
{
    const opsig_rules *const rules = opsig_database_rules(database);
    const size_t n = rules == NULL ? 0 : opsig_rules_n(rules);
    for (size_t i = 0; i < n; i++) {
        by_severity[opsig_rule_severity(opsig_rules_at(rules, i))]++;
    }
    return n;
}

size_t ops_count_subgraphs(const opsig_database *database)
{
    size_t n = 0;
    for (size_t i = 0; i < opsig_database_n_signatures(database); i++) {
        const opsig_signature *const signature = opsig_database_signature(database, i);
        n += opsig_pattern_kind_of(opsig_signature_pattern(signature)) == OPSIG_PATTERN_SUBGRAPH;
    }
    return n;
}
