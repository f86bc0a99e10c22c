/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig coverage` for people: how much, what is missing and where, what to add, and which models
 * fare worst. */
#include <stdlib.h>

#include "base/mem.h"
#include "report/format.h"
#include "report/text.h"

/* Shown unless --verbose asks for all. */
enum { MODELS_SHOWN = 10, HOLDERS_SHOWN = 3 };

static void print_share(struct ops_page *page, opsig_coverage_count count)
{
    if (count.sequences == 0) {
        ops_page_print(page, "%8s", "none");
    } else {
        ops_page_percent_cell(page, (double)count.covered / (double)count.sequences, 8);
    }
}

static void print_lengths(struct ops_page *page, const opsig_coverage *coverage)
{
    ops_page_print(page, "  length   sequences     covered   share  weighted by models\n");
    for (uint32_t n = opsig_coverage_min_length(coverage);
         n <= opsig_coverage_max_length(coverage); n++) {
        const opsig_coverage_count distinct = opsig_coverage_distinct(coverage, n);
        ops_page_print(page, "  %6u  %10llu  %10llu", n,
                       (unsigned long long)distinct.sequences,
                       (unsigned long long)distinct.covered);
        print_share(page, distinct);
        print_share(page, opsig_coverage_held(coverage, n));
        ops_page_print(page, "\n");
    }
}

static void print_gap(struct ops_page *page, const struct ops_covered *covered, size_t i)
{
    const opsig_coverage_gap gap = opsig_coverage_gap_at(covered->coverage, i);
    size_t shown = 0;
    ops_page_print(page, "%8zu  ", gap.n_models);
    ops_page_toned(page, OPS_TONE_HEADING, opsig_pattern_text(gap.pattern));
    ops_page_print(page, "\n          in ");
    for (; shown < gap.n_models && (page->verbose || shown < HOLDERS_SHOWN); shown++) {
        ops_page_print(page, shown == 0 ? "" : ", ");
        ops_page_name(page, opsig_corpus_path(covered->target, gap.models[shown]));
    }
    if (shown < gap.n_models) {
        ops_page_print(page, " and %zu more", gap.n_models - shown);
    }
    ops_page_print(page, "\n");
}

static void print_gaps(struct ops_page *page, const struct ops_covered *covered)
{
    const uint64_t all = opsig_coverage_count_gaps(covered->coverage);
    const size_t n = opsig_coverage_n_gaps(covered->coverage);
    ops_page_count(page, all, "gap");
    ops_page_print(page, " (uncovered sequences of which every part is covered)%s\n",
                   n < all ? "; held by most models:" : all > 0 ? ":" : "");
    for (size_t i = 0; i < n; i++) {
        print_gap(page, covered, i);
    }
}

static void print_additions(struct ops_page *page, const struct ops_covered *covered)
{
    const size_t n = opsig_coverage_n_additions(covered->coverage);
    if (n > 0) {
        ops_page_print(page, "models to add, each the one that then raises coverage most:\n");
    }
    for (size_t i = 0; i < n; i++) {
        const opsig_coverage_addition addition = opsig_coverage_addition_at(covered->coverage, i);
        ops_page_print(page, "%8zu  ", i + 1);
        ops_page_name(page, opsig_corpus_path(covered->target, addition.model));
        ops_page_print(page, ": ");
        ops_page_count(page, addition.n_newly, "sequence");
        ops_page_print(page, " newly covered, then ");
        ops_page_percent(page, addition.share);
        ops_page_print(page, "\n");
    }
}

struct ranked {
    double share;
    size_t model;
};

static int compare(const void *a, const void *b)
{
    const struct ranked *const x = a;
    const struct ranked *const y = b;
    if (x->share < y->share || x->share > y->share) {
        return x->share < y->share ? -1 : 1;
    }
    return (x->model > y->model) - (x->model < y->model);
}

/** The models with sequences, least covered first. @return their number */
static size_t rank(struct ranked *out, const struct ops_covered *covered)
{
    size_t n = 0;
    for (size_t i = 0; i < opsig_corpus_n_models(covered->target); i++) {
        if (opsig_coverage_of_model(covered->coverage, i, 0).sequences > 0) {
            out[n++] = (struct ranked){opsig_coverage_model_share(covered->coverage, i), i};
        }
    }
    qsort(out, n, sizeof *out, compare);
    return n;
}

static void print_models(struct ops_page *page, const struct ops_covered *covered)
{
    struct ranked *const ranked =
        ops_mem_zalloc(opsig_corpus_n_models(covered->target), sizeof *ranked);
    if (ranked == NULL) {
        page->status = OPSIG_NOMEM;
        return;
    }
    const size_t n = rank(ranked, covered);
    const bool all = page->verbose || n <= MODELS_SHOWN;
    ops_page_print(page, "target models by their own coverage, lowest first%s:\n",
                   all ? "" : " (--verbose shows all)");
    for (size_t i = 0; i < n && (all || i < MODELS_SHOWN); i++) {
        const opsig_coverage_count count =
            opsig_coverage_of_model(covered->coverage, ranked[i].model, 0);
        ops_page_percent_cell(page, ranked[i].share, 8);
        ops_page_print(page, "  ");
        ops_page_name(page, opsig_corpus_path(covered->target, ranked[i].model));
        ops_page_print(page, ": %llu of ", (unsigned long long)count.covered);
        ops_page_count(page, count.sequences, "sequence");
        ops_page_print(page, "\n");
    }
    ops_mem_free(ranked);
}

opsig_status ops_text_coverage(FILE *stream, const opsig_report_style *style,
                               const struct ops_covered *covered, opsig_error *err)
{
    const opsig_coverage *const coverage = covered->coverage;
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_page_count(&page, opsig_corpus_n_models(covered->target), "target model");
    ops_page_print(&page, ", ");
    ops_page_count(&page, opsig_corpus_n_models(covered->reference), "reference model");
    if (opsig_coverage_distinct(coverage, 0).sequences > 0) {
        ops_page_print(&page, "\nthe reference exercises ");
        ops_page_percent(&page, opsig_coverage_share(coverage));
        ops_page_print(&page, " of the target's sequences, weighted by models and averaged over "
                              "lengths\n");
    } else {
        ops_page_print(&page, "\nthe target has no sequence of this length\n");
    }
    print_lengths(&page, coverage);
    print_gaps(&page, covered);
    print_additions(&page, covered);
    print_models(&page, covered);
    return ops_page_finish(&page, err);
}
