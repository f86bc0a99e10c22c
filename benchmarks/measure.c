/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command without a shell and appends "wall cpu kibibytes" to a file: time of the whole
 * process and of those it waited for, by the clock and of processors (user and system), in
 * milliseconds, and the largest resident set. A small program starts it, as the resident set of
 * what starts a program counts as the program's.
 *
 *   measure FILE COMMAND [ARGUMENT...]
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double milliseconds(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: measure FILE COMMAND [ARGUMENT...]\n");
        return 2;
    }
    const double start = now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("measure");
        return 1;
    }
    const double end = now();
    FILE *file = fopen(argv[1], "a");
    if (file == NULL || fprintf(file, "%.3f %.3f %ld\n", end - start,
                                milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
                                usage.ru_maxrss) < 0 ||
        fclose(file) != 0) {
        perror(argv[1]);
        return 1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
