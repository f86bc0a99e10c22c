/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file sort.h  Sorted arrays of ids. */
#ifndef OPSIG_BASE_SORT_H
#define OPSIG_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/** Sorts n ids in ascending order. O(n log n) */
void ops_sort_u32(uint32_t *ids, size_t n);
/** Place of an id in an ascending array, or SIZE_MAX where it is absent. O(log n) */
size_t ops_find_u32(const uint32_t *ids, size_t n, uint32_t id);

#endif
