/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version that was compiled in. */
#include <opsig/version.h>

const char *opsig_version(void)
{
    return OPSIG_VERSION;
}
