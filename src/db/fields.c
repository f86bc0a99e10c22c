/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a database may hold. The same checks guard what is read from a file, where a failure is
 * the file's, and what is about to be written, where it is a defect of the library. */
#include "db/fields.h"

#include <math.h>
#include <string.h>

#include "stats/interval.h"

enum { LONGEST_KEY = 255 };

#define AT(member) offsetof(struct opsig_signature, member)
#define COUNT(line, column)                                                                        \
    {                                                                                              \
        line, #column, AT(statistics.column), true, false, 0, UINT32_MAX                           \
    }
#define REAL(line, column, member, most)                                                           \
    {                                                                                              \
        line, column, AT(member), false, false, 0, most                                            \
    }
#define INTERVAL(name, most)                                                                       \
    REAL(#name, #name, statistics.name.value, most),                                               \
        REAL(NULL, #name "_low", statistics.name.low, most),                                       \
        REAL(NULL, #name "_high", statistics.name.high, most)

const struct ops_db_field ops_db_fields[OPS_DB_FIELDS] = {
    COUNT("inconsistent", with_inconsistent),
    COUNT(NULL, n_inconsistent),
    COUNT("consistent", with_consistent),
    COUNT(NULL, n_consistent),
    REAL("p", "p", statistics.p, 1),
    REAL("p_adjusted", "p_adjusted", statistics.p_adjusted, 1),
    {"p_order", "p_order", AT(statistics.p_order), false, true, 0, 1},
    INTERVAL(odds_ratio, INFINITY),
    INTERVAL(likelihood_ratio, INFINITY),
    INTERVAL(confidence, 1),
    REAL("lift", "lift", statistics.lift, INFINITY),
    {"weight", "weight", AT(weight), false, false, -INFINITY, INFINITY},
};

double ops_db_field_get(const struct opsig_signature *signature, const struct ops_db_field *field)
{
    const char *const at = (const char *)signature + field->offset;
    if (field->is_count) {
        uint32_t count;
        memcpy(&count, at, sizeof count);
        return count;
    }
    double real;
    memcpy(&real, at, sizeof real);
    return real + 0.0; /* -0 becomes 0 */
}

void ops_db_field_set(struct opsig_signature *signature, const struct ops_db_field *field,
                      double value)
{
    char *const at = (char *)signature + field->offset;
    if (field->is_count) {
        const uint32_t count = (uint32_t)value;
        memcpy(at, &count, sizeof count);
    } else {
        memcpy(at, &value, sizeof value);
    }
}

const char *ops_db_kind_name(opsig_pattern_kind kind)
{
    return kind == OPSIG_PATTERN_SEQUENCE ? "sequence" : "subgraph";
}

const char *ops_db_label_name(bool inconsistent)
{
    return inconsistent ? "inconsistent" : "consistent";
}

bool ops_db_label_parse(const char *name, bool *out_inconsistent)
{
    *out_inconsistent = strcmp(name, ops_db_label_name(true)) == 0;
    return *out_inconsistent || strcmp(name, ops_db_label_name(false)) == 0;
}

const char *const ops_db_risk_names[OPS_DB_RISK_NUMBERS] = {"intercept", "offset", "slope", "hinge",
                                                            "knot"};

void ops_db_risk_get(const struct ops_risk *risk, double out[OPS_DB_RISK_NUMBERS])
{
    const double numbers[] = {risk->intercept, risk->offset, risk->slope, risk->hinge, risk->knot};
    for (size_t i = 0; i < OPS_DB_RISK_NUMBERS; i++) {
        out[i] = numbers[i] + 0.0; /* -0 becomes 0 */
    }
}

struct ops_risk ops_db_risk_of(const double numbers[OPS_DB_RISK_NUMBERS])
{
    return (struct ops_risk){.present = true,
                             .intercept = numbers[0],
                             .offset = numbers[1],
                             .slope = numbers[2],
                             .hinge = numbers[3],
                             .knot = numbers[4]};
}

/** A failed check: `what` is wrong with `where`. */
static opsig_status wrong(opsig_status blame, const char *where, const char *what, opsig_error *err)
{
    return ops_error_set(err, blame, blame == OPSIG_INTERNAL ? "internal" : "damaged", -1,
                         "%.80s: %s", where, what);
}

static bool is_ordered(opsig_interval interval)
{
    return interval.low <= interval.value && interval.value <= interval.high;
}

static opsig_status check_numbers(const struct opsig_signature *signature, opsig_status blame,
                                  opsig_error *err)
{
    const char *const id = signature->pattern->id;
    const opsig_statistics *const s = &signature->statistics;
    for (size_t i = 0; i < OPS_DB_FIELDS; i++) {
        const struct ops_db_field *const field = &ops_db_fields[i];
        const double value = ops_db_field_get(signature, field);
        const bool in_range = isfinite(value) && value >= field->least && value <= field->most;
        if (!in_range && !(isnan(value) && field->may_be_nan)) {
            return ops_error_set(err, blame, "range", -1, "%s: %s is out of range", id,
                                 field->column);
        }
    }
    if (s->with_inconsistent > s->n_inconsistent || s->with_consistent > s->n_consistent) {
        return wrong(blame, id, "more models hold it than there are", err);
    }
    if (!is_ordered(s->odds_ratio) || !is_ordered(s->likelihood_ratio) ||
        !is_ordered(s->confidence)) {
        return wrong(blame, id, "an interval does not hold its value", err);
    }
    if (s->severity != ops_severity_of(s->likelihood_ratio.low)) {
        return wrong(blame, id, "the severity does not follow from the likelihood ratio", err);
    }
    return OPSIG_OK;
}

opsig_status ops_db_check_signature(const struct opsig_signature *signature, size_t n_models,
                                    opsig_status blame, opsig_error *err)
{
    if (signature->pattern == NULL || signature->context == NULL) {
        return wrong(blame, "a signature", "it has no pattern or context", err);
    }
    const char *const id = signature->pattern->id;
    for (size_t i = 0; i < signature->n_evidence; i++) {
        const struct ops_evidence *const at = &signature->evidence[i];
        if (at->nodes == NULL || at->model >= n_models) {
            return wrong(blame, id, "evidence from a model that is not listed", err);
        }
        if (i > 0 && at->model <= at[-1].model) {
            return wrong(blame, id, "evidence is not in the order of the models", err);
        }
    }
    return check_numbers(signature, blame, err);
}

opsig_status ops_db_check_model(const struct ops_db_model *model, opsig_status blame,
                                opsig_error *err)
{
    const size_t digits = strspn(model->sha256, "0123456789abcdef");
    if (model->sha256[digits] != '\0' || (digits != 0 && digits != 64)) {
        return wrong(blame, model->path, "its digest is not 64 hexadecimal digits", err);
    }
    return OPSIG_OK;
}

opsig_status ops_db_check_key(const char *key, opsig_status blame, opsig_error *err)
{
    const size_t len = strlen(key);
    bool printable = len > 0 && len <= LONGEST_KEY;
    for (size_t i = 0; printable && i < len; i++) {
        printable = key[i] > ' ' && key[i] <= '~';
    }
    return printable
               ? OPSIG_OK
               : wrong(blame, "provenance", "a key is not 1 to 255 printable characters", err);
}

opsig_status ops_db_check_risk(const struct ops_risk *risk, opsig_status blame, opsig_error *err)
{
    double numbers[OPS_DB_RISK_NUMBERS];
    ops_db_risk_get(risk, numbers);
    for (size_t i = 0; risk->present && i < OPS_DB_RISK_NUMBERS; i++) {
        if (!isfinite(numbers[i])) {
            return wrong(blame, "risk", "a number is not finite", err);
        }
    }
    return OPSIG_OK;
}

opsig_status ops_db_check(const struct opsig_database *database, opsig_status blame,
                          opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_db_check_risk(&database->risk, blame, err));
    for (size_t i = 0; i < database->provenance.len; i++) {
        TRY(ops_db_check_key(database->provenance.items[i].key, blame, err));
    }
    for (size_t i = 0; i < database->models.len; i++) {
        TRY(ops_db_check_model(&database->models.items[i], blame, err));
    }
    for (size_t i = 0; i < database->signatures.len; i++) {
        TRY(ops_db_check_signature(database->signatures.items[i], database->models.len, blame,
                                   err));
    }
done:
    return status;
}
