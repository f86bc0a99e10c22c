/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line such as "load 1200 of 5000, 340 a second, 0:11 left", written over on a terminal. The
 * rate is the mean since the step began, which is what the time left follows from. */
#include "cli/progress.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* Steps of fewer things have no rate worth telling. */
enum { FEWEST = 10 };

static const int64_t second = 1000000000;

static int64_t now(void)
{
    struct timespec time = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * second + time.tv_nsec;
}

void ops_progress_init(struct ops_progress *progress, const struct ops_options *options)
{
    const bool terminal = isatty(STDERR_FILENO) == 1;
    *progress = (struct ops_progress){
        .enabled = options->progress == OPS_WHEN_ALWAYS ||
                   (options->progress == OPS_WHEN_AUTO && terminal && !options->quiet),
        .terminal = terminal,
    };
}

static void print_line(struct ops_progress *progress, size_t done, size_t total, int64_t elapsed)
{
    const bool has_rate = elapsed > 0 && total >= FEWEST;
    const double rate = has_rate ? (double)done * (double)second / (double)elapsed : 0;
    (void)fprintf(stderr, "%s%s %zu", progress->terminal ? "\r" : "opsig: ", progress->step,
                  done);
    if (total > 0) {
        (void)fprintf(stderr, " of %zu", total);
    }
    if (rate > 0) {
        (void)fprintf(stderr, ", %.0f a second", rate);
    }
    if (rate > 0 && total > done) {
        const double left = (double)(total - done) / rate;
        const uint64_t seconds = left < (double)UINT32_MAX ? (uint64_t)left : UINT32_MAX;
        (void)fprintf(stderr, ", %llu:%02llu left", (unsigned long long)(seconds / 60),
                      (unsigned long long)(seconds % 60));
    }
    (void)fputs(progress->terminal ? "\x1b[K" : "\n", stderr);
    (void)fflush(stderr);
    progress->shown = progress->terminal;
}

void ops_progress_show(const char *step, size_t done, size_t total, void *payload)
{
    struct ops_progress *const progress = payload;
    if (!progress->enabled) {
        return;
    }
    const int64_t time = now();
    if (progress->step == NULL || strcmp(progress->step, step) != 0) {
        progress->step = step;
        progress->start = time;
        progress->last = time;
    }
    const int64_t pause = progress->terminal ? second / 10 : second;
    if (time - progress->last >= pause || (!progress->terminal && done == total)) {
        progress->last = time;
        print_line(progress, done, total, time - progress->start);
    }
}

void ops_progress_clear(struct ops_progress *progress)
{
    if (progress->shown) {
        (void)fputs("\r\x1b[K", stderr);
        (void)fflush(stderr);
        progress->shown = false;
    }
}
