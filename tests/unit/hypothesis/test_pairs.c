/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of pairs, and the test that is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "hypothesis/pair_test.h"
#include "hypothesis/regress.h"
#include "support/all_sequences.h"
#include "support/close.h"
#include "support/small_sample.h"

enum { N_MODELS = 24, MOST_SEQUENCES = 40000 };

static double value_of(const struct ops_pairs *pairs, uint32_t i, uint32_t k)
{
    return i > k ? ops_pairs_row(pairs, i)[k] : ops_pairs_row(pairs, k)[i];
}

static void shared_sequences_are_those_found_by_trying_all(void **state)
{
    (void)state;
    static struct one_sequence all[MOST_SEQUENCES];
    const struct random_field_options options = {
        .n_models = N_MODELS, .max_vertices = 7, .n_symbols = 3, .edge_percent = 40};
    const struct ops_pairs_bounds bounds = {.min_length = 2, .max_length = 4};
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct ops_mine_field *field = random_field(seed, &options);
        const size_t n_all = all_sequences(field, 4, 2, all);
        uint32_t place[N_MODELS]; /* any order */
        struct ops_pairs pairs;
        uint64_t n = 0;
        uint64_t n_long = 0;
        ops_rng_permutation(seed, 0, place, N_MODELS);
        assert_int_equal(ops_pairs_init(&pairs, N_MODELS, NULL), OPSIG_OK);
        assert_int_equal(ops_pairs_count(&pairs, field, place, &bounds, &n, NULL), OPSIG_OK);
        for (size_t s = 0; s < n_all; s++) {
            n_long += all[s].n >= 2;
        }
        assert_int_equal(n, n_long);
        for (uint32_t a = 1; a < N_MODELS; a++) {
            for (uint32_t b = 0; b < a; b++) {
                uint32_t shared = 0;
                for (size_t s = 0; s < n_all; s++) {
                    shared += all[s].n >= 2 && (all[s].models >> a & all[s].models >> b & 1);
                }
                assert_close(value_of(&pairs, place[a], place[b]), shared, 0);
            }
        }
        ops_pairs_dispose(&pairs);
        ops_mine_field_free(field);
    }
}

static void too_many_models_are_refused(void **state)
{
    (void)state;
    struct ops_pairs pairs;
    opsig_error err = {.message = ""};
    assert_int_equal(ops_pairs_init(&pairs, OPS_PAIRS_MAX_MODELS + 1, &err), OPSIG_LIMIT);
    assert_non_null(strstr(err.message, "20001 models"));
}

/** Random numbers for pairs, larger where `boost` has both models. */
static void fill_pairs(struct ops_pairs *pairs, uint32_t n, uint64_t seed, uint64_t boost)
{
    assert_int_equal(ops_pairs_init(pairs, n, NULL), OPSIG_OK);
    for (uint32_t i = 1; i < n; i++) {
        for (uint32_t k = 0; k < i; k++) {
            const double noise = (double)ops_rng_below(seed, i, k, 100) / 10;
            ops_pairs_row(pairs, i)[k] = noise + ((boost >> i & boost >> k & 1) ? 8 : 0);
        }
    }
}

static double plain_mean(const struct ops_pairs *pairs, uint32_t bits)
{
    double sum = 0;
    double n = 0;
    for (uint32_t i = 1; i < pairs->n; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (bits >> i & bits >> k & 1) {
                sum += value_of(pairs, i, k);
                n++;
            }
        }
    }
    return sum / n;
}

/** Strata of 4 and 5 models. */
static void nine_models(struct small_sample *small)
{
    small_sample_init(small, 9, 2);
    small->labels[0] = small->labels[2] = small->labels[4] = small->labels[5] = 1;
    small->labels[8] = 1;
}

/** All labellings with as many inconsistent models in each stratum; their mean is what is expected,
 *  and the share of those that reach the observed mean is the p-value. */
static void expectation_and_p_are_those_of_all_permutations(void **state)
{
    (void)state;
    enum { PERMUTATIONS = 4000 };
    static double null[PERMUTATIONS];
    for (uint64_t seed = 0; seed < 5; seed++) {
        struct small_sample small;
        struct ops_pairs pairs;
        opsig_effect effect;
        const struct ops_pair_test_options options = {
            .permutations = PERMUTATIONS, .bootstraps = 50, .seed = seed};
        nine_models(&small);
        fill_pairs(&pairs, 9, seed, seed % 2 == 0 ? 0x135 : 0);
        double sum = 0;
        uint32_t n = 0;
        uint32_t reached = 0;
        const double observed = plain_mean(&pairs, 0x135);
        for (uint32_t bits = 0; bits < 1 << 9; bits++) {
            if (__builtin_popcount(bits & 15) == 2 && __builtin_popcount(bits >> 4) == 3) {
                sum += plain_mean(&pairs, bits);
                reached += plain_mean(&pairs, bits) >= observed - 1e-9;
                n++;
            }
        }
        const struct ops_pair_mean mean = ops_pair_mean(&pairs, &small.sample, small.labels);
        assert_close(mean.observed, observed, 1e-9);
        assert_close(mean.expected, sum / n, 1e-9);
        assert_int_equal(ops_pair_test(&effect, null, &pairs, &small.sample, small.labels,
                                       &options, &(struct ops_each){.n_threads = 1}, NULL),
                         OPSIG_OK);
        assert_close(effect.value, observed - sum / n, 1e-9);
        assert_close(effect.p, (double)reached / n, 0.03);
        ops_pairs_dispose(&pairs);
    }
}

/** Labels for a sample of 40 in two strata, a third of each inconsistent, by seed. */
static void label_by_chance(struct small_sample *small, uint64_t seed)
{
    uint8_t plain[SMALL_MAX_MODELS] = {0};
    uint32_t order[SMALL_MAX_MODELS];
    for (uint32_t i = 0; i < small->sample.n; i += 3) {
        plain[i] = 1;
    }
    ops_sample_permute(&small->sample, plain, seed, 0, order, small->labels);
}

static void shuffled_labels_reject_at_the_level(void **state)
{
    (void)state;
    enum { REPETITIONS = 400, PERMUTATIONS = 99 };
    double null[PERMUTATIONS];
    struct small_sample small;
    struct ops_pairs pairs;
    uint32_t rejected = 0;
    const struct ops_pair_test_options options = {
        .permutations = PERMUTATIONS, .bootstraps = 1, .seed = 7};
    small_sample_init(&small, 40, 2);
    fill_pairs(&pairs, 40, 3, 0xff00ff);
    for (uint64_t seed = 0; seed < REPETITIONS; seed++) {
        opsig_effect effect;
        label_by_chance(&small, 1000 + seed);
        assert_int_equal(ops_pair_test(&effect, null, &pairs, &small.sample, small.labels,
                                       &options, &(struct ops_each){.n_threads = 1}, NULL),
                         OPSIG_OK);
        rejected += effect.p <= 0.05;
    }
    print_message("%u of %d rejected\n", rejected, REPETITIONS);
    assert_in_range(rejected, 6, 34); /* 20 expected, standard deviation 4.4 */
    ops_pairs_dispose(&pairs);
}

static void a_planted_excess_is_found_whatever_the_threads(void **state)
{
    (void)state;
    enum { PERMUTATIONS = 199, BOOTSTRAPS = 200 };
    static double null[2][PERMUTATIONS];
    struct small_sample small;
    struct ops_pairs pairs;
    opsig_effect effects[2];
    const struct ops_pair_test_options options = {
        .permutations = PERMUTATIONS, .bootstraps = BOOTSTRAPS, .seed = 7};
    small_sample_init(&small, 40, 2);
    uint64_t boost = 0;
    for (uint32_t i = 0; i < 40; i += 3) {
        small.labels[i] = 1;
        boost |= UINT64_C(1) << i;
    }
    fill_pairs(&pairs, 40, 3, boost);
    for (unsigned t = 0; t < 2; t++) {
        const struct ops_each each = {.n_threads = 1 + 2 * t};
        assert_int_equal(ops_pair_test(&effects[t], null[t], &pairs, &small.sample, small.labels,
                                       &options, &each, NULL),
                         OPSIG_OK);
    }
    assert_memory_equal(&effects[0], &effects[1], sizeof effects[0]);
    assert_memory_equal(null[0], null[1], sizeof null[0]);
    assert_close(effects[0].p, 1.0 / (1 + PERMUTATIONS), 1e-12);
    assert_true(effects[0].low > 5 && effects[0].low < effects[0].value);
    assert_true(effects[0].high > effects[0].value && effects[0].high < 10);
    ops_pairs_dispose(&pairs);
}

static void a_set_cancel_flag_ends_the_test(void **state)
{
    (void)state;
    double null[10];
    opsig_effect effect;
    struct ops_pairs pairs;
    struct small_sample small;
    const volatile int cancel = 1;
    const struct ops_pair_test_options options = {.permutations = 10, .bootstraps = 1, .seed = 7};
    nine_models(&small);
    fill_pairs(&pairs, 9, 1, 0);
    assert_int_equal(ops_pair_test(&effect, null, &pairs, &small.sample, small.labels, &options,
                                   &(struct ops_each){.cancel = &cancel}, NULL),
                     OPSIG_CANCELLED);
    ops_pairs_dispose(&pairs);
}

/** y = 2 x1 - 3 x2 + a constant for each pair of strata + what neither explains. */
static void a_regression_takes_out_what_it_should(void **state)
{
    (void)state;
    struct small_sample small;
    struct ops_pairs y, x1, x2, noise;
    double slopes[2];
    small_sample_init(&small, 30, 3);
    fill_pairs(&y, 30, 0, 0);
    fill_pairs(&x1, 30, 1, 0);
    fill_pairs(&x2, 30, 2, 0);
    fill_pairs(&noise, 30, 3, 0);
    for (uint32_t i = 1; i < 30; i++) {
        for (uint32_t k = 0; k < i; k++) {
            const double constant = 100.0 * (i / 10) + 7.0 * (k / 10);
            ops_pairs_row(&y, i)[k] = 2 * ops_pairs_row(&x1, i)[k] -
                                      3 * ops_pairs_row(&x2, i)[k] + constant +
                                      1e-3 * ops_pairs_row(&noise, i)[k];
        }
    }
    ops_pairs_regress(&y, &x1, &x2, &small.sample, slopes);
    assert_close(slopes[0], 2, 1e-3);
    assert_close(slopes[1], -3, 1e-3);
    for (uint32_t i = 1; i < 30; i++) {
        for (uint32_t k = 0; k < i; k++) {
            assert_close(ops_pairs_row(&y, i)[k], 0, 0.02);
        }
    }
    ops_pairs_clear(&x1); /* nothing to explain with */
    ops_pairs_regress(&noise, &x1, &x1, &small.sample, slopes);
    assert_close(slopes[0], 0, 0);
    assert_close(slopes[1], 0, 0);
    ops_pairs_dispose(&y);
    ops_pairs_dispose(&x1);
    ops_pairs_dispose(&x2);
    ops_pairs_dispose(&noise);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_sequences_are_those_found_by_trying_all),
        cmocka_unit_test(too_many_models_are_refused),
        cmocka_unit_test(expectation_and_p_are_those_of_all_permutations),
        cmocka_unit_test(shuffled_labels_reject_at_the_level),
        cmocka_unit_test(a_planted_excess_is_found_whatever_the_threads),
        cmocka_unit_test(a_set_cancel_flag_ends_the_test),
        cmocka_unit_test(a_regression_takes_out_what_it_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
