/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig mine` and `opsig frequent` for people. */
#include <string.h>

#include "report/format.h"
#include "report/mined.h"
#include "report/text.h"

static void print_corpus(struct ops_page *page, const opsig_corpus *corpus)
{
    const char *const oracle = opsig_corpus_oracle(corpus);
    ops_page_count(page, opsig_corpus_n_models(corpus), "model");
    ops_page_print(page, ": %zu inconsistent, %zu consistent",
                   opsig_corpus_n_labelled(corpus, OPSIG_LABEL_INCONSISTENT),
                   opsig_corpus_n_labelled(corpus, OPSIG_LABEL_CONSISTENT));
    if (oracle[0] != '\0') {
        ops_page_print(page, " under the oracle ");
        ops_page_name(page, oracle);
    }
    ops_page_print(page, "\n%zu left out for their label, %zu repeated, %zu could not be read\n",
                   opsig_corpus_n_left_out(corpus), opsig_corpus_n_duplicates(corpus),
                   opsig_corpus_n_errors(corpus));
}

static void print_signatures(struct ops_page *page, const opsig_database *database)
{
    size_t by_severity[OPS_N_SEVERITIES] = {0};
    const size_t n = ops_count_severities(by_severity, database);
    ops_page_count(page, n, "signature");
    ops_page_print(page, ": ");
    ops_text_severities(page, by_severity);
    const size_t n_subgraphs = ops_count_subgraphs(database);
    if (n_subgraphs > 0) {
        ops_page_print(page, "; ");
        ops_page_count(page, n - n_subgraphs, "sequence");
        ops_page_print(page, ", ");
        ops_page_count(page, n_subgraphs, "subgraph");
    }
    ops_page_print(page, "\n");
    for (size_t i = 0; i < n && (i < OPS_MINED_SHOWN || page->verbose); i++) {
        ops_page_print(page, "  ");
        ops_text_signature_line(page, opsig_database_signature(database, i));
    }
}

/** The entries of the provenance below a prefix, a line each. */
static void print_figures(struct ops_page *page, const opsig_database *database,
                          const char *prefix, const char *heading)
{
    const size_t length = strlen(prefix);
    bool first = true;
    for (size_t i = 0; i < opsig_database_n_provenance(database); i++) {
        const char *const key = opsig_database_provenance_key(database, i);
        if (strncmp(key, prefix, length) == 0) {
            ops_page_print(page, "%s%s", first ? heading : "", first ? "\n" : "");
            ops_page_print(page, "  ");
            ops_page_cell(page, key + length, 24);
            ops_page_print(page, " ");
            ops_page_name(page, opsig_database_provenance_value(database, i));
            ops_page_print(page, "\n");
            first = false;
        }
    }
}

opsig_status ops_text_mine(FILE *stream, const opsig_report_style *style,
                           const struct ops_mined *mined, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    print_corpus(&page, mined->corpus);
    print_signatures(&page, mined->database);
    print_figures(&page, mined->database, "test.", "tests:");
    print_figures(&page, mined->database, "risk.", "risk of unseen models, by cross-validation:");
    print_figures(&page, mined->database, "culprit.",
                  "inconsistent models whose culprit is known, and in which finding it is named:");
    if (mined->db_path != NULL) {
        ops_page_print(&page, "written to ");
        ops_page_name(&page, mined->db_path);
        ops_page_print(&page, "\nnext: opsig scan --db ");
        ops_page_name(&page, mined->db_path);
        ops_page_print(&page, " MODEL...\n");
    }
    return ops_page_finish(&page, err);
}

opsig_status ops_text_frequent(FILE *stream, const opsig_report_style *style,
                               const struct ops_frequent_list *list, opsig_error *err)
{
    struct ops_page page;
    ops_page_start(&page, stream, style);
    ops_page_count(&page, opsig_frequent_count(list->frequent), "pattern");
    ops_page_print(&page, " in at least %u of ", list->min_support);
    ops_page_count(&page, opsig_corpus_n_models(list->corpus), "graph");
    ops_page_print(&page, "\n");
    for (uint32_t k = 0; k <= opsig_frequent_max_edges(list->frequent); k++) {
        const uint64_t count = opsig_frequent_count_by_edges(list->frequent, k);
        if (count > 0) {
            ops_page_print(&page, "  %llu with ", (unsigned long long)count);
            ops_page_count(&page, k, "edge");
            ops_page_print(&page, "\n");
        }
    }
    for (size_t i = 0; i < opsig_frequent_n(list->frequent) && !list->count_only; i++) {
        ops_page_print(&page, "%8u  ", opsig_frequent_support(list->frequent, i));
        ops_page_name(&page, opsig_pattern_text(opsig_frequent_pattern(list->frequent, i)));
        ops_page_print(&page, "\n");
    }
    return ops_page_finish(&page, err);
}
