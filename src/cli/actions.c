/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first operand of some commands names what they are to do with the others. */
#include "cli/actions.h"

#include <string.h>

#include "cli/options.h"

error_t ops_operands_add(const struct argp_state *state, struct ops_operands *operands,
                         const char *arg)
{
    if (operands->n == OPS_MOST_OPERANDS) {
        return ops_usage(state, "'%s': too many arguments", arg);
    }
    operands->items[operands->n++] = arg;
    return 0;
}

/** "info, list, show" */
static void join_names(char *out, size_t size, const struct ops_action *actions)
{
    size_t len = 0;
    out[0] = '\0';
    for (const struct ops_action *a = actions; a->name != NULL && len < size; a++) {
        (void)snprintf(out + len, size - len, "%s%s", a == actions ? "" : ", ", a->name);
        len = strlen(out);
    }
}

int ops_action_choose(const struct argp_state *state, const struct ops_action *actions,
                      const struct ops_operands *operands)
{
    char names[100];
    join_names(names, sizeof names, actions);
    if (operands->n == 0) {
        (void)ops_usage(state, "name an action: %s", names);
        return -1;
    }
    for (int i = 0; actions[i].name != NULL; i++) {
        const struct ops_action *const action = &actions[i];
        if (strcmp(action->name, operands->items[0]) != 0) {
            continue;
        }
        if (operands->n < action->least || operands->n > action->most) {
            (void)ops_usage(state, "%s takes %s", action->name, action->operands);
            return -1;
        }
        return i;
    }
    (void)ops_usage(state, "there is no action '%s' (%s)", operands->items[0], names);
    return -1;
}
