/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparison of canonical codes. Codes are short (at most OPSIG_PATTERN_MAX_VERTICES vertices in
 * a sequence), so all of this is plain loops over steps. */
#include "pattern/code.h"

#include "graph/snapshot.h"

bool ops_step_equal(struct ops_step a, struct ops_step b)
{
    return a.symbol == b.symbol && a.label == b.label && a.from == b.from && a.to == b.to &&
           a.dir == b.dir;
}

bool ops_code_equal(struct ops_code a, struct ops_code b)
{
    if (a.n_steps != b.n_steps) {
        return false;
    }
    for (size_t k = 0; k < a.n_steps; k++) {
        if (!ops_step_equal(a.steps[k], b.steps[k])) {
            return false;
        }
    }
    return true;
}

size_t ops_code_n_vertices(struct ops_code code)
{
    size_t n = 0;
    for (size_t k = 0; k < code.n_steps; k++) {
        n += code.steps[k].symbol != OPS_NO_SYMBOL;
    }
    return n;
}

bool ops_code_is_sequence(struct ops_code code)
{
    for (size_t k = 0; k < code.n_steps; k++) {
        if (!ops_step_equal(code.steps[k], ops_code_sequence_step(k, code.steps[k].symbol))) {
            return false;
        }
    }
    return code.n_steps > 0;
}

bool ops_code_is_chain(struct ops_code code)
{
    for (size_t k = 1; k < code.n_steps; k++) {
        const struct ops_step *step = &code.steps[k];
        if (step->from + 1U != k || step->to != k || step->dir == OPS_CODE_IN ||
            step->dir != code.steps[1].dir) {
            return false;
        }
    }
    return code.n_steps > 0;
}
