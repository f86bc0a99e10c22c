/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walker on messages made byte by byte. The descriptors are those of generated code; fields
 * that they do not know serve as unknown ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "onnx.pb-c.h"

#include "base/mem.h"
#include "onnx/wire.h"
#include "support/onnx_write.h"

/** What a walk has seen: "number:wire_type=value " a field, "{ }" around sub-messages. */
struct trace {
    struct ops_wire wire;
    char text[512];
    size_t len;
    uint64_t n_fields;
};

static opsig_status record(void *context, const struct ops_field *field, void *to)
{
    struct trace *const trace = context;
    const size_t room = sizeof trace->text - trace->len;
    (void)to;
    trace->n_fields++;
    const int n = snprintf(trace->text + trace->len, room, "%u:%u=%llu ", field->number,
                           field->wire_type, (unsigned long long)field->value);
    trace->len += (size_t)n < room ? (size_t)n : 0;
    return OPSIG_OK;
}

/** Walks memory as a ModelProto. */
static opsig_status walk_with(struct trace *trace, const void *bytes, size_t len,
                              ops_field_fn *visit, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    struct ops_deadline deadline;
    ops_deadline_start(&deadline, 0, NULL);
    trace->len = 0;
    trace->text[0] = '\0';
    trace->n_fields = 0;
    assert_int_equal(ops_reader_open_memory(&reader, bytes, len, err), OPSIG_OK);
    ops_wire_init(&trace->wire, reader, 100, &deadline, trace, err);
    const opsig_status status =
        ops_wire_walk(&trace->wire, &onnx__model_proto__descriptor, visit, NULL);
    ops_reader_free(reader);
    return status;
}

struct example {
    const char *bytes;
    size_t len;
    const char *seen;  /* the trace; NULL: it is refused */
    const char *kind;  /* of the error */
    int64_t offset;
};
#define SEEN(bytes, trace) {(bytes), sizeof(bytes) - 1, (trace), NULL, 0}
#define REFUSED(bytes, kind, offset) {(bytes), sizeof(bytes) - 1, NULL, (kind), (offset)}

static const struct example examples[] = {
    SEEN("", ""),
    SEEN("\x08\x07", "1:0=7 "),
    SEEN("\x08\x80\x01", "1:0=128 "),
    SEEN("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "1:0=18446744073709551615 "),
    SEEN("\x08\x87\x80\x80\x80\x80\x80\x80\x80\x80\x00", "1:0=7 "),
    SEEN("\x88\x80\x80\x80\x00\x07", "1:0=7 "),
    SEEN("\x12\x83\x80\x80\x80\x00" "abc\x08\x07", "2:2=3 1:0=7 "),
    SEEN("\x0d\x01\x00\x00\x00\x09\x02\x00\x00\x00\x00\x00\x00\x80",
         "1:5=1 1:1=9223372036854775810 "),
    SEEN("\xf8\xff\xff\xff\x0f\x01", "536870911:0=1 "),
    SEEN("\xa3\x06\xa8\x06\x05\xb3\x06\xb2\x06\x01z\xb4\x06\xa4\x06\x08\x07", "100:3=0 1:0=7 "),
    REFUSED("\x08", "truncated", 1),
    REFUSED("\x08\x80", "truncated", 1),
    REFUSED("\x88", "truncated", 0),
    REFUSED("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", "malformed", 0),
    REFUSED("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "malformed", 0),
    REFUSED("\x88\x80\x80\x80\x80\x00\x07", "malformed", 0),
    REFUSED("\x88\x80\x80\x80\x10\x07", "malformed", 0),
    REFUSED("\x00\x07", "malformed", 0),
    REFUSED("\x08\x07\x00", "malformed", 2),
    REFUSED("\x0e\x07", "malformed", 0),
    REFUSED("\x0f\x07", "malformed", 0),
    REFUSED("\x0d\x01\x00\x00", "truncated", 1),
    REFUSED("\x09\x01\x00\x00\x00\x00\x00\x00", "truncated", 1),
    REFUSED("\x12\x04" "abc", "truncated", 0),
    REFUSED("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" "abc", "truncated", 0),
    REFUSED("\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f" "abc", "truncated", 0),
    REFUSED("\x12\x83\x80\x80\x80\x80\x00" "abc", "malformed", 0),
    REFUSED("\x0c", "malformed", 0),
    REFUSED("\xa3\x06\x08\x07", "malformed", 0),
    REFUSED("\xa3\x06\xac\x06", "malformed", 0),
    REFUSED("\xa3\x06\xb3\x06\xa4\x06\xb4\x06", "malformed", 0),
};

static void fields_are_seen_or_refused_at_their_offset(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct example *const example = &examples[i];
        struct trace trace;
        opsig_error err = {0};
        const opsig_status status =
            walk_with(&trace, example->bytes, example->len, record, &err);
        if (example->seen != NULL) {
            assert_int_equal(status, OPSIG_OK);
            assert_string_equal(trace.text, example->seen);
        } else {
            assert_int_equal(status, OPSIG_FORMAT);
            assert_string_equal(err.kind, example->kind);
            assert_int_equal(err.offset, example->offset);
        }
    }
}

/** Goes into every length-delimited field 7 as a GraphProto, and in it into field 1 as a
 *  NodeProto, and so on. */
static opsig_status descend(void *context, const struct ops_field *field, void *to)
{
    struct trace *const trace = context;
    if (field->number == 7 && field->wire_type == OPS_WIRE_BYTES) {
        return ops_wire_message(&trace->wire, field, &onnx__graph_proto__descriptor, descend, to);
    }
    return record(context, field, to);
}

static void fields_cannot_leave_their_message(void **state)
{
    (void)state;
    static const char *const inside[] = {
        "\x12\x02z",         /* a string of 2 bytes, of which the message has 1 */
        "\x08\x80",          /* a varint that goes on behind the message */
        "\x88",              /* a tag that does */
        "\x0d\x01\x00\x00",  /* 32 bits, of which the message has 24 */
        "\xa3\x06\x08\x01",  /* a group that is closed behind the message */
        "\xa3",              /* a tag of two bytes */
        "\x12",              /* no length */
    };
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        struct trace trace;
        opsig_error err = {0};
        struct ow model = {0};
        ow_bytes(&model, 7, inside[i],
                 i == 3 ? 4 : strlen(inside[i])); /* one example holds NUL bytes */
        ow_raw(&model, "\x06\xa4\x06\x08\x07\x08\x07", 7);
        assert_int_equal(walk_with(&trace, model.bytes, model.len, descend, &err), OPSIG_FORMAT);
        assert_string_equal(err.kind, "malformed");
        assert_in_range(err.offset, 2, 5);
        ow_free(&model);
    }
}

static void nest(struct ow *out, unsigned levels)
{
    struct ow inner = {0};
    ow_int(&inner, 1, 5);
    for (unsigned i = 0; i < levels; i++) {
        struct ow outer = {0};
        ow_message(&outer, 7, &inner);
        inner = outer;
    }
    *out = inner;
}

static void nesting_is_limited_to_the_level(void **state)
{
    (void)state;
    struct ow model = {0};
    struct trace trace;
    opsig_error err = {0};
    nest(&model, 100);
    assert_int_equal(walk_with(&trace, model.bytes, model.len, descend, &err), OPSIG_OK);
    assert_string_equal(trace.text, "1:0=5 ");
    ow_free(&model);
    nest(&model, 101);
    assert_int_equal(walk_with(&trace, model.bytes, model.len, descend, &err), OPSIG_LIMIT);
    assert_string_equal(err.kind, "limit");
    assert_non_null(strstr(err.message, "--max-depth"));
    ow_free(&model);
}

static void groups_are_skipped_without_recursion(void **state)
{
    (void)state;
    for (unsigned levels = 100; levels <= 20000; levels += 19900) {
        struct ow model = {0};
        struct trace trace;
        opsig_error err = {0};
        for (unsigned i = 0; i < levels; i++) {
            ow_tag(&model, 100 + i, OPS_WIRE_GROUP);
        }
        for (unsigned i = levels; i-- > 0;) {
            ow_tag(&model, 100 + i, OPS_WIRE_END_GROUP);
        }
        ow_int(&model, 1, 5);
        const opsig_status status = walk_with(&trace, model.bytes, model.len, record, &err);
        assert_int_equal(status, levels == 100 ? OPSIG_OK : OPSIG_LIMIT);
        assert_true(levels > 100 || trace.n_fields == 2);
        ow_free(&model);
    }
}

/** Fields of all sizes, so that some straddle every boundary of every window. */
static void write_long_message(struct ow *out, uint64_t *n_fields)
{
    static const uint8_t zeros[3000];
    *n_fields = 0;
    for (size_t i = 0; out->len < 600 * 1024; i++) {
        ow_bytes(out, 2, zeros, (i * 37) % sizeof zeros);
        ow_int(out, 1, (int64_t)(i * 0x9e3779b97f4a7c15U));
        ow_float(out, 100, 1.0F);
        *n_fields += 3;
    }
}

/** Feeds bytes to a pipe from a child, a few at a time. */
static int feed(const struct ow *bytes)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    if (fork() == 0) {
        size_t at = 0;
        (void)close(ends[0]);
        while (at < bytes->len) {
            const size_t left = bytes->len - at;
            const ssize_t n = write(ends[1], bytes->bytes + at, left < 777 ? left : 777);
            if (n <= 0) {
                break;
            }
            at += (size_t)n;
        }
        _exit(0);
    }
    (void)close(ends[1]);
    return ends[0];
}

static opsig_status walk_stream(struct trace *trace, const struct ow *bytes, opsig_error *err)
{
    struct ops_reader *reader = NULL;
    struct ops_deadline deadline;
    const int fd = feed(bytes);
    ops_deadline_start(&deadline, 0, NULL);
    trace->len = 0;
    trace->n_fields = 0;
    assert_int_equal(ops_reader_open_fd(&reader, fd, 1 << 30, err), OPSIG_OK);
    ops_wire_init(&trace->wire, reader, 100, &deadline, trace, err);
    const opsig_status status =
        ops_wire_walk(&trace->wire, &onnx__model_proto__descriptor, record, NULL);
    ops_reader_free(reader);
    (void)close(fd);
    (void)wait(NULL);
    return status;
}

static void a_stream_is_walked_as_memory_is(void **state)
{
    (void)state;
    struct ow model = {0};
    struct trace trace;
    opsig_error err = {0};
    uint64_t n_fields;
    write_long_message(&model, &n_fields);
    assert_int_equal(walk_with(&trace, model.bytes, model.len, record, &err), OPSIG_OK);
    assert_int_equal(trace.n_fields, n_fields);
    assert_int_equal(walk_stream(&trace, &model, &err), OPSIG_OK);
    assert_int_equal(trace.n_fields, n_fields);
    ow_free(&model);
}

static void a_stream_that_ends_early_is_truncated(void **state)
{
    (void)state;
    struct ow model = {0};
    struct trace trace;
    opsig_error err = {0};
    ow_int(&model, 1, 5);
    ow_tag(&model, 7, OPS_WIRE_BYTES);
    ow_varint(&model, UINT64_C(1) << 60);
    ow_text(&model, 2, "x");
    assert_int_equal(walk_stream(&trace, &model, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "truncated");
    ow_free(&model);
}

static opsig_status read_packed(void *context, const struct ops_field *field, void *to)
{
    struct trace *const trace = context;
    int64_t number;
    opsig_status status = OPSIG_OK;
    (void)to;
    while (status == OPSIG_OK && ops_wire_offset(&trace->wire) < field->end) {
        status = ops_wire_packed_int(&trace->wire, field, &number);
        trace->n_fields += status == OPSIG_OK ? (uint64_t)number : 0;
    }
    return status;
}

static void packed_numbers_end_with_their_field(void **state)
{
    (void)state;
    struct trace trace;
    opsig_error err = {0};
    static const char whole[] = "\x42\x04\x01\x80\x01\x02\x08\x07";
    static const char cut[] = "\x42\x02\x01\x80\x01\x08\x07";
    assert_int_equal(walk_with(&trace, whole, 6, read_packed, &err), OPSIG_OK);
    assert_int_equal(trace.n_fields, 131);
    assert_int_equal(walk_with(&trace, cut, sizeof cut - 1, read_packed, &err), OPSIG_FORMAT);
    assert_string_equal(err.kind, "malformed");
}

static opsig_status read_text(void *context, const struct ops_field *field, void *to)
{
    struct trace *const trace = context;
    const char *bytes;
    (void)to;
    return ops_wire_text(&trace->wire, field, 5, &bytes);
}

static void texts_have_no_nul_and_a_largest_length(void **state)
{
    (void)state;
    struct trace trace;
    opsig_error err = {0};
    assert_int_equal(walk_with(&trace, "\x12\x05" "abcde", 7, read_text, &err), OPSIG_OK);
    assert_int_equal(walk_with(&trace, "\x12\x06" "abcdef", 8, read_text, &err), OPSIG_LIMIT);
    assert_int_equal(walk_with(&trace, "\x12\x03" "a\0b", 5, read_text, &err), OPSIG_FORMAT);
    assert_non_null(strstr(err.message, "ModelProto.producer_name: a NUL byte"));
    assert_int_equal(walk_with(&trace, "\x10\x03", 2, read_text, &err), OPSIG_FORMAT);
    assert_non_null(strstr(err.message, "wire type 0 instead of 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_seen_or_refused_at_their_offset),
        cmocka_unit_test(fields_cannot_leave_their_message),
        cmocka_unit_test(nesting_is_limited_to_the_level),
        cmocka_unit_test(groups_are_skipped_without_recursion),
        cmocka_unit_test(a_stream_is_walked_as_memory_is),
        cmocka_unit_test(a_stream_that_ends_early_is_truncated),
        cmocka_unit_test(packed_numbers_end_with_their_field),
        cmocka_unit_test(texts_have_no_nul_and_a_largest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
