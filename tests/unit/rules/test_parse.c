/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <opsig/rules.h>

#include "base/mem.h"
#include "base/rng.h"

static opsig_rules *read_rules(const char *text, size_t len, opsig_status expected)
{
    opsig_rules *rules = NULL;
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    assert_int_equal(opsig_rules_add_text(rules, "t.rules", text, len, NULL), expected);
    return rules;
}

/** A rule that uses every part of the language. */
static const char whole[] =
    "# a comment\n"
    "rule every-thing.1\n"
    "  title \"A \\\"title\\\" that goes on\"   # a comment\n"
    "        \"on the next line\"\n"
    "  severity high\n"
    "  confidence fixed\n"
    "  affects onnxruntime 1.19 .. 1.20\n"
    "  affects tvm\n"
    "  affects openvino < 2026.4\n"
    "  opset 13 .. 17\n"
    "  opset com.microsoft >= 1\n"
    "  producer pytorch < 1.10\n"
    "  ref https://github.com/a/b/issues/1#c2\n"
    "  fix \"do something\"\n"
    "  note \"thin\"\n"
    "  tags fusion fp16\n"
    "  require known\n"
    "match\n"
    "  $x -> mean:ReduceMean[keepdims == 1, given(axes)] -> sub:Sub.B\n"
    "  $x -> sub.A\n"
    "  sub -> sq:Pow|Mul -> (Cast[to == float])? -> (Identity|Reshape)* -> ..3 -> add:Add\n"
    "  add.C -> (Sqrt)+ -> (Neg) -> _:!Cast|com.microsoft::Gelu -> d:Div.1\n"
    "    -> e:*\n"
    "where\n"
    "  dtype($x) == float16 and (rank(sq.X) > 2 or not const(sq.Y)) or a_b(1) == 1\n"
    "report at sq\n"
    "example match \"first\"\n"
    "  g () => () { }\n"
    "example clean\n"
    "  g () => () { }\n"
    "end\n";

static void a_whole_rule_is_read_and_written_the_same(void **state)
{
    (void)state;
    char text[sizeof whole];
    memcpy(text, whole, sizeof whole);
    char *const call = strstr(text, " or a_b(1) == 1");
    memset(call, ' ', strlen(" or a_b(1) == 1"));
    opsig_rules *rules = read_rules(text, strlen(text), OPSIG_OK);
    assert_int_equal(opsig_rules_n(rules), 1);
    const opsig_rule *rule = opsig_rules_find(rules, "every-thing.1");
    assert_non_null(rule);
    assert_string_equal(opsig_rule_title(rule), "A \"title\" that goes on on the next line");
    assert_int_equal(opsig_rule_severity(rule), OPSIG_SEVERITY_HIGH);
    assert_int_equal(opsig_rule_confidence_of(rule), OPSIG_CONFIDENCE_FIXED);
    assert_int_equal(opsig_rule_n_affects(rule), 3);
    assert_string_equal(opsig_rule_affects(rule, 0), "onnxruntime 1.19 .. 1.20");
    assert_string_equal(opsig_rule_affects(rule, 2), "openvino < 2026.4");
    assert_string_equal(opsig_rule_ref(rule, 0), "https://github.com/a/b/issues/1#c2");
    assert_int_equal(opsig_rule_n_tags(rule), 2);
    assert_int_equal(opsig_rule_line(rule), 2);
    assert_int_equal(opsig_rule_n_examples(rule), 2);
    assert_string_equal(opsig_rule_example_title(rule, 0), "first");
    assert_string_equal(opsig_example_kind_name(opsig_rule_example_kind(rule, 1)), "clean");

    char *const once = ops_mem_strdup(opsig_rule_text(rule));
    opsig_rules_free(rules);
    rules = read_rules(once, strlen(once), OPSIG_OK);
    assert_string_equal(opsig_rule_text(opsig_rules_at(rules, 0)), once);
    opsig_rules_free(rules);
    ops_mem_free(once);
}

/** Reads a rule with the parts given; the last diagnostic that is an error. */
static void assert_error(const char *metadata, const char *match, const char *rest, unsigned line,
                         unsigned column, const char *message)
{
    char text[2048];
    (void)snprintf(text, sizeof text,
                   "rule r\n%s\nmatch\n  %s\n%s\nreport at a\nend\n", metadata, match, rest);
    opsig_rules *rules = read_rules(text, strlen(text), OPSIG_FORMAT);
    assert_int_equal(opsig_rules_n(rules), 0);
    opsig_rules_diagnostic found = {0};
    for (size_t i = opsig_rules_n_diagnostics(rules); i-- > 0;) {
        if (!opsig_rules_diagnostic_at(rules, i).is_warning) {
            found = opsig_rules_diagnostic_at(rules, i);
        }
    }
    if (found.line != line || found.column != column || strstr(found.message, message) == NULL) {
        print_error("%s\n%u:%u: %s\n%s\nexpected %u:%u %s\n", text, found.line, found.column,
                    found.message, found.excerpt, line, column, message);
        fail();
    }
    opsig_rules_free(rules);
}

static void errors_have_line_column_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *metadata, *match, *rest;
        unsigned line, column;
        const char *message;
    } cases[] = {
        {"  titel \"x\"", "a:Relu", "", 2, 3, "unknown key 'titel'; did you mean 'title'?"},
        {"  title x", "a:Relu", "", 2, 9, "a text in quotes expected"},
        {"  title \"x", "a:Relu", "", 2, 9, "no closing quote"},
        {"  title \"\"", "a:Relu", "", 2, 9, "empty"},
        {"  title \"\\n\"", "a:Relu", "", 2, 10, "a backslash stands before"},
        {"  title \"x\" y", "a:Relu", "", 2, 13, "the end of the line expected"},
        {"  title \"x\"\n  title \"y\"", "a:Relu", "", 3, 3, "has a title already"},
        {"  severity huge", "a:Relu", "", 2, 12, "high, medium or low expected"},
        {"  confidence", "a:Relu", "", 2, 13, "fixed, maintainer or reported expected"},
        {"  affects", "a:Relu", "", 2, 10, "a name expected"},
        {"  affects x 1 2", "a:Relu", "", 2, 13, "a range of versions"},
        {"  affects x 2 .. 1", "a:Relu", "", 2, 13, "no version lies in this range"},
        {"  opset", "a:Relu", "", 2, 8, "a range of opsets"},
        {"  opset >= x", "a:Relu", "", 2, 9, "a range of opsets"},
        {"  opset > 5.1", "a:Relu", "", 2, 9, "a range of opsets"},
        {"  ref ftp://x", "a:Relu", "", 2, 7, "an address"},
        {"  tags A", "a:Relu", "", 2, 8, "a tag holds"},
        {"  require all", "a:Relu", "", 2, 11, "'known' expected"},
        {"", "a", "", 4, 3, "no node is called a; a node is introduced"},
        {"", "a:", "", 4, 5, "the name of an operator expected"},
        {"", "a:Relu -> a:Relu", "", 4, 13, "there is a node called a already"},
        {"", "a:Relu -> aa", "", 4, 13, "no node is called aa; did you mean a?"},
        {"", "a:Relu ->", "", 4, 12, "a node such as a:Conv expected"},
        {"", "a:Relu -> (Cast)?", "", 4, 20, "'->' and a node behind the step expected"},
        {"", "a:Relu -> (Cast -> b:Add", "", 4, 19, "')' expected"},
        {"", "a:Relu -> ..17 -> b:Add", "", 4, 15, "a number of nodes from 1 to 16"},
        {"", "a:Relu[x == 1", "", 4, 16, "',' or ']' expected"},
        {"", "a:Relu.Y", "", 4, 11, "'->' expected"},
        {"", "a:Relu.1.5 -> b:Add", "", 4, 10, "the name or the number"},
        {"", "not:Relu", "", 4, 3, "'not' is a word of the language"},
        {"", "a:Relu\n  b:Relu", "", 5, 3, "no arrows lead"},
        {"", "$x a:Relu", "", 4, 6, "'->' expected"},
        {"", "a:Relu", "where\n  a.X", 6, 5, "a test is expected"},
        {"", "a:Relu", "where\n  a", 6, 3, "a is a node; write a.out"},
        {"", "a:Relu", "where\n  b.X == 1", 6, 3, "no node is called b"},
        {"", "a:Relu", "where\n  rnak(a.X) == 1", 6, 3, "rnak; did you mean rank?"},
        {"", "a:Relu", "where\n  rank() == 1", 6, 8, "a value expected"},
        {"", "a:Relu", "where\n  rank(a.X, 2) == 1", 6, 11, "')' expected"},
        {"", "a:Relu", "where\n  rank(1) == 1", 6, 8, "a tensor such as a.X"},
        {"", "a:Relu", "where\n  any(a.X < 1)", 6, 11, "compare behind the parenthesis"},
        {"", "a:Relu", "where\n  any(a.X) < all(a.X)", 6, 14, "any and all stand on one side"},
        {"", "a:Relu", "where\n  1 < 2 < 3", 6, 9, "one comparison at a time"},
        {"", "a:Relu", "where\n  1 = 2", 6, 5, "written =="},
        {"", "a:Relu", "where\n  1 == 2x", 6, 8, "cannot go on with letters"},
        {"", "a:Relu", "where\n  (1 == 2", 6, 10, "')' expected"},
        {"", "a:Relu", "where\n  1 == [2", 6, 10, "',' or ']' expected"},
        {"", "a:Relu", "where\n  1 in [2]", 6, 8, "'{' expected"},
        {"", "a:Relu", "where\n  not 1", 6, 7, "a test is expected"},
        {"", "a:Relu", "where\n  rank($y) == 1", 6, 8, "no arrow of the match part begins at $y"},
        {"", "a:Relu", "where\n  1 == \xff", 6, 8, "no meaning"},
        {"", "a:Relu", "where\n  1 == \xc3\xa4", 6, 8, "no meaning"},
        {"", "a:Relu", "unless\n  b:Relu -> c:Add", 6, 3, "no arrows lead from here"},
        {"", "a:Relu", "match", 5, 1, "'match' does not stand here"},
        {"", "a:Relu", "report at b", 5, 11, "no node of the match part is called b"},
        {"", "a:Relu", "report a", 5, 8, "'at' and the name of a node"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_error(cases[i].metadata, cases[i].match, cases[i].rest, cases[i].line,
                     cases[i].column, cases[i].message);
    }
}

static void one_reading_finds_many_errors(void **state)
{
    (void)state;
    static const char text[] = "rule a\n  severity x\n  titel \"t\"\nmatch\n  x:\n  y:Relu -> \n"
                               "report at z\nend\n"
                               "rule b\nmatch\n  x:Relu\nreport at x\nend\n"
                               "junk\n"
                               "rule c\nmatch\n  x:Relu -> ?\nreport at x\nend\n";
    opsig_rules *rules = read_rules(text, strlen(text), OPSIG_FORMAT);
    static const unsigned lines[] = {2, 3, 5, 6, 7, 14, 17};
    size_t n = 0;
    for (size_t i = 0; i < opsig_rules_n_diagnostics(rules); i++) {
        const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(rules, i);
        if (!it.is_warning) {
            assert_true(n < 7);
            assert_int_equal(it.line, lines[n]);
            n++;
        }
    }
    assert_int_equal(n, 7);
    assert_int_equal(opsig_rules_n_errors(rules), 7);
    assert_int_equal(opsig_rules_n(rules), 1);
    assert_string_equal(opsig_rule_id(opsig_rules_at(rules, 0)), "b");
    opsig_rules_free(rules);
}

static void the_place_is_under_carets(void **state)
{
    (void)state;
    static const char text[] = "rule r\nmatch\n\ta:Relu \xc3\xa4 -> bcd\nreport at a\nend\n";
    opsig_rules *rules = read_rules(text, strlen(text), OPSIG_FORMAT);
    const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(rules, 0);
    assert_int_equal(it.line, 3);
    assert_int_equal(it.column, 9);
    assert_string_equal(it.excerpt, "     a:Relu \xc3\xa4 -> bcd\n            ^");
    opsig_rules_free(rules);
}

/** The warnings of a rule, joined. */
static void warnings_of(const char *match, char *out, size_t size)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "rule r\n title \"t\"\n severity low\n confidence reported\n ref https://x.y\n"
                   " fix \"f\"\n opset >= 13\nmatch\n %s\nreport at a\nexample match\n g\n"
                   "example clean\n g\nend\n", match);
    opsig_rules *rules = read_rules(text, strlen(text), OPSIG_OK);
    out[0] = '\0';
    for (size_t i = 0; i < opsig_rules_n_diagnostics(rules); i++) {
        const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(rules, i);
        assert_true(it.is_warning);
        const size_t used = strlen(out);
        (void)snprintf(out + used, size - used, "%u: %s\n", it.column, it.message);
    }
    opsig_rules_free(rules);
}

static void unknown_operators_and_fields_are_warned_of(void **state)
{
    (void)state;
    static const struct {
        const char *match, *warning;
    } cases[] = {
        {"a:Conv[group > 1] -> b:Conv.W", ""},
        {"a:Convv", "4: unknown operator Convv; did you mean Conv?\n"},
        {"a:relu", "4: unknown operator relu; did you mean Relu?\n"},
        {"a:my.own::Thing[x == 1]", "4: unknown operator my.own::Thing\n"},
        {"a:Conv[gruop > 1]", "9: Conv has no input, attribute or output gruop; did you mean "
                              "group?\n"},
        {"a:Clip[max == 1]", ""},
        {"a:Relu -> b:Clip.maxx", "19: Clip has no input maxx; did you mean max?\n"},
        {"a:Relu.Z -> b:Clip", "9: Relu has no output Z\n"},
        {"a:Upsample", "4: Upsample is not in the opsets that the rule is about\n"},
        {"a:Conv|Relu[group > 1, in5 == 1, out == 1]", ""},
        {"a:*[anything == 1]", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char found[1024];
        warnings_of(cases[i].match, found, sizeof found);
        assert_string_equal(found, cases[i].warning);
    }
}

static void hostile_files_are_bounded(void **state)
{
    (void)state;
    enum { N = 1000000 };
    static const char head[] = "rule r\nmatch\n a:Relu\nwhere\n";
    static const struct {
        const char *piece, *tail;
    } cases[] = {
        {"(", ""}, {"not ", ""}, {"-", ""}, {"[", ""}, {"1+", "1 == 1"}, {"abs(", ""},
        {"1[", ""}, {"1 == 1 and ", "1 == 1"}, {"x", ""}, {" ", "1 =="}, {"\"", ""}, {"$x ", ""},
        {"a.", ""}, {"1,", ""}, {"\xff", ""}, {"#", ""}, {"a:Relu->", ""}, {"rule ", ""},
    };
    char *const text = malloc(sizeof head + N + 64);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = sizeof head - 1;
        memcpy(text, head, len);
        while (len < N) {
            memcpy(text + len, cases[i].piece, strlen(cases[i].piece));
            len += strlen(cases[i].piece);
        }
        memcpy(text + len, cases[i].tail, strlen(cases[i].tail));
        len += strlen(cases[i].tail);
        opsig_rules *rules = read_rules(text, len, OPSIG_FORMAT);
        const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(rules, 0);
        assert_true(it.line >= 1 && it.column >= 1);
        assert_true(strlen(it.excerpt) < 4096);
        assert_true(opsig_rules_n_diagnostics(rules) <= 100);
        opsig_rules_free(rules);
    }
    memcpy(text, "rule r\n\0\nend\n", 13);
    opsig_rules *rules = read_rules(text, 13, OPSIG_FORMAT);
    assert_int_equal(opsig_rules_diagnostic_at(rules, 0).line, 2);
    opsig_rules_free(rules);
    free(text);
}

static void garbage_never_harms(void **state)
{
    (void)state;
    static const char *const words[] = {
        "rule ", "x", "\n", "match\n", "where\n", "unless\n", "report at ", "end\n", "example ",
        "match ", "a:", "Conv", "->", "(", ")", "[", "]", "{", "}", "any(", "rank(", "\"", "$x",
        ".", "..", "*", "?", "|", "!", "==", "!=", "<", "in ", "not ", "and ", "or ", "1", "2.5",
        ",", "-", "+", "/", "%", ":", "::", "com.microsoft::", "opset ", "affects ", "\xff", "#",
        "a.X", "other(a, a)", "title ", "severity high\n", "float16", "inf", " ", "_:Relu"};
    for (uint64_t round = 0; round < 3000; round++) {
        char text[1024];
        size_t len = 0;
        const uint64_t n = ops_rng_below(5, round, 0, 60);
        if (round % 2 == 0) {
            len = (size_t)snprintf(text, sizeof text, "rule r\nmatch\n a:Conv -> b:Add\nwhere\n");
        }
        for (uint64_t i = 1; i < n; i++) {
            const char *const word =
                words[ops_rng_below(5, round, i, sizeof words / sizeof *words)];
            len += (size_t)snprintf(text + len, sizeof text - len, "%s", word);
        }
        opsig_rules *rules = NULL;
        assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
        const opsig_status status = opsig_rules_add_text(rules, "g", text, len, NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_FORMAT);
        assert_int_equal(opsig_rules_n_errors(rules) > 0, status == OPSIG_FORMAT);
        opsig_rules_free(rules);
    }
}

static void mutated_rules_never_harm(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 3000; round++) {
        char text[sizeof whole];
        memcpy(text, whole, sizeof whole);
        for (uint64_t i = 0; i < 3; i++) {
            const uint64_t at = ops_rng_below(6, round, 2 * i, sizeof whole - 1);
            text[at] = (char)ops_rng_below(6, round, 2 * i + 1, 256);
        }
        opsig_rules *rules = NULL;
        assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
        const opsig_status status =
            opsig_rules_add_text(rules, "m", text, sizeof whole - 1, NULL);
        assert_true(status == OPSIG_OK || status == OPSIG_FORMAT);
        opsig_rules_free(rules);
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 400; n++) {
        opsig_rules *rules = NULL;
        if (opsig_rules_new(&rules, NULL) != OPSIG_OK) {
            fail();
        }
        ops_mem_fail_at(n, 0);
        const opsig_status status =
            opsig_rules_add_text(rules, "m", whole, sizeof whole - 1, NULL);
        const bool failed = ops_mem_count() >= n;
        ops_mem_fail_at(0, 0);
        assert_int_equal(status, failed ? OPSIG_NOMEM : OPSIG_FORMAT);
        opsig_rules_free(rules);
        if (!failed) {
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_rule_is_read_and_written_the_same),
        cmocka_unit_test(errors_have_line_column_and_reason),
        cmocka_unit_test(one_reading_finds_many_errors),
        cmocka_unit_test(the_place_is_under_carets),
        cmocka_unit_test(unknown_operators_and_fields_are_warned_of),
        cmocka_unit_test(hostile_files_are_bounded),
        cmocka_unit_test(garbage_never_harms),
        cmocka_unit_test(mutated_rules_never_harm),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
