/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file support.h  What the commands that mine share. */
#ifndef OPSIG_CLI_SUPPORT_H
#define OPSIG_CLI_SUPPORT_H

#include <argp.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/corpus.h>

/** --min-support: a number of models, or a share of them. */
struct ops_support {
    uint32_t models; /* 0 where not given or a share */
    double percent;  /* 0 where not given or a number */
};

/** Reads "12" or "2.5%". @return 0, or EINVAL after saying what is wrong */
error_t ops_support_parse(const struct argp_state *state, const char *arg,
                          struct ops_support *out);
/** The number of models that it means among n: at least 1 where a share was given, 0 where
 *  nothing was. */
uint32_t ops_support_of(const struct ops_support *support, size_t n_models);

/** Says what could not be loaded of a corpus. @param source  the manifest; NULL: folders or files
 *  @return an exit status */
int ops_corpus_loaded(opsig_status status, const opsig_corpus *corpus, const char *source,
                      const opsig_error *error);

#endif
