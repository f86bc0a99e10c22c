/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From hits to findings. Findings are ranked by the lower end of the likelihood ratio: how much
 * more often, at least, the pattern stands in inconsistent models. A finding is covered by another
 * one where that one's pattern contains its pattern, and its matches lie within the other's: it
 * says nothing of its own about this model, and reports may fold it. */
#include "scan/scanner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pattern/contain.h"
#include "scan/ignore.h"

static int compare_findings(const void *a, const void *b)
{
    return ops_signature_strength(((const opsig_finding *)a)->signature,
                                  ((const opsig_finding *)b)->signature);
}

static int compare_terms(const void *a, const void *b)
{
    const opsig_finding *x = a;
    const opsig_finding *y = b;
    double s = fabs(x->risk_contribution);
    double t = fabs(y->risk_contribution);
    int order = (s < t) - (s > t);
    return order != 0 ? order : ops_signature_order(x->signature, y->signature);
}

/** Is match i of `inner` part of some match of `outer`? */
static bool match_lies_within(const opsig_finding *inner, size_t i, const opsig_finding *outer)
{
    size_t n_inner = inner->signature->pattern->n_steps;
    size_t n_outer = outer->signature->pattern->n_steps;
    const uint32_t *match = inner->matches + i * n_inner;
    for (size_t m = 0; m < outer->n_matches; m++) {
        const uint32_t *whole = outer->matches + m * n_outer;
        for (size_t at = 0; at + n_inner <= n_outer; at++) {
            if (memcmp(whole + at, match, n_inner * sizeof *match) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool covers(const opsig_finding *outer, const opsig_finding *inner)
{
    if (outer == inner || inner->occurrences > inner->n_matches ||
        !ops_pattern_contains(outer->signature->pattern, inner->signature->pattern)) {
        return false;
    }
    for (size_t i = 0; i < inner->n_matches; i++) {
        if (!match_lies_within(inner, i, outer)) {
            return false;
        }
    }
    return true;
}

/** Finds for each finding the strongest one that covers it. O(findings^2) containment tests. */
static void mark_covered(struct opsig_scan_result *result)
{
    for (size_t i = 0; i < result->findings.len; i++) {
        opsig_finding *inner = &result->findings.items[i];
        for (size_t j = 0; j < result->findings.len && inner->covered_by == SIZE_MAX; j++) {
            if (covers(&result->findings.items[j], inner)) {
                inner->covered_by = j;
            }
        }
    }
}

const char *opsig_finding_state_name(opsig_finding_state state)
{
    static const char *const names[] = {"new", "known", "ignored"};
    return names[state];
}

static opsig_status judge(opsig_finding *finding, const opsig_scan_options *options,
                          const char *path, opsig_error *err)
{
    const char *const id = opsig_signature_id(finding->signature);
    if (options->ignores != NULL) {
        finding->reason = ops_ignores_match(options->ignores, path, id);
    }
    if (finding->reason != NULL) {
        finding->state = OPSIG_FINDING_IGNORED;
        return OPSIG_OK;
    }
    if (options->baseline != NULL &&
        opsig_baseline_covers(options->baseline, path, id, finding->occurrences)) {
        finding->state = OPSIG_FINDING_KNOWN;
    }
    return options->record == NULL
               ? OPSIG_OK
               : opsig_baseline_add(options->record, path, id, finding->occurrences, err);
}

opsig_status ops_findings_judge(struct opsig_scan_result *result,
                                const opsig_scan_options *options, const char *path,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < result->findings.len; i++) {
        TRY(judge(&result->findings.items[i], options, path, err));
    }
done:
    return status;
}

opsig_status ops_hits_rank(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                           opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < result->hits.len; i++) {
        const opsig_finding finding = result->hits.items[i].finding;
        const opsig_signature *signature = finding.signature;
        if (!signature->significant) {
            TRY(ops_vec_push(&result->terms, finding, err));
        } else if (signature->statistics.severity >= scanner->options.min_severity) {
            TRY(ops_vec_push(&result->findings, finding, err));
        }
    }
    if (result->findings.len > 1) {
        qsort(result->findings.items, result->findings.len, sizeof *result->findings.items,
              compare_findings);
    }
    if (result->terms.len > 1) {
        qsort(result->terms.items, result->terms.len, sizeof *result->terms.items, compare_terms);
    }
    mark_covered(result);
done:
    return status;
}
