/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model that gets the better of the code that reads it finds a process that can open files for
 * reading and answer its parent, and nothing else: what it says is checked as untrusted there.
 * Denied calls fail with EPERM rather than end the process, so that a C library that probes for
 * something newer falls back. The filter is a program for the kernel, written here step by step:
 * libseccomp 2.5.4 would make it, but hangs or crashes where memory runs out meanwhile. */
#include "corpus/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#if defined __x86_64__
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/** Lowers a limit of this process, never raises it. */
static void lower(__rlimit_resource_t resource, rlim_t value)
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
        char line[128];
        if (fgets(line, sizeof line, file) != NULL) {
            pages = strtoull(line, NULL, 10);
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

#ifdef OWN_ARCHITECTURE

/** Calls that are allowed whatever their arguments. Old ones do not exist on every machine. */
static const uint32_t allowed[] = {
    /* reading */
    SYS_read, SYS_pread64, SYS_lseek, SYS_close, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_fcntl,
    SYS_fadvise64, SYS_readlinkat,
#ifdef SYS_stat
    SYS_stat, SYS_readlink,
#endif
    /* the parent */
    SYS_sendmsg, SYS_recvfrom, SYS_recvmsg, SYS_ppoll,
#ifdef SYS_poll
    SYS_poll,
#endif
    /* memory */
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise,
    /* time, signals, the end */
    SYS_clock_gettime, SYS_gettimeofday, SYS_clock_nanosleep, SYS_nanosleep, SYS_restart_syscall,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_getpid, SYS_gettid,
    SYS_futex, SYS_sched_yield, SYS_getrandom, SYS_sysinfo, SYS_exit, SYS_exit_group,
};
enum { N_ALLOWED = sizeof allowed / sizeof allowed[0], MOST_STEPS = 2 * N_ALLOWED + 64 };

/** A filter in the making. */
struct filter {
    struct sock_filter steps[MOST_STEPS];
    unsigned short n;
};

static void add(struct filter *filter, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
    filter->steps[filter->n++] =
        (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = value};
}

static void load(struct filter *filter, size_t offset)
{
    add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct filter *filter, uint32_t action)
{
    add(filter, BPF_RET | BPF_K, action, 0, 0);
}

/** Loads a half of an argument. */
static void load_argument(struct filter *filter, unsigned argument, bool high)
{
    const bool first = high == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    const size_t begin = offsetof(struct seccomp_data, args) + sizeof(uint64_t) * argument;
    load(filter, begin + (first ? 0 : 4));
}

static const uint32_t denied = SECCOMP_RET_ERRNO | EPERM;

/** Allows a call where none of the bits of `mask` is set in an argument. */
static void allow_without(struct filter *filter, uint32_t call, unsigned argument, uint32_t mask)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load_argument(filter, argument, false);
    add(filter, BPF_JMP | BPF_JSET | BPF_K, mask, 1, 0);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, denied);
}

/** Allows a call where an argument has one value, of 32 bits. */
static void allow_only(struct filter *filter, uint32_t call, unsigned argument, uint32_t value)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
    load_argument(filter, argument, false);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, denied);
}

/** Allows a call where an argument is a null pointer. */
static void allow_null(struct filter *filter, uint32_t call, unsigned argument)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 6);
    load_argument(filter, argument, false);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
    load_argument(filter, argument, true);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, denied);
}

static void fill(struct filter *filter)
{
    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    answer(filter, denied); /* calls of another kind of machine */
    load(filter, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < N_ALLOWED; i++) {
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, allowed[i], 0, 1);
        answer(filter, SECCOMP_RET_ALLOW);
    }
    const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    allow_without(filter, SYS_openat, 2, writing);
#ifdef SYS_open
    allow_without(filter, SYS_open, 1, writing);
#endif
    allow_without(filter, SYS_mmap, 2, PROT_EXEC);
    allow_without(filter, SYS_mprotect, 2, PROT_EXEC);
    allow_null(filter, SYS_prlimit64, 2);                      /* limits may be read, not set */
    allow_only(filter, SYS_write, 0, STDERR_FILENO);           /* the last word of a library */
    allow_only(filter, SYS_tgkill, 0, (uint32_t)getpid());     /* abort() */
    answer(filter, denied);
}

static void filter_calls(void)
{
    struct filter filter = {.n = 0};
    fill(&filter);
    const struct sock_fprog program = {.len = filter.n, .filter = filter.steps};
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#endif

void ops_confine(const opsig_limits *limits)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    lower(RLIMIT_CORE, 0);
    lower(RLIMIT_FSIZE, 0);
    bound_memory(limits);
#ifdef OWN_ARCHITECTURE
    filter_calls();
#endif
}
