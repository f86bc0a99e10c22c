/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal handler has nothing but static data to talk to: this flag is the program's only one. */
#include <signal.h>
#include <stddef.h>

#include "cli/cli.h"

static volatile int cancelled;

static void cancel(int number)
{
    (void)number;
    cancelled = 1;
}

void ops_signals_prepare(void)
{
    /* No SA_RESTART: what waits for input shall notice. SA_RESETHAND: the second signal kills. */
    struct sigaction end = {.sa_handler = cancel, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigemptyset(&end.sa_mask);
    (void)sigemptyset(&ignore.sa_mask);
    (void)sigaction(SIGINT, &end, NULL);
    (void)sigaction(SIGTERM, &end, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

void ops_signals_done(void)
{
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    cancelled = 0;
}

const volatile int *ops_cancel_flag(void)
{
    return &cancelled;
}
