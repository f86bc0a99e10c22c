/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/random_database.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stats/interval.h"

enum { LONGEST_TEXT = 60 };

/** A stream of random numbers. */
struct dice {
    uint64_t seed, index;
};

static uint32_t roll(struct dice *dice, uint32_t bound)
{
    return (uint32_t)ops_rng_below(dice->seed, 0, dice->index++, bound);
}

static void must(bool done)
{
    if (!done) {
        abort();
    }
}

/** Text of `kind` 0: a path; 1: any bytes; 2: with quotes and blanks; 3: UTF-8; 4: empty. */
static char *random_text(struct dice *dice, uint32_t kind)
{
    static const char *const pieces[] = {"\"", "\\", " ",  "\t", "#",
                                         "'",  "%s", "\n", "->", "\\x41"};
    static const char *const letters[] = {"\xc3\xa9", "\xe6\xa8\xa1", "\xf0\x9f\x98\x80", "a", "/"};
    char text[LONGEST_TEXT] = "";
    const uint32_t n = kind == 4 ? 0 : 1 + roll(dice, 10);
    for (uint32_t i = 0; i < n; i++) {
        const size_t len = strlen(text);
        const char byte[] = {(char)(1 + roll(dice, 255)), '\0'};
        const char letter[] = {"abcXYZ019/._-"[roll(dice, 13)], '\0'};
        const char *const piece = kind == 0   ? letter
                                  : kind == 1 ? byte
                                  : kind == 2 ? pieces[roll(dice, 10)]
                                              : letters[roll(dice, 5)];
        (void)snprintf(text + len, sizeof text - len, "%s", piece);
    }
    char *const copy = ops_mem_strdup(text);
    must(copy != NULL);
    return copy;
}

/** The same with a number behind it, so that no two are equal. */
static char *unique_text(struct dice *dice, uint32_t number)
{
    char text[LONGEST_TEXT + 16];
    char *const start = random_text(dice, roll(dice, 5));
    (void)snprintf(text, sizeof text, "%s#%u", start, number);
    ops_mem_free(start);
    char *const copy = ops_mem_strdup(text);
    must(copy != NULL);
    return copy;
}

static double random_probability(struct dice *dice)
{
    static const double odd[] = {0, 1, DBL_MIN, 4.9406564584124654e-324, 1e-300, 0.05};
    return roll(dice, 2) == 0 ? odd[roll(dice, 6)] : roll(dice, UINT32_MAX) / 4294967296.0;
}

static double random_real(struct dice *dice)
{
    static const double odd[] = {0, -1, DBL_MAX, -DBL_MAX, DBL_MIN, 0.1};
    return roll(dice, 2) == 0 ? odd[roll(dice, 6)] : roll(dice, UINT32_MAX) / 1e9 - 2;
}

static void add_models(struct opsig_database *database, struct dice *dice, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        struct ops_db_model model = {.path = unique_text(dice, i),
                                     .inconsistent = roll(dice, 2) == 0};
        for (int digit = 0; i % 3 != 0 && digit < 64; digit++) {
            model.sha256[digit] = "0123456789abcdef"[roll(dice, 16)];
        }
        must(ops_vec_push(&database->models, model, NULL) == OPSIG_OK);
    }
}

static void add_provenance(struct opsig_database *database, struct dice *dice)
{
    const uint32_t n = roll(dice, 8);
    for (uint32_t i = 0; i < n; i++) {
        char key[32];
        char *const value = random_text(dice, roll(dice, 5));
        (void)snprintf(key, sizeof key, "option.\"key\"%u", roll(dice, 100));
        must(ops_database_note(database, key, value, NULL) == OPSIG_OK);
        ops_mem_free(value);
    }
}

/** Vertices n0, n1, ... with an edge to each from one before it, and one more. */
static void write_graph(char *text, size_t size, struct dice *dice, uint32_t number,
                        uint32_t length, const char *const *symbols)
{
    (void)snprintf(text, size, "n0:Op%u", number);
    for (uint32_t i = 1; i < length; i++) {
        const size_t len = strlen(text);
        (void)snprintf(text + len, size - len, "; n%u:%s", i, symbols[roll(dice, 6)]);
    }
    for (uint32_t i = 1; i < length; i++) {
        const size_t len = strlen(text);
        (void)snprintf(text + len, size - len, "; n%u -[%u]-> n%u", roll(dice, i), roll(dice, 3),
                       i);
    }
    const size_t len = strlen(text);
    (void)snprintf(text + len, size - len, "; n0 -[7]-> n%u", length - 1);
}

/** A pattern with a symbol that no pattern of another number has. */
static opsig_pattern *random_pattern(struct dice *dice, uint32_t number, uint32_t length)
{
    static const char *const symbols[] = {
        "Cast{to=7}", "Pad", "\"odd \\\" op\"", "com.x::Gelu", "\"\\xc3\\xa9\"", "\"->\""};
    char text[600];
    (void)snprintf(text, sizeof text, "Op%u", number);
    for (uint32_t i = 1; i < length; i++) {
        const size_t len = strlen(text);
        (void)snprintf(text + len, sizeof text - len, " -> %s", symbols[roll(dice, 6)]);
    }
    if (length > 1 && roll(dice, 2) == 0) {
        write_graph(text, sizeof text, dice, number, length, symbols);
    }
    opsig_pattern *pattern;
    must(opsig_pattern_parse(&pattern, text, NULL) == OPSIG_OK);
    return pattern;
}

static void add_evidence(struct opsig_signature *signature, struct dice *dice, uint32_t n_models)
{
    OPS_VEC(struct ops_evidence) evidence = {0};
    for (uint32_t i = 0; i < n_models; i++) {
        if (roll(dice, 3) == 0) {
            const struct ops_evidence one = {.model = i, .nodes = random_text(dice, roll(dice, 5))};
            must(ops_vec_push(&evidence, one, NULL) == OPSIG_OK);
        }
    }
    signature->evidence = evidence.items;
    signature->n_evidence = evidence.len;
}

static void add_signature(struct opsig_database *database, struct dice *dice, uint32_t number)
{
    struct opsig_signature *signature;
    must(ops_database_add(database, &signature, NULL) == OPSIG_OK);
    const uint32_t length = 1 + roll(dice, 6), bound = roll(dice, 2) == 0 ? 50 : 2000000000U;
    const uint32_t n_inconsistent = 1 + roll(dice, bound), n_consistent = 1 + roll(dice, bound);
    signature->pattern = random_pattern(dice, number, length);
    signature->context = random_pattern(dice, number, length + roll(dice, 3));
    signature->significant = number == 0 || roll(dice, 3) > 0;
    ops_statistics_fill(&signature->statistics, roll(dice, n_inconsistent + 1), n_inconsistent,
                        roll(dice, n_consistent + 1), n_consistent);
    signature->statistics.p = random_probability(dice);
    signature->statistics.p_adjusted = random_probability(dice);
    signature->statistics.p_order = roll(dice, 3) == 0 ? NAN : random_probability(dice);
    signature->weight = random_real(dice);
    add_evidence(signature, dice, (uint32_t)database->models.len);
}

/** Rules as a database holds them: by id, without examples. */
static void add_rules(struct opsig_database *database)
{
    static const char text[] =
        "rule rule-a\n  title \"\\\"x\\\"\"\n  severity high\n  confidence fixed\n"
        "  affects tvm < 2\n  ref https://example.org/1\n  tags a b\nmatch\n"
        "  n:Relu[given(alpha)] -> (Cast)? -> m:Add\nunless\n  m -> _:Relu\nreport at n\nend\n"
        "rule rule-b\n  severity low\nmatch\n  n:Relu\nreport at n\nend\n";
    must(opsig_rules_new(&database->rules, NULL) == OPSIG_OK);
    must(opsig_rules_add_text(database->rules, "r", text, strlen(text), NULL) == OPSIG_OK);
}

struct opsig_database *random_database(uint64_t seed, uint32_t n_signatures, uint32_t n_models)
{
    struct dice dice = {.seed = seed};
    struct opsig_database *database;
    must(ops_database_new(&database, NULL) == OPSIG_OK);
    database->alphabet = (opsig_alphabet)roll(&dice, 3);
    database->risk.present = roll(&dice, 4) > 0;
    if (database->risk.present) {
        database->risk.intercept = random_real(&dice);
        database->risk.offset = random_real(&dice);
        database->risk.slope = random_real(&dice);
        database->risk.hinge = random_real(&dice);
        database->risk.knot = random_real(&dice);
    }
    add_provenance(database, &dice);
    add_models(database, &dice, n_models);
    for (uint32_t i = 0; i < n_signatures; i++) {
        add_signature(database, &dice, i);
    }
    add_rules(database);
    ops_database_sort(database);
    return database;
}

/** Equal, or both NaN. */
static bool same_number(double a, double b)
{
    return isnan(a) ? isnan(b) : a == b;
}

static bool same_interval(opsig_interval a, opsig_interval b)
{
    return a.value == b.value && a.low == b.low && a.high == b.high;
}

static bool same_statistics(const opsig_statistics *a, const opsig_statistics *b)
{
    return a->n_inconsistent == b->n_inconsistent && a->n_consistent == b->n_consistent &&
           a->with_inconsistent == b->with_inconsistent &&
           a->with_consistent == b->with_consistent && a->p == b->p &&
           a->p_adjusted == b->p_adjusted && same_number(a->p_order, b->p_order) &&
           same_interval(a->odds_ratio, b->odds_ratio) &&
           same_interval(a->likelihood_ratio, b->likelihood_ratio) &&
           same_interval(a->confidence, b->confidence) && a->lift == b->lift &&
           a->severity == b->severity;
}

static bool same_evidence(const struct opsig_signature *a, const struct opsig_signature *b)
{
    bool same = a->n_evidence == b->n_evidence;
    for (size_t i = 0; same && i < a->n_evidence; i++) {
        same = a->evidence[i].model == b->evidence[i].model &&
               strcmp(a->evidence[i].nodes, b->evidence[i].nodes) == 0;
    }
    return same;
}

static const char *signature_difference(const struct opsig_signature *a,
                                        const struct opsig_signature *b)
{
    if (strcmp(a->pattern->text, b->pattern->text) != 0) {
        return "pattern";
    }
    if (strcmp(a->pattern->id, b->pattern->id) != 0) {
        return "id";
    }
    if (strcmp(a->context->text, b->context->text) != 0) {
        return "context";
    }
    if (!same_statistics(&a->statistics, &b->statistics)) {
        return "statistics";
    }
    if (a->weight != b->weight || a->significant != b->significant) {
        return "weight or significance";
    }
    return same_evidence(a, b) ? NULL : "evidence";
}

static bool same_risk(const struct ops_risk *a, const struct ops_risk *b)
{
    return a->present == b->present && a->intercept == b->intercept && a->offset == b->offset &&
           a->slope == b->slope && a->hinge == b->hinge && a->knot == b->knot;
}

static bool same_models(const struct opsig_database *a, const struct opsig_database *b)
{
    bool same = a->models.len == b->models.len;
    for (size_t i = 0; same && i < a->models.len; i++) {
        const struct ops_db_model *const x = &a->models.items[i], *const y = &b->models.items[i];
        same = strcmp(x->path, y->path) == 0 && strcmp(x->sha256, y->sha256) == 0 &&
               x->inconsistent == y->inconsistent;
    }
    return same;
}

static bool same_provenance(const struct opsig_database *a, const struct opsig_database *b)
{
    bool same = a->provenance.len == b->provenance.len;
    for (size_t i = 0; same && i < a->provenance.len; i++) {
        same = strcmp(a->provenance.items[i].key, b->provenance.items[i].key) == 0 &&
               strcmp(a->provenance.items[i].value, b->provenance.items[i].value) == 0;
    }
    return same;
}

static bool same_rules(const opsig_rules *a, const opsig_rules *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    bool same = opsig_rules_n(a) == opsig_rules_n(b);
    for (size_t i = 0; same && i < opsig_rules_n(a); i++) {
        same = strcmp(opsig_rule_text(opsig_rules_at(a, i)),
                      opsig_rule_text(opsig_rules_at(b, i))) == 0;
    }
    return same;
}

const char *database_difference(const struct opsig_database *a, const struct opsig_database *b)
{
    if (a->alphabet != b->alphabet) {
        return "alphabet";
    }
    if (!same_risk(&a->risk, &b->risk)) {
        return "risk";
    }
    if (!same_models(a, b)) {
        return "models";
    }
    if (!same_provenance(a, b)) {
        return "provenance";
    }
    if (!same_rules(a->rules, b->rules)) {
        return "rules";
    }
    if (a->signatures.len != b->signatures.len || a->n_significant != b->n_significant) {
        return "number of signatures";
    }
    for (size_t i = 0; i < a->signatures.len; i++) {
        const char *const difference =
            signature_difference(a->signatures.items[i], b->signatures.items[i]);
        if (difference != NULL) {
            return difference;
        }
    }
    return NULL;
}
