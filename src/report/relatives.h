/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file relatives.h  The signatures around one: directly within it, and directly around it. */
#ifndef OPSIG_REPORT_RELATIVES_H
#define OPSIG_REPORT_RELATIVES_H

#include <opsig/signature.h>

#include "base/vec.h"

typedef OPS_VEC(const opsig_signature *) ops_signature_vec;

/** Both in the order of the database. */
struct ops_relatives {
    ops_signature_vec parts, wholes;
};

/** Among the signatures of its database, without terms of the risk alone.
 *  @param out  zeroed; disposed of by the caller, also on failure */
opsig_status ops_relatives_find(struct ops_relatives *out, const opsig_signature *signature,
                                opsig_error *err);
void ops_relatives_dispose(struct ops_relatives *relatives);

#endif
