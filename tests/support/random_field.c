/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/random_field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "graph/snapshot.h"

/** A stream of random numbers below a bound. */
struct dice {
    uint64_t seed, index;
};

static uint32_t roll(struct dice *dice, uint32_t bound)
{
    return (uint32_t)ops_rng_below(dice->seed, 0, dice->index++, bound);
}

static void *must(void *memory)
{
    if (memory == NULL) {
        abort();
    }
    return memory;
}

/** Puts "A", "A{x}", "A{y}", "B", ... into the table, so that ids are 3 * letter + variant. */
static void name_symbols(struct ops_intern *symbols, uint32_t n)
{
    for (uint32_t s = 0; s < n; s++) {
        static const char *const variants[] = {"", "{x}", "{y}"};
        for (uint32_t variant = 0; variant < 3; variant++) {
            char name[8];
            uint32_t id;
            int len = snprintf(name, sizeof name, "%c%s", (char)('A' + s), variants[variant]);
            if (ops_intern_put(symbols, name, (size_t)len, &id, NULL) != OPSIG_OK) {
                abort();
            }
        }
    }
}

static void add_model(struct ops_mine_field *field, uint32_t model, struct dice *dice,
                      const struct random_field_options *options)
{
    uint32_t base = field->first_vertex[model];
    uint32_t n = roll(dice, options->max_vertices + 1);
    for (uint32_t v = base; v < base + n; v++) {
        uint32_t letter = roll(dice, options->n_symbols);
        bool plain = roll(dice, 5) == 0;
        field->model_of[v] = model;
        field->symbol[0][v] = plain ? OPS_NO_SYMBOL : 3 * letter;
        if (options->two_layers) {
            uint32_t variant = roll(dice, 3);
            field->symbol[1][v] =
                plain || variant == 0 ? OPS_NO_SYMBOL : 3 * letter + variant;
        }
        uint32_t place = field->succ_begin[v];
        for (uint32_t w = v + 1; w < base + n; w++) {
            uint32_t parallel = roll(dice, 100) < options->edge_percent ? 1 + roll(dice, 2) : 0;
            while (parallel-- > 0) {
                field->succ[place++] = w;
            }
        }
        field->succ_begin[v + 1] = place;
    }
    field->first_vertex[model + 1] = base + n;
}

struct ops_mine_field *random_field(uint64_t seed, const struct random_field_options *options)
{
    struct dice dice = {seed, 0};
    size_t most = (size_t)options->n_models * options->max_vertices;
    struct ops_mine_field *field = must(ops_mem_zalloc(1, sizeof *field));
    if (ops_intern_new(&field->symbols, NULL) != OPSIG_OK) {
        abort();
    }
    name_symbols(field->symbols, options->n_symbols);
    field->n_models = options->n_models;
    field->first_vertex = must(ops_mem_zalloc(options->n_models + 1U, sizeof(uint32_t)));
    field->model_of = must(ops_mem_zalloc(most, sizeof(uint32_t)));
    field->succ_begin = must(ops_mem_zalloc(most + 1, sizeof(uint32_t)));
    field->succ = must(ops_mem_zalloc(most * 2 * options->max_vertices, sizeof(uint32_t)));
    field->field.n_layers = options->two_layers ? 2 : 1;
    for (uint32_t layer = 0; layer < field->field.n_layers; layer++) {
        field->symbol[layer] = must(ops_mem_zalloc(most, sizeof(uint32_t)));
        field->field.symbols[layer] = field->symbol[layer];
    }
    for (uint32_t m = 0; m < options->n_models; m++) {
        add_model(field, m, &dice, options);
    }
    field->field.n_vertices = field->first_vertex[options->n_models];
    field->field.n_symbols = ops_intern_count(field->symbols);
    field->field.succ_begin = field->succ_begin;
    field->field.succ = field->succ;
    return field;
}

bool field_carries(const struct ops_field *field, uint32_t v, uint32_t symbol)
{
    return field->symbols[0][v] == symbol ||
           (field->n_layers > 1 && field->symbols[1][v] == symbol);
}

/** Paths that go on from v, which carries symbols[0]. */
static uint64_t paths_from(const struct ops_field *field, uint32_t v, const uint32_t *symbols,
                           size_t n)
{
    if (n == 1) {
        return 1;
    }
    uint64_t total = 0;
    for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
        bool repeated = e > field->succ_begin[v] && field->succ[e] == field->succ[e - 1];
        if (!repeated && field_carries(field, field->succ[e], symbols[1])) {
            total += paths_from(field, field->succ[e], symbols + 1, n - 1);
        }
    }
    return total;
}

uint64_t count_paths(const struct ops_field *field, uint32_t begin, uint32_t end,
                     const uint32_t *symbols, size_t n)
{
    uint64_t total = 0;
    for (uint32_t v = begin; v < end; v++) {
        if (field_carries(field, v, symbols[0])) {
            total += paths_from(field, v, symbols, n);
        }
    }
    return total;
}

struct ops_raw_network raw_of_field(const struct ops_mine_field *field)
{
    struct ops_raw_network raw = {.n_models = field->n_models,
                                  .n_vertices = field->field.n_vertices,
                                  .n_layers = field->field.n_layers,
                                  .symbols = field->symbols,
                                  .first_vertex = field->first_vertex};
    for (uint32_t layer = 0; layer < raw.n_layers; layer++) {
        raw.symbol[layer] = field->symbol[layer];
    }
    for (uint32_t v = 0; v < raw.n_vertices; v++) {
        for (uint32_t e = field->succ_begin[v]; e < field->succ_begin[v + 1]; e++) {
            const struct ops_network_edge edge = {v, field->succ[e], 0};
            if (ops_vec_push(&raw.edges, edge, NULL) != OPSIG_OK) {
                abort();
            }
        }
    }
    return raw;
}

struct ops_code sequence_code(struct ops_step *steps, const uint32_t *symbols, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        steps[k] = ops_code_sequence_step(k, symbols[k]);
    }
    return (struct ops_code){steps, n};
}
