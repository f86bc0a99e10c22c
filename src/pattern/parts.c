/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns are put in an order in which a whole comes behind its parts. For each of them those
 * before it are tried, the last first; what lies within a part that was found lies within the whole
 * too, but not directly, and is not tried. A word for each pattern, with a bit for each of its
 * operators, tells most pairs apart. */
#include "pattern/parts.h"

#include <stdlib.h>
#include <string.h>

#include "pattern/contain.h"

static const uint64_t max_work = UINT64_C(1) << 32;

/** What the order goes by, most important first: none is less in a whole than in its parts. */
enum { BY_VERTICES, BY_SYMBOLS, BY_PAIRS, BY_LABELS, N_KEYS };

struct entry {
    const opsig_pattern *pattern;
    uint64_t operators; /* bits */
    size_t keys[N_KEYS];
    uint32_t number;     /* as given */
    uint32_t first_part; /* among the pairs, in places of the order */
    uint32_t n_parts;
};

struct finding {
    OPS_VEC(struct entry) entries;
    ops_part_vec pairs; /* in places of the order */
    OPS_VEC(uint32_t) stack;
    uint32_t *seen; /* by place: 1 + the whole that it was found within last */
    uint64_t work;
};

static struct entry make_entry(const opsig_pattern *pattern, uint32_t number)
{
    struct entry entry = {
        .pattern = pattern, .number = number, .operators = pattern->operators};
    const size_t n_edges = opsig_pattern_n_edges(pattern);
    entry.keys[BY_VERTICES] = opsig_pattern_n_vertices(pattern);
    for (size_t v = 0; v < entry.keys[BY_VERTICES]; v++) {
        entry.keys[BY_SYMBOLS] += strlen(opsig_pattern_symbol(pattern, v));
    }
    for (size_t e = 0; e < n_edges; e++) {
        const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
        bool repeated = false;
        for (size_t f = 0; f < e && !repeated; f++) {
            const opsig_pattern_edge other = opsig_pattern_edge_at(pattern, f);
            repeated = other.from == edge.from && other.to == edge.to;
        }
        entry.keys[BY_PAIRS] += !repeated;
        entry.keys[BY_LABELS] += edge.label != 0;
    }
    return entry;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *const x = a;
    const struct entry *const y = b;
    for (size_t k = 0; k < N_KEYS; k++) {
        if (x->keys[k] != y->keys[k]) {
            return x->keys[k] < y->keys[k] ? -1 : 1;
        }
    }
    return strcmp(x->pattern->text, y->pattern->text);
}

/** Marks a part, and all that lies within it, as found within a whole. */
static opsig_status mark(struct finding *f, uint32_t part, uint32_t whole, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    f->stack.len = 0;
    TRY(ops_vec_push(&f->stack, part, err));
    while (f->stack.len > 0) {
        const uint32_t at = f->stack.items[--f->stack.len];
        if (f->seen[at] == whole + 1) {
            continue;
        }
        f->seen[at] = whole + 1;
        const struct entry *const entry = &f->entries.items[at];
        f->work += entry->n_parts;
        for (uint32_t i = entry->first_part; i < entry->first_part + entry->n_parts; i++) {
            TRY(ops_vec_push(&f->stack, f->pairs.items[i].part, err));
        }
    }
done:
    return status;
}

/** Finds the parts of the pattern at one place. */
static opsig_status find_parts(struct finding *f, uint32_t whole, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct entry *const entry = &f->entries.items[whole];
    entry->first_part = (uint32_t)f->pairs.len;
    f->work += whole;
    for (uint32_t part = whole; part-- > 0 && f->work <= max_work;) {
        const struct entry *const other = &f->entries.items[part];
        if ((other->operators & ~entry->operators) == 0 && f->seen[part] != whole + 1 &&
            ops_pattern_contains_counted(entry->pattern, other->pattern, &f->work)) {
            const struct ops_part pair = {whole, part};
            TRY(ops_vec_push(&f->pairs, pair, err));
            TRY(mark(f, part, whole, err));
        }
    }
    entry->n_parts = (uint32_t)f->pairs.len - entry->first_part;
done:
    return status;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct ops_part *const x = a;
    const struct ops_part *const y = b;
    if (x->whole != y->whole) {
        return x->whole < y->whole ? -1 : 1;
    }
    return (x->part > y->part) - (x->part < y->part);
}

/** Hands the pairs out, in the numbers that were given. */
static opsig_status hand_out(const struct finding *f, ops_part_vec *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_vec_reserve(out, f->pairs.len, err));
    for (size_t i = 0; i < f->pairs.len; i++) {
        const struct ops_part pair = f->pairs.items[i];
        out->items[out->len++] = (struct ops_part){f->entries.items[pair.whole].number,
                                                   f->entries.items[pair.part].number};
    }
    if (out->len > 1) {
        qsort(out->items, out->len, sizeof *out->items, compare_pairs);
    }
done:
    return status;
}

opsig_status ops_parts_find(ops_part_vec *out, const opsig_pattern *const *patterns, size_t n,
                            opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct finding f = {0};
    TRY(ops_vec_reserve(&f.entries, n, err));
    f.seen = ops_mem_zalloc(n, sizeof *f.seen);
    TRY(f.seen != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t i = 0; i < n; i++) {
        f.entries.items[f.entries.len++] = make_entry(patterns[i], i);
    }
    if (n > 1) {
        qsort(f.entries.items, n, sizeof *f.entries.items, compare_entries);
    }
    for (uint32_t whole = 0; whole < n && f.work <= max_work; whole++) {
        TRY(find_parts(&f, whole, err));
    }
    TRY(hand_out(&f, out, err));
done:
    ops_vec_dispose(&f.entries);
    ops_vec_dispose(&f.pairs);
    ops_vec_dispose(&f.stack);
    ops_mem_free(f.seen);
    return status;
}
