/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matching blocks against those of Python's difflib, on the pairs that difflib_blocks.py wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hypothesis/blocks.h"

enum { LONGEST = 600, N_SYMBOLS = 200 };

/** A pair of strings with what difflib found. */
struct pair {
    uint32_t n[2], strings[2][LONGEST];
    uint32_t n_blocks;
    struct ops_block blocks[LONGEST];
};

static FILE *file;
static struct ops_blocks found;
static uint64_t *places; /* room for any string */

static int setup(void **state)
{
    (void)state;
    const char *const path = getenv("OPSIG_DIFFLIB_BLOCKS");
    file = path != NULL ? fopen(path, "re") : NULL;
    places = calloc((size_t)N_SYMBOLS * (LONGEST / 64 + 1), sizeof *places);
    return places == NULL;
}

static int teardown(void **state)
{
    (void)state;
    if (file != NULL) {
        (void)fclose(file);
    }
    free(places);
    ops_blocks_dispose(&found);
    return 0;
}

static uint32_t read_number(void)
{
    unsigned number;
    assert_int_equal(fscanf(file, "%u", &number), 1);
    return number;
}

static int read_pair(struct pair *pair)
{
    unsigned n;
    if (fscanf(file, "%u", &n) != 1) {
        return 0;
    }
    pair->n[0] = n;
    pair->n[1] = read_number();
    for (int s = 0; s < 2; s++) {
        assert_true(pair->n[s] <= LONGEST);
        for (uint32_t i = 0; i < pair->n[s]; i++) {
            pair->strings[s][i] = read_number();
            assert_true(pair->strings[s][i] < N_SYMBOLS);
        }
    }
    pair->n_blocks = read_number();
    assert_true(pair->n_blocks <= LONGEST);
    for (uint32_t k = 0; k < pair->n_blocks; k++) {
        pair->blocks[k].a = read_number();
        pair->blocks[k].b = read_number();
        pair->blocks[k].n = read_number();
    }
    return 1;
}

static int by_place(const void *a, const void *b)
{
    const struct ops_block *const x = a;
    const struct ops_block *const y = b;
    return (x->a > y->a) - (x->a < y->a);
}

static void find(const struct pair *pair, int first, uint32_t least)
{
    struct ops_second second;
    const int other = 1 - first;
    memset(places, 0, (size_t)N_SYMBOLS * ops_second_words(pair->n[other]) * sizeof *places);
    ops_second_init(&second, pair->strings[other], pair->n[other], places);
    ops_second_drop_popular(&second, N_SYMBOLS, places);
    assert_int_equal(
        ops_blocks_find(&found, pair->strings[first], pair->n[first], &second, least, NULL),
        OPSIG_OK);
    if (found.blocks.len > 1) {
        qsort(found.blocks.items, found.blocks.len, sizeof *found.blocks.items, by_place);
    }
}

/** Compares what was found with difflib's blocks of at least this length. */
static void check(const struct pair *pair, uint32_t least)
{
    size_t k = 0;
    for (uint32_t i = 0; i < pair->n_blocks; i++) {
        if (pair->blocks[i].n >= least) {
            assert_true(k < found.blocks.len);
            assert_memory_equal(&found.blocks.items[k], &pair->blocks[i], sizeof *pair->blocks);
            k++;
        }
    }
    assert_int_equal(k, found.blocks.len);
}

/** What was found, the other way round, is what is found with the strings exchanged. */
static void check_exchanged(struct pair *pair, uint32_t least)
{
    struct pair turned = {.n_blocks = (uint32_t)found.blocks.len};
    for (size_t k = 0; k < found.blocks.len; k++) {
        const struct ops_block *const block = &found.blocks.items[k];
        turned.blocks[k] = (struct ops_block){.a = block->b, .b = block->a, .n = block->n};
    }
    find(pair, 1, least);
    check(&turned, least);
}

static void blocks_are_those_of_difflib(void **state)
{
    (void)state;
    static struct pair pair;
    size_t n_pairs = 0;
    size_t n_unique = 0;
    size_t n_popular = 0;
    if (file == NULL) {
        print_message("skipped: OPSIG_DIFFLIB_BLOCKS names no file\n");
        skip();
    }
    while (read_pair(&pair)) {
        find(&pair, 0, 1);
        check(&pair, 1);
        find(&pair, 0, 4);
        check(&pair, 4);
        find(&pair, 0, 2);
        check(&pair, 2);
        n_pairs++;
        n_popular += pair.n[1] >= OPS_BLOCKS_AUTOJUNK;
        if (found.unique && pair.n[0] < OPS_BLOCKS_AUTOJUNK) {
            n_unique += found.blocks.len > 0;
            check_exchanged(&pair, 2);
        }
    }
    assert_true(n_pairs > 30000);
    assert_true(n_unique > 1000);
    assert_true(n_popular > 300);
}

static void nothing_is_in_common_with_an_empty_string(void **state)
{
    (void)state;
    static struct pair pair = {.n = {3, 0}, .strings = {{1, 1, 1}}};
    find(&pair, 0, 1);
    assert_int_equal(found.blocks.len, 0);
    find(&pair, 1, 1);
    assert_int_equal(found.blocks.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blocks_are_those_of_difflib, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_in_common_with_an_empty_string, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
