/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis --mode paper` for people, in the shape of the paper's tables: operators, sets,
 * differences. Beside each count stands what permuted labels give, without which it says little. */
#include <math.h>
#include <string.h>

#include "report/text.h"

/* Sequences that are listed unless all are asked for. */
enum { SHOWN = 10, NAME_WIDTH = 14 };

static void print_models(struct ops_page *page, const opsig_paper *paper)
{
    ops_page_print(page, "%zu inconsistent and %zu consistent models",
                   opsig_paper_n_models(paper, OPSIG_PAPER_INCONSISTENT),
                   opsig_paper_n_models(paper, OPSIG_PAPER_CONSISTENT));
    if (opsig_paper_has_tests(paper)) {
        ops_page_print(page, ", ");
        ops_page_count(page, opsig_paper_n_models(paper, OPSIG_PAPER_TESTS), "test");
    }
    ops_page_print(page, "\n");
    for (size_t i = 0; i < opsig_paper_n_left_out(paper); i++) {
        ops_page_print(page, "left out, too many paths: ");
        ops_page_name(page, opsig_paper_left_out(paper, i));
        ops_page_print(page, "\n");
    }
}

/* ---- operators ---- */

static bool has_operator(const opsig_paper *paper, opsig_paper_group group, const char *name)
{
    size_t low = 0;
    size_t high = opsig_paper_n_operators(paper, group);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(opsig_paper_operator(paper, group, middle), name);
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

/** Operators of the inconsistent models that another group lacks. */
static void print_lacking(struct ops_page *page, const opsig_paper *paper,
                          opsig_paper_group group, const char *name)
{
    bool first = true;
    ops_page_print(page, "  not in %s:", name);
    for (size_t i = 0; i < opsig_paper_n_operators(paper, OPSIG_PAPER_INCONSISTENT); i++) {
        const char *const text = opsig_paper_operator(paper, OPSIG_PAPER_INCONSISTENT, i);
        if (!has_operator(paper, group, text)) {
            ops_page_print(page, first ? " " : ", ");
            ops_page_name(page, text);
            first = false;
        }
    }
    ops_page_print(page, first ? " none\n" : "\n");
}

static void print_operators(struct ops_page *page, const opsig_paper *paper)
{
    ops_page_print(page, "\noperators: %zu of inconsistent models, %zu of consistent ones",
                   opsig_paper_n_operators(paper, OPSIG_PAPER_INCONSISTENT),
                   opsig_paper_n_operators(paper, OPSIG_PAPER_CONSISTENT));
    if (opsig_paper_has_tests(paper)) {
        ops_page_print(page, ", %zu of tests", opsig_paper_n_operators(paper, OPSIG_PAPER_TESTS));
    }
    ops_page_print(page, "\n");
    print_lacking(page, paper, OPSIG_PAPER_CONSISTENT, "consistent models");
    if (opsig_paper_has_tests(paper)) {
        print_lacking(page, paper, OPSIG_PAPER_TESTS, "tests");
    }
}

/* ---- sets ---- */

/** "  unique          2345  with permuted labels 2200 (2100 to 2300), p 0.048" */
static void print_count(struct ops_page *page, const char *name, const opsig_paper_count *count)
{
    ops_page_print(page, "  ");
    ops_page_cell(page, name, NAME_WIDTH);
    ops_page_print(page, "%12llu", (unsigned long long)count->count);
    if (count->n_permutations > 0) {
        ops_page_print(page, "  with permuted labels %.0f (%llu to %llu), p ", round(count->mean),
                       (unsigned long long)count->least, (unsigned long long)count->most);
        ops_page_number(page, count->p, 2);
    }
    ops_page_print(page, "\n");
}

static void print_set(struct ops_page *page, const opsig_paper *paper, unsigned number,
                      const char *of)
{
    const opsig_paper_set set = opsig_paper_set_counts(paper, number);
    ops_page_print(page, "\nset %u, %s: %llu pairs of paths, %llu of distinct ones\n", number, of,
                   (unsigned long long)set.path_pairs, (unsigned long long)set.distinct_pairs);
    print_count(page, "total", &set.total);
    print_count(page, "unique", &set.unique);
    print_count(page, "reduced", &set.reduced);
}

static void print_difference(struct ops_page *page, const opsig_paper *paper, const char *name,
                             opsig_paper_list list, opsig_paper_list reduced_list)
{
    const opsig_paper_count unique = opsig_paper_list_count(paper, list);
    const opsig_paper_count reduced = opsig_paper_list_count(paper, reduced_list);
    ops_page_print(page, "\n%s\n", name);
    print_count(page, "unique", &unique);
    print_count(page, "reduced", &reduced);
}

/* ---- sharing ---- */

static void print_histogram(struct ops_page *page, const opsig_paper *paper, size_t n)
{
    const size_t n_models = opsig_paper_n_models(paper, OPSIG_PAPER_INCONSISTENT);
    for (uint32_t k = 1; k <= n_models; k++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            count += opsig_paper_n_holders(paper, i) == k;
        }
        if (count > 0) {
            ops_page_print(page, "  ");
            ops_page_count(page, count, "sequence");
            ops_page_print(page, " in ");
            ops_page_count(page, k, "model");
            ops_page_print(page, "\n");
        }
    }
}

/** Prints the sequences that k models hold, up to a number of them. @return how many */
static size_t print_held_by(struct ops_page *page, const opsig_paper *paper, size_t n, uint32_t k,
                            size_t most)
{
    size_t printed = 0;
    for (size_t i = 0; i < n && printed < most; i++) {
        if (opsig_paper_n_holders(paper, i) != k) {
            continue;
        }
        ops_page_print(page, "%8u  ", k);
        const size_t length = opsig_paper_sequence_length(paper, OPSIG_PAPER_1_WITHOUT_2, i);
        for (size_t s = 0; s < length; s++) {
            ops_page_print(page, s == 0 ? "" : " -> ");
            ops_page_name(page,
                          opsig_paper_sequence_symbol(paper, OPSIG_PAPER_1_WITHOUT_2, i, s));
        }
        ops_page_print(page, "\n");
        printed++;
    }
    return printed;
}

static void print_sequences(struct ops_page *page, const opsig_paper *paper, size_t n)
{
    const size_t n_models = opsig_paper_n_models(paper, OPSIG_PAPER_INCONSISTENT);
    size_t left = page->verbose || n < SHOWN ? n : SHOWN;
    ops_page_print(page, left < n ? "held by most models (--verbose lists all):\n"
                                  : "held by most models:\n");
    for (uint32_t k = (uint32_t)n_models; k > 0 && left > 0; k--) {
        left -= print_held_by(page, paper, n, k, left);
    }
}

static void print_sharing(struct ops_page *page, const opsig_paper *paper)
{
    const opsig_paper_count sharing = opsig_paper_sharing(paper);
    const size_t n = (size_t)opsig_paper_list_count(paper, OPSIG_PAPER_1_WITHOUT_2).count;
    ops_page_print(page, "\n%llu of %zu inconsistent models hold a sequence of 1\\2\n",
                   (unsigned long long)sharing.count,
                   opsig_paper_n_models(paper, OPSIG_PAPER_INCONSISTENT));
    print_count(page, "models", &sharing);
    if (n > 0) {
        print_histogram(page, paper, n);
        print_sequences(page, paper, n);
    }
}

void ops_text_paper(struct ops_page *page, const opsig_paper *paper)
{
    print_models(page, paper);
    print_operators(page, paper);
    print_set(page, paper, 1, "inconsistent models with each other");
    print_set(page, paper, 2, "inconsistent with consistent models");
    if (opsig_paper_has_tests(paper)) {
        print_set(page, paper, 3, "inconsistent models with tests");
    }
    print_difference(page, paper, "1\\2, shared by inconsistent models, never with consistent ones",
                     OPSIG_PAPER_1_WITHOUT_2, OPSIG_PAPER_1_WITHOUT_2_REDUCED);
    if (opsig_paper_has_tests(paper)) {
        print_difference(page, paper, "1\\3, shared by inconsistent models, never with tests",
                         OPSIG_PAPER_1_WITHOUT_3, OPSIG_PAPER_1_WITHOUT_3_REDUCED);
    }
    print_sharing(page, paper);
}
