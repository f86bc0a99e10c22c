/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each visited pattern is looked up by its set of supporting models, as a bit string. The smallest
 * pattern of a class is its generator, which becomes the signature; the largest is the closed
 * pattern, which is kept as its context (method.md section 4, redundancy). Both are the extremes of
 * a total order, so they do not depend on the order of visits. */
#include "mine/classes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pattern/pattern.h"

static uint32_t count_with_attributes(const struct ops_intern *symbols, struct ops_code code)
{
    uint32_t n = 0;
    for (size_t k = 0; k < code.n_steps; k++) {
        const uint32_t symbol = code.steps[k].symbol;
        n += symbol != OPS_NO_SYMBOL && strchr(ops_intern_text(symbols, symbol), '{') != NULL;
    }
    return n;
}

/** By symbol, those that place no vertex last; then by place in the code and label. */
static int compare_steps(const struct ops_intern *symbols, const struct ops_step *a,
                         const struct ops_step *b)
{
    if (a->symbol != b->symbol) {
        if (a->symbol == OPS_NO_SYMBOL || b->symbol == OPS_NO_SYMBOL) {
            return a->symbol == OPS_NO_SYMBOL ? 1 : -1;
        }
        return strcmp(ops_intern_text(symbols, a->symbol), ops_intern_text(symbols, b->symbol));
    }
    const uint32_t x[] = {a->from, a->to, a->dir, a->label};
    const uint32_t y[] = {b->from, b->to, b->dir, b->label};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

int ops_code_order(const struct ops_intern *symbols, struct ops_code a, struct ops_code b)
{
    if (a.n_steps != b.n_steps) {
        return a.n_steps < b.n_steps ? -1 : 1;
    }
    const uint32_t x = count_with_attributes(symbols, a);
    const uint32_t y = count_with_attributes(symbols, b);
    if (x != y) {
        return x < y ? -1 : 1;
    }
    const bool a_is_sequence = ops_code_is_sequence(a);
    if (a_is_sequence != ops_code_is_sequence(b)) {
        return a_is_sequence ? -1 : 1;
    }
    int order = 0;
    for (size_t k = 0; k < a.n_steps && order == 0; k++) {
        order = compare_steps(symbols, &a.steps[k], &b.steps[k]);
    }
    return order;
}

/** A copy of the code in the arena; steps NULL: memory ran out. */
static struct ops_code keep_code(struct ops_arena *arena, struct ops_code code)
{
    struct ops_step *steps = ops_arena_zalloc(arena, code.n_steps, sizeof *steps);
    if (steps != NULL) {
        memcpy(steps, code.steps, code.n_steps * sizeof *steps);
    }
    return (struct ops_code){steps, code.n_steps};
}

static opsig_status add_class(struct ops_classes *classes, struct ops_code code,
                              const uint64_t *bits, uint32_t support, opsig_error *err)
{
    uint64_t *models = ops_arena_zalloc(&classes->arena, classes->n_words, sizeof *models);
    struct ops_class added = {.generator = keep_code(&classes->arena, code),
                              .models = models,
                              .support = support};
    if (models == NULL || added.generator.steps == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(models, bits, classes->n_words * sizeof *models);
    added.closed = added.generator;
    return ops_vec_push(&classes->classes, added, err);
}

static opsig_status join_class(struct ops_classes *classes, struct ops_class *class,
                               struct ops_code code, opsig_error *err)
{
    const bool smallest = ops_code_order(classes->symbols, code, class->generator) < 0;
    const bool largest = ops_code_order(classes->symbols, code, class->closed) > 0;
    if (!smallest && !largest) {
        return OPSIG_OK;
    }
    const struct ops_code kept = keep_code(&classes->arena, code);
    if (kept.steps == NULL) {
        return ops_error_nomem(err);
    }
    if (smallest) {
        class->generator = kept;
    } else {
        class->closed = kept;
    }
    return OPSIG_OK;
}

/** Adds a pattern by the bits of its models. @param n_patterns  that it stands for */
static opsig_status add_by_bits(struct ops_classes *classes, struct ops_code code,
                                const uint64_t *bits, uint32_t support, uint64_t n_patterns,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t id = 0;
    TRY(ops_intern_put(classes->by_set, (const char *)bits, classes->n_words * sizeof *bits, &id,
                       err));
    TRY(id == classes->classes.len
            ? add_class(classes, code, bits, support, err)
            : join_class(classes, &classes->classes.items[id], code, err));
    classes->classes.items[id].n_patterns += n_patterns;
done:
    return status;
}

opsig_status ops_classes_add(struct ops_classes *classes, struct ops_code code,
                             const uint32_t *models, uint32_t n, opsig_error *err)
{
    uint64_t *const bits = classes->bits;
    memset(bits, 0, classes->n_words * sizeof *bits);
    for (uint32_t i = 0; i < n; i++) {
        bits[models[i] / 64] |= UINT64_C(1) << models[i] % 64;
    }
    classes->n_patterns++;
    return add_by_bits(classes, code, bits, n, 1, err);
}

opsig_status ops_classes_join(struct ops_classes *classes, const struct ops_classes *from,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < from->classes.len; i++) {
        const struct ops_class *class = &from->classes.items[i];
        TRY(add_by_bits(classes, class->generator, class->models, class->support,
                        class->n_patterns, err));
        TRY(add_by_bits(classes, class->closed, class->models, class->support, 0, err));
    }
    classes->n_patterns += from->n_patterns;
done:
    return status;
}

static int compare_classes(const void *a, const void *b, void *payload)
{
    const struct ops_class *x = a;
    const struct ops_class *y = b;
    return ops_code_order(payload, x->generator, y->generator);
}

/** Makes by_set anew for classes in a new order. */
static opsig_status index_classes(struct ops_classes *classes, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    ops_intern_free(classes->by_set);
    classes->by_set = NULL;
    TRY(ops_intern_new(&classes->by_set, err));
    for (size_t i = 0; i < classes->classes.len; i++) {
        uint32_t id = 0;
        TRY(ops_intern_put(classes->by_set, (const char *)classes->classes.items[i].models,
                           classes->n_words * sizeof(uint64_t), &id, err));
    }
done:
    return status;
}

opsig_status ops_classes_order(struct ops_classes *classes, size_t first, opsig_error *err)
{
    const size_t n = classes->classes.len - first;
    if (n < 2) {
        return OPSIG_OK;
    }
    qsort_r(classes->classes.items + first, n, sizeof *classes->classes.items, compare_classes,
            (void *)(uintptr_t)classes->symbols);
    return index_classes(classes, err);
}

static opsig_status group_sequence(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    return ops_classes_add(payload, visit->code, visit->models, visit->support, err);
}

opsig_status ops_classes_add_sequences(struct ops_classes *classes,
                                       const struct ops_mine_field *field,
                                       const struct ops_explore_bounds *bounds, opsig_error *err)
{
    return ops_explore(field, bounds, group_sequence, classes, err);
}

opsig_status ops_classes_new(struct ops_classes **out, const struct ops_intern *symbols,
                             uint32_t n_models, opsig_error *err)
{
    *out = NULL;
    opsig_status status = OPSIG_OK;
    struct ops_classes *classes = ops_mem_zalloc(1, sizeof *classes);
    if (classes == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&classes->arena, UINT64_MAX);
    classes->symbols = symbols;
    classes->n_models = n_models;
    classes->n_words = (n_models + 63U) / 64;
    classes->bits = ops_mem_zalloc(classes->n_words, sizeof *classes->bits);
    TRY(classes->bits != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_intern_new(&classes->by_set, err));
    *out = classes;
    classes = NULL;
done:
    ops_classes_free(classes);
    return status;
}

const opsig_pattern *ops_classes_pattern(struct ops_classes *classes, uint32_t id,
                                         opsig_error *err)
{
    struct ops_class *class = &classes->classes.items[id];
    if (class->pattern == NULL &&
        ops_pattern_new(&class->pattern, class->generator, classes->symbols, err) != OPSIG_OK) {
        return NULL;
    }
    return class->pattern;
}

void ops_classes_free(struct ops_classes *classes)
{
    if (classes == NULL) {
        return;
    }
    for (size_t i = 0; i < classes->classes.len; i++) {
        opsig_pattern_free(classes->classes.items[i].pattern);
    }
    ops_vec_dispose(&classes->classes);
    ops_intern_free(classes->by_set);
    ops_mem_free(classes->bits);
    ops_arena_dispose(&classes->arena);
    ops_mem_free(classes);
}
