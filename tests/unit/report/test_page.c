/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <string.h>

#include "report/page.h"

static const opsig_report_style plain = {.format = OPSIG_REPORT_TEXT};

/** What `write` puts on a page. */
static void assert_page(void (*write)(struct ops_page *page), const opsig_report_style *style,
                        const char *expected)
{
    struct memory_stream memory;
    struct ops_page page;
    memory_stream_open(&memory);
    ops_page_start(&page, memory.stream, style);
    write(&page);
    assert_int_equal(ops_page_finish(&page, NULL), OPSIG_OK);
    assert_string_equal(memory_stream_text(&memory), expected);
    memory_stream_free(&memory);
}

static void write_hostile_names(struct ops_page *page)
{
    ops_page_name(page, "a\x1b[2Jb\n");
    ops_page_print(page, "|");
    ops_page_bytes(page, "xyz", 2);
    ops_page_print(page, "|");
    ops_page_cell(page, "a\x80", 8);
    ops_page_print(page, "|");
}

static void names_cannot_move_the_cursor(void **state)
{
    (void)state;
    assert_page(write_hostile_names, &plain, "a\\x1b[2Jb\\x0a|xy|a\\x80   |");
}

static void write_numbers(struct ops_page *page)
{
    ops_page_count(page, 1, "model");
    ops_page_print(page, " ");
    ops_page_count(page, 0, "model");
    ops_page_print(page, " ");
    ops_page_interval(page, (opsig_interval){4.25, 1.125, 17});
}

static void numbers_are_short_and_counts_are_grammatical(void **state)
{
    (void)state;
    assert_page(write_numbers, &plain, "1 model 0 models 4.25 (95 % interval 1.12 to 17)");
}

static void write_percents(struct ops_page *page)
{
    const double shares[] = {0, 0.001, 0.005, 0.834, 0.9999, 1};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        ops_page_percent(page, shares[i]);
        ops_page_print(page, ",");
    }
}

static void only_certainty_is_rounded_to_0_or_100_percent(void **state)
{
    (void)state;
    assert_page(write_percents, &plain, "0 %,< 1 %,1 %,83 %,> 99 %,100 %,");
}

static void write_severities(struct ops_page *page)
{
    ops_page_severity(page, OPSIG_SEVERITY_HIGH);
    ops_page_print(page, "|");
    ops_page_toned(page, OPS_TONE_PLAIN, "x");
}

static void colours_are_there_only_where_asked_for(void **state)
{
    (void)state;
    const opsig_report_style colored = {.format = OPSIG_REPORT_TEXT, .color = true};
    assert_page(write_severities, &plain, "high  |x");
    assert_page(write_severities, &colored, "\x1b[1;31mhigh\x1b[0m  |x");
}

static void a_full_device_is_found_out(void **state)
{
    (void)state;
    opsig_error error;
    struct ops_page page;
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        skip();
    }
    setvbuf(full, NULL, _IONBF, 0);
    ops_page_start(&page, full, &plain);
    ops_page_print(&page, "text");
    ops_page_name(&page, "more");
    assert_int_equal(ops_page_finish(&page, &error), OPSIG_IO);
    assert_int_equal(error.status, OPSIG_IO);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_cannot_move_the_cursor),
        cmocka_unit_test(numbers_are_short_and_counts_are_grammatical),
        cmocka_unit_test(only_certainty_is_rounded_to_0_or_100_percent),
        cmocka_unit_test(colours_are_there_only_where_asked_for),
        cmocka_unit_test(a_full_device_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
