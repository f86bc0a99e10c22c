/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pattern.h  Patterns: connected labelled graphs, kept as their canonical code. */
#ifndef OPSIG_PATTERN_H
#define OPSIG_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/error.h>

OPSIG_BEGIN_DECLS

/** A weakly connected graph with a symbol at each vertex and perhaps a label at each edge; its
 *  edges are directed, or none of them is. Immutable. */
typedef struct opsig_pattern opsig_pattern;

/** Kind of a pattern: a sequence is a directed path without edge labels, or a single vertex. */
typedef enum opsig_pattern_kind {
    OPSIG_PATTERN_SEQUENCE = 0, /**< a path, or a single vertex */
    OPSIG_PATTERN_SUBGRAPH      /**< any other */
} opsig_pattern_kind;

/** Longest sequence and largest pattern, in vertices, that the library handles; a pattern has at
 *  most one edge less. */
enum { OPSIG_PATTERN_MAX_VERTICES = 64 };

/**
 * Reads the text form of a path: symbols joined by arrows, e.g. `Resize{mode=linear} -> Round ->
 * Cast`; or of any pattern: vertices with names, then edges between them, all separated by
 * semicolons, e.g. `a:Split; b:Relu; c:Add; a -> b; a -> c; b -> c`. The same pattern may be
 * written with any names, in any order. Edge labels other than 0 are written `-[2]->`, edges
 * without direction `--` and `-[2]-`.
 * A symbol that holds blanks, quotes or any of `-><,;#(){}` other than one attribute list is
 * written in double quotes, with the escapes \\" \\\\ \\n \\t \\xHH.
 * @param out   owned by the caller (opsig_pattern_free); NULL on failure
 * @param text  as above, ends with a zero
 * @param err   what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_FORMAT with the byte offset in `text`, or for a pattern that is not
 *         connected; OPSIG_LIMIT; OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_pattern_parse(opsig_pattern **out, const char *text,
                                           opsig_error *err);
/** Frees a pattern; NULL is allowed. @param pattern  to be freed */
OPSIG_API void opsig_pattern_free(opsig_pattern *pattern);

/** The text form, which opsig_pattern_parse reads back to the same pattern.
 *  @param pattern  to ask  @return lives as long as the pattern */
OPSIG_API const char *opsig_pattern_text(const opsig_pattern *pattern);
/** "OPS-" and the first 12 hexadecimal digits of the SHA-256 of the canonical code: the same in
 *  every database.
 *  @param pattern  to ask  @return lives as long as the pattern */
OPSIG_API const char *opsig_pattern_id(const opsig_pattern *pattern);
/** What kind of pattern it is. @param pattern  to ask @return its kind */
OPSIG_API opsig_pattern_kind opsig_pattern_kind_of(const opsig_pattern *pattern);
/** Number of vertices. @param pattern  to ask @return 1 or more */
OPSIG_API size_t opsig_pattern_n_vertices(const opsig_pattern *pattern);
/** Number of edges. @param pattern  to ask @return 0 for a single vertex */
OPSIG_API size_t opsig_pattern_n_edges(const opsig_pattern *pattern);
/** Symbol of a vertex, in code order (for a sequence: from source to sink).
 *  @param pattern  to ask
 *  @param i        below opsig_pattern_n_vertices
 *  @return lives as long as the pattern */
OPSIG_API const char *opsig_pattern_symbol(const opsig_pattern *pattern, size_t i);

/** An edge between two vertices, by their numbers in code order. */
typedef struct opsig_pattern_edge {
    uint32_t from;   /**< vertex */
    uint32_t to;     /**< vertex */
    uint32_t label;  /**< 0: none */
    bool undirected; /**< from and to mean nothing but the two ends */
} opsig_pattern_edge;

/** An edge, in code order.
 *  @param pattern  to ask
 *  @param i        below opsig_pattern_n_edges
 *  @return the edge */
OPSIG_API opsig_pattern_edge opsig_pattern_edge_at(const opsig_pattern *pattern, size_t i);

/** Writes the pattern as DOT.
 *  @param pattern  to be written
 *  @param stream   open for writing
 *  @param err      what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_pattern_write_dot(const opsig_pattern *pattern, FILE *stream,
                                               opsig_error *err);

OPSIG_END_DECLS

#endif
