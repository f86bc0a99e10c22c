/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig rules` for people. Diagnostics look as compilers' do, so that editors find the place. */
#include <stdio.h>
#include <string.h>

#include "report/format.h"
#include "report/text.h"

/** "path:3:5: error: message", then the line with carets. */
static void print_diagnostic(struct ops_page *page, const opsig_rules_diagnostic *it)
{
    ops_page_name(page, it->path);
    ops_page_print(page, ":%u:%u: ", it->line, it->column);
    ops_page_toned(page, it->is_warning ? OPS_TONE_HEADING : OPS_TONE_ALARM,
                   it->is_warning ? "warning" : "error");
    ops_page_print(page, ": ");
    ops_page_name(page, it->message);
    for (const char *line = it->excerpt; line != NULL;) {
        const size_t len = strcspn(line, "\n");
        ops_page_print(page, "\n");
        ops_page_bytes(page, line, len);
        line = line[len] == '\n' ? line + len + 1 : NULL;
    }
    ops_page_print(page, "\n");
}

opsig_status ops_text_rules_check(FILE *stream, const opsig_report_style *style,
                                  const struct ops_rule_list *list, opsig_error *err)
{
    struct ops_page page;
    size_t n_warnings = 0;
    ops_page_start(&page, stream, style);
    for (size_t i = 0; i < opsig_rules_n_diagnostics(list->rules); i++) {
        const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(list->rules, i);
        n_warnings += it.is_warning;
        print_diagnostic(&page, &it);
    }
    ops_page_count(&page, list->n_files, "file");
    ops_page_print(&page, ", ");
    ops_page_count(&page, opsig_rules_n(list->rules), "rule");
    ops_page_print(&page, " without errors, ");
    ops_page_count(&page, opsig_rules_n_errors(list->rules), "error");
    ops_page_print(&page, ", ");
    ops_page_count(&page, n_warnings, "warning");
    ops_page_print(&page, "\n");
    return ops_page_finish(&page, err);
}

void ops_text_affects(struct ops_page *page, const opsig_rule *rule)
{
    for (size_t i = 0; i < opsig_rule_n_affects(rule); i++) {
        ops_page_print(page, "%s", i > 0 ? "; " : "");
        ops_page_name(page, opsig_rule_affects(rule, i));
    }
    ops_page_print(page, opsig_rule_n_affects(rule) == 0 ? "everybody" : "");
}

void ops_text_rule_line(struct ops_page *page, const opsig_rule *rule)
{
    ops_page_name(page, opsig_rule_id(rule));
    ops_page_print(page, "  ");
    ops_page_severity(page, opsig_rule_severity(rule));
    ops_page_print(page, "  %-10s  ", opsig_rule_confidence_name(opsig_rule_confidence_of(rule)));
    ops_text_affects(page, rule);
    ops_page_print(page, "  ");
    ops_page_name(page, opsig_rule_title(rule));
    ops_page_print(page, "\n");
}

opsig_status ops_text_rules_list(FILE *stream, const opsig_report_style *style,
                                 const struct ops_rule_list *list, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    for (size_t i = 0; i < opsig_rules_n(list->rules); i++) {
        ops_text_rule_line(&page, opsig_rules_at(list->rules, i));
    }
    return ops_page_finish(&page, err);
}

/** What was found in an example, in words. */
static const char *found_words(const opsig_example_result *result)
{
    static const char *const words[] = {
        [OPSIG_EXAMPLE_MATCH] = "something certain is found",
        [OPSIG_EXAMPLE_POSSIBLE] = "something is found, and nothing certain",
        [OPSIG_EXAMPLE_CLEAN] = "nothing is found",
    };
    return words[result->found];
}

/** An example that failed, with its place, in the form of a diagnostic. */
static void print_failure(struct ops_page *page, const opsig_example_result *result)
{
    char message[80];
    opsig_rules_diagnostic place = result->place;
    if (result->is_readable) {
        (void)snprintf(message, sizeof message, "the example says %s, but %s",
                       opsig_example_kind_name(result->expected), found_words(result));
        place.message = message;
    }
    print_diagnostic(page, &place);
}

/** A rule's line, and its examples that failed. @param i  its first result
 *  @return results that are the rule's */
static size_t print_tested(struct ops_page *page, const opsig_rule *rule,
                           const struct ops_tested *tested, size_t i)
{
    size_t n = 0;
    size_t passed = 0;
    for (; i + n < tested->results.len && tested->results.items[i + n].rule == rule; n++) {
        passed += tested->results.items[i + n].passed;
    }
    ops_page_toned(page, passed < n ? OPS_TONE_ALARM : OPS_TONE_PLAIN,
                   passed < n ? "failed"
                   : n == 0   ? "none  "
                              : "ok    ");
    ops_page_print(page, "  %2zu/%-2zu  ", passed, n);
    ops_page_name(page, opsig_rule_id(rule));
    ops_page_print(page, "\n");
    for (size_t k = i; k < i + n; k++) {
        if (!tested->results.items[k].passed) {
            print_failure(page, &tested->results.items[k]);
        }
    }
    return n;
}

opsig_status ops_text_rules_test(FILE *stream, const opsig_report_style *style,
                                 const struct ops_tested *tested, opsig_error *err)
{
    struct ops_page page;
    size_t at = 0;
    ops_page_start(&page, stream, style);
    for (size_t i = 0; i < opsig_rules_n(tested->rules); i++) {
        at += print_tested(&page, opsig_rules_at(tested->rules, i), tested, at);
    }
    ops_page_count(&page, opsig_rules_n(tested->rules), "rule");
    ops_page_print(&page, ", ");
    ops_page_count(&page, tested->results.len, "example");
    ops_page_print(&page, ", %zu failed\n", tested->n_failed);
    return ops_page_finish(&page, err);
}

static void print_paragraph(struct ops_page *page, const char *title, const char *text)
{
    if (text[0] != '\0') {
        ops_page_print(page, "\n%s\n  ", title);
        ops_page_name(page, text);
        ops_page_print(page, "\n");
    }
}

static void print_pattern(struct ops_page *page, const char *pattern)
{
    ops_page_print(page, "\nLooks for\n");
    while (pattern[0] != '\0') {
        const size_t len = strcspn(pattern, "\n");
        ops_page_print(page, "  ");
        ops_page_bytes(page, pattern, len);
        ops_page_print(page, "\n");
        pattern += len + (pattern[len] == '\n');
    }
}

/** What its confidence rests on. */
static const char *confidence_words(opsig_rule_confidence confidence)
{
    static const char *const words[] = {
        [OPSIG_CONFIDENCE_REPORTED] = "the account of who met it",
        [OPSIG_CONFIDENCE_MAINTAINER] = "a maintainer reproduced, explained or labelled it",
        [OPSIG_CONFIDENCE_FIXED] = "a merged change repairs it",
    };
    return words[confidence];
}

static void print_examples(struct ops_page *page, const opsig_rule *rule)
{
    ops_page_print(page, "%s", opsig_rule_n_examples(rule) > 0 ? "\nExamples\n" : "");
    for (size_t i = 0; i < opsig_rule_n_examples(rule); i++) {
        const char *const title = opsig_rule_example_title(rule, i);
        const char *const kind = opsig_example_kind_name(opsig_rule_example_kind(rule, i));
        ops_page_print(page, title[0] != '\0' ? "  %-8s  " : "  %s", kind);
        ops_page_name(page, title);
        ops_page_print(page, "\n");
    }
}

void ops_text_rule_page(struct ops_page *page, const opsig_rule *rule)
{
    const opsig_rule_confidence confidence = opsig_rule_confidence_of(rule);
    ops_page_toned(page, OPS_TONE_HEADING, opsig_rule_title(rule));
    ops_page_print(page, "\n  ");
    ops_page_name(page, opsig_rule_id(rule));
    ops_page_print(page, ", severity ");
    ops_page_toned(page, OPS_TONE_HEADING, opsig_severity_name(opsig_rule_severity(rule)));
    ops_page_print(page, ", confidence %s (%s)\n  affects ", opsig_rule_confidence_name(confidence),
                   confidence_words(confidence));
    ops_text_affects(page, rule);
    for (size_t i = 0; i < opsig_rule_n_tags(rule); i++) {
        ops_page_print(page, "%s", i > 0 ? " " : "\n  tags ");
        ops_page_name(page, opsig_rule_tag(rule, i));
    }
    ops_page_print(page, "\n");
    print_paragraph(page, "What to do", opsig_rule_fix(rule));
    print_paragraph(page, "What is doubtful", opsig_rule_note(rule));
    print_pattern(page, opsig_rule_pattern(rule));
    ops_page_print(page, "%s", opsig_rule_n_refs(rule) > 0 ? "\nEvidence\n" : "");
    for (size_t i = 0; i < opsig_rule_n_refs(rule); i++) {
        ops_page_print(page, "  ");
        ops_page_name(page, opsig_rule_ref(rule, i));
        ops_page_print(page, "\n");
    }
    print_examples(page, rule);
}

opsig_status ops_text_rule(FILE *stream, const opsig_report_style *style, const opsig_rule *rule,
                           opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_text_rule_page(&page, rule);
    ops_page_print(&page, "\nWritten in\n  ");
    ops_page_name(&page, opsig_rule_path(rule));
    ops_page_print(&page, ":%u\n", opsig_rule_line(rule));
    return ops_page_finish(&page, err);
}
