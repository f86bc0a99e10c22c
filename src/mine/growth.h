/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file growth.h  One thread's part of the search for subgraphs: patterns with their embeddings,
 *  and the extensions that these lead to.
 *
 *  Embeddings lie on a stack of words, a row of vertices for each, rows in ascending order of
 *  models. Places on it are offsets, since it may move as it grows.
 */
#ifndef OPSIG_MINE_GROWTH_H
#define OPSIG_MINE_GROWTH_H

#include "mine/network.h"

struct ops_growth;

/** A pattern, and how often it occurs. */
struct ops_growth_pattern {
    struct ops_step steps[OPS_CODE_MAX_STEPS]; /* in the network's numbers */
    uint32_t n_steps, n_vertices;
    uint32_t symbol[OPSIG_PATTERN_MAX_VERTICES]; /* by position */
    uint64_t path;                               /* positions on the rightmost path */
    uint64_t open; /* those where a step forward may begin that is not known to be infrequent */
    uint8_t child[OPSIG_PATTERN_MAX_VERTICES];   /* by position on the path: the step that places
                                                    the next one */
    uint32_t n, support;                         /* embeddings, models */
};

/** One more edge for a pattern. */
struct ops_extension {
    struct ops_step step;
    uint32_t n, support;
    uint32_t last_model; /* counted so far */
    bool dead;           /* infrequent, not a minimum code, or pruned */
    size_t begin;        /* on the stack: n pairs (row, vertex) */
    uint32_t slot;       /* of the table where it is looked up */
};

/** The extensions of one pattern; those that are left are alive. */
struct ops_extensions {
    size_t first; /* among the growth's */
    uint32_t n;
    size_t begin; /* on the stack */
    size_t first_pruned; /* among the growth's */
    bool found;
};

/** A type of arcs that nothing below a pattern looks for at one of its positions. */
struct ops_pruned {
    uint32_t type;
    uint8_t at;
};

/** What a search has come to know on the way to a pattern, so that another thread can go on from
 *  there as this one would. */
struct ops_growth_way {
    uint64_t carried; /* words of embeddings, which count against the limit wherever they lie */
    const struct ops_pruned *pruned;
    size_t n_pruned;
};

/** @param max_memory  bytes of embeddings before OPSIG_LIMIT */
opsig_status ops_growth_new(struct ops_growth **out, const struct ops_network *network,
                            uint32_t min_support, uint64_t max_memory, opsig_error *err);
void ops_growth_free(struct ops_growth *growth);
/** Empties the stack, to go on from elsewhere. */
opsig_status ops_growth_reset(struct ops_growth *growth, const struct ops_growth_way *way,
                              opsig_error *err);
/** The way to where the search stands; what is pruned is valid until the next change. */
struct ops_growth_way ops_growth_way(const struct ops_growth *growth);

/** The pattern of a single vertex. */
void ops_growth_start(struct ops_growth_pattern *out, const struct ops_network *network,
                      uint32_t symbol);
/** The pattern with one more edge. */
void ops_growth_extend(struct ops_growth_pattern *out, const struct ops_growth_pattern *pattern,
                       const struct ops_extension *extension);

/** Puts words on the stack. */
opsig_status ops_growth_push(struct ops_growth *growth, const uint32_t *words, size_t n,
                             size_t *out_begin, opsig_error *err);
void ops_growth_pop(struct ops_growth *growth, size_t begin);

/** Finds the frequent extensions of a pattern that are minimum codes; they stay on the stack until
 *  ops_growth_forget. What is open to the patterns that follow is noted in the pattern.
 *  O(embeddings * arcs at open positions). */
opsig_status ops_growth_find(struct ops_growth *growth, struct ops_growth_pattern *pattern,
                             size_t rows, struct ops_extensions *out, opsig_error *err);
const struct ops_extension *ops_growth_extension(const struct ops_growth *growth,
                                                 const struct ops_extensions *extensions,
                                                 uint32_t i);
/** Gives up an extension of which no longer pattern is of interest either: it is dead, and what
 *  extends the pattern, until ops_growth_forget, does not look for it. */
opsig_status ops_growth_prune(struct ops_growth *growth, const struct ops_extensions *extensions,
                              uint32_t i, opsig_error *err);
void ops_growth_forget(struct ops_growth *growth, const struct ops_extensions *extensions);

/** Lists the models of a pattern's rows, or those of an extension's; ascending, valid until the
 *  next call. */
const uint32_t *ops_growth_models(struct ops_growth *growth,
                                  const struct ops_growth_pattern *pattern, size_t rows);
const uint32_t *ops_growth_extension_models(struct ops_growth *growth,
                                            const struct ops_growth_pattern *pattern, size_t rows,
                                            const struct ops_extension *extension);

/** Writes the rows of a pattern's extension. @param out  room for n rows */
void ops_growth_write_rows(const struct ops_growth *growth,
                           const struct ops_growth_pattern *pattern, size_t rows,
                           const struct ops_extension *extension, uint32_t *out);
/** The same onto the stack. */
opsig_status ops_growth_push_rows(struct ops_growth *growth,
                                  const struct ops_growth_pattern *pattern, size_t rows,
                                  const struct ops_extension *extension, size_t *out_begin,
                                  opsig_error *err);

/** Drops rows, which end the stack, that no pattern with at most n_more edges more needs in order
 *  to occur in its models. Closed patterns cannot be told by the rows that are left. O(n log n) */
opsig_status ops_growth_thin(struct ops_growth *growth, struct ops_growth_pattern *pattern,
                             size_t rows, uint32_t n_more, opsig_error *err);

/** Has no pattern with one edge more, at any place, the support of this one? */
opsig_status ops_growth_is_closed(struct ops_growth *growth,
                                  const struct ops_growth_pattern *pattern, size_t rows, bool *out,
                                  opsig_error *err);

#endif
