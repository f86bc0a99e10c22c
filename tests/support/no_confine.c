/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preloaded into a program that valgrind runs, keeps processes that load models from limiting
 * themselves: the filter of system calls is for the program's, not for those of valgrind, which is
 * a part of the same process. */
#include <sys/prctl.h>
#include <sys/resource.h>

int prctl(int option, ...)
{
    (void)option;
    return 0;
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limits)
{
    (void)resource;
    (void)limits;
    return 0;
}
