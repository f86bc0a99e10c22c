/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generated code (protobuf-c) unpacks leaves only, and only after they were checked here: it has
 * no limit on nesting, cuts strings at a NUL, reads a tag above 32 bits as an unknown field, and
 * takes time quadratic in the parts of a split message. The check follows the message descriptor,
 * so it needs no code for each message. Unpacked messages live in an arena for scratch, so that
 * what a leaf takes is bounded, and is given back at once. */
#include "onnx/loader.h"

enum { MAX_PARTS = 64 };

/** Counts an occurrence of a message that can come in parts. */
static opsig_status count_part(struct ops_loader *loader, const struct ops_field *field)
{
    if (++loader->leaf_parts > MAX_PARTS) {
        return ops_wire_malformed(&loader->wire, field, "comes in more than %d parts", MAX_PARTS);
    }
    return OPSIG_OK;
}

static opsig_status visit_leaf(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    const char *bytes;
    opsig_status status = OPSIG_OK;
    const ProtobufCFieldDescriptor *const known =
        protobuf_c_message_descriptor_get_field(field->message, field->number);
    if (known == NULL) {
        return OPSIG_OK;
    }
    switch (known->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        if (known->label != PROTOBUF_C_LABEL_REPEATED) {
            TRY(count_part(loader, field));
        }
        return ops_wire_message(&loader->wire, field, known->descriptor, visit_leaf, to);
    case PROTOBUF_C_TYPE_STRING:
        return ops_wire_text(&loader->wire, field, loader->limits->max_name_length, &bytes);
    default: /* leaves have integers besides, of which none is of a fixed width */
        return ops_wire_expect(&loader->wire, field, OPS_WIRE_VARINT);
    }
done:
    return status;
}

opsig_status ops_leaf_gather(struct ops_loader *loader, const struct ops_field *field,
                             const ProtobufCMessageDescriptor *message)
{
    const char *bytes;
    opsig_status status = OPSIG_OK;
    TRY(count_part(loader, field));
    TRY(ops_wire_look(&loader->wire, field, OPS_READER_WINDOW, &bytes));
    ops_buffer_add(&loader->leaf, bytes, (size_t)field->value);
    TRY(ops_buffer_status(&loader->leaf, loader->err));
    TRY(ops_wire_message(&loader->wire, field, message, visit_leaf, NULL));
done:
    return status;
}

void ops_leaf_clear(struct ops_loader *loader)
{
    ops_buffer_clear(&loader->leaf);
    loader->leaf_parts = 0;
}

static void *alloc(void *data, size_t size)
{
    struct ops_leaf *const leaf = data;
    void *const memory = ops_arena_alloc(&leaf->scratch, size);
    leaf->exhausted = leaf->exhausted || memory == NULL;
    return memory;
}

static void leave(void *data, void *memory)
{
    (void)data;
    (void)memory;
}

opsig_status ops_leaf_unpack(struct ops_loader *loader, const struct ops_field *field,
                             const ProtobufCMessageDescriptor *message, struct ops_leaf *out)
{
    ProtobufCAllocator allocator = {.alloc = alloc, .free = leave, .allocator_data = out};
    *out = (struct ops_leaf){0};
    ops_arena_init(&out->scratch, UINT64_MAX);
    out->message = protobuf_c_message_unpack(message, &allocator, loader->leaf.len,
                                             (const uint8_t *)ops_buffer_text(&loader->leaf));
    ops_leaf_clear(loader);
    if (out->message != NULL) {
        return OPSIG_OK;
    }
    return out->exhausted ? ops_error_nomem(loader->err)
                          : ops_wire_malformed(&loader->wire, field, "cannot be unpacked as %s",
                                               message->short_name);
}

void ops_leaf_dispose(struct ops_leaf *leaf)
{
    ops_arena_dispose(&leaf->scratch);
}
