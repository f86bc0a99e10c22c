/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Projections of sequences. A vertex is put into a group once, although many paths may lead to
 * it: a stamp per vertex and layer says in which call it was last seen. Groups are laid out by a
 * counting sort over the symbols that were met. */
#include "pattern/project.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"

struct found {
    uint32_t symbol, vertex;
};

struct ops_projector {
    const struct ops_field *field;
    uint32_t *stamp[OPS_FIELD_LAYERS]; /* call in which the vertex was last seen */
    uint32_t call;
    uint32_t *count; /* by symbol: members found in this call, then place of the next */
    OPS_VEC(struct found) found;
};

opsig_status ops_projector_new(struct ops_projector **out, const struct ops_field *field,
                               opsig_error *err)
{
    *out = NULL;
    struct ops_projector *projector = ops_mem_zalloc(1, sizeof *projector);
    if (projector == NULL) {
        return ops_error_nomem(err);
    }
    projector->field = field;
    projector->count = ops_mem_zalloc(field->n_symbols, sizeof *projector->count);
    bool complete = projector->count != NULL;
    for (uint32_t layer = 0; layer < field->n_layers; layer++) {
        projector->stamp[layer] = ops_mem_zalloc(field->n_vertices, sizeof(uint32_t));
        complete = complete && projector->stamp[layer] != NULL;
    }
    if (!complete) {
        ops_projector_free(projector);
        return ops_error_nomem(err);
    }
    *out = projector;
    return OPSIG_OK;
}

void ops_projector_free(struct ops_projector *projector)
{
    if (projector == NULL) {
        return;
    }
    for (uint32_t layer = 0; layer < OPS_FIELD_LAYERS; layer++) {
        ops_mem_free(projector->stamp[layer]);
    }
    ops_mem_free(projector->count);
    ops_vec_dispose(&projector->found);
    ops_mem_free(projector);
}

void ops_groups_dispose(struct ops_groups *groups)
{
    ops_vec_dispose(&groups->symbols);
    ops_vec_dispose(&groups->begin);
    ops_vec_dispose(&groups->vertices);
}

/** Starts a call: nothing is stamped, nothing found. */
static void begin_call(struct ops_projector *projector)
{
    projector->found.len = 0;
    if (++projector->call == 0) {
        for (uint32_t layer = 0; layer < projector->field->n_layers; layer++) {
            memset(projector->stamp[layer], 0, projector->field->n_vertices * sizeof(uint32_t));
        }
        projector->call = 1;
    }
}

/** Notes the symbols of a vertex that leads on, unless this call has seen it. */
static opsig_status note_vertex(struct ops_projector *projector, uint32_t vertex, opsig_error *err)
{
    const struct ops_field *field = projector->field;
    for (uint32_t layer = 0; layer < field->n_layers; layer++) {
        uint32_t symbol = field->symbols[layer][vertex];
        if (symbol == OPS_NO_SYMBOL || projector->stamp[layer][vertex] == projector->call) {
            continue;
        }
        projector->stamp[layer][vertex] = projector->call;
        struct found found = {symbol, vertex};
        if (ops_vec_push(&projector->found, found, err) != OPSIG_OK) {
            return OPSIG_NOMEM;
        }
    }
    return OPSIG_OK;
}

/** Lists the distinct symbols found, ascending, and counts each in projector->count. */
static opsig_status count_symbols(struct ops_projector *projector, struct ops_groups *out,
                                  opsig_error *err)
{
    for (size_t i = 0; i < projector->found.len; i++) {
        uint32_t symbol = projector->found.items[i].symbol;
        if (projector->count[symbol]++ == 0 &&
            ops_vec_push(&out->symbols, symbol, err) != OPSIG_OK) {
            return OPSIG_NOMEM;
        }
    }
    ops_sort_u32(out->symbols.items, out->symbols.len);
    return OPSIG_OK;
}

/** Makes groups of what was found; leaves projector->count all 0. */
static opsig_status make_groups(struct ops_projector *projector, struct ops_groups *out,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    out->symbols.len = out->begin.len = out->vertices.len = 0;
    TRY(count_symbols(projector, out, err));
    TRY(ops_vec_reserve(&out->begin, out->symbols.len + 1, err));
    TRY(ops_vec_reserve(&out->vertices, projector->found.len, err));
    uint32_t place = 0;
    for (size_t g = 0; g < out->symbols.len; g++) {
        uint32_t *count = &projector->count[out->symbols.items[g]];
        out->begin.items[out->begin.len++] = place;
        place += *count;
        *count = out->begin.items[g];
    }
    out->begin.items[out->begin.len++] = place;
    for (size_t i = 0; i < projector->found.len; i++) {
        struct found found = projector->found.items[i];
        out->vertices.items[projector->count[found.symbol]++] = found.vertex;
    }
    out->vertices.len = projector->found.len;
done:
    for (size_t i = 0; i < projector->found.len; i++) {
        projector->count[projector->found.items[i].symbol] = 0;
    }
    return status;
}

opsig_status ops_project_roots(struct ops_projector *projector, struct ops_groups *out,
                               opsig_error *err)
{
    begin_call(projector);
    for (uint32_t v = 0; v < projector->field->n_vertices; v++) {
        if (note_vertex(projector, v, err) != OPSIG_OK) {
            return OPSIG_NOMEM;
        }
    }
    return make_groups(projector, out, err);
}

opsig_status ops_project_extend(struct ops_projector *projector, const uint32_t *projection,
                                size_t n, struct ops_groups *out, opsig_error *err)
{
    const struct ops_field *field = projector->field;
    begin_call(projector);
    for (size_t i = 0; i < n; i++) {
        uint32_t end = field->succ_begin[projection[i] + 1];
        for (uint32_t e = field->succ_begin[projection[i]]; e < end; e++) {
            if (note_vertex(projector, field->succ[e], err) != OPSIG_OK) {
                return OPSIG_NOMEM;
            }
        }
    }
    return make_groups(projector, out, err);
}
