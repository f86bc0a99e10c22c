/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file put.h  Small pieces of text, added to a buffer many times a model. */
#ifndef OPSIG_GRAPH_PUT_H
#define OPSIG_GRAPH_PUT_H

#include <stdint.h>

#include "base/buffer.h"

/** A decimal number. */
void ops_put_i64(struct ops_buffer *out, int64_t number);
/** A name for a line of text: control characters made visible, long names cut with "...". */
void ops_put_name(struct ops_buffer *out, const char *name);

#endif
