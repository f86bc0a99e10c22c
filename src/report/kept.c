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
