/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file semantic_attributes.h  Which attributes are part of a symbol of the alphabet op+attr. */
#ifndef OPSIG_GRAPH_SEMANTIC_ATTRIBUTES_H
#define OPSIG_GRAPH_SEMANTIC_ATTRIBUTES_H

#include <stddef.h>
#include <stdint.h>

/** How the value of an attribute becomes text. Values fall into few classes, so that what is
 *  mined from one model can be met again in another. */
enum ops_transform {
    OPS_RAW,       /* as it is; lists as [1;2] */
    OPS_WRITTEN,   /* likewise, but absent is told apart from the default that it means */
    OPS_TYPE,      /* the name of an element type: int64; of a tensor's elements */
    OPS_AXIS,      /* first (0), positive, last (-1), negative */
    OPS_PADDING,   /* none, symmetric, asymmetric: of a list begin..., end... */
    OPS_ONE,       /* 1 or many: of a number, or of all numbers of a list */
    OPS_ZERO,      /* 0 or many: likewise */
    OPS_DEFAULT,   /* default or other: is it within 1e-4 of the number in `fallback`? */
    OPS_GIVEN,     /* given; `fallback` where the attribute is absent or the largest float */
    OPS_LOWER,     /* a string in lower case */
    OPS_INTERPOLATION /* a string; bilinear is linear, bicubic is cubic */
};

/** One attribute. Opset numbers are versions of the operator's domain. */
struct ops_semantic_attribute {
    const char *name; /* NULL behind the last */
    enum ops_transform transform;
    const char *fallback; /* what stands for an absent attribute (OPS_DEFAULT: the number) */
    const char *reason;   /* why it changes what the operator means */
    const char *earlier;  /* `fallback` before opset `changed`; NULL: the same */
    int64_t changed;
    int64_t last;               /* last opset that knows the attribute; 0: no end */
    const char *when, *becomes; /* part of the symbol only where attribute `when` of this list
                                   comes out as `becomes`; NULL: always */
};

/** The attributes of one operator, in the order of the symbol. */
struct ops_semantic_operator {
    const char *domain, *op_type;
    const struct ops_semantic_attribute *attributes;
};

/** The row of an operator, or NULL. O(log of the table) */
const struct ops_semantic_operator *ops_semantic_find(const char *domain, const char *op_type);
/** The table, ascending by (domain, op_type). */
const struct ops_semantic_operator *ops_semantic_table(size_t *out_n);

#endif
