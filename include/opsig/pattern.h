/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file pattern.h  Patterns: labelled directed graphs, kept as their canonical code. */
#ifndef OPSIG_PATTERN_H
#define OPSIG_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include <opsig/error.h>

OPSIG_BEGIN_DECLS

/** A weakly connected directed graph with a symbol at each vertex. Immutable. */
typedef struct opsig_pattern opsig_pattern;

/** Kind of a pattern: a sequence is a directed path, or a single vertex. */
typedef enum opsig_pattern_kind {
    OPSIG_PATTERN_SEQUENCE = 0,
    OPSIG_PATTERN_SUBGRAPH
} opsig_pattern_kind;

/** Longest sequence and largest pattern, in vertices, that the library handles. */
enum { OPSIG_PATTERN_MAX_VERTICES = 64 };

/**
 * Reads the text form: symbols joined by "->", e.g. `Resize{mode=linear} -> Round -> Cast`.
 * A symbol that holds blanks, quotes or any of `-><,;#(){}` other than one attribute list is
 * written in double quotes, with the escapes \\" \\\\ \\n \\t \\xHH.
 * @param out  owned by the caller (opsig_pattern_free); NULL on failure
 * @return OPSIG_FORMAT with the byte offset in `text`; OPSIG_LIMIT; OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_pattern_parse(opsig_pattern **out, const char *text,
                                           opsig_error *err);
/** Frees a pattern; NULL is allowed. */
OPSIG_API void opsig_pattern_free(opsig_pattern *pattern);

/** The text form, which opsig_pattern_parse reads back to the same pattern; lives as long as
 *  the pattern. */
OPSIG_API const char *opsig_pattern_text(const opsig_pattern *pattern);
/** "OPS-" and the first 12 hexadecimal digits of the SHA-256 of the canonical code: the same
 *  in every database. Lives as long as the pattern. */
OPSIG_API const char *opsig_pattern_id(const opsig_pattern *pattern);
OPSIG_API opsig_pattern_kind opsig_pattern_kind_of(const opsig_pattern *pattern);
OPSIG_API size_t opsig_pattern_n_vertices(const opsig_pattern *pattern);
OPSIG_API size_t opsig_pattern_n_edges(const opsig_pattern *pattern);
/** Symbol of vertex i < n_vertices, in code order (for a sequence: from source to sink). */
OPSIG_API const char *opsig_pattern_symbol(const opsig_pattern *pattern, size_t i);

OPSIG_END_DECLS

#endif
