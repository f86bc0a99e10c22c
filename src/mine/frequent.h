/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file frequent.h  Frequent sequences of a field. */
#ifndef OPSIG_MINE_FREQUENT_H
#define OPSIG_MINE_FREQUENT_H

#include <opsig/mine.h>

#include "mine/explore.h"

/** As opsig_frequent_mine, of a field that is there already. */
opsig_status ops_frequent_collect(opsig_frequent **out, const struct ops_mine_field *field,
                                  const opsig_frequent_options *options, opsig_error *err);

#endif
