/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of the middle of a report while its beginning is not known yet. */
#include "report/kept.h"

#include <stdint.h>

#include "base/mem.h"

opsig_status ops_kept_begin(opsig_scan_report *report, opsig_error *err)
{
    report->state = ops_mem_zalloc(1, sizeof *report->state);
    if (report->state == NULL) {
        return ops_error_nomem(err);
    }
    ops_buffer_init(&report->state->rows, SIZE_MAX / 4);
    ops_buffer_init(&report->state->sections, SIZE_MAX / 4);
    return OPSIG_OK;
}

void ops_kept_dispose(opsig_scan_report *report)
{
    if (report->state != NULL) {
        ops_buffer_dispose(&report->state->rows);
        ops_buffer_dispose(&report->state->sections);
        ops_vec_dispose(&report->state->found);
        ops_mem_free(report->state);
    }
}

opsig_status ops_kept_note(struct ops_scan_state *state, const opsig_signature *signature,
                           size_t *out_place, opsig_error *err)
{
    size_t place = 0;
    while (place < state->found.len && state->found.items[place] != signature) {
        place++;
    }
    if (out_place != NULL) {
        *out_place = place;
    }
    return place < state->found.len ? OPSIG_OK : ops_vec_push(&state->found, signature, err);
}
