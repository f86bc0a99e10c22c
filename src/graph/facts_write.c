/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what was inferred to the block that facts.h describes: arrays grow one by one and are then
 * laid end to end. Names of attributes, ports and dimensions are few, so each is written once. */
#include "graph/facts_write.h"

#include <string.h>

#include "graph/facts_block.h"
#include "graph/infer.h"
#include "onnx/elements.h"

struct writer {
    struct ops_inference *x;
    opsig_error *err;
    OPS_VEC(struct ops_fact_tensor) tensors;
    OPS_VEC(struct ops_fact_dim) dims;
    OPS_VEC(struct ops_fact_constant) constants;
    OPS_VEC(union onnx_number) numbers;
    OPS_VEC(struct ops_fact_vertex) vertices;
    OPS_VEC(struct ops_fact_kind) kinds;
    OPS_VEC(struct ops_fact_attribute) attributes;
    OPS_VEC(uint32_t) slots;
    OPS_VEC(uint32_t) ports;
    OPS_VEC(struct ops_fact_body) bodies;
    struct ops_buffer text;
    struct ops_intern *words;     /* texts that occur again and again */
    OPS_VEC(uint32_t) word_at;    /* their places in the text */
};

static uint32_t put_text(struct writer *w, const char *bytes, size_t len)
{
    const uint32_t at = (uint32_t)w->text.len;
    if (len == 0) {
        return 0; /* the text begins with an empty string */
    }
    ops_buffer_add(&w->text, bytes, len);
    ops_buffer_add(&w->text, "", 1);
    return at;
}

/** A text that is likely to occur again. */
static opsig_status put_word(struct writer *w, const char *word, uint32_t *out)
{
    opsig_status status = OPSIG_OK;
    uint32_t id;
    TRY(ops_intern_put(w->words, word, strlen(word), &id, w->err));
    if (id == w->word_at.len) {
        TRY(ops_vec_push(&w->word_at, put_text(w, word, strlen(word)), w->err));
    }
    *out = w->word_at.items[id];
done:
    return status;
}

static opsig_status put_strings(struct writer *w, const struct onnx_bytes *strings, size_t n)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n; i++) {
        const struct onnx_bytes *const string = &strings[i];
        const size_t len = string->bytes != NULL ? strlen(string->bytes) : 0;
        const union onnx_number number = {.i = put_text(w, string->bytes, len)};
        TRY(ops_vec_push(&w->numbers, number, w->err));
    }
done:
    return status;
}

/* Constants */

static uint64_t count_elements(const struct onnx_tensor *tensor)
{
    uint64_t n = 1;
    for (size_t i = 0; i < tensor->n_dims; i++) {
        if (tensor->dims[i] == 0) {
            return 0;
        }
    }
    for (size_t i = 0; i < tensor->n_dims; i++) {
        if (tensor->dims[i] < 0 || __builtin_mul_overflow(n, (uint64_t)tensor->dims[i], &n)) {
            return UINT64_MAX;
        }
    }
    return n;
}

/** Are the numbers that were kept those of the dimensions? */
static bool is_kept(const struct onnx_tensor *tensor, uint64_t n_elements)
{
    const struct onnx_payload *const payload = tensor->payload;
    const unsigned per_element =
        tensor->data_type == ONNX_STRING ? 1 : onnx_numbers_per_element(tensor->data_type);
    const bool packed = onnx_element_type_bits(tensor->data_type) < 8; /* up to a full byte */
    if (n_elements > OPS_MOST_KEPT || tensor->external || per_element == 0) {
        return false;
    }
    if (n_elements == 0) {
        return true;
    }
    const uint64_t n = payload != NULL ? payload->n_numbers : 0;
    return packed && tensor->data_type != ONNX_STRING ? n >= n_elements && n < n_elements + 4
                                                      : n == n_elements * per_element;
}

/** Does the payload in the file have the size that the dimensions ask for? */
static bool is_readable(const struct onnx_tensor *tensor, uint64_t n_elements)
{
    const struct onnx_payload *const payload = tensor->payload;
    if (payload == NULL || payload->size == 0 || tensor->external || n_elements == UINT64_MAX ||
        tensor->sparse) {
        return false;
    }
    return payload->field != OPS_RAW_DATA ||
           payload->size == onnx_raw_size(tensor->data_type, n_elements);
}

static opsig_status put_constant(struct writer *w, const struct onnx_tensor *tensor, uint32_t *out)
{
    opsig_status status = OPSIG_OK;
    const struct onnx_payload *const payload = tensor->payload;
    struct ops_fact_constant constant = {.n_elements = count_elements(tensor),
                                         .first = (uint32_t)w->numbers.len,
                                         .element_type = tensor->data_type,
                                         .flags = tensor->external ? OPS_CONSTANT_EXTERNAL : 0};
    if (is_readable(tensor, constant.n_elements)) {
        constant.field = payload->field;
        constant.offset = payload->offset;
        constant.size = payload->size;
    }
    if (is_kept(tensor, constant.n_elements) && !tensor->sparse) {
        constant.flags |= OPS_CONSTANT_KEPT;
        if (tensor->data_type == ONNX_STRING && payload != NULL) {
            TRY(put_strings(w, payload->strings, payload->n_numbers));
        }
        for (size_t i = 0;
             payload != NULL && payload->numbers != NULL && i < payload->n_numbers; i++) {
            TRY(ops_vec_push(&w->numbers, payload->numbers[i], w->err));
        }
    }
    *out = (uint32_t)w->constants.len;
    TRY(ops_vec_push(&w->constants, constant, w->err));
done:
    return status;
}

/** A value that was computed, if all of it is known. */
static opsig_status put_folded(struct writer *w, const struct ops_fact *fact, uint32_t *out)
{
    opsig_status status = OPSIG_OK;
    const struct ops_elements *const elements = fact->elements;
    const struct ops_fact_constant constant = {
        .n_elements = elements->n,
        .first = (uint32_t)w->numbers.len,
        .element_type = fact->element_type,
        .flags = OPS_CONSTANT_KEPT | OPS_CONSTANT_FOLDED};
    for (uint32_t i = 0; i < elements->n; i++) {
        if (!elements->items[i].known) {
            return OPSIG_OK;
        }
    }
    for (uint32_t i = 0; i < elements->n; i++) {
        const union onnx_number number = {.i = elements->items[i].value};
        TRY(ops_vec_push(&w->numbers, number, w->err));
    }
    *out = (uint32_t)w->constants.len;
    TRY(ops_vec_push(&w->constants, constant, w->err));
done:
    return status;
}

/* Tensors */

static opsig_status put_dims(struct writer *w, const struct ops_fact *fact)
{
    opsig_status status = OPSIG_OK;
    for (int32_t i = 0; i < fact->rank; i++) {
        struct ops_fact_dim dim = fact->dims[i];
        if (dim.symbol != 0) {
            TRY(put_word(w, ops_intern_text(w->x->symbols, dim.symbol), &dim.symbol));
        }
        TRY(ops_vec_push(&w->dims, dim, w->err));
    }
done:
    return status;
}

static opsig_status put_tensor(struct writer *w, size_t i)
{
    opsig_status status = OPSIG_OK;
    const struct ops_tensor *const tensor = &w->x->graph->tensors.items.items[i];
    const struct ops_fact *const fact = &w->x->facts[i];
    const char *const name = ops_opgraph_value_name(w->x->graph, tensor->value);
    const struct ops_fact_tensor out = {.name = put_text(w, name, strlen(name)),
                                        .producer = tensor->vertex,
                                        .slot = tensor->slot,
                                        .holder = tensor->holder,
                                        .n_readers = tensor->n_readers,
                                        .constant = OPS_NO_CONSTANT,
                                        .dims = (uint32_t)w->dims.len,
                                        .rank = fact->rank,
                                        .element_type = fact->element_type,
                                        .kind = fact->kind,
                                        .flags = tensor->flags};
    TRY(ops_vec_push(&w->tensors, out, w->err));
    TRY(put_dims(w, fact));
    uint32_t *const constant = &w->tensors.items[i].constant;
    if (fact->constant != NULL) {
        TRY(put_constant(w, fact->constant, constant));
    } else if (fact->elements != NULL) {
        TRY(put_folded(w, fact, constant));
    }
done:
    return status;
}

/* Attributes, operators, vertices */

/** The items of a list. */
static opsig_status put_items(struct writer *w, const struct onnx_attribute *attribute,
                              struct ops_fact_attribute *out)
{
    opsig_status status = OPSIG_OK;
    out->items = (uint32_t)w->numbers.len;
    out->n_items =
        (uint32_t)(attribute->type == ONNX_ATTRIBUTE_INTS      ? attribute->n_ints
                   : attribute->type == ONNX_ATTRIBUTE_FLOATS  ? attribute->n_floats
                   : attribute->type == ONNX_ATTRIBUTE_STRINGS ? attribute->n_strings
                                                               : 0);
    if (attribute->type == ONNX_ATTRIBUTE_STRINGS) {
        return put_strings(w, attribute->strings, attribute->n_strings);
    }
    for (uint32_t i = 0; i < out->n_items; i++) {
        union onnx_number number;
        if (attribute->type == ONNX_ATTRIBUTE_INTS) {
            number.i = attribute->ints[i];
        } else {
            number.f = (double)attribute->floats[i];
        }
        TRY(ops_vec_push(&w->numbers, number, w->err));
    }
done:
    return status;
}

static opsig_status put_attribute(struct writer *w, const struct onnx_attribute *attribute)
{
    opsig_status status = OPSIG_OK;
    const bool string = attribute->type == ONNX_ATTRIBUTE_STRING && attribute->s.bytes != NULL;
    struct ops_fact_attribute out = {.i = attribute->i,
                                     .f = attribute->f,
                                     .type = attribute->type,
                                     .constant = OPS_NO_CONSTANT};
    TRY(put_word(w, attribute->name, &out.name));
    TRY(put_items(w, attribute, &out));
    if (string) {
        out.s = put_text(w, attribute->s.bytes, attribute->s.len);
        out.s_len = (uint32_t)attribute->s.len;
    }
    if (attribute->type == ONNX_ATTRIBUTE_TENSOR && attribute->tensor != NULL) {
        out.i = attribute->tensor->data_type;
        TRY(put_constant(w, attribute->tensor, &out.constant));
    } else if (attribute->n_graphs > 0) {
        out.i = (int64_t)attribute->n_graphs;
    }
    TRY(ops_vec_push(&w->attributes, out, w->err));
done:
    return status;
}

static opsig_status put_ports(struct writer *w, const struct ops_port *ports, uint32_t n)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t name;
        TRY(put_word(w, ports[i].name, &name));
        TRY(ops_vec_push(&w->ports, name, w->err));
    }
done:
    return status;
}

static opsig_status put_kind(struct writer *w, const struct ops_infer_kind *kind)
{
    opsig_status status = OPSIG_OK;
    const struct ops_operator *const op = kind->op;
    struct ops_fact_kind out = {.opset = kind->opset,
                                .inputs = (uint32_t)w->ports.len,
                                .attributes = (uint32_t)w->attributes.len};
    if (op != NULL) {
        out.since = op->since;
        out.n_inputs = op->n_inputs;
        out.n_outputs = op->n_outputs;
        out.outputs = out.inputs + op->n_inputs;
        TRY(put_ports(w, op->inputs, op->n_inputs));
        TRY(put_ports(w, op->outputs, op->n_outputs));
        for (uint32_t i = 0; i < op->n_attributes; i++) {
            if (op->attributes[i].has_default) {
                TRY(put_attribute(w, &op->attributes[i].value));
                out.n_attributes++;
            }
        }
    }
    TRY(ops_vec_push(&w->kinds, out, w->err));
done:
    return status;
}

/** Vertices come with the holders open around them on a stack. */
struct holders {
    OPS_VEC(uint32_t) open;
};

static opsig_status put_vertex(struct writer *w, uint32_t v, struct holders *holders)
{
    opsig_status status = OPSIG_OK;
    const struct ops_vertex *const vertices = w->x->graph->vertices.items;
    const struct onnx_node *const node = vertices[v].node;
    const uint32_t inputs = (uint32_t)w->x->graph->tensors.first[v];
    while (holders->open.len > 0 &&
           vertices[holders->open.items[holders->open.len - 1]].end <= v) {
        holders->open.len--;
    }
    const struct ops_fact_vertex out = {
        .kind = w->x->kind_of[v],
        .holder = holders->open.len > 0 ? holders->open.items[holders->open.len - 1]
                                        : OPS_NO_VERTEX,
        .n_inputs = node->n_inputs,
        .inputs = inputs,
        .n_outputs = node->n_outputs,
        .outputs = inputs + node->n_inputs,
        .n_attributes = node->n_attributes,
        .attributes = (uint32_t)w->attributes.len};
    TRY(ops_vec_push(&w->vertices, out, w->err));
    if (vertices[v].end > v + 1) {
        TRY(ops_vec_push(&holders->open, v, w->err));
    }
    for (uint32_t i = 0; i < node->n_attributes; i++) {
        TRY(put_attribute(w, &node->attributes[i]));
    }
done:
    return status;
}

static opsig_status put_vertices(struct writer *w)
{
    opsig_status status = OPSIG_OK;
    struct holders holders = {0};
    const struct ops_opgraph *const graph = w->x->graph;
    const size_t n_slots = graph->tensors.first[graph->vertices.len];
    for (size_t v = 0; v < graph->vertices.len; v++) {
        TRY(ops_deadline_check(&w->x->graph->deadline, w->err));
        TRY(put_vertex(w, (uint32_t)v, &holders));
    }
    TRY(ops_vec_reserve(&w->slots, n_slots + 1, w->err));
    memcpy(w->slots.items, graph->tensors.slots, n_slots * sizeof *w->slots.items);
    w->slots.len = n_slots;
done:
    ops_vec_dispose(&holders.open);
    return status;
}

static opsig_status put_bodies(struct writer *w)
{
    opsig_status status = OPSIG_OK;
    const struct ops_tensors *const tensors = &w->x->graph->tensors;
    for (size_t i = 0; i < tensors->bodies.len; i++) {
        const struct ops_body *const body = &tensors->bodies.items[i];
        const struct ops_fact_body out = {.holder = body->holder,
                                          .n_inputs = (uint32_t)body->graph->n_inputs,
                                          .inputs = (uint32_t)body->inputs,
                                          .n_results = (uint32_t)body->graph->n_outputs,
                                          .results = (uint32_t)body->results};
        if (body->holder != OPS_NO_VERTEX) {
            TRY(ops_vec_push(&w->bodies, out, w->err));
        }
    }
done:
    return status;
}

/* The block */

static void put_section(struct ops_buffer *out, struct ops_facts_header *header,
                        enum ops_facts_section section, const void *bytes, size_t len)
{
    static const char zeros[sizeof(uint64_t)] = {0};
    header->at[section] = out->len;
    ops_buffer_add(out, bytes, len);
    ops_buffer_add(out, zeros, (sizeof zeros - len % sizeof zeros) % sizeof zeros);
}

#define PUT(section, vec)                                                                        \
    put_section(out, &header, (section), (vec)->items, (vec)->len * sizeof *(vec)->items)

static opsig_status put_block(struct writer *w, struct ops_buffer *out)
{
    struct ops_facts_header header = {.n_tensors = (uint32_t)w->tensors.len,
                                      .n_constants = (uint32_t)w->constants.len,
                                      .n_kinds = (uint32_t)w->kinds.len,
                                      .n_vertices = (uint32_t)w->vertices.len,
                                      .n_bodies = (uint32_t)w->bodies.len};
    opsig_status status = OPSIG_OK;
    TRY(ops_buffer_status(&w->text, w->err));
    ops_buffer_init(out, UINT32_MAX);
    ops_buffer_add(out, (const char *)&header, sizeof header);
    PUT(OPS_FACTS_TENSORS, &w->tensors);
    PUT(OPS_FACTS_DIMS, &w->dims);
    PUT(OPS_FACTS_CONSTANTS, &w->constants);
    PUT(OPS_FACTS_NUMBERS, &w->numbers);
    PUT(OPS_FACTS_VERTICES, &w->vertices);
    PUT(OPS_FACTS_KINDS, &w->kinds);
    PUT(OPS_FACTS_ATTRIBUTES, &w->attributes);
    PUT(OPS_FACTS_SLOTS, &w->slots);
    PUT(OPS_FACTS_PORTS, &w->ports);
    PUT(OPS_FACTS_BODIES, &w->bodies);
    PUT(OPS_FACTS_ENDS, &w->x->graph->tensors.ends);
    put_section(out, &header, OPS_FACTS_TEXT, w->text.bytes, w->text.len);
    TRY(ops_buffer_status(out, w->err));
    memcpy(out->bytes, &header, sizeof header);
done:
    return status;
}

static opsig_status write_all(struct writer *w)
{
    opsig_status status = OPSIG_OK;
    struct ops_inference *const x = w->x;
    TRY(ops_intern_new(&w->words, w->err));
    ops_buffer_add(&w->text, "", 1);
    for (size_t i = 0; i < x->graph->tensors.items.len; i++) {
        TRY(ops_deadline_check(&x->graph->deadline, w->err));
        TRY(put_tensor(w, i));
    }
    for (size_t i = 0; i < x->kinds.len; i++) {
        TRY(put_kind(w, &x->kinds.items[i]));
    }
    TRY(put_vertices(w));
    TRY(put_bodies(w));
    TRY(put_block(w, &x->graph->facts));
done:
    return status;
}

static void dispose(struct writer *w)
{
    ops_vec_dispose(&w->tensors);
    ops_vec_dispose(&w->dims);
    ops_vec_dispose(&w->constants);
    ops_vec_dispose(&w->numbers);
    ops_vec_dispose(&w->vertices);
    ops_vec_dispose(&w->kinds);
    ops_vec_dispose(&w->attributes);
    ops_vec_dispose(&w->slots);
    ops_vec_dispose(&w->ports);
    ops_vec_dispose(&w->bodies);
    ops_vec_dispose(&w->word_at);
    ops_buffer_dispose(&w->text);
    ops_intern_free(w->words);
}

opsig_status ops_facts_build(struct ops_opgraph *graph, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_inference x = {0};
    struct writer w = {.x = &x, .err = err};
    ops_buffer_init(&w.text, UINT32_MAX);
    TRY(ops_infer(&x, graph, err));
    TRY(write_all(&w));
done:
    dispose(&w);
    ops_infer_dispose(&x);
    return status;
}
