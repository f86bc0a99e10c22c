/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file labels.h  How a manifest's rows become labels and strata: options of the commands that
 *  need both. */
#ifndef OPSIG_CLI_LABELS_H
#define OPSIG_CLI_LABELS_H

#include <argp.h>

/** --tolerance --group-by --strata; its input is a struct ops_options with `corpus`. */
extern const struct argp ops_argp_labels;

#endif
