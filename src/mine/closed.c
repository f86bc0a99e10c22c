/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern is closed when none of the edges that can be added to it, anywhere, is there in all of
 * its models. So the candidates are what the first model has; each further model keeps those that
 * it has too, and the search ends where none is left. An edge is told by its place in the pattern:
 * as all embeddings are looked at, the places that symmetries of the pattern confuse come out
 * alike. */
#include "mine/growth_inside.h"

/** The pattern and the model that is looked at. */
struct closing {
    const struct ops_growth_pattern *pattern;
    uint32_t n_before; /* models before this one */
    uint32_t n_alive;  /* keys that all models so far hold, this one included */
};

static bool has_edge(const struct ops_growth_pattern *pattern, uint8_t from, uint8_t to,
                     uint32_t kind)
{
    for (uint32_t k = 1; k < pattern->n_steps; k++) {
        const struct ops_step *step = &pattern->steps[k];
        const uint32_t own = step->label << OPS_KIND_BITS | step->dir;
        if ((step->from == from && step->to == to && own == kind) ||
            (step->from == to && step->to == from && own == ops_kind_flip(kind))) {
            return true;
        }
    }
    return false;
}

static void hold(struct closing *closing, struct ops_closing_key *key)
{
    if (key->n_models == closing->n_before) {
        key->n_models++;
        closing->n_alive++;
    }
}

static opsig_status add_key(struct ops_growth *growth, struct closing *closing,
                            const struct ops_closing_key *key, opsig_error *err)
{
    const opsig_status status = ops_vec_push(&growth->keys, *key, err);
    if (status == OPSIG_OK) {
        hold(closing, &growth->keys.items[growth->keys.len - 1]);
    }
    return status;
}

/** An edge to a vertex outside of the embedding. */
static opsig_status meet_forward(struct ops_growth *growth, struct closing *closing, uint8_t from,
                                 uint32_t type, opsig_error *err)
{
    uint32_t *slot = &growth->table[from][type];
    if (*slot == OPS_PRUNED) {
        return OPSIG_OK; /* some model of this pattern lacks it */
    }
    if (*slot != 0) {
        hold(closing, &growth->keys.items[*slot - 1]);
        return OPSIG_OK;
    }
    if (closing->n_before > 0) {
        return OPSIG_OK;
    }
    const struct ops_closing_key key = {.what = type, .from = from, .to = OPS_UNMARKED};
    const opsig_status status = add_key(growth, closing, &key, err);
    *slot = status == OPSIG_OK ? (uint32_t)growth->keys.len : 0;
    return status;
}

/** An edge between two vertices of the embedding. */
static opsig_status meet_inner(struct ops_growth *growth, struct closing *closing, uint8_t from,
                               uint8_t to, uint32_t kind, opsig_error *err)
{
    for (size_t i = 0; i < growth->keys.len; i++) {
        struct ops_closing_key *key = &growth->keys.items[i];
        if (key->to == to && key->from == from && key->what == kind) {
            hold(closing, key);
            return OPSIG_OK;
        }
    }
    if (closing->n_before > 0 || has_edge(closing->pattern, from, to, kind)) {
        return OPSIG_OK;
    }
    const struct ops_closing_key key = {.what = kind, .from = from, .to = to};
    return add_key(growth, closing, &key, err);
}

static opsig_status look_at_row(struct ops_growth *growth, struct closing *closing, size_t row,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_network *network = growth->network;
    const uint32_t width = closing->pattern->n_vertices;
    ops_growth_mark(growth, row, width);
    for (uint8_t from = 0; from < width; from++) {
        const uint32_t v = growth->stack.items[row + from];
        for (uint32_t a = network->arc_begin[v]; a < network->arc_begin[v + 1]; a++) {
            const struct ops_network_arc arc = network->arcs[a];
            const uint8_t to = growth->mark[arc.to];
            if (to == OPS_UNMARKED) {
                TRY(meet_forward(growth, closing, from, arc.type, err));
            } else if (from < to &&
                       network->types[arc.type].symbol == closing->pattern->symbol[to]) {
                TRY(meet_inner(growth, closing, from, to, network->types[arc.type].kind, err));
            }
        }
    }
done:
    ops_growth_unmark(growth, row, width);
    return status;
}

static uint32_t model_at(const struct ops_growth *growth, size_t row)
{
    return growth->network->model_of[growth->stack.items[row]];
}

/** Takes the keys out of the tables. */
static void clear_keys(struct ops_growth *growth)
{
    for (size_t i = 0; i < growth->keys.len; i++) {
        const struct ops_closing_key *key = &growth->keys.items[i];
        if (key->to == OPS_UNMARKED) {
            growth->table[key->from][key->what] = 0;
        }
    }
    growth->keys.len = 0;
}

opsig_status ops_growth_is_closed(struct ops_growth *growth,
                                  const struct ops_growth_pattern *pattern, size_t rows, bool *out,
                                  opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct closing closing = {.pattern = pattern};
    const uint32_t width = pattern->n_vertices;
    uint32_t row = 0;
    *out = false;
    for (uint32_t i = 0; i < width; i++) {
        TRY(ops_growth_table(growth, i, err));
    }
    while (row < pattern->n) {
        const uint32_t model = model_at(growth, rows + (size_t)row * width);
        closing.n_alive = 0;
        for (; row < pattern->n && model_at(growth, rows + (size_t)row * width) == model; row++) {
            TRY(look_at_row(growth, &closing, rows + (size_t)row * width, err));
        }
        if (closing.n_alive == 0) {
            *out = true;
            break;
        }
        closing.n_before++;
    }
done:
    clear_keys(growth);
    return status;
}
