/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "hypothesis/cover.h"

enum { SETS = 12, ELEMENTS = 40, CLASSES = 3 };

/** Sets as bits, and the same as a problem. */
struct random_cover {
    uint64_t bits[SETS];
    size_t begin[SETS + 1];
    uint32_t elements[SETS * ELEMENTS];
    uint32_t weight[ELEMENTS];
    uint8_t class_of[ELEMENTS];
    double unit[CLASSES];
    struct ops_cover cover;
};

static uint32_t roll(uint64_t seed, uint64_t *index, uint32_t bound)
{
    return (uint32_t)ops_rng_below(seed, 0, (*index)++, bound);
}

static void make(struct random_cover *out, uint64_t seed)
{
    uint64_t index = 0;
    const uint32_t percent = 5 + roll(seed, &index, 60);
    *out = (struct random_cover){.unit = {0.25, 1.0 / 3, 1.0 / 7}};
    for (uint32_t e = 0; e < ELEMENTS; e++) {
        out->weight[e] = 1 + roll(seed, &index, 3);
        out->class_of[e] = (uint8_t)roll(seed, &index, CLASSES);
    }
    for (uint32_t s = 0; s < SETS; s++) {
        size_t end = out->begin[s];
        for (uint32_t e = 0; e < ELEMENTS; e++) {
            if (roll(seed, &index, 100) < percent) {
                out->bits[s] |= UINT64_C(1) << e;
                out->elements[end++] = e;
            }
        }
        out->begin[s + 1] = end;
    }
    out->cover = (struct ops_cover){
        .n_sets = SETS, .n_elements = ELEMENTS, .n_classes = CLASSES, .begin = out->begin,
        .elements = out->elements, .weight = out->weight, .class_of = out->class_of,
        .unit = out->unit,
    };
}

/** What the elements are worth, by class first as the library adds up. */
static double value_of(const struct random_cover *cover, uint64_t elements)
{
    uint64_t weight[CLASSES] = {0};
    double value = 0;
    for (uint32_t e = 0; e < ELEMENTS; e++) {
        weight[cover->class_of[e]] += (elements >> e & 1) != 0 ? cover->weight[e] : 0;
    }
    for (uint32_t c = 0; c < CLASSES; c++) {
        value += (double)weight[c] * cover->unit[c];
    }
    return value;
}

/** The plain algorithm: evaluates every set in every step. @return SETS where nothing is left */
static uint32_t best_set(const struct random_cover *cover, uint64_t taken)
{
    uint32_t best = SETS;
    double best_value = 0;
    for (uint32_t s = 0; s < SETS; s++) {
        const double value = value_of(cover, cover->bits[s] & ~taken);
        if (value > best_value) {
            best = s;
            best_value = value;
        }
    }
    return best;
}

static void steps_equal_those_of_the_plain_algorithm(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct random_cover random;
        ops_cover_steps steps = {0};
        uint64_t taken = 0;
        make(&random, seed);
        assert_int_equal(ops_cover_greedily(&steps, &random.cover, SIZE_MAX, NULL), OPSIG_OK);
        for (size_t i = 0; i < steps.len; i++) {
            const uint32_t best = best_set(&random, taken);
            assert_int_equal(steps.items[i].set, best);
            assert_int_equal(steps.items[i].n_newly,
                             __builtin_popcountll(random.bits[best] & ~taken));
            taken |= random.bits[best];
        }
        assert_int_equal(best_set(&random, taken), SETS);
        ops_vec_dispose(&steps);
    }
}

static void weights_of_steps_add_up_to_all_by_class(void **state)
{
    (void)state;
    struct random_cover random;
    ops_cover_steps steps = {0};
    uint64_t all = 0;
    uint64_t expected = 0;
    uint64_t sum = 0;
    make(&random, 5);
    assert_int_equal(ops_cover_greedily(&steps, &random.cover, SIZE_MAX, NULL), OPSIG_OK);
    for (uint32_t s = 0; s < SETS; s++) {
        all |= random.bits[s];
    }
    for (uint32_t e = 0; e < ELEMENTS; e++) {
        expected += (all >> e & 1) != 0 ? random.weight[e] : 0;
    }
    for (size_t i = 0; i < steps.len; i++) {
        for (uint32_t c = 0; c < CLASSES; c++) {
            sum += steps.items[i].weight[c];
        }
    }
    assert_int_equal(sum, expected);
    ops_vec_dispose(&steps);
}

static void no_more_steps_than_asked_for(void **state)
{
    (void)state;
    struct random_cover random;
    for (size_t most = 0; most < 3; most++) {
        ops_cover_steps steps = {0};
        make(&random, 9);
        assert_int_equal(ops_cover_greedily(&steps, &random.cover, most, NULL), OPSIG_OK);
        assert_int_equal(steps.len, most);
        ops_vec_dispose(&steps);
    }
}

static void a_set_cancel_flag_ends_the_choice(void **state)
{
    (void)state;
    struct random_cover random;
    ops_cover_steps steps = {0};
    const volatile int cancel = 1;
    opsig_error error = {0};
    make(&random, 9);
    random.cover.cancel = &cancel;
    assert_int_equal(ops_cover_greedily(&steps, &random.cover, 3, &error), OPSIG_CANCELLED);
    ops_vec_dispose(&steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_equal_those_of_the_plain_algorithm),
        cmocka_unit_test(weights_of_steps_add_up_to_all_by_class),
        cmocka_unit_test(no_more_steps_than_asked_for),
        cmocka_unit_test(a_set_cancel_flag_ends_the_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
