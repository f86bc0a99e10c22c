/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One row a function; evaluate.c has a case for each, docs/rules.md explains them. */
#include "rules/function.h"

#include <string.h>

static const struct ops_function table[] = {
    {"abs", OPS_FN_ABS, "v", 1, OPS_TYPE_VALUE},
    {"absent", OPS_FN_ABSENT, "t", 1, OPS_TYPE_TEST},
    {"all", OPS_FN_ALL, "v", 1, OPS_TYPE_QUANTITY},
    {"any", OPS_FN_ANY, "v", 1, OPS_TYPE_QUANTITY},
    {"bits", OPS_FN_BITS, "v", 1, OPS_TYPE_VALUE},
    {"broadcasts", OPS_FN_BROADCASTS, "tt", 2, OPS_TYPE_TEST},
    {"captured", OPS_FN_CAPTURED, "t", 1, OPS_TYPE_TEST},
    {"const", OPS_FN_CONST, "t", 1, OPS_TYPE_TEST},
    {"consumers", OPS_FN_CONSUMERS, "to", 1, OPS_TYPE_VALUE},
    {"dim", OPS_FN_DIM, "tv", 2, OPS_TYPE_VALUE},
    {"distinct", OPS_FN_DISTINCT, "v", 1, OPS_TYPE_TEST},
    {"dtype", OPS_FN_DTYPE, "t", 1, OPS_TYPE_VALUE},
    {"dynamic", OPS_FN_DYNAMIC, "t", 1, OPS_TYPE_TEST},
    {"fits", OPS_FN_FITS, "vv", 2, OPS_TYPE_TEST},
    {"from", OPS_FN_FROM, "to", 2, OPS_TYPE_TEST},
    {"given", OPS_FN_GIVEN, "f", 1, OPS_TYPE_TEST},
    {"inputs", OPS_FN_INPUTS, "n", 1, OPS_TYPE_VALUE},
    {"inside", OPS_FN_INSIDE, "no", 1, OPS_TYPE_TEST},
    {"is_float", OPS_FN_IS_FLOAT, "v", 1, OPS_TYPE_TEST},
    {"is_integer", OPS_FN_IS_INTEGER, "v", 1, OPS_TYPE_TEST},
    {"is_output", OPS_FN_IS_OUTPUT, "t", 1, OPS_TYPE_TEST},
    {"is_signed", OPS_FN_IS_SIGNED, "v", 1, OPS_TYPE_TEST},
    {"len", OPS_FN_LEN, "v", 1, OPS_TYPE_VALUE},
    {"max", OPS_FN_MAX, "v", 1, OPS_TYPE_VALUE},
    {"min", OPS_FN_MIN, "v", 1, OPS_TYPE_VALUE},
    {"near", OPS_FN_NEAR, "vvv", 2, OPS_TYPE_TEST},
    {"numel", OPS_FN_NUMEL, "t", 1, OPS_TYPE_VALUE},
    {"other", OPS_FN_OTHER, "ns", 2, OPS_TYPE_TENSOR},
    {"outputs", OPS_FN_OUTPUTS, "n", 1, OPS_TYPE_VALUE},
    {"present", OPS_FN_PRESENT, "t", 1, OPS_TYPE_TEST},
    {"product", OPS_FN_PRODUCT, "v", 1, OPS_TYPE_VALUE},
    {"range", OPS_FN_RANGE, "v", 1, OPS_TYPE_VALUE},
    {"rank", OPS_FN_RANK, "t", 1, OPS_TYPE_VALUE},
    {"returns_constant", OPS_FN_RETURNS_CONSTANT, "n", 1, OPS_TYPE_TEST},
    {"returns_input", OPS_FN_RETURNS_INPUT, "nv", 2, OPS_TYPE_TEST},
    {"reverse", OPS_FN_REVERSE, "v", 1, OPS_TYPE_VALUE},
    {"same", OPS_FN_SAME, "tt", 2, OPS_TYPE_TEST},
    {"shadows", OPS_FN_SHADOWS, "n", 1, OPS_TYPE_TEST},
    {"shape", OPS_FN_SHAPE, "t", 1, OPS_TYPE_VALUE},
    {"sum", OPS_FN_SUM, "v", 1, OPS_TYPE_VALUE},
};

enum { N_FUNCTIONS = sizeof table / sizeof *table };

const struct ops_function *ops_function_table(size_t *out_n)
{
    *out_n = N_FUNCTIONS;
    return table;
}

const struct ops_function *ops_function_find(const char *name, size_t len)
{
    size_t low = 0;
    size_t high = N_FUNCTIONS;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const char *const other = table[middle].name;
        int order = strncmp(other, name, len);
        if (order == 0) {
            order = other[len] != '\0';
        }
        if (order == 0) {
            return &table[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}
