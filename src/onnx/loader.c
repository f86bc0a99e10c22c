/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory is taken from the model's arena, whose limit is opsig_limits.max_memory. What is held
 * outside, the table of value names and the blocks of large lists, is taken off that limit. A
 * list that doubles in an arena leaves its old items behind; so large ones move to blocks, which
 * grow where they are. */
#include "onnx/loader.h"

#include <string.h>

#include "base/mem.h"

enum {
    NAME_COST = 40, /* bytes that a name in the table takes beside its own */
    LARGEST_IN_ARENA = 32 * 1024
};

static opsig_status past_memory(const struct ops_loader *loader)
{
    return ops_error_set(loader->err, OPSIG_LIMIT, "limit",
                         (int64_t)ops_wire_offset(&loader->wire),
                         "takes more than %llu bytes of memory (--max-model-memory)",
                         (unsigned long long)loader->limits->max_memory);
}

opsig_status ops_loader_fits(struct ops_loader *loader, size_t n, size_t size)
{
    return ops_arena_fits(&loader->model->arena, n, size) ? OPSIG_OK : past_memory(loader);
}

opsig_status ops_loader_alloc(struct ops_loader *loader, size_t count, size_t size, void **out)
{
    opsig_status status = ops_loader_fits(loader, count, size);
    if (status == OPSIG_OK) {
        *out = ops_arena_alloc(&loader->model->arena, count * size);
        status = *out != NULL ? OPSIG_OK : ops_error_nomem(loader->err);
    }
    return status;
}

/** Moves a list that has outgrown the arena to a block, or makes its block larger. */
static opsig_status grow_block(struct ops_loader *loader, struct ops_list *list, size_t cap,
                               size_t size)
{
    struct opsig_model *const model = loader->model;
    const size_t more = cap - (list->block != NULL ? list->cap : 0);
    const opsig_status status = ops_loader_fits(loader, more, size);
    if (status != OPSIG_OK) {
        return status;
    }
    struct onnx_block *block = ops_mem_resize(list->block, 1, sizeof *block + cap * size);
    if (block == NULL) {
        return ops_error_nomem(loader->err);
    }
    if (list->block == NULL) {
        *block = (struct onnx_block){.next = model->blocks, .link = &model->blocks};
        memcpy(block->bytes, list->items, list->len * size);
    }
    *block->link = block;
    if (block->next != NULL) {
        block->next->link = &block->next;
    }
    model->arena.limit -= more * size;
    list->block = block;
    list->items = block->bytes;
    list->cap = cap;
    return OPSIG_OK;
}

static opsig_status grow(struct ops_loader *loader, struct ops_list *list, size_t size)
{
    const size_t cap = list->cap == 0 ? 2 : 2 * list->cap;
    if (cap * size > LARGEST_IN_ARENA) {
        return grow_block(loader, list, cap, size);
    }
    void *items;
    const opsig_status status = ops_loader_alloc(loader, cap, size, &items);
    if (status != OPSIG_OK) {
        return status;
    }
    if (list->len > 0) {
        memcpy(items, list->items, list->len * size);
    }
    list->items = items;
    list->cap = cap;
    return OPSIG_OK;
}

opsig_status ops_loader_push(struct ops_loader *loader, struct ops_list *list, size_t size,
                             void **out)
{
    if (list->len == list->cap) {
        const opsig_status status = grow(loader, list, size);
        if (status != OPSIG_OK) {
            return status;
        }
    }
    *out = (char *)list->items + size * list->len++;
    memset(*out, 0, size);
    return OPSIG_OK;
}

opsig_status ops_loader_copy(struct ops_loader *loader, const void *items, size_t from, size_t n,
                             size_t size, void **out)
{
    *out = NULL;
    if (n == 0) {
        return OPSIG_OK;
    }
    const opsig_status status = ops_loader_alloc(loader, n, size, out);
    if (status == OPSIG_OK) {
        memcpy(*out, (const char *)items + from * size, n * size);
    }
    return status;
}

/** A copy of bytes with a NUL behind them. */
static opsig_status copy_text(struct ops_loader *loader, const char *bytes, size_t len,
                              const char **out)
{
    opsig_status status = OPSIG_OK;
    *out = "";
    if (len > 0) {
        TRY(ops_loader_fits(loader, len + 1, 1));
        *out = ops_arena_strndup(&loader->model->arena, bytes, len);
        status = *out != NULL ? OPSIG_OK : ops_error_nomem(loader->err);
    }
done:
    return status;
}

opsig_status ops_loader_string(struct ops_loader *loader, const struct ops_field *field,
                               const char **out)
{
    const char *bytes;
    const opsig_status status =
        ops_wire_text(&loader->wire, field, loader->limits->max_name_length, &bytes);
    return status == OPSIG_OK ? copy_text(loader, bytes, (size_t)field->value, out) : status;
}

opsig_status ops_loader_text(struct ops_loader *loader, const char *text, const char **out)
{
    return copy_text(loader, text, text != NULL ? strlen(text) : 0, out);
}

const char *ops_domain(const char *domain)
{
    return strcmp(domain, "ai.onnx") == 0 ? "" : domain;
}

opsig_status ops_loader_bytes(struct ops_loader *loader, const struct ops_field *field,
                              struct onnx_bytes *out)
{
    const char *bytes;
    const size_t max = loader->limits->max_name_length;
    opsig_status status = OPSIG_OK;
    *out = (struct onnx_bytes){0};
    TRY(ops_wire_expect(&loader->wire, field, OPS_WIRE_BYTES));
    if (field->value <= max && field->value <= OPS_READER_WINDOW) {
        TRY(ops_wire_bytes(&loader->wire, field, max, &bytes));
        TRY(copy_text(loader, bytes, (size_t)field->value, &out->bytes));
        out->len = (size_t)field->value;
    }
done:
    return status;
}

opsig_status ops_loader_value(struct ops_loader *loader, const struct ops_field *field,
                              uint32_t *out)
{
    const char *bytes;
    struct ops_intern *const values = loader->model->values;
    opsig_status status = OPSIG_OK;
    TRY(ops_wire_text(&loader->wire, field, loader->limits->max_name_length, &bytes));
    const uint32_t before = ops_intern_count(values);
    TRY(ops_intern_put(values, bytes, (size_t)field->value, out, loader->err));
    if (ops_intern_count(values) > before) {
        TRY(ops_loader_fits(loader, (size_t)field->value + NAME_COST, 1));
        loader->model->arena.limit -= field->value + NAME_COST;
    }
done:
    return status;
}

opsig_status ops_loader_ints(struct ops_loader *loader, const struct ops_field *field,
                             struct ops_list *list)
{
    void *item;
    opsig_status status = OPSIG_OK;
    if (field->wire_type == OPS_WIRE_VARINT) {
        TRY(ops_loader_push(loader, list, sizeof(int64_t), &item));
        return ops_wire_int(&loader->wire, field, item);
    }
    TRY(ops_wire_expect(&loader->wire, field, OPS_WIRE_BYTES));
    while (ops_wire_offset(&loader->wire) < field->end) {
        TRY(ops_loader_push(loader, list, sizeof(int64_t), &item));
        TRY(ops_wire_packed_int(&loader->wire, field, item));
    }
done:
    return status;
}

opsig_status ops_loader_floats(struct ops_loader *loader, const struct ops_field *field,
                               struct ops_list *list)
{
    void *item;
    opsig_status status = OPSIG_OK;
    if (field->wire_type == OPS_WIRE_FIXED32) {
        TRY(ops_loader_push(loader, list, sizeof(float), &item));
        return ops_wire_float(&loader->wire, field, item);
    }
    TRY(ops_wire_expect(&loader->wire, field, OPS_WIRE_BYTES));
    while (ops_wire_offset(&loader->wire) < field->end) {
        TRY(ops_loader_push(loader, list, sizeof(float), &item));
        TRY(ops_wire_packed_float(&loader->wire, field, item));
    }
done:
    return status;
}
