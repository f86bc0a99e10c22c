/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file actions.h  Commands that have actions of their own: "opsig db list". */
#ifndef OPSIG_CLI_ACTIONS_H
#define OPSIG_CLI_ACTIONS_H

#include <argp.h>
#include <stddef.h>

enum { OPS_MOST_OPERANDS = 1000 };

/** An action, and what it works on. */
struct ops_operands {
    const char *items[OPS_MOST_OPERANDS]; /* they belong to the command line */
    size_t n;
};

/** An action's name and how many operands it takes, itself included. */
struct ops_action {
    const char *name;
    size_t least, most;
    const char *operands; /* for the message where it is another number */
};

/** Adds an operand. @return 0, or EINVAL after saying that there are too many */
error_t ops_operands_add(const struct argp_state *state, struct ops_operands *operands,
                         const char *arg);

/** The place in a table (it ends with a name that is NULL) of the action that the first operand
 *  names; -1 after saying that there is none, or that it takes another number of operands. */
int ops_action_choose(const struct argp_state *state, const struct ops_action *actions,
                      const struct ops_operands *operands);

#endif
