/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growth of the vector macro. The item pointer is read and written as bytes, since its type
 * differs from vector to vector. */
#include "base/vec.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_CAPACITY = 8 };

/** Smallest capacity by doubling that holds `need`; 0 where it does not fit a size_t. */
static size_t grown_capacity(size_t cap, size_t need)
{
    size_t grown = cap > 0 ? cap : FIRST_CAPACITY;
    while (grown < need) {
        if (__builtin_mul_overflow(grown, 2U, &grown)) {
            return 0;
        }
    }
    return grown;
}

opsig_status ops_vec_grow(void **items, size_t *cap, size_t len, size_t more, size_t size,
                          opsig_error *err)
{
    size_t need;
    if (__builtin_add_overflow(len, more, &need)) {
        return ops_error_nomem(err);
    }
    if (need <= *cap) {
        return OPSIG_OK;
    }
    const size_t grown = grown_capacity(*cap, need);
    void *memory;
    memcpy(&memory, items, sizeof memory);
    memory = grown > 0 ? ops_mem_resize(memory, grown, size) : NULL;
    if (memory == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(items, &memory, sizeof memory);
    *cap = grown;
    return OPSIG_OK;
}
