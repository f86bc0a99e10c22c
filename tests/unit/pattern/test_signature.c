/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "pattern/signature.h"

static struct opsig_signature *add(struct opsig_database *database, const char *text, double p,
                                   double lr_low, bool significant)
{
    struct opsig_signature *signature = NULL;
    assert_int_equal(ops_database_add(database, &signature, NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&signature->pattern, text, NULL), OPSIG_OK);
    assert_int_equal(ops_pattern_copy(&signature->context, signature->pattern, NULL), OPSIG_OK);
    signature->statistics.p = p;
    signature->statistics.likelihood_ratio.low = lr_low;
    signature->significant = significant;
    return signature;
}

static void signatures_come_before_risk_terms_and_small_p_first(void **state)
{
    (void)state;
    struct opsig_database *database = NULL;
    assert_int_equal(ops_database_new(&database, NULL), OPSIG_OK);
    add(database, "A", 1e-9, 2, false);
    add(database, "B -> C", 1e-5, 9, true);
    add(database, "B", 1e-5, 2, true);
    add(database, "D", 1e-7, 3, true);
    ops_database_sort(database);
    assert_int_equal(opsig_database_n_signatures(database), 3);
    assert_int_equal(opsig_database_n_risk_terms(database), 1);
    static const char *const order[] = {"D", "B", "B -> C"};
    for (size_t i = 0; i < 3; i++) {
        const opsig_signature *signature = opsig_database_signature(database, i);
        assert_string_equal(opsig_pattern_text(opsig_signature_pattern(signature)), order[i]);
    }
    assert_true(ops_signature_strength(opsig_database_signature(database, 2),
                                       opsig_database_signature(database, 0)) < 0);
    ops_database_free(database);
}

static void a_signature_is_found_by_id_or_unique_prefix(void **state)
{
    (void)state;
    struct opsig_database *database = NULL;
    assert_int_equal(ops_database_new(&database, NULL), OPSIG_OK);
    const struct opsig_signature *a = add(database, "A", 0.1, 1, true);
    const struct opsig_signature *b = add(database, "B", 0.2, 1, true);
    ops_database_sort(database);
    assert_ptr_equal(opsig_database_find(database, opsig_signature_id(a)), a);
    assert_ptr_equal(opsig_database_find(database, opsig_signature_id(b)), b);
    assert_null(opsig_database_find(database, "OPS-"));
    assert_null(opsig_database_find(database, "OPS-zzz"));
    ops_database_free(database);
}

static void provenance_is_sorted_and_replaced_by_key(void **state)
{
    (void)state;
    struct opsig_database *database = NULL;
    assert_int_equal(ops_database_new(&database, NULL), OPSIG_OK);
    assert_int_equal(ops_database_note(database, "oracle", "x", NULL), OPSIG_OK);
    assert_int_equal(ops_database_note(database, "corpus", "y", NULL), OPSIG_OK);
    assert_int_equal(ops_database_note(database, "oracle", "z", NULL), OPSIG_OK);
    assert_int_equal(opsig_database_n_provenance(database), 2);
    assert_string_equal(opsig_database_provenance_key(database, 0), "corpus");
    assert_string_equal(opsig_database_provenance_value(database, 1), "z");
    assert_string_equal(opsig_database_provenance(database, "corpus"), "y");
    assert_null(opsig_database_provenance(database, "tool"));
    ops_database_free(database);
}

static void calibrated_log_odds_bend_at_the_knot(void **state)
{
    (void)state;
    struct ops_risk risk = {.present = true, .intercept = 1, .offset = 10, .slope = 2,
                            .hinge = 3, .knot = -1};
    /* below the knot only the slope counts, above it slope and hinge */
    assert_true(ops_risk_log_odds(&risk, -5) == 10 + 2 * -4.0 + 3 * -1.0);
    assert_true(ops_risk_log_odds(&risk, 1) == 10 + 2 * 2.0 + 3 * 2.0);
}

static void names_of_alphabets_and_severities_read_back(void **state)
{
    (void)state;
    for (int i = OPSIG_ALPHABET_OP; i <= OPSIG_ALPHABET_BOTH; i++) {
        opsig_alphabet alphabet = OPSIG_ALPHABET_OP;
        assert_true(ops_alphabet_parse(ops_alphabet_name((opsig_alphabet)i), &alphabet));
        assert_int_equal(alphabet, i);
    }
    opsig_alphabet alphabet = OPSIG_ALPHABET_OP;
    assert_false(ops_alphabet_parse("opattr", &alphabet));
    assert_string_equal(opsig_severity_name(OPSIG_SEVERITY_MEDIUM), "medium");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_come_before_risk_terms_and_small_p_first),
        cmocka_unit_test(a_signature_is_found_by_id_or_unique_prefix),
        cmocka_unit_test(provenance_is_sorted_and_replaced_by_key),
        cmocka_unit_test(calibrated_log_odds_bend_at_the_knot),
        cmocka_unit_test(names_of_alphabets_and_severities_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
