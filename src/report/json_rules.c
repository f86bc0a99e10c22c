/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig rules` as JSON. */
#include "report/format.h"
#include "report/json.h"

static json_t *diagnostic(const opsig_rules_diagnostic *it)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "path", ops_json_text(it->path));
    failed |= ops_json_put(object, "line", ops_json_count(it->line));
    failed |= ops_json_put(object, "column", ops_json_count(it->column));
    failed |= ops_json_put(object, "severity", json_string(it->is_warning ? "warning" : "error"));
    failed |= ops_json_put(object, "message", ops_json_text(it->message));
    failed |= ops_json_put(object, "excerpt", ops_json_text(it->excerpt));
    return ops_json_checked(object, failed);
}

opsig_status ops_json_rules_check(FILE *stream, const opsig_report_style *style,
                                  const struct ops_rule_list *list, opsig_error *err)
{
    (void)style;
    json_t *diagnostics = json_array();
    json_t *object = json_object();
    size_t n_warnings = 0;
    int failed = 0;
    for (size_t i = 0; i < opsig_rules_n_diagnostics(list->rules); i++) {
        const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(list->rules, i);
        n_warnings += it.is_warning;
        failed |= ops_json_add(diagnostics, diagnostic(&it));
    }
    failed |= ops_json_put(object, "files", ops_json_count(list->n_files));
    failed |= ops_json_put(object, "rules", ops_json_count(opsig_rules_n(list->rules)));
    failed |= ops_json_put(object, "errors", ops_json_count(opsig_rules_n_errors(list->rules)));
    failed |= ops_json_put(object, "warnings", ops_json_count(n_warnings));
    failed |= ops_json_put(object, "diagnostics", diagnostics);
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}

/** The strings that a getter has of a rule. */
static json_t *strings(const opsig_rule *rule, size_t n,
                       const char *(*get)(const opsig_rule *rule, size_t i))
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        failed |= ops_json_add(array, ops_json_text(get(rule, i)));
    }
    return ops_json_checked(array, failed);
}

json_t *ops_json_rule_object(const opsig_rule *rule)
{
    const opsig_rule_confidence confidence = opsig_rule_confidence_of(rule);
    const opsig_severity severity = opsig_rule_severity(rule);
    json_t *object = json_object();
    int failed = ops_json_put(object, "id", ops_json_text(opsig_rule_id(rule)));
    failed |= ops_json_put(object, "kind", json_string("rule"));
    failed |= ops_json_put(object, "title", ops_json_text(opsig_rule_title(rule)));
    failed |= ops_json_put(object, "pattern", ops_json_text(opsig_rule_pattern(rule)));
    failed |= ops_json_put(object, "severity", json_string(opsig_severity_name(severity)));
    failed |=
        ops_json_put(object, "confidence", json_string(opsig_rule_confidence_name(confidence)));
    failed |= ops_json_put(object, "affects",
                           strings(rule, opsig_rule_n_affects(rule), opsig_rule_affects));
    failed |= ops_json_put(object, "refs", strings(rule, opsig_rule_n_refs(rule), opsig_rule_ref));
    failed |= ops_json_put(object, "fix", ops_json_text_or_null(opsig_rule_fix(rule)));
    failed |= ops_json_put(object, "note", ops_json_text_or_null(opsig_rule_note(rule)));
    failed |= ops_json_put(object, "tags", strings(rule, opsig_rule_n_tags(rule), opsig_rule_tag));
    return ops_json_checked(object, failed);
}

static json_t *examples(const opsig_rule *rule)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_rule_n_examples(rule); i++) {
        const opsig_example_kind kind = opsig_rule_example_kind(rule, i);
        json_t *object = json_object();
        failed |= ops_json_put(object, "kind", json_string(opsig_example_kind_name(kind)));
        failed |=
            ops_json_put(object, "title", ops_json_text_or_null(opsig_rule_example_title(rule, i)));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

/** A rule with where it stands, and what its examples are. */
static json_t *whole_rule(const opsig_rule *rule)
{
    json_t *object = ops_json_rule_object(rule);
    int failed = ops_json_put(object, "path", ops_json_text(opsig_rule_path(rule)));
    failed |= ops_json_put(object, "line", ops_json_count(opsig_rule_line(rule)));
    failed |= ops_json_put(object, "examples", examples(rule));
    return ops_json_checked(object, failed);
}

static json_t *example_result(const opsig_example_result *result)
{
    const char *const title = opsig_rule_example_title(result->rule, result->example);
    json_t *object = json_object();
    int failed = ops_json_put(object, "rule", ops_json_text(opsig_rule_id(result->rule)));
    failed |= ops_json_put(object, "title", ops_json_text_or_null(title));
    failed |=
        ops_json_put(object, "expected", json_string(opsig_example_kind_name(result->expected)));
    failed |= ops_json_put(object, "found",
                           result->is_readable ? json_string(opsig_example_kind_name(result->found))
                                               : json_null());
    failed |= ops_json_put(object, "passed", json_boolean(result->passed));
    failed |= ops_json_put(object, "path", ops_json_text(result->place.path));
    failed |= ops_json_put(object, "line", ops_json_count(result->place.line));
    failed |= ops_json_put(
        object, "error", result->is_readable ? json_null() : ops_json_text(result->place.message));
    return ops_json_checked(object, failed);
}

opsig_status ops_json_rules_test(FILE *stream, const opsig_report_style *style,
                                 const struct ops_tested *tested, opsig_error *err)
{
    (void)style;
    json_t *examples = json_array();
    json_t *object = json_object();
    int failed = 0;
    for (size_t i = 0; i < tested->results.len; i++) {
        failed |= ops_json_add(examples, example_result(&tested->results.items[i]));
    }
    failed |= ops_json_put(object, "rules", ops_json_count(opsig_rules_n(tested->rules)));
    failed |= ops_json_put(object, "failed", ops_json_count(tested->n_failed));
    failed |= ops_json_put(object, "examples", examples);
    return ops_json_write_line(stream, ops_json_checked(object, failed), err);
}

opsig_status ops_json_rules_list(FILE *stream, const opsig_report_style *style,
                                 const struct ops_rule_list *list, opsig_error *err)
{
    (void)style;
    opsig_status status = OPSIG_OK;
    TRY(ops_json_puts(stream, "{\"rules\": [", err));
    for (size_t i = 0; i < opsig_rules_n(list->rules); i++) {
        TRY(ops_json_puts(stream, i == 0 ? "\n  " : ",\n  ", err));
        TRY(ops_json_write(stream, whole_rule(opsig_rules_at(list->rules, i)), err));
    }
    TRY(ops_json_puts(stream, "]}\n", err));
done:
    return status;
}

json_t *ops_json_rule_evidence(const opsig_rule *rule)
{
    json_t *object = whole_rule(rule);
    const int failed = ops_json_put(object, "text", ops_json_text(opsig_rule_text(rule)));
    return ops_json_checked(object, failed);
}

opsig_status ops_json_rule(FILE *stream, const opsig_report_style *style, const opsig_rule *rule,
                           opsig_error *err)
{
    (void)style;
    return ops_json_write_line(stream, ops_json_rule_evidence(rule), err);
}
