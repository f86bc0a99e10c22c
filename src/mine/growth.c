/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extensions are found in one pass over the rows. For each row its vertices are marked with their
 * positions; then each arc at the rightmost path either leads to a marked vertex (a step back) or
 * to a new one. A table for each position tells which extension an arc of a type belongs to; what
 * cannot lead to a minimum code is dead from the first time it is met:
 *
 *  - an edge that is less than the pattern's first one, from its lesser end;
 *  - a forward step less than the one that leaves the same vertex on the rightmost path, or a step
 *    back whose edge, seen from there, is: the lesser one would have come first;
 *  - a step back that is not after the last one.
 *
 * An infrequent step forward is infrequent for all patterns that follow, too, as these hold what it
 * makes of this one: it is pruned, and not looked at again until this pattern is done with. Another
 * thread that is handed one of these patterns is told, so that the limit on memory does not depend
 * on who follows it. */
#include "mine/growth.h"

#include <string.h>

#include "base/mem.h"
#include "mine/growth_inside.h"
#include "pattern/code.h"

opsig_status ops_growth_new(struct ops_growth **out, const struct ops_network *network,
                            uint32_t min_support, uint64_t max_memory, opsig_error *err)
{
    *out = NULL;
    struct ops_growth *growth = ops_mem_zalloc(1, sizeof *growth);
    if (growth == NULL) {
        return ops_error_nomem(err);
    }
    growth->network = network;
    growth->min_support = min_support;
    growth->max_words = max_memory / sizeof(uint32_t);
    growth->max_memory = max_memory;
    growth->mark = ops_mem_alloc(network->n_vertices);
    growth->models = ops_mem_alloc(network->n_models * sizeof *growth->models);
    if (growth->mark == NULL || growth->models == NULL) {
        ops_growth_free(growth);
        return ops_error_nomem(err);
    }
    memset(growth->mark, OPS_UNMARKED, network->n_vertices);
    *out = growth;
    return OPSIG_OK;
}

void ops_growth_free(struct ops_growth *growth)
{
    if (growth == NULL) {
        return;
    }
    for (size_t i = 0; i < OPSIG_PATTERN_MAX_VERTICES; i++) {
        ops_mem_free(growth->table[i]);
    }
    ops_mem_free(growth->mark);
    ops_mem_free(growth->models);
    ops_vec_dispose(&growth->stack);
    ops_vec_dispose(&growth->extensions);
    ops_vec_dispose(&growth->pruned);
    ops_vec_dispose(&growth->keys);
    ops_vec_dispose(&growth->order);
    ops_mem_free(growth);
}

/** Takes what was pruned from the first given on out of the tables. */
static void unprune(struct ops_growth *growth, size_t first)
{
    for (size_t i = first; i < growth->pruned.len; i++) {
        const struct ops_pruned *const pruned = &growth->pruned.items[i];
        growth->table[pruned->at][pruned->type] = 0;
    }
    growth->pruned.len = first;
}

opsig_status ops_growth_reset(struct ops_growth *growth, const struct ops_growth_way *way,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    unprune(growth, 0);
    growth->stack.len = 0;
    growth->extensions.len = 0;
    growth->carried = way->carried;
    for (size_t i = 0; i < way->n_pruned; i++) {
        const struct ops_pruned *const pruned = &way->pruned[i];
        TRY(ops_growth_table(growth, pruned->at, err));
        TRY(ops_vec_push(&growth->pruned, *pruned, err));
        growth->table[pruned->at][pruned->type] = OPS_PRUNED;
    }
done:
    return status;
}

struct ops_growth_way ops_growth_way(const struct ops_growth *growth)
{
    return (struct ops_growth_way){.carried = growth->carried + growth->stack.len,
                                   .pruned = growth->pruned.items,
                                   .n_pruned = growth->pruned.len};
}

/* ---- the stack ---- */

/** Makes room for `more` words. */
static opsig_status reserve(struct ops_growth *growth, size_t more, opsig_error *err)
{
    if (growth->stack.cap - growth->stack.len >= more) {
        return OPSIG_OK;
    }
    return ops_vec_reserve(&growth->stack, more, err);
}

/** Holds what is on the stack against the limit. */
static opsig_status check_memory(const struct ops_growth *growth, opsig_error *err)
{
    if (growth->carried + growth->stack.len <= growth->max_words) {
        return OPSIG_OK;
    }
    return ops_error_set(err, OPSIG_LIMIT, "limit", -1,
                         "the embeddings of a pattern take more than %llu bytes (--max-memory); a "
                         "smaller --max-edges or a larger --min-support gives fewer",
                         (unsigned long long)growth->max_memory);
}

opsig_status ops_growth_push(struct ops_growth *growth, const uint32_t *words, size_t n,
                             size_t *out_begin, opsig_error *err)
{
    opsig_status status = reserve(growth, n, err);
    if (status != OPSIG_OK) {
        return status;
    }
    *out_begin = growth->stack.len;
    if (n > 0) {
        memcpy(growth->stack.items + growth->stack.len, words, n * sizeof *words);
    }
    growth->stack.len += n;
    return check_memory(growth, err);
}

void ops_growth_pop(struct ops_growth *growth, size_t begin)
{
    growth->stack.len = begin;
}

/* ---- patterns ---- */

void ops_growth_start(struct ops_growth_pattern *out, const struct ops_network *network,
                      uint32_t symbol)
{
    const uint32_t begin = network->holder_begin[symbol];
    out->steps[0] = (struct ops_step){.symbol = symbol};
    out->n_steps = out->n_vertices = 1;
    out->symbol[0] = symbol;
    out->path = out->open = 1;
    out->n = network->holder_begin[symbol + 1] - begin;
    out->support = 0;
    for (uint32_t i = 0; i < out->n; i++) {
        const uint32_t *at = &network->holders[begin + i];
        out->support += i == 0 || network->model_of[at[0]] != network->model_of[at[-1]];
    }
}

void ops_growth_extend(struct ops_growth_pattern *out, const struct ops_growth_pattern *pattern,
                       const struct ops_extension *extension)
{
    const struct ops_step *step = &extension->step;
    memcpy(out->steps, pattern->steps, pattern->n_steps * sizeof *out->steps);
    memcpy(out->symbol, pattern->symbol, pattern->n_vertices * sizeof *out->symbol);
    memcpy(out->child, pattern->child, pattern->n_vertices);
    out->steps[pattern->n_steps] = *step;
    out->n_steps = pattern->n_steps + 1;
    out->n_vertices = pattern->n_vertices;
    out->path = pattern->path;
    out->open = pattern->open;
    out->n = extension->n;
    out->support = extension->support;
    if (step->symbol != OPS_NO_SYMBOL) {
        out->symbol[out->n_vertices++] = step->symbol;
        out->path &= (UINT64_C(2) << step->from) - 1;
        out->path |= UINT64_C(1) << step->to;
        out->open |= UINT64_C(1) << step->to;
        out->child[step->from] = (uint8_t)pattern->n_steps;
    }
}

/* ---- what cannot be minimal ---- */

static uint32_t kind_of(const struct ops_step *step)
{
    return step->label << OPS_KIND_BITS | step->dir;
}

/** Compares (kind, symbol) pairs. */
static bool is_less(uint32_t kind_a, uint32_t symbol_a, uint32_t kind_b, uint32_t symbol_b)
{
    return kind_a != kind_b ? kind_a < kind_b : symbol_a < symbol_b;
}

/** Would an edge, from its lesser end, be a lesser first edge than the pattern's? */
static bool is_less_than_first(const struct ops_growth_pattern *pattern, uint32_t symbol_a,
                               uint32_t kind, uint32_t symbol_b)
{
    const uint32_t flipped = ops_kind_flip(kind);
    const bool swap = symbol_b < symbol_a || (symbol_a == symbol_b && flipped < kind);
    const uint32_t low = swap ? symbol_b : symbol_a;
    const uint32_t high = swap ? symbol_a : symbol_b;
    const uint32_t from_low = swap ? flipped : kind;
    if (low != pattern->symbol[0]) {
        return low < pattern->symbol[0];
    }
    return pattern->n_steps == 1
               ? swap
               : is_less(from_low, high, kind_of(&pattern->steps[1]), pattern->symbol[1]);
}

/** Is (kind, symbol) less than the step by which the path leaves this position? */
static bool is_less_than_child(const struct ops_growth_pattern *pattern, uint8_t at, uint32_t kind,
                               uint32_t symbol)
{
    const struct ops_step *child = &pattern->steps[pattern->child[at]];
    return is_less(kind, symbol, kind_of(child), child->symbol);
}

static bool forward_is_dead(const struct ops_growth_pattern *pattern, const struct ops_step *step)
{
    const uint32_t kind = kind_of(step);
    return is_less_than_first(pattern, pattern->symbol[step->from], kind, step->symbol) ||
           (step->from + 1U != pattern->n_vertices &&
            is_less_than_child(pattern, step->from, kind, step->symbol));
}

static bool backward_is_dead(const struct ops_growth_pattern *pattern, const struct ops_step *step)
{
    const uint32_t kind = kind_of(step);
    const uint32_t symbol = pattern->symbol[step->from];
    const struct ops_step *last = &pattern->steps[pattern->n_steps - 1];
    if ((pattern->path >> step->to & 1) == 0) {
        return true;
    }
    if (last->symbol == OPS_NO_SYMBOL &&
        (step->to < last->to || (step->to == last->to && kind <= kind_of(last)))) {
        return true;
    }
    const struct ops_step *child = &pattern->steps[pattern->child[step->to]];
    const uint32_t seen = ops_kind_flip(kind);
    const bool used = child->to == step->from && kind_of(child) == seen;
    return used || is_less_than_child(pattern, step->to, seen, symbol) ||
           is_less_than_first(pattern, symbol, kind, pattern->symbol[step->to]);
}

/* ---- extensions ---- */

opsig_status ops_growth_table(struct ops_growth *growth, size_t position, opsig_error *err)
{
    const size_t n = (size_t)growth->network->n_types + growth->network->n_kinds;
    if (growth->table[position] == NULL) {
        growth->table[position] = ops_mem_zalloc(n, sizeof *growth->table[position]);
    }
    return growth->table[position] != NULL ? OPSIG_OK : ops_error_nomem(err);
}

/** Notes a new extension; returns its number from 1, or OPS_DEAD. Room for it has been made. */
static uint32_t note(struct ops_growth *growth, const struct ops_extensions *out,
                     const struct ops_step *step, uint32_t slot, bool dead)
{
    const struct ops_extension made = {
        .step = *step, .slot = slot, .dead = dead, .last_model = UINT32_MAX};
    growth->extensions.items[growth->extensions.len++] = made;
    return dead ? OPS_DEAD : (uint32_t)(growth->extensions.len - out->first);
}

static uint32_t note_forward(struct ops_growth *growth, const struct ops_extensions *out,
                             const struct ops_growth_pattern *pattern, uint32_t type, uint8_t at)
{
    const struct ops_arc_type *arc = &growth->network->types[type];
    const struct ops_step step = {.symbol = arc->symbol,
                                  .label = arc->kind >> OPS_KIND_BITS,
                                  .from = at,
                                  .to = (uint8_t)pattern->n_vertices,
                                  .dir = (uint8_t)(arc->kind & 3U)};
    return note(growth, out, &step, type, forward_is_dead(pattern, &step));
}

static uint32_t note_backward(struct ops_growth *growth, const struct ops_extensions *out,
                              const struct ops_growth_pattern *pattern, uint32_t kind, uint8_t to)
{
    const struct ops_step step = {.symbol = OPS_NO_SYMBOL,
                                  .label = kind >> OPS_KIND_BITS,
                                  .from = (uint8_t)(pattern->n_vertices - 1),
                                  .to = to,
                                  .dir = (uint8_t)(kind & 3U)};
    return note(growth, out, &step, growth->network->n_types + kind,
                backward_is_dead(pattern, &step));
}

/** The row that is looked at. */
struct scan {
    const struct ops_growth_pattern *pattern;
    const struct ops_extensions *out;
    uint32_t row, model;
};

/* Words for an embedding of an extension that is being found: its number, row and vertex. */
enum { EMBEDDING = 3 };

/** Counts one more embedding of an extension. */
static void count(struct ops_growth *growth, const struct scan *scan, uint32_t number, uint32_t to)
{
    struct ops_extension *extension = &growth->extensions.items[scan->out->first + number - 1];
    extension->n++;
    extension->support += extension->last_model != scan->model;
    extension->last_model = scan->model;
    uint32_t *entry = growth->stack.items + growth->stack.len;
    entry[0] = number - 1;
    entry[1] = scan->row;
    entry[2] = to;
    growth->stack.len += EMBEDDING;
}

/** Looks at the arcs of the vertex at one position of a row, for which room has been made. */
static void scan_vertex(struct ops_growth *growth, const struct scan *scan, uint8_t at,
                        uint32_t vertex)
{
    const struct ops_network *network = growth->network;
    const bool is_last = at + 1U == scan->pattern->n_vertices;
    for (uint32_t a = network->arc_begin[vertex]; a < network->arc_begin[vertex + 1]; a++) {
        const struct ops_network_arc arc = network->arcs[a];
        const uint8_t mark = growth->mark[arc.to];
        uint32_t *slot = &growth->table[at][arc.type];
        if (mark != OPS_UNMARKED) {
            if (!is_last || network->types[arc.type].symbol != scan->pattern->symbol[mark]) {
                continue;
            }
            const uint32_t kind = network->types[arc.type].kind;
            slot = &growth->table[mark][network->n_types + kind];
            if (*slot == 0) {
                *slot = note_backward(growth, scan->out, scan->pattern, kind, mark);
            }
        } else if (*slot == 0) {
            *slot = note_forward(growth, scan->out, scan->pattern, arc.type, at);
        }
        if (*slot < OPS_PRUNED) {
            count(growth, scan, *slot, arc.to);
        }
    }
}

/** Marks a row in place of the one before it, with which it often begins alike. */
static void mark_next(struct ops_growth *growth, const struct scan *scan, size_t begin)
{
    const uint32_t width = scan->pattern->n_vertices;
    const uint32_t *const row = growth->stack.items + begin;
    uint32_t same = 0;
    if (scan->row > 0) {
        const uint32_t *const before = row - width;
        while (same < width && row[same] == before[same]) {
            same++;
        }
        for (uint32_t i = same; i < width; i++) {
            growth->mark[before[i]] = OPS_UNMARKED;
        }
    }
    for (uint32_t i = same; i < width; i++) {
        growth->mark[row[i]] = (uint8_t)i;
    }
}

static opsig_status scan_row(struct ops_growth *growth, const struct scan *scan, size_t begin,
                             opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t width = scan->pattern->n_vertices;
    mark_next(growth, scan, begin);
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): width is not 0 */
    const uint64_t last = UINT64_C(1) << (width - 1); /* where steps back begin */
    for (uint64_t path = scan->pattern->path & (scan->pattern->open | last); path != 0;
         path &= path - 1) {
        const uint8_t at = (uint8_t)__builtin_ctzll(path);
        const uint32_t vertex = growth->stack.items[begin + at];
        const uint32_t n_arcs =
            growth->network->arc_begin[vertex + 1] - growth->network->arc_begin[vertex];
        TRY(reserve(growth, EMBEDDING * (size_t)n_arcs, err));
        if (growth->extensions.cap - growth->extensions.len < n_arcs) {
            TRY(ops_vec_reserve(&growth->extensions, n_arcs, err));
        }
        scan_vertex(growth, scan, at, vertex);
    }
    TRY(check_memory(growth, err));
done:
    return status;
}

/** Looks at all rows. */
static opsig_status scan_rows(struct ops_growth *growth, struct scan *scan, size_t rows,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t width = scan->pattern->n_vertices;
    for (; status == OPSIG_OK && scan->row < scan->pattern->n; scan->row++) {
        const size_t begin = rows + (size_t)scan->row * width;
        scan->model = growth->network->model_of[growth->stack.items[begin]];
        status = scan_row(growth, scan, begin, err);
    }
    if (scan->row > 0) {
        ops_growth_unmark(growth, rows + (size_t)(scan->row - 1) * width, width);
    }
    return status;
}

static bool is_forward(const struct ops_extension *extension)
{
    return extension->step.symbol != OPS_NO_SYMBOL;
}

/** The place of an extension in the tables. */
static uint32_t *place_of(const struct ops_growth *growth, const struct ops_extension *extension)
{
    const uint8_t at = is_forward(extension) ? extension->step.from : extension->step.to;
    return &growth->table[at][extension->slot];
}

/** Takes the extensions out of the tables. */
static void clear_tables(struct ops_growth *growth, const struct ops_extensions *out)
{
    for (size_t i = out->first; i < growth->extensions.len; i++) {
        *place_of(growth, &growth->extensions.items[i]) = 0;
    }
}

/** Steps back are told by the last vertex, which changes, so these are not pruned. */
static opsig_status prune(struct ops_growth *growth, const struct ops_extension *extension,
                          opsig_error *err)
{
    if (!is_forward(extension)) {
        return OPSIG_OK;
    }
    const struct ops_pruned pruned = {.type = extension->slot, .at = extension->step.from};
    const opsig_status status = ops_vec_push(&growth->pruned, pruned, err);
    if (status == OPSIG_OK) {
        *place_of(growth, extension) = OPS_PRUNED;
    }
    return status;
}

/** Prunes infrequent steps forward, and closes the positions where there are no others. Steps that
 *  are dead from the first are so for all patterns that follow; others may be minimal there. */
static opsig_status prune_infrequent(struct ops_growth *growth, const struct ops_extensions *out,
                                     struct ops_growth_pattern *pattern, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t open = 0;
    for (size_t i = out->first; i < growth->extensions.len; i++) {
        const struct ops_extension *const extension = &growth->extensions.items[i];
        if (extension->dead || !is_forward(extension)) {
            continue;
        }
        if (extension->support < growth->min_support) {
            TRY(prune(growth, extension, err));
        } else {
            open |= UINT64_C(1) << extension->step.from;
        }
    }
    pattern->open = open;
done:
    return status;
}

static void decide(const struct ops_growth *growth, const struct ops_growth_pattern *pattern,
                   struct ops_extension *extension)
{
    struct ops_step steps[OPS_CODE_MAX_STEPS];
    if (extension->dead || extension->support < growth->min_support) {
        extension->dead = true;
        return;
    }
    memcpy(steps, pattern->steps, pattern->n_steps * sizeof *steps);
    steps[pattern->n_steps] = extension->step;
    extension->dead = !ops_code_is_minimal((struct ops_code){steps, pattern->n_steps + 1});
}

/** Puts the embeddings of each extension that is alive side by side, in place of all that were
 *  found: behind them first, then down. */
static opsig_status gather(struct ops_growth *growth, const struct ops_extensions *out,
                           opsig_error *err)
{
    const size_t found = growth->stack.len;
    struct ops_extension *extensions = growth->extensions.items + out->first;
    size_t n = 0;
    for (size_t i = 0; i < growth->extensions.len - out->first; i++) {
        extensions[i].begin = n;
        n += extensions[i].dead ? 0 : 2 * (size_t)extensions[i].n;
    }
    const opsig_status status = reserve(growth, n, err);
    if (status != OPSIG_OK) {
        return status;
    }
    uint32_t *stack = growth->stack.items;
    for (size_t at = out->begin; at < found; at += EMBEDDING) {
        struct ops_extension *extension = &extensions[stack[at]];
        if (!extension->dead) {
            memcpy(&stack[found + extension->begin], &stack[at + 1], 2 * sizeof *stack);
            extension->begin += 2;
        }
    }
    memmove(&stack[out->begin], &stack[found], n * sizeof *stack);
    growth->stack.len = out->begin + n;
    for (size_t i = 0; i < growth->extensions.len - out->first; i++) {
        extensions[i].begin += out->begin - (extensions[i].dead ? 0 : 2 * (size_t)extensions[i].n);
    }
    return OPSIG_OK;
}

/** Drops the dead. */
static void bury(struct ops_growth *growth, struct ops_extensions *out)
{
    size_t kept = out->first;
    for (size_t i = out->first; i < growth->extensions.len; i++) {
        if (!growth->extensions.items[i].dead) {
            growth->extensions.items[kept++] = growth->extensions.items[i];
        }
    }
    growth->extensions.len = kept;
    out->n = (uint32_t)(kept - out->first);
}

opsig_status ops_growth_find(struct ops_growth *growth, struct ops_growth_pattern *pattern,
                             size_t rows, struct ops_extensions *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    *out = (struct ops_extensions){.first = growth->extensions.len,
                                   .begin = growth->stack.len,
                                   .first_pruned = growth->pruned.len,
                                   .found = true};
    for (uint32_t i = 0; i < pattern->n_vertices; i++) {
        TRY(ops_growth_table(growth, i, err));
    }
    struct scan scan = {.pattern = pattern, .out = out};
    status = scan_rows(growth, &scan, rows, err);
    clear_tables(growth, out);
    TRY(status);
    TRY(prune_infrequent(growth, out, pattern, err));
    for (size_t i = out->first; i < growth->extensions.len; i++) {
        decide(growth, pattern, &growth->extensions.items[i]);
    }
    TRY(gather(growth, out, err));
    bury(growth, out);
done:
    return status;
}

const struct ops_extension *ops_growth_extension(const struct ops_growth *growth,
                                                 const struct ops_extensions *extensions,
                                                 uint32_t i)
{
    return &growth->extensions.items[extensions->first + i];
}

opsig_status ops_growth_prune(struct ops_growth *growth, const struct ops_extensions *extensions,
                              uint32_t i, opsig_error *err)
{
    struct ops_extension *const extension = &growth->extensions.items[extensions->first + i];
    extension->dead = true;
    return prune(growth, extension, err);
}

void ops_growth_forget(struct ops_growth *growth, const struct ops_extensions *extensions)
{
    if (!extensions->found) {
        return;
    }
    unprune(growth, extensions->first_pruned);
    growth->extensions.len = extensions->first;
    growth->stack.len = extensions->begin;
}

/* ---- models ---- */

/** Lists a model unless it is the last one listed; returns how many there are. */
static uint32_t list_model(struct ops_growth *growth, uint32_t n, uint32_t vertex)
{
    const uint32_t model = growth->network->model_of[vertex];
    if (n > 0 && growth->models[n - 1] == model) {
        return n;
    }
    growth->models[n] = model;
    return n + 1;
}

const uint32_t *ops_growth_models(struct ops_growth *growth,
                                  const struct ops_growth_pattern *pattern, size_t rows)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pattern->n; i++) {
        n = list_model(growth, n, growth->stack.items[rows + (size_t)i * pattern->n_vertices]);
    }
    return growth->models;
}

const uint32_t *ops_growth_extension_models(struct ops_growth *growth,
                                            const struct ops_growth_pattern *pattern, size_t rows,
                                            const struct ops_extension *extension)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < extension->n; i++) {
        const size_t row = growth->stack.items[extension->begin + 2 * (size_t)i];
        n = list_model(growth, n, growth->stack.items[rows + row * pattern->n_vertices]);
    }
    return growth->models;
}

/* ---- rows ---- */

void ops_growth_write_rows(const struct ops_growth *growth,
                           const struct ops_growth_pattern *pattern, size_t rows,
                           const struct ops_extension *extension, uint32_t *out)
{
    const uint32_t width = pattern->n_vertices;
    const bool forward = extension->step.symbol != OPS_NO_SYMBOL;
    const uint32_t *pairs = growth->stack.items + extension->begin;
    for (uint32_t i = 0; i < extension->n; i++) {
        const uint32_t *row = growth->stack.items + rows + (size_t)pairs[2 * (size_t)i] * width;
        memcpy(out, row, width * sizeof *out);
        out += width;
        if (forward) {
            *out++ = pairs[2 * (size_t)i + 1];
        }
    }
}

opsig_status ops_growth_push_rows(struct ops_growth *growth,
                                  const struct ops_growth_pattern *pattern, size_t rows,
                                  const struct ops_extension *extension, size_t *out_begin,
                                  opsig_error *err)
{
    const uint32_t width = pattern->n_vertices + (extension->step.symbol != OPS_NO_SYMBOL);
    const size_t n = (size_t)extension->n * width;
    const opsig_status status = reserve(growth, n, err);
    if (status != OPSIG_OK) {
        return status;
    }
    *out_begin = growth->stack.len;
    ops_growth_write_rows(growth, pattern, rows, extension,
                          growth->stack.items + growth->stack.len);
    growth->stack.len += n;
    return check_memory(growth, err);
}
