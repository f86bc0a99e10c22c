/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The risk of a model: each database's risk model (struct ops_risk) adds up the terms found. Of
 * several databases, each with an oracle of its own, the largest risk counts. What a finding
 * contributes is the change of its own database's log-odds if it alone were gone. Rules have no
 * part in it. */
#include "scan/scanner.h"

#include <math.h>

#include "base/mem.h"

static const struct ops_risk *risk_of(const struct opsig_scanner *scanner, size_t database)
{
    return &scanner->databases[database]->risk;
}

static double term_of(const struct ops_hit *hit)
{
    return hit->finding.signature->weight * log2(1 + (double)hit->n_places);
}

/** Adds up the terms of each database, and from these the risk. */
static void sum_terms(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                      double *terms)
{
    for (size_t i = 0; i < result->hits.len; i++) {
        const struct ops_hit *hit = &result->hits.items[i];
        if (hit->finding.rule == NULL) {
            terms[scanner->targets.items[hit->target].database] += term_of(hit);
        }
    }
    result->risk = NAN;
    for (size_t i = 0; i < scanner->n_databases; i++) {
        double risk = 1 / (1 + exp(-ops_risk_log_odds(risk_of(scanner, i), terms[i])));
        if (risk_of(scanner, i)->present && !(result->risk >= risk)) {
            result->risk = risk;
        }
    }
}

opsig_status ops_hits_risk(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                           opsig_error *err)
{
    double *terms = ops_mem_zalloc(scanner->n_databases, sizeof *terms);
    if (terms == NULL) {
        return ops_error_nomem(err);
    }
    sum_terms(result, scanner, terms);
    for (size_t i = 0; i < result->hits.len; i++) {
        struct ops_hit *hit = &result->hits.items[i];
        if (hit->finding.rule != NULL) {
            continue;
        }
        uint32_t database = scanner->targets.items[hit->target].database;
        const struct ops_risk *risk = risk_of(scanner, database);
        if (risk->present) {
            hit->finding.risk_contribution =
                ops_risk_log_odds(risk, terms[database]) -
                ops_risk_log_odds(risk, terms[database] - term_of(hit));
        }
    }
    ops_mem_free(terms);
    return OPSIG_OK;
}
