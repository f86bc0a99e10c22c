/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The label rule, as a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "corpus/label.h"

#define C OPSIG_LABEL_CONSISTENT
#define I OPSIG_LABEL_INCONSISTENT
#define CRASH OPSIG_LABEL_CRASH
#define SKIPPED OPSIG_LABEL_SKIPPED

static const struct {
    struct ops_measured measured; /* status, has_abs, has_rel, max_abs, max_rel, disagreement */
    bool has_tolerance;
    double tolerance_abs, tolerance_rel;
    opsig_label expected;
} cases[] = {
    /* without a tolerance the status stands */
    {{C, true, true, 1, 1, false}, false, 0, 0, C},
    {{I, true, true, 0, 0, false}, false, 0, 0, I},
    {{I, false, false, 0, 0, false}, false, 0, 0, I},
    /* with one the differences decide: both must be passed */
    {{C, true, true, 1e-3, 1e-3, false}, true, 1e-4, 1e-4, I},
    {{I, true, true, 1e-5, 1e-3, false}, true, 1e-4, 1e-4, C},
    {{I, true, true, 1e-3, 1e-5, false}, true, 1e-4, 1e-4, C},
    {{I, true, true, 1e-4, 1, false}, true, 1e-4, 0, C},
    {{C, true, true, 1e-3, 1e-9, false}, true, 1e-4, 0, I},
    /* a difference that is not known does not excuse */
    {{C, true, false, 1e-3, 0, false}, true, 1e-4, 1e-4, I},
    {{C, false, true, 0, 1, false}, true, 1e-4, 1e-4, C},
    {{I, false, false, 0, 0, false}, true, 1e-4, 1e-4, I},
    /* NaN is below no tolerance, infinity beyond all */
    {{C, true, true, NAN, NAN, false}, true, 1e9, 1e9, I},
    {{C, true, true, INFINITY, INFINITY, false}, true, 1e300, 1e300, I},
    {{I, true, true, NAN, 1e-9, false}, true, 1e-4, 1e-4, C},
    /* disagreement in kind decides at any tolerance */
    {{C, true, true, 0, 0, true}, true, 1e9, 1e9, I},
    {{C, false, false, 0, 0, true}, false, 0, 0, I},
    /* what did not run stays as it is */
    {{CRASH, true, true, 1, 1, true}, true, 0, 0, CRASH},
    {{SKIPPED, true, true, 1, 1, true}, true, 0, 0, SKIPPED},
    {{OPSIG_LABEL_NONE, true, true, 1, 1, true}, true, 0, 0, OPSIG_LABEL_NONE},
};

static void labels_follow_the_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        opsig_corpus_options options;
        opsig_corpus_options_init(&options);
        options.has_tolerance = cases[i].has_tolerance;
        options.tolerance_abs = cases[i].tolerance_abs;
        options.tolerance_rel = cases[i].tolerance_rel;
        const opsig_label label = ops_label_decide(&cases[i].measured, &options);
        if (label != cases[i].expected) {
            fail_msg("case %zu: %s", i, opsig_label_name(label));
        }
    }
}

static void names_are_read_back(void **state)
{
    (void)state;
    static const opsig_label labels[] = {C, I, CRASH, SKIPPED};
    opsig_label label;
    for (size_t i = 0; i < 4; i++) {
        assert_true(ops_label_parse(opsig_label_name(labels[i]), &label));
        assert_int_equal(label, labels[i]);
    }
    assert_false(ops_label_parse("", &label));
    assert_false(ops_label_parse("Consistent", &label));
    assert_false(ops_label_parse("consistent ", &label));
    assert_string_equal(opsig_label_name(OPSIG_LABEL_NONE), "");
    assert_string_equal(opsig_label_name((opsig_label)77), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_follow_the_rule),
        cmocka_unit_test(names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
