/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file types.h  What element types can hold. */
#ifndef OPSIG_RULES_TYPES_H
#define OPSIG_RULES_TYPES_H

#include <stdbool.h>

/** A binary floating-point type (IEEE 754 or alike). */
bool ops_type_is_float(int type);
/** An integer type; bool is none. */
bool ops_type_is_integer(int type);
/** A type with negative numbers. */
bool ops_type_is_signed(int type);
/** Has `to` a value for each value of `type`? */
bool ops_type_fits(int type, int to);

#endif
