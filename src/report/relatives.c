/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies within what is computed from the patterns, for the whole database at once; the lines of
 * one signature are picked from that. */
#include "report/relatives.h"

#include "pattern/parts.h"
#include "pattern/signature.h"

void ops_relatives_dispose(struct ops_relatives *relatives)
{
    ops_vec_dispose(&relatives->parts);
    ops_vec_dispose(&relatives->wholes);
}

opsig_status ops_relatives_find(struct ops_relatives *out, const opsig_signature *signature,
                                opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_database *const database = signature->database;
    ops_part_vec pairs = {NULL, 0, 0};
    TRY(ops_database_parts(&pairs, database, database->n_significant, err));
    for (size_t i = 0; i < pairs.len; i++) {
        const opsig_signature *const whole = database->signatures.items[pairs.items[i].whole];
        const opsig_signature *const part = database->signatures.items[pairs.items[i].part];
        if (whole == signature) {
            TRY(ops_vec_push(&out->parts, part, err));
        } else if (part == signature) {
            TRY(ops_vec_push(&out->wholes, whole, err));
        }
    }
done:
    ops_vec_dispose(&pairs);
    return status;
}
