/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file build.h  How the library was built, and with what. */
#ifndef OPSIG_REPORT_BUILD_H
#define OPSIG_REPORT_BUILD_H

struct ops_fact {
    const char *name, *value;
};

/** Each ends with a name that is NULL. */
extern const struct ops_fact ops_build_facts[], ops_build_libraries[];

#endif
