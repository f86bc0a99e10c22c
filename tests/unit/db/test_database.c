/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules in databases, and databases with fewer examples. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "db/put.h"
#include "support/close.h"
#include "support/random_database.h"
#include "support/temp_folder.h"

static const char two[] = "rule b\n  title \"second\"\n  severity high\nmatch\n  n:Relu\n"
                          "report at n\nexample clean\n  g () => () { }\nend\n"
                          "rule a\n  title \"first\"\n  severity low\n  affects tvm\n"
                          "match\n  n:Neg\nreport at n\nend\n";

static int make_folder(void **state)
{
    (void)state;
    temp_folder_make();
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temp_folder_remove();
    return 0;
}

static opsig_rules *read_rules(const char *text)
{
    opsig_rules *rules = NULL;
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    assert_int_equal(opsig_rules_add_text(rules, "t.rules", text, strlen(text), NULL), OPSIG_OK);
    return rules;
}

static opsig_database *database_of(const char *text)
{
    opsig_database *database = NULL;
    opsig_rules *const rules = read_rules(text);
    assert_int_equal(opsig_database_of_rules(&database, rules, NULL), OPSIG_OK);
    opsig_rules_free(rules);
    return database;
}

static void a_database_of_rules_alone_has_them_by_id_without_examples(void **state)
{
    (void)state;
    opsig_database *database = database_of(two);
    assert_int_equal(opsig_database_write(database, temp_path("r.db"), NULL), OPSIG_OK);
    opsig_database_free(database);
    assert_int_equal(opsig_database_open(&database, temp_path("r.db"), NULL), OPSIG_OK);
    const opsig_rules *const rules = opsig_database_rules(database);
    assert_int_equal(opsig_rules_n(rules), 2);
    assert_string_equal(opsig_rule_id(opsig_rules_at(rules, 0)), "a");
    assert_string_equal(opsig_rule_title(opsig_rules_at(rules, 1)), "second");
    assert_int_equal(opsig_rule_n_examples(opsig_rules_at(rules, 1)), 0);
    assert_int_equal(opsig_rules_n_diagnostics(rules), 0);
    assert_string_equal(opsig_rule_path(opsig_rules_at(rules, 0)), temp_path("r.db"));
    assert_int_equal(opsig_database_n_signatures(database), 0);
    opsig_database_free(database);
}

static void a_database_needs_a_signature_or_a_rule(void **state)
{
    (void)state;
    opsig_database *database = NULL;
    opsig_rules *const rules = read_rules("# none\n");
    opsig_error err = {.offset = -1};
    assert_int_equal(opsig_database_of_rules(&database, rules, &err), OPSIG_FORMAT);
    assert_null(database);
    assert_string_equal(err.message, "holds no signatures and no rules");
    opsig_rules_free(rules);
}

static void rules_that_do_not_pass_are_left_out(void **state)
{
    (void)state;
    opsig_database *const database = database_of(two);
    opsig_rules_filter filter;
    const char *const targets[] = {"openvino"};
    opsig_rules_filter_init(&filter);
    filter.targets = targets;
    filter.n_targets = 1;
    opsig_database_keep_rules(database, &filter);
    assert_int_equal(opsig_rules_n(opsig_database_rules(database)), 1);
    assert_string_equal(opsig_rule_id(opsig_rules_at(opsig_database_rules(database), 0)), "b");
    opsig_database_free(database);
}

static void merging_takes_the_first_rule_of_an_id_and_no_provenance_of_rules_alone(void **state)
{
    (void)state;
    opsig_database *const mined = random_database(3, 4, 3);
    opsig_database *const other = database_of("rule rule-a\n  title \"other\"\nmatch\n  n:Abs\n"
                                              "report at n\nend\n");
    const opsig_database *const order[] = {other, mined};
    opsig_database *merged = NULL;
    assert_int_equal(opsig_database_merge(&merged, order, 2, NULL), OPSIG_OK);
    const opsig_rules *const rules = opsig_database_rules(merged);
    assert_int_equal(opsig_rules_n(rules), 2);
    assert_string_equal(opsig_rule_title(opsig_rules_find(rules, "rule-a")), "other");
    assert_int_equal(opsig_database_n_signatures(merged), opsig_database_n_signatures(mined));
    assert_int_equal(opsig_database_n_provenance(merged), opsig_database_n_provenance(mined) + 1);
    assert_int_equal(opsig_database_alphabet(merged), opsig_database_alphabet(mined));
    opsig_database_free(merged);
    opsig_database_free(other);
    opsig_database_free(mined);
}

static void of_several_oracles_each_signature_keeps_its_own(void **state)
{
    (void)state;
    opsig_database *databases[2];
    static const char *const names[] = {"one", "two"};
    for (uint64_t i = 0; i < 2; i++) {
        databases[i] = random_database(i, 5, 3);
        assert_int_equal(ops_database_note(databases[i], "oracle", names[i], NULL), OPSIG_OK);
    }
    opsig_database *merged = NULL;
    opsig_database *again = NULL;
    assert_int_equal(
        opsig_database_merge(&merged, (const opsig_database *const *)databases, 2, NULL), OPSIG_OK);
    const opsig_database *const copy = merged;
    assert_int_equal(opsig_database_merge(&again, &copy, 1, NULL), OPSIG_OK);
    for (size_t i = 0; i < opsig_database_n_signatures(again); i++) {
        const opsig_signature *const signature = opsig_database_signature(again, i);
        const bool first = opsig_database_find(databases[0], opsig_signature_id(signature)) != NULL;
        assert_string_equal(opsig_signature_oracle(signature), names[first ? 0 : 1]);
    }
    opsig_database_free(again);
    opsig_database_free(merged);
    opsig_database_free(databases[0]);
    opsig_database_free(databases[1]);
}

static void differences_are_told_of_rules_too(void **state)
{
    (void)state;
    opsig_database *const before = database_of(two);
    opsig_database *const after = database_of(
        "rule a\n  title \"changed\"\n  severity low\nmatch\n  n:Neg\nreport at n\nend\n"
        "rule c\n  title \"new\"\nmatch\n  n:Abs\nreport at n\nend\n");
    static const struct {
        opsig_db_change_kind kind;
        const char *before, *after;
    } expected[] = {{OPSIG_DB_APPEARED, NULL, "c"},
                    {OPSIG_DB_VANISHED, "b", NULL},
                    {OPSIG_DB_CHANGED, "a", "a"}};
    opsig_db_diff *diff = NULL;
    assert_int_equal(opsig_db_diff_new(&diff, before, after, NULL), OPSIG_OK);
    assert_int_equal(opsig_db_diff_n(diff), 3);
    assert_int_equal(opsig_db_diff_n_same(diff), 0);
    for (size_t i = 0; i < 3; i++) {
        const opsig_db_change *const change = opsig_db_diff_change(diff, i);
        assert_int_equal(change->kind, expected[i].kind);
        assert_true((change->rule_before == NULL) == (expected[i].before == NULL));
        assert_true((change->rule_after == NULL) == (expected[i].after == NULL));
        const opsig_rule *const rule =
            change->rule_after != NULL ? change->rule_after : change->rule_before;
        assert_string_equal(opsig_rule_id(rule),
                            expected[i].after != NULL ? expected[i].after : expected[i].before);
    }
    opsig_db_diff_free(diff);
    assert_int_equal(opsig_db_diff_new(&diff, before, before, NULL), OPSIG_OK);
    assert_int_equal(opsig_db_diff_n_same(diff), 2);
    opsig_db_diff_free(diff);
    opsig_database_free(before);
    opsig_database_free(after);
}

static void fewer_examples_leave_all_numbers_as_they_are(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        opsig_database *const all = random_database(seed, 30, 40);
        opsig_database *const few = random_database(seed, 30, 40);
        assert_int_equal(opsig_database_keep_evidence(few, 2, NULL), OPSIG_OK);
        assert_string_equal(opsig_database_provenance(few, "evidence.most"), "2");
        assert_true(few->models.len <= all->models.len);
        for (size_t i = 0; i < all->signatures.len; i++) {
            const struct opsig_signature *const signature = few->signatures.items[i];
            size_t n[2] = {0, 0};
            assert_string_equal(signature->pattern->id, all->signatures.items[i]->pattern->id);
            assert_memory_equal(&signature->statistics, &all->signatures.items[i]->statistics,
                                sizeof signature->statistics);
            for (size_t k = 0; k < signature->n_evidence; k++) {
                n[few->models.items[signature->evidence[k].model].inconsistent]++;
            }
            assert_true(n[0] <= 2 && n[1] <= 2);
        }
        unsigned char *bytes = NULL;
        size_t size;
        assert_int_equal(ops_db_bytes(few, &bytes, &size, NULL), OPSIG_OK);
        sqlite3_free(bytes);
        opsig_database_free(few);
        opsig_database_free(all);
    }
}

/** Merges, compares and cuts while the k-th allocation fails. */
static opsig_status work(const opsig_database *database, uint64_t k)
{
    opsig_database *copy = NULL;
    opsig_db_diff *diff = NULL;
    opsig_status status = OPSIG_OK;
    ops_mem_fail_at(k, 0);
    TRY(opsig_database_merge(&copy, &database, 1, NULL));
    TRY(opsig_db_diff_new(&diff, database, copy, NULL));
    TRY(opsig_database_keep_evidence(copy, 1, NULL));
done:
    ops_mem_fail_at(0, 0);
    opsig_db_diff_free(diff);
    opsig_database_free(copy);
    return status;
}

static void every_failed_allocation_is_told(void **state)
{
    (void)state;
    opsig_database *const database = random_database(5, 3, 4);
    opsig_status status = OPSIG_NOMEM;
    uint64_t k = 1;
    for (; status == OPSIG_NOMEM; k++) {
        status = work(database, k);
    }
    assert_int_equal(status, OPSIG_OK);
    assert_true(k > 50);
    opsig_database_free(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_of_rules_alone_has_them_by_id_without_examples),
        cmocka_unit_test(a_database_needs_a_signature_or_a_rule),
        cmocka_unit_test(rules_that_do_not_pass_are_left_out),
        cmocka_unit_test(merging_takes_the_first_rule_of_an_id_and_no_provenance_of_rules_alone),
        cmocka_unit_test(of_several_oracles_each_signature_keeps_its_own),
        cmocka_unit_test(differences_are_told_of_rules_too),
        cmocka_unit_test(fewer_examples_leave_all_numbers_as_they_are),
        cmocka_unit_test(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests_name("db/database", tests, make_folder, remove_folder);
}
