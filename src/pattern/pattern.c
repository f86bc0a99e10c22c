/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns that stand on their own. Each carries the texts of its symbols, so that databases made
 * with different symbol tables can be read, compared and joined. */
#include "pattern/pattern.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "graph/snapshot.h"
#include "pattern/shape.h"
#include "pattern/text.h"

void opsig_pattern_free(opsig_pattern *pattern)
{
    if (pattern == NULL) {
        return;
    }
    for (size_t i = 0; i < pattern->n_symbols; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there are n_symbols */
        ops_mem_free(pattern->symbols[i]);
    }
    ops_mem_free(pattern->symbols);
    ops_mem_free(pattern->steps);
    ops_mem_free(pattern->text);
    ops_mem_free(pattern);
}

/** A pattern with room for n steps and as many symbols. */
static opsig_pattern *pattern_alloc(size_t n_steps)
{
    opsig_pattern *pattern = ops_mem_zalloc(1, sizeof *pattern);
    if (pattern == NULL) {
        return NULL;
    }
    pattern->steps = ops_mem_zalloc(n_steps, sizeof *pattern->steps);
    pattern->symbols = ops_mem_zalloc(n_steps, sizeof *pattern->symbols);
    if (pattern->steps == NULL || pattern->symbols == NULL) {
        opsig_pattern_free(pattern);
        return NULL;
    }
    return pattern;
}

/** Index of a symbol in the pattern, which gets it where it is new; UINT32_MAX: no memory. */
static uint32_t local_symbol(opsig_pattern *pattern, const char *text)
{
    for (size_t i = 0; i < pattern->n_symbols; i++) {
        if (strcmp(pattern->symbols[i], text) == 0) {
            return (uint32_t)i;
        }
    }
    char *copy = ops_mem_strdup(text);
    if (copy == NULL) {
        return UINT32_MAX;
    }
    pattern->symbols[pattern->n_symbols] = copy;
    return (uint32_t)pattern->n_symbols++;
}

/** Appends a step that places a vertex with this symbol, or none (NULL). */
static opsig_status append_step(opsig_pattern *pattern, struct ops_step step, const char *symbol,
                                opsig_error *err)
{
    step.symbol = OPS_NO_SYMBOL;
    if (symbol != NULL) {
        step.symbol = local_symbol(pattern, symbol);
        if (step.symbol == UINT32_MAX) {
            return ops_error_nomem(err);
        }
    }
    pattern->steps[pattern->n_steps++] = step;
    return OPSIG_OK;
}

static uint64_t operators_of(const opsig_pattern *pattern)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < pattern->n_symbols; i++) {
        uint64_t hash = 0;
        for (const char *c = pattern->symbols[i]; *c != '\0' && *c != '{'; c++) {
            hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
        }
        bits |= UINT64_C(1) << (hash >> 58);
    }
    return bits;
}

/** Fills in what follows from the steps. */
static opsig_status finish(opsig_pattern *pattern, opsig_error *err)
{
    struct ops_buffer text;
    pattern->n_vertices =
        ops_code_n_vertices((struct ops_code){pattern->steps, pattern->n_steps});
    pattern->operators = operators_of(pattern);
    ops_buffer_init(&text, OPS_PATTERN_MAX_TEXT);
    opsig_status status = ops_pattern_write(&text, pattern, err);
    if (status == OPSIG_OK) {
        char hex[OPS_SHA256_HEX];
        ops_sha256_bytes(ops_buffer_text(&text), text.len, hex);
        snprintf(pattern->id, sizeof pattern->id, "OPS-%.12s", hex);
        pattern->text = ops_buffer_take(&text);
        status = pattern->text == NULL ? ops_error_nomem(err) : OPSIG_OK;
    }
    ops_buffer_dispose(&text);
    return status;
}

/** Places of the symbols in the order of their texts. */
static void rank_symbols(const opsig_pattern *pattern, uint32_t *out)
{
    for (size_t i = 0; i < pattern->n_symbols; i++) {
        out[i] = 0;
        for (size_t j = 0; j < pattern->n_symbols; j++) {
            out[i] += strcmp(pattern->symbols[j], pattern->symbols[i]) < 0;
        }
    }
}

/** Puts the symbols in the order of their first use. */
static void order_symbols(opsig_pattern *pattern)
{
    char *symbols[OPSIG_PATTERN_MAX_VERTICES] = {NULL};
    uint32_t place[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t n = 0;
    memset(place, 0xff, sizeof place);
    for (size_t k = 0; k < pattern->n_steps; k++) {
        uint32_t *symbol = &pattern->steps[k].symbol;
        if (*symbol == OPS_NO_SYMBOL) {
            continue;
        }
        if (place[*symbol] == UINT32_MAX) {
            symbols[n] = pattern->symbols[*symbol];
            place[*symbol] = n++;
        }
        *symbol = place[*symbol];
    }
    memcpy(pattern->symbols, symbols, n * sizeof *symbols);
}

/** Makes the steps those of the canonical code of a shape whose symbols are the pattern's. */
static opsig_status canonicalize(opsig_pattern *pattern, struct ops_shape *shape,
                                 opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t rank[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t symbol_of[OPSIG_PATTERN_MAX_VERTICES];
    rank_symbols(pattern, rank);
    for (uint32_t i = 0; i < pattern->n_symbols; i++) {
        symbol_of[rank[i]] = i;
    }
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        shape->symbol[v] = rank[shape->symbol[v]];
    }
    ops_shape_connect(shape);
    TRY(ops_shape_canon(shape, pattern->steps, err));
    pattern->n_steps = shape->n_edges + 1;
    for (size_t k = 0; k < pattern->n_steps; k++) {
        if (pattern->steps[k].symbol != OPS_NO_SYMBOL) {
            pattern->steps[k].symbol = symbol_of[pattern->steps[k].symbol];
        }
    }
    order_symbols(pattern);
done:
    return status;
}

opsig_status ops_pattern_new(opsig_pattern **out, struct ops_code code,
                             const struct ops_intern *symbols, opsig_error *err)
{
    *out = NULL;
    opsig_status status = OPSIG_OK;
    opsig_pattern *pattern = pattern_alloc(code.n_steps);
    if (pattern == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t k = 0; k < code.n_steps; k++) {
        uint32_t id = code.steps[k].symbol;
        const char *symbol = id == OPS_NO_SYMBOL ? NULL : ops_intern_text(symbols, id);
        TRY(append_step(pattern, code.steps[k], symbol, err));
    }
    if (!ops_code_is_sequence(code)) {
        struct ops_shape shape;
        ops_shape_of_code(&shape, (struct ops_code){pattern->steps, pattern->n_steps});
        TRY(canonicalize(pattern, &shape, err));
    }
    TRY(finish(pattern, err));
    *out = pattern;
    pattern = NULL;
done:
    opsig_pattern_free(pattern);
    return status;
}

opsig_status ops_pattern_copy(opsig_pattern **out, const opsig_pattern *pattern, opsig_error *err)
{
    return opsig_pattern_parse(out, pattern->text, err);
}

opsig_status ops_pattern_code(const opsig_pattern *pattern, struct ops_intern *symbols,
                              struct ops_step *out_steps, opsig_error *err)
{
    for (size_t k = 0; k < pattern->n_steps; k++) {
        out_steps[k] = pattern->steps[k];
        if (out_steps[k].symbol == OPS_NO_SYMBOL) {
            continue;
        }
        const char *text = pattern->symbols[out_steps[k].symbol];
        opsig_status status =
            ops_intern_put(symbols, text, strlen(text), &out_steps[k].symbol, err);
        if (status != OPSIG_OK) {
            return status;
        }
    }
    return OPSIG_OK;
}

/** Fills in a pattern from what was read. */
static opsig_status build(opsig_pattern *pattern, struct ops_pattern_reading *reading,
                          opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_shape *shape = &reading->shape;
    for (uint32_t v = 0; v < shape->n_vertices; v++) {
        shape->symbol[v] = local_symbol(pattern, reading->symbols.items[v]);
        if (shape->symbol[v] == UINT32_MAX) {
            return ops_error_nomem(err);
        }
    }
    TRY(canonicalize(pattern, shape, err));
    TRY(finish(pattern, err));
done:
    return status;
}

opsig_status opsig_pattern_parse(opsig_pattern **out, const char *text, opsig_error *err)
{
    *out = NULL;
    opsig_status status = OPSIG_OK;
    struct ops_pattern_reading reading = {0};
    opsig_pattern *pattern = pattern_alloc(OPSIG_PATTERN_MAX_VERTICES);
    if (pattern == NULL) {
        return ops_error_nomem(err);
    }
    TRY(ops_pattern_read(&reading, text, err));
    TRY(build(pattern, &reading, err));
    *out = pattern;
    pattern = NULL;
done:
    ops_pattern_reading_dispose(&reading);
    opsig_pattern_free(pattern);
    return status;
}

const char *opsig_pattern_text(const opsig_pattern *pattern)
{
    return pattern->text;
}

const char *opsig_pattern_id(const opsig_pattern *pattern)
{
    return pattern->id;
}

opsig_pattern_kind opsig_pattern_kind_of(const opsig_pattern *pattern)
{
    struct ops_code code = {pattern->steps, pattern->n_steps};
    return ops_code_is_sequence(code) ? OPSIG_PATTERN_SEQUENCE : OPSIG_PATTERN_SUBGRAPH;
}

size_t opsig_pattern_n_vertices(const opsig_pattern *pattern)
{
    return pattern->n_vertices;
}

size_t opsig_pattern_n_edges(const opsig_pattern *pattern)
{
    return pattern->n_steps - 1;
}

const char *opsig_pattern_symbol(const opsig_pattern *pattern, size_t i)
{
    for (size_t k = 0; k < pattern->n_steps; k++) {
        if (pattern->steps[k].symbol != OPS_NO_SYMBOL && i-- == 0) {
            return pattern->symbols[pattern->steps[k].symbol];
        }
    }
    return NULL;
}

opsig_pattern_edge opsig_pattern_edge_at(const opsig_pattern *pattern, size_t i)
{
    const struct ops_step *step = &pattern->steps[i + 1];
    const bool enters = step->dir == OPS_CODE_IN;
    return (opsig_pattern_edge){.from = enters ? step->to : step->from,
                                .to = enters ? step->from : step->to,
                                .label = step->label,
                                .undirected = step->dir == OPS_CODE_BOTH};
}
