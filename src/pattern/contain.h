/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file contain.h  Which patterns lie within others. */
#ifndef OPSIG_PATTERN_CONTAIN_H
#define OPSIG_PATTERN_CONTAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "pattern/pattern.h"

/** Does every vertex that carries `special` carry `general` too? True for equal symbols, and for
 *  an operator against the same operator with attributes ("Cast" and "Cast{to=int64}"). */
bool ops_symbol_generalizes(const char *general, const char *special);

/**
 * Does every match of `whole` contain a match of `part`? True where the part's vertices can be
 * placed on different vertices of the whole, so that each symbol generalises that of its place and
 * each edge stands on one with its direction and label; an edge without a label stands on any. A
 * pattern contains itself.
 * Time: O(vertices of part * vertices of whole * degrees) where symbols tell vertices apart; at
 * most 2^16 placements are tried, so that for large patterns of many like vertices the answer may
 * be false where it should be true, never the other way round.
 */
bool ops_pattern_contains(const opsig_pattern *whole, const opsig_pattern *part);
/** The same, and adds a measure of its time to *work, of steps that take some nanoseconds each. */
bool ops_pattern_contains_counted(const opsig_pattern *whole, const opsig_pattern *part,
                                  uint64_t *work);

#endif
