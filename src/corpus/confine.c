/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model that gets the better of the code that reads it finds a process that can open files for
 * reading and answer its parent, and nothing else: what it says is checked as untrusted there.
 * Denied calls fail with EPERM rather than end the process, so that a C library that probes for
 * something newer falls back. */
#include "corpus/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef OPSIG_SECCOMP
#include <seccomp.h>
#endif

/** Lowers a limit of this process, never raises it. */
static void lower(int resource, rlim_t value)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) == 0 && value < limit.rlim_max) {
        limit = (struct rlimit){.rlim_cur = value, .rlim_max = value};
        (void)setrlimit(resource, &limit);
    }
}

/** Address space of this process in bytes; 0: unknown. */
static rlim_t address_space(void)
{
    unsigned long long pages = 0;
    FILE *const file = fopen("/proc/self/statm", "re");
    if (file != NULL) {
        if (fscanf(file, "%llu", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(file);
    }
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/** What is there now is shared with the parent, however large its corpus. */
static void bound_memory(const opsig_limits *limits)
{
    const rlim_t now = address_space();
    rlim_t most = 0;
    if (now > 0 && !__builtin_add_overflow(now, limits->max_memory, &most) &&
        !__builtin_add_overflow(most, limits->max_memory, &most)) {
        lower(RLIMIT_AS, most);
    }
}

#ifdef OPSIG_SECCOMP

/** Calls that are allowed whatever their arguments. */
static const int allowed[] = {
    /* reading */
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(statx), SCMP_SYS(fcntl), SCMP_SYS(fadvise64),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    /* the parent */
    SCMP_SYS(sendmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(poll), SCMP_SYS(ppoll),
    /* memory */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
    /* time, signals, the end */
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(getrandom), SCMP_SYS(sysinfo),
    SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/** Allows a call where none of the bits of `mask` is set in an argument. */
static int allow_without(scmp_filter_ctx filter, int call, unsigned argument, scmp_datum_t mask)
{
    const struct scmp_arg_cmp test =
        SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask, (scmp_datum_t)0);
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &test);
}

/** Allows a call where an argument has one value. */
static int allow_only(scmp_filter_ctx filter, int call, unsigned argument, scmp_datum_t value)
{
    const struct scmp_arg_cmp test = SCMP_CMP64(argument, SCMP_CMP_EQ, value);
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &test);
}

/** Adds all rules. @return 0 or an error */
static int fill(scmp_filter_ctx filter)
{
    const scmp_datum_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    int failed = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] && failed == 0; i++) {
        failed = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
    }
    if (failed == 0) {
        failed = allow_without(filter, SCMP_SYS(openat), 2, writing);
    }
    if (failed == 0) {
        failed = allow_without(filter, SCMP_SYS(open), 1, writing);
    }
    if (failed == 0) {
        failed = allow_without(filter, SCMP_SYS(mmap), 2, PROT_EXEC);
    }
    if (failed == 0) {
        failed = allow_without(filter, SCMP_SYS(mprotect), 2, PROT_EXEC);
    }
    if (failed == 0) { /* limits may be read, not set */
        failed = allow_only(filter, SCMP_SYS(prlimit64), 2, 0);
    }
    if (failed == 0) { /* a last word of a library that gives up */
        failed = allow_only(filter, SCMP_SYS(write), 0, STDERR_FILENO);
    }
    if (failed == 0) { /* abort() */
        failed = allow_only(filter, SCMP_SYS(tgkill), 0, (scmp_datum_t)getpid());
    }
    return failed;
}

static void filter_calls(void)
{
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) {
        return;
    }
    if (fill(filter) == 0) {
        /* no mitigation that slows all else down; absent in older versions */
        (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
        (void)seccomp_load(filter);
    }
    seccomp_release(filter);
}

#endif

void ops_confine(const opsig_limits *limits)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    lower(RLIMIT_CORE, 0);
    lower(RLIMIT_FSIZE, 0);
    bound_memory(limits);
#ifdef OPSIG_SECCOMP
    filter_calls();
#endif
}
