/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each visited sequence is looked up by its set of supporting models, as a bit string. The
 * smallest sequence of a class is its generator, which becomes the signature; the largest is the
 * closed pattern, which is kept as its context (method.md section 4, redundancy). */
#include "mine/classes.h"

#include <string.h>

#include "base/mem.h"
#include "pattern/contain.h"
#include "pattern/pattern.h"

static bool has_attributes(const struct ops_intern *symbols, uint32_t symbol)
{
    return strchr(ops_intern_text(symbols, symbol), '{') != NULL;
}

static uint32_t count_with_attributes(const struct ops_intern *symbols, struct ops_sequence s)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < s.n; k++) {
        n += has_attributes(symbols, s.symbols[k]);
    }
    return n;
}

int ops_sequence_order(const struct ops_intern *symbols, struct ops_sequence a,
                       struct ops_sequence b)
{
    if (a.n != b.n) {
        return a.n < b.n ? -1 : 1;
    }
    uint32_t x = count_with_attributes(symbols, a);
    uint32_t y = count_with_attributes(symbols, b);
    if (x != y) {
        return x < y ? -1 : 1;
    }
    for (uint32_t k = 0; k < a.n; k++) {
        if (a.symbols[k] != b.symbols[k]) {
            return strcmp(ops_intern_text(symbols, a.symbols[k]),
                          ops_intern_text(symbols, b.symbols[k]));
        }
    }
    return 0;
}

bool ops_sequence_contains(const struct ops_intern *symbols, struct ops_sequence whole,
                           struct ops_sequence part)
{
    for (uint32_t at = 0; at + part.n <= whole.n; at++) {
        uint32_t k = 0;
        while (k < part.n &&
               (part.symbols[k] == whole.symbols[at + k] ||
                ops_symbol_generalizes(ops_intern_text(symbols, part.symbols[k]),
                                       ops_intern_text(symbols, whole.symbols[at + k])))) {
            k++;
        }
        if (k == part.n) {
            return true;
        }
    }
    return false;
}

opsig_status ops_sequence_pattern(opsig_pattern **out, const struct ops_intern *symbols,
                                  struct ops_sequence sequence, opsig_error *err)
{
    struct ops_step steps[OPSIG_PATTERN_MAX_VERTICES];
    for (uint32_t k = 0; k < sequence.n; k++) {
        steps[k] = ops_code_sequence_step(k, sequence.symbols[k]);
    }
    return ops_pattern_new(out, (struct ops_code){steps, sequence.n}, symbols, err);
}

/** A copy of the visited sequence in the arena; symbols NULL: memory ran out. */
static struct ops_sequence keep_sequence(struct ops_arena *arena, struct ops_code code)
{
    struct ops_sequence sequence = {NULL, (uint32_t)code.n_steps};
    uint32_t *symbols = ops_arena_zalloc(arena, code.n_steps, sizeof *symbols);
    for (size_t k = 0; symbols != NULL && k < code.n_steps; k++) {
        symbols[k] = code.steps[k].symbol;
    }
    sequence.symbols = symbols;
    return sequence;
}

/** Does the visited sequence replace the one that is kept, as smallest or as largest? */
static bool replaces(const struct ops_classes *classes, const struct ops_visit *visit,
                     struct ops_sequence kept, bool as_largest)
{
    uint32_t symbols[OPSIG_PATTERN_MAX_VERTICES];
    for (size_t k = 0; k < visit->code.n_steps; k++) {
        symbols[k] = visit->code.steps[k].symbol;
    }
    struct ops_sequence seen = {symbols, (uint32_t)visit->code.n_steps};
    int order = ops_sequence_order(classes->field->symbols, seen, kept);
    return as_largest ? order > 0 : order < 0;
}

static opsig_status add_class(struct ops_classes *classes, const struct ops_visit *visit,
                              const uint64_t *bits, opsig_error *err)
{
    uint64_t *models = ops_arena_zalloc(&classes->arena, classes->n_words, sizeof *models);
    struct ops_class added = {.generator = keep_sequence(&classes->arena, visit->code),
                              .models = models,
                              .support = visit->support};
    if (models == NULL || added.generator.symbols == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(models, bits, classes->n_words * sizeof *models);
    added.closed = added.generator;
    return ops_vec_push(&classes->classes, added, err);
}

static opsig_status join_class(struct ops_classes *classes, struct ops_class *class,
                               const struct ops_visit *visit, opsig_error *err)
{
    bool smallest = replaces(classes, visit, class->generator, false);
    bool largest = replaces(classes, visit, class->closed, true);
    if (!smallest && !largest) {
        return OPSIG_OK;
    }
    struct ops_sequence kept = keep_sequence(&classes->arena, visit->code);
    if (kept.symbols == NULL) {
        return ops_error_nomem(err);
    }
    if (smallest) {
        class->generator = kept;
    } else {
        class->closed = kept;
    }
    return OPSIG_OK;
}

static opsig_status group_visit(const struct ops_visit *visit, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_classes *classes = payload;
    uint32_t id = 0;
    uint64_t *bits = ops_mem_zalloc(classes->n_words, sizeof *bits);
    if (bits == NULL) {
        return ops_error_nomem(err);
    }
    for (uint32_t i = 0; i < visit->support; i++) {
        bits[visit->models[i] / 64] |= UINT64_C(1) << visit->models[i] % 64;
    }
    classes->n_patterns++;
    TRY(ops_intern_put(classes->by_set, (const char *)bits, classes->n_words * sizeof *bits, &id,
                       err));
    if (id == classes->classes.len) {
        TRY(add_class(classes, visit, bits, err));
    } else {
        TRY(join_class(classes, &classes->classes.items[id], visit, err));
    }
    if (visit->code.n_steps == 1) {
        classes->singles[visit->code.steps[0].symbol] = classes->classes.items[id].models;
    }
done:
    ops_mem_free(bits);
    return status;
}

opsig_status ops_classes_mine(struct ops_classes **out, const struct ops_mine_field *field,
                              const struct ops_explore_bounds *bounds, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_classes *classes = ops_mem_zalloc(1, sizeof *classes);
    *out = NULL;
    if (classes == NULL) {
        return ops_error_nomem(err);
    }
    ops_arena_init(&classes->arena, UINT64_MAX);
    classes->field = field;
    classes->n_words = (field->n_models + 63U) / 64;
    classes->singles = ops_mem_zalloc(field->field.n_symbols, sizeof *classes->singles);
    if (classes->singles == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    TRY(ops_intern_new(&classes->by_set, err));
    TRY(ops_explore(field, bounds, group_visit, classes, err));
    *out = classes;
    classes = NULL;
done:
    ops_classes_free(classes);
    return status;
}

void ops_classes_free(struct ops_classes *classes)
{
    if (classes == NULL) {
        return;
    }
    ops_vec_dispose(&classes->classes);
    ops_mem_free(classes->singles);
    ops_intern_free(classes->by_set);
    ops_arena_dispose(&classes->arena);
    ops_mem_free(classes);
}
