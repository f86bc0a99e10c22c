/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escaped text is valid UTF-8 without hidden characters, and says what was there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/escape.h"
#include "base/rng.h"

typedef void escape(struct ops_buffer *out, const char *bytes, size_t len);

enum { ROUNDS = 5000, LONGEST = 24 };

/** Bytes of which many are near-UTF-8: lead bytes, continuations, controls, letters. */
static size_t random_bytes(uint64_t round, char bytes[LONGEST])
{
    static const unsigned char often[] = {'a',  '"',  '\\', '<',  '&',  0x00, 0x1b, 0x7f,
                                          0x85, 0xc2, 0xe2, 0x80, 0xae, 0xf0, 0x9f, 0x99,
                                          0x82, 0xed, 0xa0, 0xef, 0xbb, 0xbf, 0xbe, 0xff};
    const size_t len = ops_rng_below(1, round, 0, LONGEST + 1);
    for (size_t i = 0; i < len; i++) {
        const uint64_t bits = ops_rng_u64(1, round, i + 1);
        bytes[i] = (char)(bits % 2 == 0 ? often[(bits >> 8) % sizeof often] : bits >> 16 & 0xff);
    }
    return len;
}

/** Checks by a decoder that knows nothing of the one under test: shortest forms, no surrogates. */
static size_t plain_decode(const unsigned char *s, size_t len, unsigned *out_code)
{
    static const struct {
        unsigned char mask, lead;
        unsigned least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t n = 1; n <= 4 && n <= len; n++) {
        if ((s[0] & forms[n - 1].mask) != forms[n - 1].lead) {
            continue;
        }
        unsigned code = s[0] & (unsigned char)~forms[n - 1].mask;
        for (size_t i = 1; i < n; i++) {
            if (s[i] < 0x80 || s[i] > 0xbf) {
                return 0;
            }
            code = code * 64 + (s[i] - 0x80U);
        }
        *out_code = code;
        const bool fits = code >= forms[n - 1].least && code < 0x110000;
        return fits && (code < 0xd800 || code > 0xdfff) ? n : 0;
    }
    return 0;
}

static bool is_forbidden(unsigned code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0xfffe || code == 0xffff;
}

static void check_output(const struct ops_buffer *out, bool controls_allowed)
{
    for (size_t at = 0; at < out->len;) {
        unsigned code = 0;
        const size_t n = plain_decode((const unsigned char *)out->bytes + at, out->len - at, &code);
        assert_true(n > 0);
        assert_true(controls_allowed || !is_forbidden(code));
        at += n;
    }
}

static void check_escape(escape *function, bool controls_allowed)
{
    struct ops_buffer out;
    ops_buffer_init(&out, 10000);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        char bytes[LONGEST];
        const size_t len = random_bytes(round, bytes);
        ops_buffer_clear(&out);
        function(&out, bytes, len);
        assert_int_equal(ops_buffer_status(&out, NULL), OPSIG_OK);
        check_output(&out, controls_allowed);
    }
    ops_buffer_dispose(&out);
}

static void decoding_agrees_with_a_plain_decoder(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        char bytes[LONGEST];
        const size_t len = random_bytes(round, bytes);
        for (size_t at = 0; at < len; at++) {
            unsigned code = 0;
            unsigned expected = 0;
            const size_t n = ops_utf8_decode(bytes + at, len - at, &code);
            assert_int_equal(n,
                             plain_decode((const unsigned char *)bytes + at, len - at, &expected));
            assert_true(n == 0 || code == expected);
        }
    }
    unsigned code;
    assert_int_equal(ops_utf8_decode("", 0, &code), 0);
}

static void random_bytes_come_out_valid_without_hidden_characters(void **state)
{
    (void)state;
    check_escape(ops_escape_terminal, false);
    check_escape(ops_escape_dot, false);
    check_escape(ops_escape_xml, false);
    check_escape(ops_escape_html, false);
    check_escape(ops_escape_utf8, true);
}

static void check_text(escape *function, const char *bytes, size_t len, const char *expected)
{
    struct ops_buffer out;
    ops_buffer_init(&out, 10000);
    function(&out, bytes, len);
    assert_string_equal(ops_buffer_text(&out), expected);
    ops_buffer_dispose(&out);
}

static void a_terminal_gets_controls_spelled_out(void **state)
{
    (void)state;
    check_text(ops_escape_terminal, "a\\b\x1b]0;x\x07", 9, "a\\b\\x1b]0;x\\x07");
    check_text(ops_escape_terminal, "n\0n", 3, "n\\x00n");
    check_text(ops_escape_terminal, "\xc2\x85\xe2\x80\x8b", 5, "\\u{0085}\\u{200b}");
    check_text(ops_escape_terminal, "\xf3\xa0\x80\x81", 4, "\\u{e0001}");
    check_text(ops_escape_terminal, "\xc3\xa4\xe4", 3, "\xc3\xa4\\xe4");
}

static void json_writers_get_all_that_is_utf8(void **state)
{
    (void)state;
    check_text(ops_escape_utf8, "a\nb\xff\"\xe2\x80\xae", 8, "a\nb\\xff\"\xe2\x80\xae");
}

static void dot_strings_have_quotes_and_backslashes_escaped(void **state)
{
    (void)state;
    check_text(ops_escape_dot, "a\"b\\c\nd\xff", 8, "a\\\"b\\\\c\\\\x0ad\\\\xff");
}

static void xml_gets_entities_and_never_what_it_cannot_hold(void **state)
{
    (void)state;
    check_text(ops_escape_xml, "<a b='\"&\">", 10, "&lt;a b=&apos;&quot;&amp;&quot;&gt;");
    check_text(ops_escape_xml, "\t\n\r\x1b\x7f", 5, "&#x9;&#xA;&#xD;\\x1b&#x7F;");
    check_text(ops_escape_xml, "\xef\xbf\xbe\xe2\x80\xae", 6, "\\u{fffe}&#x202E;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_agrees_with_a_plain_decoder),
        cmocka_unit_test(random_bytes_come_out_valid_without_hidden_characters),
        cmocka_unit_test(a_terminal_gets_controls_spelled_out),
        cmocka_unit_test(json_writers_get_all_that_is_utf8),
        cmocka_unit_test(dot_strings_have_quotes_and_backslashes_escaped),
        cmocka_unit_test(xml_gets_entities_and_never_what_it_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
