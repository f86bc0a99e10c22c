/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many models: loaded by workers, scanned here one after the other as they are handed over, in
 * the order of their paths. A scan takes a small part of the time that loading takes. */
#include "scan/scanner.h"

#include <string.h>

#include "corpus/load.h"

struct batch {
    const opsig_scanner *scanner;
    opsig_scan_callback callback;
    void *payload;
};

/** Scans one loaded model. @param out  the caller's; NULL on failure */
static opsig_status scan_one(opsig_scan_result **out, const struct batch *batch,
                             const struct ops_loaded *loaded, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_scan_result *result = NULL;
    TRY(opsig_scanner_scan(&result, batch->scanner, loaded->graph,
                           strcmp(loaded->path, "-") == 0 ? NULL : loaded->path, err));
    TRY(ops_findings_judge(result, &batch->scanner->options, loaded->path, err));
    *out = result;
    result = NULL;
done:
    opsig_scan_result_free(result);
    return status;
}

/** Scans one loaded model and hands it to the caller, or hands over why it was not loaded, or not
 *  scanned in time. */
static opsig_status scan_loaded(struct ops_loaded *loaded, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct batch *batch = payload;
    opsig_scan_result *result = NULL;
    opsig_error late = {.offset = -1};
    if (loaded->graph != NULL) {
        status = scan_one(&result, batch, loaded, &late);
    }
    if (status != OPSIG_OK && status != OPSIG_TIMEOUT) {
        return ops_error_set(err, status, late.kind, late.offset, "%s", late.message);
    }
    opsig_scanned scanned = {.path = loaded->path,
                             .graph = status == OPSIG_OK ? loaded->graph : NULL,
                             .result = result,
                             .error = status == OPSIG_OK ? loaded->error : &late,
                             .sha256 = loaded->sha256};
    status = OPSIG_OK;
    if (batch->callback(&scanned, batch->payload) != 0) {
        status = ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "the scan was cancelled");
    }
    opsig_scan_result_free(result);
    return status;
}

opsig_status opsig_scan_paths(const opsig_scanner *scanner, const char *const *paths,
                              size_t n_paths, opsig_scan_callback callback, void *payload,
                              opsig_error *err)
{
    struct batch batch = {scanner, callback, payload};
    struct ops_load_options options = {.workers = scanner->options.workers,
                                       .digest = scanner->options.digest,
                                       .facts = ops_scanner_has_rules(scanner),
                                       .limits = &scanner->options.limits};
    return ops_load_paths(paths, n_paths, &options, scan_loaded, &batch, err);
}
