/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strata against their definition, worked out model by model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/rng.h"
#include "corpus/strata.h"

enum { MOST = 60 };

/** The size quartile of a model by counting. */
static size_t quartile_of(const struct ops_stratified *models, size_t n, size_t i, bool by_group)
{
    size_t smaller = 0;
    size_t in_group = 0;
    for (size_t j = 0; j < n; j++) {
        const bool same = !by_group || models[j].group == models[i].group;
        in_group += same;
        smaller += same && models[j].size < models[i].size;
    }
    return 4 * smaller / in_group;
}

/** (group, quartile) of a model as one number; what the kind does not use is 0. */
static size_t key_of(const struct ops_stratified *models, size_t n, size_t i, opsig_strata kind)
{
    const bool by_group = kind == OPSIG_STRATA_GROUP || kind == OPSIG_STRATA_BOTH;
    const bool by_size = kind == OPSIG_STRATA_SIZE || kind == OPSIG_STRATA_BOTH;
    return (by_group ? models[i].group * 4 : 0) +
           (by_size ? quartile_of(models, n, i, by_group) : 0);
}

static void check(struct ops_stratified *models, size_t n, opsig_strata kind)
{
    uint32_t n_strata = 99;
    assert_int_equal(ops_strata_assign(models, n, kind, &n_strata, NULL), OPSIG_OK);
    for (size_t i = 0; i < n; i++) {
        bool seen[4 * MOST] = {false};
        uint32_t before = 0;
        for (size_t j = 0; j < n; j++) {
            const size_t key = key_of(models, n, j, kind);
            before += key < key_of(models, n, i, kind) && !seen[key];
            seen[key] = true;
        }
        assert_int_equal(models[i].stratum, before);
        assert_true(models[i].stratum < n_strata);
    }
    uint32_t largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = models[i].stratum > largest ? models[i].stratum : largest;
    }
    assert_int_equal(n_strata, n > 0 ? largest + 1 : 0);
}

static void strata_are_groups_and_quartiles_in_order(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 400; round++) {
        struct ops_stratified models[MOST];
        const size_t n = ops_rng_below(round, 0, 0, MOST + 1);
        const uint64_t n_groups = 1 + round % 5;
        const uint64_t n_sizes = 1 + ops_rng_below(round, 1, 0, 40);
        for (size_t i = 0; i < n; i++) {
            models[i].group = (uint32_t)ops_rng_below(round, 2, i, n_groups);
            models[i].size = (uint32_t)ops_rng_below(round, 3, i, n_sizes);
        }
        check(models, n, (opsig_strata)(round % 4));
    }
}

static void equal_sizes_share_a_quartile(void **state)
{
    (void)state;
    struct ops_stratified models[8];
    for (uint32_t i = 0; i < 8; i++) {
        models[i] = (struct ops_stratified){.size = i < 7 ? 5 : 9};
    }
    uint32_t n_strata;
    assert_int_equal(ops_strata_assign(models, 8, OPSIG_STRATA_SIZE, &n_strata, NULL), OPSIG_OK);
    assert_int_equal(n_strata, 2);
    assert_int_equal(models[0].stratum, models[6].stratum);
    assert_int_not_equal(models[0].stratum, models[7].stratum);
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    struct ops_stratified model = {0};
    uint32_t n_strata;
    ops_mem_fail_at(1, 0);
    assert_int_equal(ops_strata_assign(&model, 1, OPSIG_STRATA_BOTH, &n_strata, NULL), OPSIG_NOMEM);
    ops_mem_fail_at(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strata_are_groups_and_quartiles_in_order),
        cmocka_unit_test(equal_sizes_share_a_quartile),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
