/* SPDX-License-Identifier: GPL-2.0-or-later */
/* First the vertices that lie on a path are found: those that an input reaches and that reach an
 * output. They are put in topological order, and paths are counted from the end.
 *
 * Distinct strings are told apart by sets of vertices: all ends of the paths that spell the same
 * beginning. The sets that follow one are found by symbol. As a set alone decides how a string may
 * go on, what follows it is counted once; what is visited is every beginning. */
#include "hypothesis/paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "base/mem.h"
#include "base/vec.h"
#include "graph/snapshot.h"

/* Most vertices in all sets of a model: they take a gigabyte. A model with more has too many
 * paths, too. */
enum { MOST_IN_SETS = 1 << 28 };

static uint64_t add(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* ---- from a snapshot to the graph of paths ---- */

/** The vertices of a model, while those on paths are being found. */
struct sieve {
    const opsig_graph *graph;
    const uint32_t *symbol; /* OPS_NO_SYMBOL: cannot lie on a path */
    bool *reached;          /* from an input, then also back from an output */
    bool *reaches;          /* an output */
    uint32_t *n_before;     /* predecessors that have no number yet */
    uint32_t *number;       /* in topological order */
    uint32_t *queue;        /* vertices by number */
    uint32_t n;
};

/** May a path go through this vertex? */
static bool is_open(const struct sieve *sieve, uint32_t v)
{
    return sieve->graph->depth[v] == 0 && sieve->symbol[v] != OPS_NO_SYMBOL;
}

/** Is entry e of an ascending list the second or a later one of its kind? */
static bool repeats(const uint32_t *list, uint32_t begin, uint32_t e)
{
    return e > begin && list[e] == list[e - 1];
}

/** Marks all open vertices from which edges lead to a marked one, `neighbours` being the other
 *  ends; `queue` holds the n marked ones. */
static void spread(struct sieve *sieve, bool *marked, uint32_t n, const uint32_t *begin,
                   const uint32_t *neighbours)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t v = sieve->queue[i];
        for (uint32_t e = begin[v]; e < begin[v + 1]; e++) {
            const uint32_t w = neighbours[e];
            if (!marked[w] && is_open(sieve, w)) {
                marked[w] = true;
                sieve->queue[n++] = w;
            }
        }
    }
}

/** Marks what lies between the vertices with inputs, or with outputs, and the rest. */
static void mark(struct sieve *sieve, bool *marked, const uint32_t *ends, const uint32_t *begin,
                 const uint32_t *neighbours)
{
    uint32_t n = 0;
    for (uint32_t v = 0; v < sieve->graph->n_vertices; v++) {
        if (ends[v] > 0 && is_open(sieve, v)) {
            marked[v] = true;
            sieve->queue[n++] = v;
        }
    }
    spread(sieve, marked, n, begin, neighbours);
}

static bool is_kept(const struct sieve *sieve, uint32_t v)
{
    return sieve->reached[v] && sieve->reaches[v];
}

/** Numbers the vertices on paths, each behind its predecessors. */
static void order(struct sieve *sieve)
{
    const opsig_graph *const graph = sieve->graph;
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        for (uint32_t e = graph->pred_begin[v]; is_kept(sieve, v) && e < graph->pred_begin[v + 1];
             e++) {
            sieve->n_before[v] += is_kept(sieve, graph->pred[e]);
        }
        if (is_kept(sieve, v) && sieve->n_before[v] == 0) {
            sieve->queue[sieve->n++] = v;
        }
    }
    for (uint32_t i = 0; i < sieve->n; i++) {
        const uint32_t v = sieve->queue[i];
        sieve->number[v] = i;
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            const uint32_t w = graph->succ[e];
            if (is_kept(sieve, w) && --sieve->n_before[w] == 0) {
                sieve->queue[sieve->n++] = w;
            }
        }
    }
}

static opsig_status sift(struct sieve *sieve, struct ops_arena *arena, opsig_error *err)
{
    const opsig_graph *const graph = sieve->graph;
    const size_t n = graph->n_vertices;
    sieve->reached = ops_arena_zalloc(arena, n, sizeof *sieve->reached);
    sieve->reaches = ops_arena_zalloc(arena, n, sizeof *sieve->reaches);
    sieve->n_before = ops_arena_zalloc(arena, n, sizeof *sieve->n_before);
    sieve->number = ops_arena_zalloc(arena, n, sizeof *sieve->number);
    sieve->queue = ops_arena_zalloc(arena, n, sizeof *sieve->queue);
    if (sieve->reached == NULL || sieve->reaches == NULL || sieve->n_before == NULL ||
        sieve->number == NULL || sieve->queue == NULL) {
        return ops_error_nomem(err);
    }
    mark(sieve, sieve->reached, graph->n_given, graph->succ_begin, graph->succ);
    mark(sieve, sieve->reaches, graph->n_results, graph->pred_begin, graph->pred);
    order(sieve);
    return OPSIG_OK;
}

static uint32_t count_edges(const struct sieve *sieve)
{
    const opsig_graph *const graph = sieve->graph;
    uint32_t n = 0;
    for (uint32_t i = 0; i < sieve->n; i++) {
        const uint32_t v = sieve->queue[i];
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            n += is_kept(sieve, graph->succ[e]) && !repeats(graph->succ, graph->succ_begin[v], e);
        }
    }
    return n;
}

/** The arrays of a graph of paths, before they are const. */
struct arrays {
    uint32_t *symbol, *n_given, *n_results, *succ_begin, *succ, *bigram, *first, *last;
};

static bool reserve(struct arrays *arrays, struct ops_paths *paths)
{
    uint32_t **const by_vertex[] = {&arrays->symbol, &arrays->n_given, &arrays->n_results,
                                    &arrays->first, &arrays->last, &arrays->succ_begin};
    bool complete = true;
    for (size_t i = 0; i < sizeof by_vertex / sizeof *by_vertex; i++) {
        *by_vertex[i] =
            ops_arena_zalloc(&paths->arena, (size_t)paths->n_vertices + 1, sizeof(uint32_t));
        complete = complete && *by_vertex[i] != NULL;
    }
    arrays->succ = ops_arena_zalloc(&paths->arena, paths->n_edges, sizeof(uint32_t));
    arrays->bigram = ops_arena_zalloc(&paths->arena, paths->n_edges, sizeof(uint32_t));
    paths->symbol = arrays->symbol;
    paths->n_given = arrays->n_given;
    paths->n_results = arrays->n_results;
    paths->first = arrays->first;
    paths->last = arrays->last;
    paths->succ_begin = arrays->succ_begin;
    paths->succ = arrays->succ;
    paths->bigram = arrays->bigram;
    return complete && arrays->succ != NULL && arrays->bigram != NULL;
}

/** Copies the vertices with what reads inputs and writes outputs. */
static opsig_status copy_vertices(struct arrays *arrays, const struct sieve *sieve,
                                  struct ops_vocabulary *vocabulary, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_graph *const graph = sieve->graph;
    for (uint32_t i = 0; i < sieve->n; i++) {
        const uint32_t v = sieve->queue[i];
        const char *const text = ops_snapshot_symbol_text(graph, sieve->symbol[v]);
        uint32_t *const symbol = &arrays->symbol[i];
        TRY(ops_vocabulary_symbol(vocabulary, text, symbol, err));
        arrays->n_given[i] = graph->n_given[v];
        arrays->n_results[i] = graph->n_results[v];
        arrays->first[i] = arrays->last[i] = OPS_INTERN_NONE;
        if (graph->n_given[v] > 0) {
            TRY(ops_vocabulary_bigram(vocabulary, OPS_SYMBOL_INPUT, *symbol, &arrays->first[i],
                                      err));
        }
        if (graph->n_results[v] > 0) {
            TRY(ops_vocabulary_bigram(vocabulary, *symbol, OPS_SYMBOL_OUTPUT, &arrays->last[i],
                                      err));
        }
    }
done:
    return status;
}

static opsig_status copy_edges(struct arrays *arrays, const struct sieve *sieve,
                               struct ops_vocabulary *vocabulary, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_graph *const graph = sieve->graph;
    uint32_t n = 0;
    for (uint32_t i = 0; i < sieve->n; i++) {
        const uint32_t v = sieve->queue[i];
        const uint32_t begin = graph->succ_begin[v];
        for (uint32_t e = begin; e < graph->succ_begin[v + 1]; e++) {
            const uint32_t w = graph->succ[e];
            if (is_kept(sieve, w) && !repeats(graph->succ, begin, e)) {
                const uint32_t to = sieve->number[w];
                TRY(ops_vocabulary_bigram(vocabulary, arrays->symbol[i], arrays->symbol[to],
                                          &arrays->bigram[n], err));
                arrays->succ[n++] = to;
            }
        }
        arrays->succ_begin[i + 1] = n;
    }
done:
    return status;
}

/** Counts paths and measures the longest one, from the last vertex to the first. */
static opsig_status measure(struct ops_paths *paths, opsig_error *err)
{
    uint64_t *const count = ops_mem_zalloc(paths->n_vertices, sizeof *count);
    uint32_t *const length = ops_mem_zalloc(paths->n_vertices, sizeof *length);
    for (uint32_t v = paths->n_vertices; v > 0 && count != NULL && length != NULL; v--) {
        uint64_t *const here = &count[v - 1];
        uint32_t *const far = &length[v - 1];
        *here = paths->n_results[v - 1];
        for (uint32_t e = paths->succ_begin[v - 1]; e < paths->succ_begin[v]; e++) {
            const uint32_t w = paths->succ[e];
            *here = add(*here, count[w]);
            *far = length[w] > *far ? length[w] : *far;
        }
        (*far)++;
        if (paths->n_given[v - 1] > 0) {
            const uint32_t whole = *far + 2;
            paths->n_paths = add(paths->n_paths, times(paths->n_given[v - 1], *here));
            paths->longest = whole > paths->longest ? whole : paths->longest;
        }
    }
    const bool complete = count != NULL && length != NULL;
    ops_mem_free(length);
    ops_mem_free(count);
    return complete ? OPSIG_OK : ops_error_nomem(err);
}

/* ---- distinct strings ---- */

/** A vertex to which a beginning leads. */
struct end {
    uint32_t symbol, vertex;
};

/** What may follow a beginning, by symbol, and which of it is next. */
struct frame {
    size_t begin, end, at; /* among the ends */
    uint32_t set;          /* counting: number of the set of vertices that is left by it */
    uint64_t count;        /* counting: strings behind that set, so far */
};

struct walk {
    const struct ops_paths *paths;
    OPS_VEC(struct end) ends;
    OPS_VEC(struct frame) frames;
    OPS_VEC(uint32_t) string;
    /* visiting */
    ops_paths_visit *visit;
    void *payload;
    /* counting */
    struct ops_intern *sets; /* of vertices; NULL: every beginning is visited */
    OPS_VEC(uint32_t) set;
    OPS_VEC(uint64_t) counts; /* by set */
    uint64_t most, n_in_sets;
    struct ops_deadline deadline;
};

static void walk_dispose(struct walk *walk)
{
    ops_vec_dispose(&walk->ends);
    ops_vec_dispose(&walk->frames);
    ops_vec_dispose(&walk->string);
    ops_intern_free(walk->sets);
    ops_vec_dispose(&walk->set);
    ops_vec_dispose(&walk->counts);
}

static int by_symbol(const void *a, const void *b)
{
    const struct end *const x = a;
    const struct end *const y = b;
    if (x->symbol != y->symbol) {
        return x->symbol < y->symbol ? -1 : 1;
    }
    return (x->vertex > y->vertex) - (x->vertex < y->vertex);
}

static opsig_status add_end(struct walk *walk, uint32_t vertex, opsig_error *err)
{
    const struct end end = {.symbol = walk->paths->symbol[vertex], .vertex = vertex};
    return ops_vec_push(&walk->ends, end, err);
}

/** Opens a frame over the ends from `begin` on: sorts them and drops those that repeat. */
static opsig_status open_frame(struct walk *walk, size_t begin, uint32_t set, uint64_t count,
                               opsig_error *err)
{
    struct end *const ends = walk->ends.items + begin;
    const size_t n = walk->ends.len - begin;
    size_t kept = 0;
    if (n > 1) {
        qsort(ends, n, sizeof *ends, by_symbol);
    }
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || ends[i].vertex != ends[i - 1].vertex) {
            ends[kept++] = ends[i];
        }
    }
    walk->ends.len = begin + kept;
    const struct frame frame = {
        .begin = begin, .end = begin + kept, .at = begin, .set = set, .count = count};
    return ops_vec_push(&walk->frames, frame, err);
}

/** Takes the next group of ends with one symbol off a frame. @return where it ends */
static size_t take_group(const struct walk *walk, struct frame *frame)
{
    const struct end *const ends = walk->ends.items;
    size_t end = frame->at + 1;
    while (end < frame->end && ends[end].symbol == ends[frame->at].symbol) {
        end++;
    }
    frame->at = end;
    return end;
}

static opsig_status visit_string(struct walk *walk, opsig_error *err)
{
    opsig_status status = ops_vec_push(&walk->string, OPS_SYMBOL_OUTPUT, err);
    if (status == OPSIG_OK) {
        status = walk->visit(walk->string.items, walk->string.len, walk->payload, err);
        walk->string.len--;
    }
    return status;
}

/** Looks a group up among the sets. *out_known: it was counted before. */
static opsig_status find_set(struct walk *walk, size_t begin, size_t end, uint32_t *out,
                             bool *out_known, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    walk->set.len = 0;
    for (size_t i = begin; i < end; i++) {
        TRY(ops_vec_push(&walk->set, walk->ends.items[i].vertex, err));
    }
    TRY(ops_intern_put(walk->sets, (const char *)walk->set.items,
                       walk->set.len * sizeof *walk->set.items, out, err));
    *out_known = *out < walk->counts.len;
    if (!*out_known) {
        walk->n_in_sets += walk->set.len;
        TRY(ops_vec_push(&walk->counts, UINT64_C(0), err));
    }
done:
    return status;
}

/** Steps over a group: what it completes is visited or counted, what follows it opened. */
static opsig_status enter(struct walk *walk, size_t begin, size_t end, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_paths *const paths = walk->paths;
    const size_t next = walk->ends.len;
    uint32_t set = 0;
    bool known = false;
    bool complete = false;
    if (walk->sets != NULL) {
        TRY(find_set(walk, begin, end, &set, &known, err));
    }
    if (known) {
        struct frame *const frame = &walk->frames.items[walk->frames.len - 1];
        frame->count = add(frame->count, walk->counts.items[set]);
        return OPSIG_OK;
    }
    TRY(ops_vec_push(&walk->string, walk->ends.items[begin].symbol, err));
    for (size_t i = begin; i < end; i++) {
        const uint32_t v = walk->ends.items[i].vertex;
        complete = complete || paths->n_results[v] > 0;
        for (uint32_t e = paths->succ_begin[v]; e < paths->succ_begin[v + 1]; e++) {
            TRY(add_end(walk, paths->succ[e], err));
        }
    }
    if (complete && walk->visit != NULL) {
        TRY(visit_string(walk, err));
    }
    TRY(open_frame(walk, next, set, complete ? 1 : 0, err));
done:
    return status;
}

/** Leaves a frame whose groups are done. */
static void leave(struct walk *walk)
{
    const struct frame frame = walk->frames.items[--walk->frames.len];
    walk->ends.len = frame.begin;
    walk->string.len--;
    if (walk->frames.len > 0) {
        struct frame *const outer = &walk->frames.items[walk->frames.len - 1];
        outer->count = add(outer->count, frame.count);
        if (walk->sets != NULL) {
            walk->counts.items[frame.set] = frame.count;
        }
    }
}

/** Goes over all beginnings. @return in *out_count the strings, where they are counted */
static opsig_status run_walk(struct walk *walk, uint64_t *out_count, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_paths *const paths = walk->paths;
    for (uint32_t v = 0; v < paths->n_vertices; v++) {
        if (paths->n_given[v] > 0) {
            TRY(add_end(walk, v, err));
        }
    }
    TRY(ops_vec_push(&walk->string, OPS_SYMBOL_INPUT, err));
    TRY(open_frame(walk, 0, 0, 0, err));
    while (walk->frames.len > 0) {
        struct frame *const frame = &walk->frames.items[walk->frames.len - 1];
        TRY(ops_deadline_check(&walk->deadline, err));
        if (frame->count > walk->most || walk->n_in_sets > MOST_IN_SETS) {
            *out_count = walk->most + 1;
            break;
        }
        if (frame->at < frame->end) {
            const size_t begin = frame->at;
            TRY(enter(walk, begin, take_group(walk, frame), err));
        } else {
            *out_count = frame->count;
            leave(walk);
        }
    }
done:
    return status;
}

static opsig_status count_distinct(struct ops_paths *paths, uint64_t max_distinct,
                                   const volatile int *cancel, opsig_error *err)
{
    struct walk walk = {.paths = paths, .most = max_distinct};
    ops_deadline_start(&walk.deadline, 0, cancel);
    opsig_status status = ops_intern_new(&walk.sets, err);
    if (status == OPSIG_OK) {
        status = run_walk(&walk, &paths->n_distinct, err);
    }
    walk_dispose(&walk);
    return status;
}

opsig_status ops_paths_walk(const struct ops_paths *paths, ops_paths_visit *visit, void *payload,
                            opsig_error *err)
{
    struct walk walk = {
        .paths = paths, .visit = visit, .payload = payload, .most = UINT64_MAX};
    uint64_t count;
    ops_deadline_start(&walk.deadline, 0, NULL);
    const opsig_status status = run_walk(&walk, &count, err);
    walk_dispose(&walk);
    return status;
}

opsig_status ops_paths_new(struct ops_paths **out, const opsig_graph *graph,
                           opsig_alphabet alphabet, uint64_t max_distinct,
                           struct ops_vocabulary *vocabulary, const volatile int *cancel,
                           opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct sieve sieve = {.graph = graph, .symbol = graph->symbol[alphabet]};
    struct arrays arrays = {0};
    struct ops_arena scratch;
    *out = NULL;
    ops_arena_init(&scratch, UINT64_MAX);
    struct ops_paths *paths = ops_mem_zalloc(1, sizeof *paths);
    TRY(paths != NULL ? OPSIG_OK : ops_error_nomem(err));
    ops_arena_init(&paths->arena, UINT64_MAX);
    TRY(sift(&sieve, &scratch, err));
    paths->n_vertices = sieve.n;
    paths->n_edges = count_edges(&sieve);
    TRY(reserve(&arrays, paths) ? OPSIG_OK : ops_error_nomem(err));
    TRY(copy_vertices(&arrays, &sieve, vocabulary, err));
    TRY(copy_edges(&arrays, &sieve, vocabulary, err));
    TRY(measure(paths, err));
    TRY(count_distinct(paths, max_distinct, cancel, err));
    *out = paths;
    paths = NULL;
done:
    ops_paths_free(paths);
    ops_arena_dispose(&scratch);
    return status;
}

void ops_paths_free(struct ops_paths *paths)
{
    if (paths != NULL) {
        ops_arena_dispose(&paths->arena);
        ops_mem_free(paths);
    }
}
