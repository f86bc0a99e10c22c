/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Minimum support and the messages about a corpus. */
#include "cli/support.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/write.h"

error_t ops_support_parse(const struct argp_state *state, const char *arg,
                          struct ops_support *out)
{
    static const char option[] = "--min-support";
    char number[64];
    const size_t len = strlen(arg);
    *out = (struct ops_support){0};
    if (len == 0 || arg[len - 1] != '%' || len > sizeof number) {
        uint64_t models = 0;
        const error_t error = ops_option_count(state, option, arg, 1, UINT32_MAX, &models);
        out->models = (uint32_t)models;
        return error;
    }
    memcpy(number, arg, len - 1);
    number[len - 1] = '\0';
    return ops_option_number(state, option, number, 1e-9, 100, &out->percent);
}

uint32_t ops_support_of(const struct ops_support *support, size_t n_models)
{
    if (!(support->percent > 0)) {
        return support->models;
    }
    /* 10 % of 30 is 3, whatever 0.1 is in binary */
    const double exact = support->percent * (double)n_models / 100;
    const double models = ceil(exact - exact * 1e-12);
    return models < 1 ? 1 : models < UINT32_MAX ? (uint32_t)models : UINT32_MAX;
}

int ops_corpus_loaded(opsig_status status, const opsig_corpus *corpus, const char *source,
                      const opsig_error *error)
{
    if (status == OPSIG_CANCELLED) {
        return ops_finish_work(status, NULL, error);
    }
    if (status != OPSIG_OK) {
        ops_say_error(source, error);
        return ops_exit_of_input(status);
    }
    const size_t n = opsig_corpus_n_errors(corpus);
    for (size_t i = 0; i < n; i++) {
        ops_say_error(opsig_corpus_error_path(corpus, i), opsig_corpus_error(corpus, i));
    }
    return n > 0 ? OPS_EXIT_INPUT : OPS_EXIT_OK;
}
