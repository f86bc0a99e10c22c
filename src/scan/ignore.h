/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file ignore.h  What ignore files say of a finding. */
#ifndef OPSIG_SCAN_IGNORE_H
#define OPSIG_SCAN_IGNORE_H

#include <opsig/scan.h>

/** The reason for ignoring a signature in a model, whose lines are then used; NULL: there is
 *  none. Time: linear in the lines. */
const char *ops_ignores_match(opsig_ignores *ignores, const char *path, const char *id);

#endif
