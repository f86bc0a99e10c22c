/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorting and searching ids with the C library's qsort and a binary search. */
#include "base/sort.h"

#include <stdlib.h>

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void ops_sort_u32(uint32_t *ids, size_t n)
{
    if (n > 1) {
        qsort(ids, n, sizeof *ids, compare_u32);
    }
}

size_t ops_find_u32(const uint32_t *ids, size_t n, uint32_t id)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < n && ids[low] == id ? low : SIZE_MAX;
}
