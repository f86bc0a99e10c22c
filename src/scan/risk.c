/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The risk of a model: each database's logistic model adds the weights of the signatures found to
 * its intercept. Of several databases, each with an oracle of its own, the largest risk counts,
 * and a finding's contribution is what it adds in its own database's model. */
#include "scan/scanner.h"

#include <math.h>

#include "base/mem.h"

opsig_status ops_hits_risk(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                           opsig_error *err)
{
    double *log_odds = ops_mem_zalloc(scanner->n_databases, sizeof *log_odds);
    if (log_odds == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < scanner->n_databases; i++) {
        log_odds[i] = scanner->databases[i]->intercept;
    }
    for (size_t i = 0; i < result->hits.len; i++) {
        struct ops_hit *hit = &result->hits.items[i];
        hit->finding.risk_contribution = hit->finding.signature->weight;
        log_odds[scanner->targets.items[hit->target].database] += hit->finding.signature->weight;
    }
    result->risk = NAN;
    for (size_t i = 0; i < scanner->n_databases; i++) {
        double risk = 1 / (1 + exp(-log_odds[i]));
        if (scanner->databases[i]->has_risk && !(result->risk >= risk)) {
            result->risk = risk;
        }
    }
    ops_mem_free(log_odds);
    return OPSIG_OK;
}
