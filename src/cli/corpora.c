/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Corpora whose labels do not matter. */
#include "cli/corpora.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/progress.h"
#include "cli/support.h"

bool ops_names_manifest(const char *path)
{
    const char *const suffix = strrchr(path, '.');
    return suffix != NULL && (strcmp(suffix, ".csv") == 0 || strcmp(suffix, ".json") == 0);
}

/** Loads a manifest, or the inputs where there is none. @return an exit status */
static int load(opsig_corpus **out, const struct ops_options *options, const char *manifest,
                const struct ops_inputs *inputs)
{
    struct ops_progress progress;
    opsig_corpus_options how;
    opsig_error error = {.offset = -1};
    ops_progress_init(&progress, options);
    opsig_corpus_options_init(&how);
    how.unlabelled = true;
    how.limits = options->limits;
    how.workers = ops_options_workers(options, manifest != NULL ? SIZE_MAX : inputs->n);
    how.progress = ops_progress_show;
    how.payload = &progress;
    const opsig_status status =
        manifest != NULL
            ? opsig_corpus_load_manifest(out, manifest, &how, &error)
            : opsig_corpus_load_paths(out, (const char *const *)inputs->paths, inputs->n, &how,
                                      &error);
    ops_progress_clear(&progress);
    return ops_corpus_loaded(status, *out, manifest, &error);
}

int ops_corpus_from_paths(opsig_corpus **out, const struct ops_options *options,
                          char *const *paths, size_t n_paths)
{
    struct ops_inputs inputs = {0};
    const char *const manifest =
        n_paths == 1 && ops_names_manifest(paths[0]) ? paths[0] : NULL;
    int status = OPS_EXIT_OK;
    *out = NULL;
    if (manifest == NULL) {
        status = ops_inputs_gather(&inputs, options, paths, n_paths);
    }
    if (status == OPS_EXIT_OK || status == OPS_EXIT_INPUT) {
        status = ops_exit_worse(status, load(out, options, manifest, &inputs));
    }
    ops_inputs_dispose(&inputs);
    return status;
}
