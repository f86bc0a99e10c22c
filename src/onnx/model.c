/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model owns its arena, its blocks and the table of its value names; all else lives in them. */
#include <opsig/model.h>

#include "base/mem.h"
#include "onnx/load.h"
#include "onnx/model.h"

/** Loads from a reader, which is freed. */
static opsig_status load(opsig_model **out, struct ops_reader *reader, const opsig_limits *limits,
                         bool keep_constants, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_model *model = ops_mem_zalloc(1, sizeof *model);
    TRY(model != NULL ? OPSIG_OK : ops_error_nomem(err));
    ops_arena_init(&model->arena, limits->max_memory);
    model->keeps_constants = keep_constants;
    TRY(ops_intern_new(&model->values, err));
    TRY(ops_load(model, reader, limits, err));
    TRY(ops_reader_unchanged(reader, err));
    *out = model;
    model = NULL;
done:
    opsig_model_free(model);
    ops_reader_free(reader);
    return status;
}

/** The limits that are given, or else the defaults. */
static const opsig_limits *limits_or(const opsig_limits *limits, opsig_limits *defaults)
{
    opsig_limits_init(defaults);
    return limits != NULL ? limits : defaults;
}

opsig_status ops_model_load(opsig_model **out, const char *path, const opsig_limits *limits,
                            bool keep_constants, opsig_error *err)
{
    opsig_limits defaults;
    struct ops_reader *reader;
    *out = NULL;
    limits = limits_or(limits, &defaults);
    const opsig_status status = ops_reader_open(&reader, path, limits->max_file_size, err);
    return status == OPSIG_OK ? load(out, reader, limits, keep_constants, err) : status;
}

opsig_status opsig_model_load(opsig_model **out, const char *path, const opsig_limits *limits,
                              opsig_error *err)
{
    return ops_model_load(out, path, limits, false, err);
}

opsig_status ops_model_load_fd(opsig_model **out, int fd, const opsig_limits *limits,
                               bool keep_constants, opsig_error *err)
{
    opsig_limits defaults;
    struct ops_reader *reader;
    *out = NULL;
    limits = limits_or(limits, &defaults);
    const opsig_status status = ops_reader_open_fd(&reader, fd, limits->max_file_size, err);
    return status == OPSIG_OK ? load(out, reader, limits, keep_constants, err) : status;
}

opsig_status opsig_model_load_fd(opsig_model **out, int fd, const opsig_limits *limits,
                                 opsig_error *err)
{
    return ops_model_load_fd(out, fd, limits, false, err);
}

opsig_status ops_model_load_memory(opsig_model **out, const void *bytes, size_t size,
                                   const opsig_limits *limits, bool keep_constants,
                                   opsig_error *err)
{
    opsig_limits defaults;
    struct ops_reader *reader;
    *out = NULL;
    limits = limits_or(limits, &defaults);
    if (size > limits->max_file_size) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                             "larger than %llu bytes (--max-file-size)",
                             (unsigned long long)limits->max_file_size);
    }
    const opsig_status status = ops_reader_open_memory(&reader, bytes, size, err);
    return status == OPSIG_OK ? load(out, reader, limits, keep_constants, err) : status;
}

opsig_status opsig_model_load_memory(opsig_model **out, const void *bytes, size_t size,
                                     const opsig_limits *limits, opsig_error *err)
{
    return ops_model_load_memory(out, bytes, size, limits, false, err);
}

void opsig_model_free(opsig_model *model)
{
    if (model != NULL) {
        ops_intern_free(model->values);
        while (model->blocks != NULL) {
            struct onnx_block *const next = model->blocks->next;
            ops_mem_free(model->blocks);
            model->blocks = next;
        }
        ops_arena_dispose(&model->arena);
        ops_mem_free(model);
    }
}

int64_t opsig_model_ir_version(const opsig_model *model)
{
    return model->ir_version;
}

const char *opsig_model_producer_name(const opsig_model *model)
{
    return model->producer_name;
}

const char *opsig_model_producer_version(const opsig_model *model)
{
    return model->producer_version;
}

size_t opsig_model_n_main_nodes(const opsig_model *model)
{
    return model->graph->n_nodes;
}

const char *opsig_model_main_op_type(const opsig_model *model, size_t i)
{
    return model->graph->nodes[i].op_type;
}

size_t opsig_model_n_functions(const opsig_model *model)
{
    return model->n_functions;
}
