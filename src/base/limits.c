/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Defaults of the limits on one model. The largest real models stay far below them; what passes
 * them is refused by name. */
#include <opsig/limits.h>

#include <stddef.h>

#define GIB (UINT64_C(1) << 30)

void opsig_limits_init(opsig_limits *limits)
{
    *limits = (opsig_limits){
        .version = 1,
        .max_file_size = 64 * GIB,
        .max_nodes = 1000000,
        .max_edges = 16000000,
        .max_depth = 100,
        .max_name_length = 65536,
        .max_memory = 1 * GIB,
        .timeout = 60,
        .cancel = NULL,
        .max_attributes = 10000,
    };
}
