/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tensor whose data are in another file names it by a path relative to the model's folder. Files
 * exist whose paths lead elsewhere, and copying such a path into a new model would hand the trap
 * on. The walk follows the message descriptors down to every TensorProto, whatever holds it, and
 * passes payloads. */
#include "onnx/external.h"

#include <string.h>

#include "onnx.pb-c.h"

#include "base/intern.h"
#include "onnx/wire.h"

enum { TENSOR_EXTERNAL_DATA = 13, ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum { LONGEST_LOCATION = 4096 };

/** The walk over one part. */
struct search {
    struct onnx_external *external;
    struct ops_wire wire;
    opsig_error *err;
};

/** One key with its value. */
struct entry {
    bool is_location;
    char value[LONGEST_LOCATION];
    size_t len;
};

static opsig_status visit_entry(void *context, const struct ops_field *field, void *to)
{
    struct search *const search = context;
    struct entry *const entry = to;
    const char *bytes;
    opsig_status status = OPSIG_OK;
    if (field->number != ENTRY_KEY && field->number != ENTRY_VALUE) {
        return OPSIG_OK;
    }
    TRY(ops_wire_text(&search->wire, field, LONGEST_LOCATION, &bytes));
    const size_t len = (size_t)field->value;
    if (field->number == ENTRY_KEY) {
        entry->is_location = len == strlen("location") && memcmp(bytes, "location", len) == 0;
    } else {
        memcpy(entry->value, bytes, len);
        entry->len = len;
    }
done:
    return status;
}

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

/** Whether a path can lead out of the folder that it is relative to. */
static bool leaves_folder(const char *path, size_t len)
{
    const bool has_drive = len > 1 && path[1] == ':';
    if (len == 0 || is_separator(path[0]) || has_drive || memmem(path, len, "://", 3) != NULL) {
        return true;
    }
    for (size_t begin = 0, i = 0; i <= len; i++) {
        if (i == len || is_separator(path[i])) {
            if (i - begin == 2 && memcmp(path + begin, "..", 2) == 0) {
                return true;
            }
            begin = i + 1;
        }
    }
    return false;
}

static opsig_status take_entry(struct search *search, const struct ops_field *field)
{
    struct entry entry = {.len = 0};
    uint32_t id;
    opsig_status status = OPSIG_OK;
    TRY(ops_wire_message(&search->wire, field, &onnx__string_string_entry_proto__descriptor,
                         visit_entry, &entry));
    if (!entry.is_location) {
        return OPSIG_OK;
    }
    if (leaves_folder(entry.value, entry.len)) {
        return ops_error_set(search->err, OPSIG_FORMAT, "external-data", (int64_t)field->offset,
                             "external data '%.*s' would leave the folder of the model",
                             entry.len < 100 ? (int)entry.len : 100, entry.value);
    }
    search->external->n++;
    TRY(ops_intern_put(search->external->locations, entry.value, entry.len, &id, search->err));
done:
    return status;
}

/** Goes down to what can hold a tensor. */
static opsig_status visit(void *context, const struct ops_field *field, void *to)
{
    struct search *const search = context;
    if (field->message == &onnx__tensor_proto__descriptor) {
        return field->number == TENSOR_EXTERNAL_DATA ? take_entry(search, field) : OPSIG_OK;
    }
    const ProtobufCFieldDescriptor *const known =
        protobuf_c_message_descriptor_get_field(field->message, field->number);
    return known != NULL && known->type == PROTOBUF_C_TYPE_MESSAGE
               ? ops_wire_message(&search->wire, field, known->descriptor, visit, to)
               : OPSIG_OK;
}

static const ProtobufCMessageDescriptor *const parts[] = {
    [ONNX_PART_NODE] = &onnx__node_proto__descriptor,
    [ONNX_PART_TENSOR] = &onnx__tensor_proto__descriptor,
    [ONNX_PART_SPARSE_TENSOR] = &onnx__sparse_tensor_proto__descriptor,
    [ONNX_PART_FUNCTION] = &onnx__function_proto__descriptor,
};

opsig_status onnx_external_find(struct onnx_external *external, enum onnx_part part,
                                const struct onnx_range *range, opsig_error *err)
{
    struct search search = {.external = external, .err = err};
    opsig_status status = OPSIG_OK;
    TRY(ops_reader_seek(external->reader, range->begin, err));
    ops_wire_init(&search.wire, external->reader, external->max_depth, external->deadline, &search,
                  err);
    const struct ops_field whole = {.wire_type = OPS_WIRE_BYTES,
                                    .value = range->end - range->begin,
                                    .offset = range->begin,
                                    .end = range->end,
                                    .message = parts[part]};
    TRY(ops_wire_message(&search.wire, &whole, parts[part], visit, NULL));
done:
    return status;
}
