/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file limits.h  How much one input may cost. */
#ifndef OPSIG_LIMITS_H
#define OPSIG_LIMITS_H

#include <stdint.h>

#include <opsig/export.h>

OPSIG_BEGIN_DECLS

/**
 * Limits on one model. A model that passes one of them is an error that names the limit
 * (OPSIG_LIMIT or OPSIG_TIMEOUT), never a shorter result. Set by opsig_limits_init first.
 */
typedef struct opsig_limits {
    uint32_t version;         /**< of this struct; set by opsig_limits_init */
    uint64_t max_file_size;   /**< bytes; default 64 GiB: weights are skipped, not read */
    uint32_t max_nodes;       /**< nodes after function expansion; default 1,000,000 */
    uint32_t max_edges;       /**< tensor reads, parallel ones included; default 16,000,000 */
    uint32_t max_depth;       /**< protobuf message nesting; default 100, at most 300 */
    uint32_t max_name_length; /**< bytes in one name; default and at most 65,536 */
    uint64_t max_memory;      /**< bytes held for one model while it is read; default 1 GiB */
    double timeout;           /**< seconds for one model; default 60; 0: none */
    /** Where not NULL: the work ends with OPSIG_CANCELLED once this is not 0. May be set by a
     *  signal handler or another thread. */
    const volatile int *cancel;
    uint32_t max_attributes; /**< attributes of one node; default 10,000 */
} opsig_limits;

/** Fills in the defaults. @param limits  all members are set */
OPSIG_API void opsig_limits_init(opsig_limits *limits);

OPSIG_END_DECLS

#endif
