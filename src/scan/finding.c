/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From hits to findings. Findings are ranked by what they mean for who reads them: what is certain
 * before what is possible, then by severity. A rule says what goes wrong, so it comes before
 * signatures, which say how much more often, at least, a pattern stands in inconsistent models (the
 * lower end of the likelihood ratio). A finding of a signature is covered by another one where that
 * one's pattern contains its pattern, and the nodes of each of its matches are among those of one
 * of the other's: it says nothing of its own about this model, and reports may fold it. */
#include "scan/scanner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pattern/contain.h"
#include "scan/ignore.h"

const char *opsig_finding_id(const opsig_finding *finding)
{
    return finding->rule != NULL ? opsig_rule_id(finding->rule)
                                 : opsig_signature_id(finding->signature);
}

const char *opsig_finding_title(const opsig_finding *finding)
{
    return finding->rule != NULL ? opsig_rule_title(finding->rule)
                                 : opsig_pattern_text(opsig_signature_pattern(finding->signature));
}

opsig_severity opsig_finding_severity(const opsig_finding *finding)
{
    const opsig_severity severity = finding->rule != NULL
                                        ? opsig_rule_severity(finding->rule)
                                        : opsig_signature_statistics(finding->signature)->severity;
    return finding->is_possible && severity > OPSIG_SEVERITY_LOW ? severity - 1 : severity;
}

const uint32_t *opsig_finding_match(const opsig_finding *finding, size_t i, size_t *n)
{
    if (finding->ends == NULL) {
        *n = opsig_pattern_n_vertices(opsig_signature_pattern(finding->signature));
        return finding->matches + i * *n;
    }
    const uint32_t begin = i > 0 ? finding->ends[i - 1] : 0;
    *n = finding->ends[i] - begin;
    return finding->matches + begin;
}

/** Of two rules the one with better evidence comes first. */
static int compare_rules(const opsig_rule *a, const opsig_rule *b)
{
    const int order = (int)opsig_rule_confidence_of(b) - (int)opsig_rule_confidence_of(a);
    return order != 0 ? order : strcmp(opsig_rule_id(a), opsig_rule_id(b));
}

int opsig_finding_compare(const opsig_finding *a, const opsig_finding *b)
{
    if (a->is_possible != b->is_possible) {
        return a->is_possible ? 1 : -1;
    }
    const int order = (int)opsig_finding_severity(b) - (int)opsig_finding_severity(a);
    if (order != 0) {
        return order;
    }
    if (a->rule != NULL && b->rule != NULL) {
        return compare_rules(a->rule, b->rule);
    }
    if (a->rule != NULL || b->rule != NULL) {
        return a->rule != NULL ? -1 : 1;
    }
    return ops_signature_strength(a->signature, b->signature);
}

static int compare_findings(const void *a, const void *b)
{
    return opsig_finding_compare(a, b);
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

static bool has_vertex(const uint32_t *match, size_t n, uint32_t vertex)
{
    for (size_t i = 0; i < n; i++) {
        if (match[i] == vertex) {
            return true;
        }
    }
    return false;
}

/** Are the nodes of match i of `inner` among those of some match of `outer`? */
static bool match_lies_within(const opsig_finding *inner, size_t i, const opsig_finding *outer)
{
    const size_t n_inner = inner->signature->pattern->n_vertices;
    const size_t n_outer = outer->signature->pattern->n_vertices;
    const uint32_t *const match = inner->matches + i * n_inner;
    for (size_t m = 0; m < outer->n_matches; m++) {
        const uint32_t *const whole = outer->matches + m * n_outer;
        size_t n_found = 0;
        while (n_found < n_inner && has_vertex(whole, n_outer, match[n_found])) {
            n_found++;
        }
        if (n_found == n_inner) {
            return true;
        }
    }
    return false;
}

static bool holds(const opsig_finding *outer, const opsig_finding *inner)
{
    return ops_pattern_contains(outer->signature->pattern, inner->signature->pattern);
}

/** Matches are compared first: the patterns take more time. */
static bool covers(const opsig_finding *outer, const opsig_finding *inner)
{
    for (size_t i = 0; i < inner->n_matches; i++) {
        if (!match_lies_within(inner, i, outer)) {
            return false;
        }
    }
    return holds(outer, inner);
}

/** What of a finding tells quickly that it does not cover another one. */
struct outline {
    uint64_t operators;   /* of the pattern; 0: of a rule, which covers nothing */
    uint32_t first, last; /* vertices of all matches */
};

static struct outline outline_of(const opsig_finding *finding)
{
    if (finding->rule != NULL) {
        return (struct outline){0};
    }
    struct outline outline = {finding->signature->pattern->operators, UINT32_MAX, 0};
    const size_t n = finding->n_matches * finding->signature->pattern->n_vertices;
    for (size_t i = 0; i < n; i++) {
        const uint32_t vertex = finding->matches[i];
        outline.first = vertex < outline.first ? vertex : outline.first;
        outline.last = vertex > outline.last ? vertex : outline.last;
    }
    return outline;
}

/** Without branches, which would go either way. */
static bool may_cover(const struct outline *outer, const struct outline *inner)
{
    return ((inner->operators & ~outer->operators) == 0) & (outer->first <= inner->first) &
           (inner->last <= outer->last);
}

/** The strongest finding that covers finding i, or SIZE_MAX. Of two whose patterns say the same, as
 *  those of two databases may, only the weaker one is covered. */
static size_t find_cover(const struct opsig_scan_result *result, const struct outline *outlines,
                         size_t i)
{
    const opsig_finding *const findings = result->findings.items;
    const struct outline inner = outlines[i];
    const size_t n = result->findings.len;
    for (size_t j = 0; j < n; j++) {
        if (may_cover(&outlines[j], &inner) && j != i && covers(&findings[j], &findings[i]) &&
            (j < i || !holds(&findings[i], &findings[j]))) {
            return j;
        }
    }
    return SIZE_MAX;
}

/** O(findings^2) comparisons of words, and containment tests where these do not tell. */
static void mark_covered(struct opsig_scan_result *result, const struct outline *outlines)
{
    for (size_t i = 0; i < result->findings.len; i++) {
        opsig_finding *const inner = &result->findings.items[i];
        const bool all_known = !inner->incomplete && inner->occurrences <= inner->n_matches;
        if (inner->rule == NULL && all_known) {
            inner->covered_by = find_cover(result, outlines, i);
        }
    }
}

static opsig_status fold(struct opsig_scan_result *result, opsig_error *err)
{
    const size_t n = result->findings.len;
    struct outline *const outlines = ops_mem_zalloc(n, sizeof *outlines);
    if (outlines == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        outlines[i] = outline_of(&result->findings.items[i]);
    }
    mark_covered(result, outlines);
    ops_mem_free(outlines);
    return OPSIG_OK;
}

const char *opsig_finding_state_name(opsig_finding_state state)
{
    static const char *const names[] = {"new", "known", "ignored"};
    return names[state];
}

static opsig_status judge(opsig_finding *finding, const opsig_scan_options *options,
                          const char *path, opsig_error *err)
{
    const char *const id = opsig_finding_id(finding);
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

/** Keeps the findings that count, and the number of the others. */
static opsig_status keep_new(struct opsig_scan_result *result, opsig_error *err)
{
    const size_t n = result->findings.len;
    opsig_finding *const findings = result->findings.items;
    size_t *const place = ops_mem_zalloc(n, sizeof *place);
    if (place == NULL) {
        return ops_error_nomem(err);
    }
    result->findings.len = 0;
    for (size_t i = 0; i < n; i++) {
        if (findings[i].state == OPSIG_FINDING_NEW) {
            place[i] = result->findings.len;
            findings[result->findings.len++] = findings[i];
        } else {
            place[i] = SIZE_MAX;
            result->n_dropped[findings[i].state]++;
        }
    }
    for (size_t i = 0; i < result->findings.len; i++) {
        const size_t cover = findings[i].covered_by;
        findings[i].covered_by = cover < n ? place[cover] : SIZE_MAX;
    }
    ops_mem_free(place);
    return OPSIG_OK;
}

opsig_status ops_findings_judge(struct opsig_scan_result *result,
                                const opsig_scan_options *options, const char *path,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < result->findings.len; i++) {
        TRY(judge(&result->findings.items[i], options, path, err));
    }
    if (options->only_new && result->findings.len > 0) {
        TRY(keep_new(result, err));
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
        if (finding.rule == NULL && !finding.signature->significant) {
            TRY(ops_vec_push(&result->terms, finding, err));
        } else if (opsig_finding_severity(&finding) >= scanner->options.min_severity) {
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
    if (result->unsearched.len > 1) {
        qsort(result->unsearched.items, result->unsearched.len, sizeof *result->unsearched.items,
              compare_findings);
    }
    TRY(fold(result, err));
done:
    return status;
}
