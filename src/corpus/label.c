/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model that did not run stays crash or skipped at any tolerance. Of the others a disagreement
 * in NaN, infinity or shape makes an inconsistent one at any tolerance; then the differences
 * decide, if the user asked for it, and the manifest has them; else the status. */
#include "corpus/label.h"

#include <string.h>

static const char *const names[] = {
    [OPSIG_LABEL_CONSISTENT] = "consistent",
    [OPSIG_LABEL_INCONSISTENT] = "inconsistent",
    [OPSIG_LABEL_CRASH] = "crash",
    [OPSIG_LABEL_SKIPPED] = "skipped",
    [OPSIG_LABEL_NONE] = "",
};

const char *opsig_label_name(opsig_label label)
{
    return (unsigned)label <= OPSIG_LABEL_NONE ? names[label] : "";
}

bool ops_label_parse(const char *text, opsig_label *out)
{
    for (unsigned i = 0; i < OPSIG_LABEL_NONE; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (opsig_label)i;
            return true;
        }
    }
    return false;
}

/** True also for NaN, which is never below a tolerance. */
static bool exceeds(double value, double tolerance)
{
    return !(value <= tolerance);
}

opsig_label ops_label_decide(const struct ops_measured *measured,
                             const opsig_corpus_options *options)
{
    const opsig_label status = measured->status;
    if (status != OPSIG_LABEL_CONSISTENT && status != OPSIG_LABEL_INCONSISTENT) {
        return status;
    }
    if (measured->has_disagreement) {
        return OPSIG_LABEL_INCONSISTENT;
    }
    if (!options->has_tolerance || !measured->has_abs) {
        return status;
    }
    const bool differs = exceeds(measured->max_abs, options->tolerance_abs) &&
                         (!measured->has_rel || exceeds(measured->max_rel, options->tolerance_rel));
    return differs ? OPSIG_LABEL_INCONSISTENT : OPSIG_LABEL_CONSISTENT;
}
