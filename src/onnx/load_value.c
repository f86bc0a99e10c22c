/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values: tensors, value infos, and opset imports. */
#include "onnx.pb-c.h"

#include "onnx/loader.h"

opsig_status ops_load_opset(struct ops_loader *loader, const struct ops_field *field,
                            struct ops_list *list)
{
    struct ops_leaf leaf = {0};
    void *item;
    opsig_status status = OPSIG_OK;
    const char *domain;
    TRY(ops_leaf_gather(loader, field, &onnx__operator_set_id_proto__descriptor));
    TRY(ops_leaf_unpack(loader, field, &onnx__operator_set_id_proto__descriptor, &leaf));
    const Onnx__OperatorSetIdProto *const proto = (void *)leaf.message;
    TRY(ops_loader_text(loader, proto->domain, &domain));
    TRY(ops_loader_push(loader, list, sizeof(struct onnx_opset), &item));
    *(struct onnx_opset *)item = (struct onnx_opset){.domain = ops_domain(domain),
                                                .version = proto->version};
done:
    ops_leaf_dispose(&leaf);
    return status;
}

enum { TENSOR_DIMS = 1, TENSOR_DATA_TYPE = 2, TENSOR_NAME = 8, TENSOR_DATA_LOCATION = 14 };

static opsig_status visit_tensor(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct ops_tensor_parts *const parts = to;
    int64_t number;
    opsig_status status = OPSIG_OK;
    switch (field->number) {
    case TENSOR_DIMS:
        return ops_loader_ints(loader, field, &parts->dims);
    case TENSOR_DATA_TYPE:
        TRY(ops_wire_int(&loader->wire, field, &number));
        parts->tensor.data_type = (int32_t)(uint32_t)number; /* as protobuf: the low 32 bits */
        break;
    case TENSOR_NAME:
        return ops_loader_value(loader, field, &parts->tensor.name);
    case TENSOR_DATA_LOCATION:
        TRY(ops_wire_int(&loader->wire, field, &number));
        if (number == ONNX__TENSOR_PROTO__DATA_LOCATION__DEFAULT ||
            number == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL) {
            parts->tensor.external = number == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
        }
        break;
    case OPS_FLOAT_DATA:
    case OPS_INT32_DATA:
    case OPS_STRING_DATA:
    case OPS_INT64_DATA:
    case OPS_RAW_DATA:
    case OPS_DOUBLE_DATA:
    case OPS_UINT64_DATA:
        return loader->keep_constants ? ops_load_payload(loader, field, &parts->payload)
                                      : OPSIG_OK;
    default:
        break;
    }
done:
    return status;
}

opsig_status ops_load_tensor(struct ops_loader *loader, const struct ops_field *field,
                             struct ops_tensor_parts *parts)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_wire_message(&loader->wire, field, &onnx__tensor_proto__descriptor, visit_tensor,
                         parts));
    parts->tensor.dims = parts->dims.items;
    parts->tensor.n_dims = parts->dims.len;
    if (loader->keep_constants) {
        TRY(ops_finish_payload(loader, &parts->payload, &parts->tensor));
    }
done:
    return status;
}

enum { SPARSE_VALUES = 1, SPARSE_DIMS = 3 };

static opsig_status visit_sparse_tensor(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct ops_tensor_parts *const parts = to;
    if (field->number == SPARSE_DIMS) {
        return ops_loader_ints(loader, field, &parts->dims);
    }
    if (field->number != SPARSE_VALUES) {
        return OPSIG_OK;
    }
    struct ops_tensor_parts values = {.tensor = parts->tensor};
    const opsig_status status = ops_load_tensor(loader, field, &values);
    parts->tensor = values.tensor;
    parts->tensor.sparse = true;
    parts->tensor.payload = NULL;
    return status;
}

opsig_status ops_load_sparse_tensor(struct ops_loader *loader, const struct ops_field *field,
                                    struct ops_tensor_parts *parts)
{
    const opsig_status status =
        ops_wire_message(&loader->wire, field, &onnx__sparse_tensor_proto__descriptor,
                         visit_sparse_tensor, parts);
    parts->tensor.dims = parts->dims.items;
    parts->tensor.n_dims = parts->dims.len;
    return status;
}

enum { INFO_NAME = 1, INFO_TYPE = 2 };

/** The kinds are a oneof: another kind than before makes what was there void. */
static opsig_status visit_type(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct onnx_value_info *const info = to;
    switch (field->number) {
    case ONNX_TYPE_TENSOR:
        info->kind = field->number;
        return ops_leaf_gather(loader, field, &onnx__type_proto__tensor__descriptor);
    case ONNX_TYPE_SEQUENCE:
    case ONNX_TYPE_MAP:
    case ONNX_TYPE_SPARSE_TENSOR:
    case ONNX_TYPE_OPTIONAL:
        info->kind = field->number;
        ops_leaf_clear(loader);
        return ops_wire_expect(&loader->wire, field, OPS_WIRE_BYTES);
    default:
        return OPSIG_OK;
    }
}

static opsig_status visit_value_info(void *context, const struct ops_field *field, void *to)
{
    struct ops_loader *const loader = context;
    struct onnx_value_info *const info = to;
    switch (field->number) {
    case INFO_NAME:
        return ops_loader_value(loader, field, &info->name);
    case INFO_TYPE:
        return ops_wire_message(&loader->wire, field, &onnx__type_proto__descriptor, visit_type,
                                info);
    default:
        return OPSIG_OK;
    }
}

static opsig_status copy_dims(struct ops_loader *loader, const Onnx__TensorShapeProto *shape,
                              struct onnx_value_info *info)
{
    void *memory = NULL;
    opsig_status status = OPSIG_OK;
    if (shape->n_dim > 0) {
        TRY(ops_loader_alloc(loader, shape->n_dim, sizeof(struct onnx_dim), &memory));
    }
    struct onnx_dim *const dims = memory;
    for (size_t i = 0; i < shape->n_dim; i++) {
        const Onnx__TensorShapeProto__Dimension *const dim = shape->dim[i];
        dims[i] = (struct onnx_dim){.value = -1, .param = ""};
        if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE) {
            dims[i].value = dim->dim_value >= 0 ? dim->dim_value : -1;
        } else if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM) {
            TRY(ops_loader_text(loader, dim->dim_param, &dims[i].param));
        }
    }
    info->dims = dims;
    info->rank = (int32_t)shape->n_dim;
done:
    return status;
}

static opsig_status unpack_tensor_type(struct ops_loader *loader, const struct ops_field *field,
                                       struct onnx_value_info *info)
{
    struct ops_leaf leaf = {0};
    opsig_status status = OPSIG_OK;
    TRY(ops_leaf_unpack(loader, field, &onnx__type_proto__tensor__descriptor, &leaf));
    const Onnx__TypeProto__Tensor *const type = (void *)leaf.message;
    info->elem_type = type->elem_type;
    if (type->shape != NULL) {
        TRY(copy_dims(loader, type->shape, info));
    }
done:
    ops_leaf_dispose(&leaf);
    return status;
}

opsig_status ops_load_value_info(struct ops_loader *loader, const struct ops_field *field,
                                 struct ops_list *list)
{
    struct onnx_value_info info = {.rank = -1};
    void *item;
    opsig_status status = OPSIG_OK;
    ops_leaf_clear(loader);
    TRY(ops_wire_message(&loader->wire, field, &onnx__value_info_proto__descriptor,
                         visit_value_info, &info));
    if (info.kind == ONNX_TYPE_TENSOR) {
        TRY(unpack_tensor_type(loader, field, &info));
    }
    info.bytes = (struct onnx_range){ops_wire_begin(field), field->end};
    TRY(ops_loader_push(loader, list, sizeof info, &item));
    *(struct onnx_value_info *)item = info;
done:
    return status;
}
