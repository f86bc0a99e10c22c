/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file version.h  Ranges of versions. */
#ifndef OPSIG_RULES_VERSION_H
#define OPSIG_RULES_VERSION_H

#include "rules/rule.h"

/** Reads "", "1.2", "1.2 .. 1.4", "1.2 ..", ".. 1.4", "< 1.4", ">= 1.2". One version alone stands
 *  for what begins with it: 1.2 holds 1.2.3.
 *  @return OPSIG_FORMAT: it is none of these; OPSIG_NOMEM */
opsig_status ops_version_range_parse(const char *text, struct ops_arena *arena,
                                     struct ops_version_range *out);
/** Does a version lie in a range? The upper end of a closed range holds what begins with it:
 *  1.19 .. 1.20 holds 1.20.1. */
bool ops_version_in_range(const char *version, const struct ops_version_range *range);

#endif
