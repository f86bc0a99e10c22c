/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file contain.h  Which patterns lie within others. */
#ifndef OPSIG_PATTERN_CONTAIN_H
#define OPSIG_PATTERN_CONTAIN_H

#include <stdbool.h>

#include "pattern/pattern.h"

/** Does every vertex that carries `special` carry `general` too? True for equal symbols, and for
 *  an operator against the same operator with attributes ("Cast" and "Cast{to=int64}"). */
bool ops_symbol_generalizes(const char *general, const char *special);

/** Does every match of the sequence `whole` contain a match of the sequence `part`? True where
 *  the part's symbols generalise neighbouring symbols of the whole; a pattern contains itself. */
bool ops_pattern_contains(const opsig_pattern *whole, const opsig_pattern *part);

#endif
