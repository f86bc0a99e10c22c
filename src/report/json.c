/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON for programs, through jansson. Numbers have six significant digits, keys their order.
 * Output is ASCII: jansson writes what is beyond it as \uXXXX; DEL, which it lets through, and
 * `<`, which could open a tag where a report is put into a page, are replaced on the way out
 * (both occur inside strings only). */
#include "report/json.h"

#include <math.h>
#include <string.h>

#include <opsig/version.h>

#include "base/buffer.h"
#include "base/escape.h"
#include "base/number.h"
#include "report/format.h"

enum { SIGNIFICANT_DIGITS = 6, TEXT_MAX_BYTES = 64 * 1024 * 1024 };

const struct ops_format ops_format_json = {
    .scan_begin = ops_json_scan_begin,
    .scan_model = ops_json_scan_model,
    .scan_end = ops_json_scan_end,
    .inspect_begin = ops_json_inspect_begin,
    .inspect_model = ops_json_inspect_model,
    .inspect_end = ops_json_inspect_end,
    .mine = ops_json_mine,
    .frequent = ops_json_frequent,
    .hypothesis = ops_json_hypothesis,
    .coverage = ops_json_coverage,
    .db_info = ops_json_db_info,
    .db_list = ops_json_db_list,
    .db_diff = ops_json_db_diff,
    .db_show = ops_json_db_show,
    .rules_check = ops_json_rules_check,
    .rules_list = ops_json_rules_list,
    .rules_test = ops_json_rules_test,
    .rule = ops_json_rule,
    .version = ops_json_version,
};

json_t *ops_json_text_n(const char *text, size_t len)
{
    struct ops_buffer escaped;
    ops_buffer_init(&escaped, TEXT_MAX_BYTES);
    ops_escape_utf8(&escaped, text, len);
    json_t *value = escaped.status == OPSIG_NOMEM
                        ? NULL
                        : json_stringn(ops_buffer_text(&escaped), escaped.len);
    ops_buffer_dispose(&escaped);
    return value;
}

json_t *ops_json_text(const char *text)
{
    return ops_json_text_n(text, strlen(text));
}

json_t *ops_json_text_or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? json_null() : ops_json_text(text);
}

json_t *ops_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *ops_json_count(uint64_t count)
{
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

json_t *ops_json_value(const char *text)
{
    uint64_t count = 0;
    double number = 0;
    if (ops_number_parse_u64(text, INT64_MAX, &count, NULL) == OPSIG_OK) {
        return ops_json_count(count);
    }
    return ops_number_parse(text, &number, NULL) == OPSIG_OK ? ops_json_number(number)
                                                             : ops_json_text(text);
}

json_t *ops_json_bounds(opsig_interval interval)
{
    json_t *array = json_array();
    int failed = ops_json_add(array, ops_json_number(interval.low));
    failed |= ops_json_add(array, ops_json_number(interval.high));
    return ops_json_checked(array, failed);
}

json_t *ops_json_tool(void)
{
    return json_pack("{s:s, s:s}", "name", "opsig", "version", opsig_version());
}

json_t *ops_json_error(const opsig_error *error)
{
    json_t *object = json_object();
    int failed = ops_json_put(object, "kind", ops_json_text(error->kind));
    failed |= ops_json_put(object, "message", ops_json_text(error->message));
    failed |= ops_json_put(object, "offset",
                           error->offset < 0 ? json_null() : json_integer(error->offset));
    return ops_json_checked(object, failed);
}

json_t *ops_json_corpus_errors(const opsig_corpus *corpus)
{
    json_t *array = json_array();
    int failed = 0;
    for (size_t i = 0; i < opsig_corpus_n_errors(corpus); i++) {
        json_t *object = json_object();
        failed |= ops_json_put(object, "path", ops_json_text(opsig_corpus_error_path(corpus, i)));
        failed |= ops_json_put(object, "error", ops_json_error(opsig_corpus_error(corpus, i)));
        failed |= ops_json_add(array, object);
    }
    return ops_json_checked(array, failed);
}

/** {"inconsistent": [with, of], "consistent": [with, of]} */
static json_t *support(const opsig_statistics *s)
{
    return json_pack("{s:[I, I], s:[I, I]}", "inconsistent", (json_int_t)s->with_inconsistent,
                     (json_int_t)s->n_inconsistent, "consistent",
                     (json_int_t)s->with_consistent, (json_int_t)s->n_consistent);
}

json_t *ops_json_signature(const opsig_signature *signature)
{
    const opsig_pattern *pattern = opsig_signature_pattern(signature);
    const opsig_statistics *s = opsig_signature_statistics(signature);
    bool sequence = opsig_pattern_kind_of(pattern) == OPSIG_PATTERN_SEQUENCE;
    json_t *object = json_object();
    int failed = ops_json_put(object, "id", ops_json_text(opsig_signature_id(signature)));
    failed |= ops_json_put(object, "kind", json_string(sequence ? "sequence" : "subgraph"));
    failed |= ops_json_put(object, "pattern", ops_json_text(opsig_pattern_text(pattern)));
    failed |= ops_json_put(object, "severity", json_string(opsig_severity_name(s->severity)));
    failed |= ops_json_put(object, "p", ops_json_number(s->p));
    failed |= ops_json_put(object, "p_adjusted", ops_json_number(s->p_adjusted));
    failed |= ops_json_put(object, "odds_ratio", ops_json_number(s->odds_ratio.value));
    failed |= ops_json_put(object, "odds_ratio_ci", ops_json_bounds(s->odds_ratio));
    failed |= ops_json_put(object, "likelihood_ratio", ops_json_number(s->likelihood_ratio.value));
    failed |= ops_json_put(object, "likelihood_ratio_ci", ops_json_bounds(s->likelihood_ratio));
    failed |= ops_json_put(object, "support", support(s));
    const char *const oracle = opsig_signature_oracle(signature);
    failed |= ops_json_put(object, "oracle", ops_json_text_or_null(oracle));
    return ops_json_checked(object, failed);
}

json_t *ops_json_opsets(const opsig_graph *graph)
{
    json_t *object = json_object();
    int failed = 0;
    for (uint32_t i = 0; i < opsig_graph_n_opsets(graph); i++) {
        json_t *domain = ops_json_text(opsig_graph_opset_domain(graph, i));
        json_t *version = json_integer(opsig_graph_opset_version(graph, i));
        failed |= ops_json_put(object, domain == NULL ? NULL : json_string_value(domain), version);
        json_decref(domain);
    }
    return ops_json_checked(object, failed);
}

json_t *ops_json_notes(const opsig_graph *graph)
{
    json_t *array = json_array();
    int failed = 0;
    for (uint32_t i = 0; i < opsig_graph_n_notes(graph); i++) {
        failed |= ops_json_add(array, ops_json_text(opsig_graph_note(graph, i)));
    }
    return ops_json_checked(array, failed);
}

int ops_json_put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value);
}

int ops_json_add(json_t *array, json_t *value)
{
    return json_array_append_new(array, value);
}

json_t *ops_json_checked(json_t *value, int failed)
{
    if (failed != 0) {
        json_decref(value);
        return NULL;
    }
    return value;
}

/** Writes a piece of JSON text, but `<` and DEL as escapes. */
static int write_piece(const char *bytes, size_t len, void *payload)
{
    FILE *stream = payload;
    size_t start = 0;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '<' || bytes[i] == '\x7f') {
            (void)fwrite(bytes + start, 1, i - start, stream);
            (void)fprintf(stream, "\\u%04x", (unsigned)bytes[i]);
            start = i + 1;
        }
    }
    (void)fwrite(bytes + start, 1, len - start, stream);
    return ferror(stream) != 0 ? -1 : 0;
}

opsig_status ops_json_write(FILE *stream, json_t *value, opsig_error *err)
{
    if (value == NULL) {
        return ops_error_nomem(err);
    }
    size_t flags = JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(SIGNIFICANT_DIGITS);
    int failed = json_dump_callback(value, write_piece, stream, flags);
    json_decref(value);
    if (failed != 0 && ferror(stream) == 0) {
        return ops_error_nomem(err);
    }
    return ops_json_puts(stream, "", err);
}

opsig_status ops_json_write_line(FILE *stream, json_t *value, opsig_error *err)
{
    opsig_status status = ops_json_write(stream, value, err);
    return status == OPSIG_OK ? ops_json_puts(stream, "\n", err) : status;
}

opsig_status ops_json_puts(FILE *stream, const char *text, opsig_error *err)
{
    if (fputs(text, stream) == EOF || ferror(stream) != 0) {
        return ops_error_set(err, OPSIG_IO, "io", -1, "the report could not be written");
    }
    return OPSIG_OK;
}
