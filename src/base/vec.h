/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file vec.h  The one growing array.
 *
 *      OPS_VEC(uint32_t) ids = {0};
 *      TRY(ops_vec_push(&ids, 7, err));
 *      ... ids.items[0], ids.len ...
 *      ops_vec_dispose(&ids);
 */
#ifndef OPSIG_BASE_VEC_H
#define OPSIG_BASE_VEC_H

#include <stddef.h>

#include "base/error.h"
#include "base/mem.h"

#define OPS_VEC(T)                                                                               \
    struct {                                                                                     \
        T *items;                                                                                \
        size_t len, cap;                                                                         \
    }

/** Makes room for `more` items beyond len. */
#define ops_vec_reserve(vec, more, err)                                                          \
    ops_vec_grow((void **)&(vec)->items, &(vec)->cap, (vec)->len, (more),                        \
                 sizeof *(vec)->items, (err))

/** Appends an item. @return OPSIG_OK or OPSIG_NOMEM */
#define ops_vec_push(vec, item, err)                                                             \
    (ops_vec_reserve((vec), 1, (err)) == OPSIG_OK                                                \
         ? ((vec)->items[(vec)->len++] = (item), OPSIG_OK)                                       \
         : OPSIG_NOMEM)

/** The items from the i-th on, of which there may be none: NULL where nothing was ever appended, as
 *  no offset, not even 0, may be added to that. */
#define ops_vec_from(vec, i) ((vec)->items != NULL ? (vec)->items + (i) : NULL)

#define ops_vec_dispose(vec)                                                                     \
    do {                                                                                         \
        ops_mem_free((vec)->items);                                                              \
        (vec)->items = NULL;                                                                     \
        (vec)->len = (vec)->cap = 0;                                                             \
    } while (0)

/** Doubles the capacity until `more` items fit behind `len`; sizes are overflow-checked. */
opsig_status ops_vec_grow(void **items, size_t *cap, size_t len, size_t more, size_t size,
                          opsig_error *err);

#endif
