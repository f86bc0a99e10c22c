/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do inconsistent models share more sequences than models of their strata do? (method.md section
 * 5, test mode, 1) */
#include "hypothesis/pair_test.h"
#include "hypothesis/result.h"

opsig_status ops_study_sharing(struct ops_study *study, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_hypothesis_options *const options = study->options;
    const struct ops_sample *const sample = study->sample;
    opsig_hypothesis_sharing *const out = &study->out->sharing;
    const struct ops_pairs_bounds bounds = {
        .min_length = 2, .max_length = options->max_length, .cancel = options->cancel};
    const struct ops_pair_test_options test = {
        .permutations = options->permutations,
        .bootstraps = options->bootstraps,
        .seed = ops_seed_for(options->seed, OPS_PURPOSE_SHARING)};
    double *null = NULL;
    TRY(ops_study_numbers(study, options->permutations, &null, err));
    TRY(ops_pairs_init(&study->shared, sample->n, err));
    TRY(ops_pairs_count(&study->shared, study->field, sample->place, &bounds, &out->n_sequences,
                        err));
    const struct ops_pair_mean mean =
        ops_pair_mean(&study->shared, sample, sample->labels);
    out->observed = mean.observed;
    out->expected = mean.expected;
    out->ratio = mean.observed / mean.expected;
    out->null = (opsig_numbers){null, options->permutations};
    study->each.step = "sharing";
    TRY(ops_pair_test(&out->excess, null, &study->shared, sample, sample->labels, &test,
                      &study->each, err));
done:
    return status;
}
