/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file function.h  The functions that tests of rules can call. */
#ifndef OPSIG_RULES_FUNCTION_H
#define OPSIG_RULES_FUNCTION_H

#include <stddef.h>
#include <stdint.h>

enum ops_function_id {
    OPS_FN_ABS,
    OPS_FN_ABSENT,
    OPS_FN_ALL,
    OPS_FN_ANY,
    OPS_FN_BITS,
    OPS_FN_BROADCASTS,
    OPS_FN_CAPTURED,
    OPS_FN_CONST,
    OPS_FN_CONSUMERS,
    OPS_FN_DIM,
    OPS_FN_DISTINCT,
    OPS_FN_DTYPE,
    OPS_FN_DYNAMIC,
    OPS_FN_FITS,
    OPS_FN_FROM,
    OPS_FN_GIVEN,
    OPS_FN_INPUTS,
    OPS_FN_INSIDE,
    OPS_FN_IS_FLOAT,
    OPS_FN_IS_INTEGER,
    OPS_FN_IS_OUTPUT,
    OPS_FN_IS_SIGNED,
    OPS_FN_LEN,
    OPS_FN_MAX,
    OPS_FN_MIN,
    OPS_FN_NEAR,
    OPS_FN_NUMEL,
    OPS_FN_OTHER,
    OPS_FN_OUTPUTS,
    OPS_FN_PRESENT,
    OPS_FN_PRODUCT,
    OPS_FN_RANGE,
    OPS_FN_RANK,
    OPS_FN_RETURNS_CONSTANT,
    OPS_FN_RETURNS_INPUT,
    OPS_FN_REVERSE,
    OPS_FN_SAME,
    OPS_FN_SHADOWS,
    OPS_FN_SHAPE,
    OPS_FN_SUM
};

/** What an argument is, or a result. */
enum ops_expression_type {
    OPS_TYPE_VALUE = 'v',      /* numbers or texts */
    OPS_TYPE_TENSOR = 't',     /* an input, an output, $x */
    OPS_TYPE_ELEMENT = 'n',    /* a node */
    OPS_TYPE_SOURCE = 's',     /* a node or a tensor */
    OPS_TYPE_FIELD = 'f',      /* an attribute of a node */
    OPS_TYPE_OPERATORS = 'o',  /* Conv|Gemm */
    OPS_TYPE_QUANTITY = 'q',   /* any(...), all(...): one side of a comparison */
    OPS_TYPE_TEST = 'b'        /* true, false, unknown */
};

enum { OPS_FUNCTION_MAX_ARGS = 3 };

struct ops_function {
    const char *name;
    enum ops_function_id id;
    const char *args; /* types, one letter each */
    uint32_t n_required;
    char result;
};

/** The row of a function, or NULL. O(log of the table) */
const struct ops_function *ops_function_find(const char *name, size_t len);
/** The table, ascending by name. */
const struct ops_function *ops_function_table(size_t *out_n);

#endif
