/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/rng.h"
#include "report/html.h"
#include "report/plot.h"

static const opsig_report_style html = {.format = OPSIG_REPORT_HTML};

/** A page into memory. */
static void start(struct ops_page *page, struct memory_stream *memory)
{
    memory_stream_open(memory);
    ops_page_start(page, memory->stream, &html);
}

/** Ends it. @return its text, until memory_stream_free */
static const char *finish(const struct ops_page *page, struct memory_stream *memory)
{
    assert_int_equal(ops_page_finish(page, NULL), OPSIG_OK);
    return memory_stream_text(memory);
}

/** Random bytes among which markup is common. */
static void make_hostile(uint64_t seed, char *out, size_t size)
{
    static const char favourites[] = "<>&\"'/=! -s";
    for (size_t i = 0; i + 1 < size; i++) {
        const uint64_t kind = ops_rng_below(seed, 0, 2 * i, 2);
        out[i] = kind == 0
                     ? favourites[ops_rng_below(seed, 1, i, sizeof favourites - 1)]
                     : (char)(1 + ops_rng_below(seed, 2, i, 255));
    }
    out[size - 1] = '\0';
}

/** Text without markup of its own: an `&` begins an entity. */
static void check_plain(const char *text)
{
    assert_int_equal(strcspn(text, "<>\"'"), strlen(text));
    for (const char *at = strchr(text, '&'); at != NULL; at = strchr(at + 1, '&')) {
        static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
        size_t known = 0;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
            known += strncmp(at, entities[i], strlen(entities[i])) == 0;
        }
        assert_int_equal(known, 1);
    }
}

static void no_text_becomes_markup_however_it_is_printed(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        char hostile[40];
        struct memory_stream memory;
        struct ops_page page;
        make_hostile(seed, hostile, sizeof hostile);
        start(&page, &memory);
        ops_page_name(&page, hostile);
        ops_page_print(&page, "%s < 1 & \"more\"", hostile);
        ops_page_cell(&page, hostile, 50);
        ops_page_bytes(&page, hostile, 10);
        ops_page_toned(&page, OPS_TONE_ALARM, hostile);
        ops_page_percent(&page, 0.001);
        check_plain(finish(&page, &memory));
        memory_stream_free(&memory);
    }
}

static void tags_are_written_as_they_are_and_buffers_take_what_streams_take(void **state)
{
    (void)state;
    struct memory_stream memory;
    struct ops_buffer buffer;
    struct ops_page pages[2];
    ops_buffer_init(&buffer, 1000);
    start(&pages[0], &memory);
    ops_page_start_buffer(&pages[1], &buffer, &html);
    for (size_t i = 0; i < 2; i++) {
        ops_page_tag(&pages[i], "<td>");
        ops_page_print(&pages[i], "%d < 2\n", 1);
        ops_page_tag(&pages[i], "</td>");
    }
    assert_int_equal(ops_page_finish(&pages[1], NULL), OPSIG_OK);
    assert_string_equal(finish(&pages[0], &memory), "<td>1 &lt; 2\n</td>");
    assert_string_equal(ops_buffer_text(&buffer), "<td>1 &lt; 2\n</td>");
    ops_buffer_dispose(&buffer);
    memory_stream_free(&memory);
}

static void a_buffer_that_is_full_is_an_error(void **state)
{
    (void)state;
    struct ops_buffer buffer;
    struct ops_page page;
    ops_buffer_init(&buffer, 4);
    ops_page_start_buffer(&page, &buffer, &html);
    ops_page_print(&page, "more than four");
    assert_int_equal(ops_page_finish(&page, NULL), OPSIG_LIMIT);
    ops_buffer_dispose(&buffer);
}

/** The tags of a text, without what stands between them. */
static char *tags_of(const char *text)
{
    char *const out = malloc(strlen(text) + 1);
    size_t n = 0;
    bool inside = false;
    assert_non_null(out);
    for (const char *at = text; *at != '\0'; at++) {
        inside = inside || *at == '<';
        if (inside && strchr("<>/=abcdefghijklmnopqrstuvwxyz", *at) != NULL) {
            out[n++] = *at;
        }
        inside = inside && *at != '>';
    }
    out[n] = '\0';
    return out;
}

/** A scan of a model with a name as its path and as its node's name. */
static void report_named(struct memory_stream *memory, const char *name)
{
    struct opsig_database *const database = fixture_database();
    opsig_graph *const graph = fixture_named_graph(name, "y = AveragePool(first); z = Relu(y)");
    const opsig_database *const databases[] = {database};
    const char *const paths[] = {name};
    opsig_scan_options options;
    opsig_scanner *scanner = NULL;
    opsig_scan_result *result = NULL;
    opsig_scan_report *out = NULL;
    opsig_error error = {.status = OPSIG_FORMAT, .kind = "damaged", .offset = 3};
    fixture_signature(database, "Pad -> AveragePool", 31, 11.5);
    (void)snprintf(error.message, sizeof error.message, "%s", name);
    opsig_scan_options_init(&options);
    memory_stream_open(memory);
    assert_int_equal(opsig_scanner_new(&scanner, databases, 1, &options, NULL), OPSIG_OK);
    assert_int_equal(opsig_scanner_scan(&result, scanner, graph, NULL, NULL), OPSIG_OK);
    assert_int_equal(
        opsig_scan_report_new(&out, memory->stream, &html, databases, paths, 1, NULL, NULL),
        OPSIG_OK);
    const opsig_scanned models[] = {
        {.path = name, .graph = graph, .result = result, .sha256 = ""},
        {.path = name, .error = &error, .sha256 = ""},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        assert_int_equal(opsig_scan_report_add(out, &models[i], NULL), OPSIG_OK);
    }
    assert_int_equal(opsig_scan_report_end(out, NULL), OPSIG_OK);
    opsig_scan_report_free(out);
    opsig_scan_result_free(result);
    opsig_scanner_free(scanner);
    opsig_graph_free(graph);
    opsig_database_free(database);
}

static void names_do_not_change_a_single_tag_of_a_scan_report(void **state)
{
    (void)state;
    struct memory_stream harmless;
    report_named(&harmless, "name");
    char *const expected = tags_of(memory_stream_text(&harmless));
    for (uint64_t seed = 0; seed < 200; seed++) {
        char hostile[30];
        struct memory_stream memory;
        make_hostile(seed, hostile, sizeof hostile);
        report_named(&memory, seed == 0 ? "</code><script>alert(1)</script>" : hostile);
        char *const tags = tags_of(memory_stream_text(&memory));
        assert_string_equal(tags, expected);
        free(tags);
        memory_stream_free(&memory);
    }
    free(expected);
    memory_stream_free(&harmless);
}

static void a_finding_is_told_in_words_with_its_nodes_and_a_picture(void **state)
{
    (void)state;
    struct memory_stream memory;
    report_named(&memory, "/first/Pad");
    const char *const text = memory_stream_text(&memory);
    static const char *const parts[] = {
        "31 of 210 inconsistent models hold it, 4 of 900 consistent ones",
        "odds 14.2 to 1",
        "<code>/first/Pad</code>, <code>AveragePool#1(y)</code>",
        "<g class=\"n k\" tabindex=\"0\"><title>/first/Pad: Pad",
        "could not be read",
        "mined under the oracle ort_opt",
        "bad.onnx",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strstr(text, parts[i]) == NULL) {
            fail_msg("not found: %s", parts[i]);
        }
    }
    memory_stream_free(&memory);
}

static void reports_without_this_format_say_so(void **state)
{
    (void)state;
    opsig_error error = {0};
    struct memory_stream memory;
    memory_stream_open(&memory);
    assert_int_equal(opsig_report_version(memory.stream, &html, &error), OPSIG_UNSUPPORTED);
    assert_string_equal(memory_stream_text(&memory), "");
    memory_stream_free(&memory);
}

/** A report on one model with a finding and one that could not be read. */
static opsig_status report_in(opsig_report_format format, const opsig_database *const *databases,
                              const opsig_scanned *models, FILE *stream)
{
    static const char *const paths[] = {"the.db"};
    const opsig_report_style style = {.format = format};
    opsig_scan_report *out = NULL;
    opsig_status status =
        opsig_scan_report_new(&out, stream, &style, databases, paths, 1, NULL, NULL);
    for (size_t i = 0; i < 2 && status == OPSIG_OK; i++) {
        status = opsig_scan_report_add(out, &models[i], NULL);
    }
    if (status == OPSIG_OK) {
        status = opsig_scan_report_end(out, NULL);
    }
    opsig_scan_report_free(out);
    return status;
}

/** Fails each allocation in turn, until none is left. */
static void check_no_memory(const opsig_database *const *databases, const opsig_scanned *models)
{
    for (int format = OPSIG_REPORT_TEXT; format <= OPSIG_REPORT_CSV; format++) {
        opsig_status status = OPSIG_NOMEM;
        for (uint64_t n = 1; status != OPSIG_OK; n++) {
            struct memory_stream memory;
            memory_stream_open(&memory);
            ops_mem_fail_at(n, 0);
            status = report_in((opsig_report_format)format, databases, models, memory.stream);
            ops_mem_fail_at(0, 0);
            assert_true(status == OPSIG_OK || status == OPSIG_NOMEM);
            memory_stream_free(&memory);
        }
    }
}

static void running_out_of_memory_anywhere_in_any_format_is_a_clean_error(void **state)
{
    (void)state;
    struct opsig_database *const database = fixture_database();
    opsig_graph *const graph = fixture_named_graph("n", "y = AveragePool(first); z = Relu(y)");
    const opsig_database *const databases[] = {database};
    const opsig_error error = {.status = OPSIG_FORMAT, .kind = "damaged", .offset = 3};
    opsig_scan_options options;
    opsig_scanner *scanner = NULL;
    opsig_scan_result *result = NULL;
    fixture_signature(database, "Pad -> AveragePool", 31, 11.5);
    opsig_scan_options_init(&options);
    assert_int_equal(opsig_scanner_new(&scanner, databases, 1, &options, NULL), OPSIG_OK);
    assert_int_equal(opsig_scanner_scan(&result, scanner, graph, NULL, NULL), OPSIG_OK);
    const opsig_scanned models[] = {
        {.path = "a.onnx", .graph = graph, .result = result, .sha256 = ""},
        {.path = "b.onnx", .error = &error, .sha256 = ""},
    };
    check_no_memory(databases, models);
    opsig_scan_result_free(result);
    opsig_scanner_free(scanner);
    opsig_graph_free(graph);
    opsig_database_free(database);
}

static void plots_take_numbers_of_every_kind(void **state)
{
    (void)state;
    const double x[] = {0, 0.5, NAN, 1};
    const double y[] = {-INFINITY, 0.25, 0.5, 2};
    const double nothing[] = {NAN};
    const struct ops_curve curve = {
        .label = "a < b", .x = x, .y = y, .low = y, .high = x, .n = 4, .markers = true};
    const struct ops_rule rule = {.label = "base", .x1 = 0, .y1 = 0.5, .x2 = 1, .y2 = 0.5};
    const struct ops_plot plot = {.id = "p", .title = "t", .description = "d", .x_label = "x",
                                  .y_label = "y", .x_high = 1, .y_high = 1};
    struct memory_stream memory;
    struct ops_page page;
    start(&page, &memory);
    ops_plot_curves(&page, &plot, &curve, 1, &rule, 1);
    ops_plot_histogram(&page, &plot, y, 4, 0.3, "marked");
    ops_plot_histogram(&page, &plot, nothing, 1, NAN, "nothing");
    ops_plot_histogram(&page, &plot, x, 1, 0, "one value");
    const char *const text = finish(&page, &memory);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    assert_non_null(strstr(text, "a &lt; b"));
    memory_stream_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_becomes_markup_however_it_is_printed),
        cmocka_unit_test(tags_are_written_as_they_are_and_buffers_take_what_streams_take),
        cmocka_unit_test(a_buffer_that_is_full_is_an_error),
        cmocka_unit_test(names_do_not_change_a_single_tag_of_a_scan_report),
        cmocka_unit_test(a_finding_is_told_in_words_with_its_nodes_and_a_picture),
        cmocka_unit_test(reports_without_this_format_say_so),
        cmocka_unit_test(running_out_of_memory_anywhere_in_any_format_is_a_clean_error),
        cmocka_unit_test(plots_take_numbers_of_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
