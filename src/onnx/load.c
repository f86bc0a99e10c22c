/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outermost message, and what is wrong with a file that has none. Only the fields of the
 * inference graph are read; training information and metadata are passed by. */
#include "onnx/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "onnx.pb-c.h"

#include "onnx/loader.h"

enum {
    MODEL_IR_VERSION = 1,
    MODEL_PRODUCER_NAME = 2,
    MODEL_PRODUCER_VERSION = 3,
    MODEL_GRAPH = 7,
    MODEL_OPSET_IMPORT = 8,
    MODEL_FUNCTIONS = 25
};

static opsig_status visit_model(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct opsig_model *const model = to;
    switch (field->number) {
    case MODEL_IR_VERSION: /* a number only; of another wire type it is passed by, as protobuf
                              does: files exist that end in the tail of a longer one */
        return field->wire_type == OPS_WIRE_VARINT
                   ? ops_wire_int(&loader->wire, field, &model->ir_version)
                   : OPSIG_OK;
    case MODEL_PRODUCER_NAME:
        return ops_loader_string(loader, field, &model->producer_name);
    case MODEL_PRODUCER_VERSION:
        return ops_loader_string(loader, field, &model->producer_version);
    case MODEL_GRAPH:
        return ops_load_graph(loader, field, &loader->graph);
    case MODEL_OPSET_IMPORT:
        return ops_load_opset(loader, field, &loader->opsets);
    case MODEL_FUNCTIONS:
        return ops_load_function(loader, field);
    default:
        return OPSIG_OK;
    }
}

__attribute__((format(printf, 2, 3))) static opsig_status note(struct ops_loader *loader,
                                                               const char *format, ...)
{
    char text[256];
    void *item;
    opsig_status status = OPSIG_OK;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    TRY(ops_loader_push(loader, &loader->notes, sizeof(const char *), &item));
    TRY(ops_loader_text(loader, text, item));
done:
    return status;
}

/** Notes the first domain that is imported twice, and how many more imports repeat one. */
static opsig_status note_repeated(struct ops_loader *loader, struct ops_intern *domains)
{
    const struct onnx_opset *const opsets = loader->opsets.items;
    const struct onnx_opset *first = NULL;
    size_t n = 0;
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < loader->opsets.len; i++) {
        const uint32_t known = ops_intern_count(domains);
        uint32_t id;
        TRY(ops_intern_put(domains, opsets[i].domain, strlen(opsets[i].domain), &id, loader->err));
        if (ops_intern_count(domains) == known) {
            first = n++ == 0 ? &opsets[i] : first;
        }
    }
    if (n > 0) {
        TRY(note(loader, "%zu opset imports repeat a domain, first: %s version %lld", n,
                 first->domain[0] != '\0' ? first->domain : "ai.onnx",
                 (long long)first->version));
    }
done:
    return status;
}

static opsig_status note_opsets(struct ops_loader *loader)
{
    struct ops_intern *domains = NULL;
    opsig_status status = OPSIG_OK;
    if (loader->opsets.len == 0) {
        return note(loader, "no opset import");
    }
    if (loader->opsets.len > 1) {
        TRY(ops_intern_new(&domains, loader->err));
        TRY(note_repeated(loader, domains));
    }
done:
    ops_intern_free(domains);
    return status;
}

static void settle_model(const struct ops_loader *loader, struct opsig_model *model)
{
    model->graph = &loader->graph->graph;
    model->opsets = loader->opsets.items;
    model->n_opsets = loader->opsets.len;
    model->functions = loader->functions.items;
    model->n_functions = loader->functions.len;
    model->notes = loader->notes.items;
    model->n_notes = loader->notes.len;
}

static opsig_status read_model(struct ops_loader *loader, struct opsig_model *model)
{
    uint32_t id;
    opsig_status status = OPSIG_OK;
    TRY(ops_intern_put(model->values, "", 0, &id, loader->err)); /* OPS_NO_VALUE */
    TRY(ops_wire_walk(&loader->wire, &onnx__model_proto__descriptor, visit_model, model));
    if (loader->graph == NULL) {
        return ops_error_set(loader->err, OPSIG_FORMAT, "not-onnx", -1,
                             "has no graph: no ONNX model");
    }
    TRY(note_opsets(loader));
    settle_model(loader, model);
done:
    return status;
}

static void dispose(struct ops_loader *loader)
{
    ops_vec_dispose(&loader->inputs);
    ops_vec_dispose(&loader->outputs);
    ops_vec_dispose(&loader->attributes);
    ops_vec_dispose(&loader->items);
    ops_vec_dispose(&loader->raw);
    ops_buffer_dispose(&loader->leaf);
}

opsig_status ops_load(struct opsig_model *model, struct ops_reader *reader,
                      const opsig_limits *limits, opsig_error *err)
{
    struct ops_loader loader = {.model = model,
                                .limits = limits,
                                .err = err,
                                .keep_constants = model->keeps_constants};
    struct ops_deadline deadline;
    uint8_t start[OPS_SNIFF];
    const uint8_t *bytes;
    size_t len;
    opsig_status status = OPSIG_OK;
    ops_deadline_start(&deadline, limits->timeout, limits->cancel);
    ops_reader_watch(reader, &deadline);
    ops_buffer_init(&loader.leaf, OPS_LEAF_MAX);
    TRY(ops_reader_peek(reader, sizeof start, &bytes, &len, err));
    memcpy(start, bytes, len);
    ops_wire_init(&loader.wire, reader, limits->max_depth, &deadline, &loader, err);
    model->producer_name = model->producer_version = "";
    status = read_model(&loader, model);
    if (status == OPSIG_FORMAT && ops_sniff(start, len) != NULL) {
        status = ops_error_set(err, OPSIG_FORMAT, "not-onnx", 0, "%s, not an ONNX model",
                               ops_sniff(start, len));
    }
done:
    dispose(&loader);
    return status;
}
