/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints sizes and places of members of the structs that the Python package mirrors, as JSON. */
#include <stddef.h>
#include <stdio.h>

#include <opsig/opsig.h>

#define BEGIN(type) printf("\"%s\": {\"\": %zu", #type, sizeof(type))
#define MEMBER(type, name) printf(", \"%s\": %zu", #name, offsetof(type, name))
#define END() printf("}")

int main(void)
{
    printf("{");
#define S opsig_error
    BEGIN(opsig_error);
    MEMBER(S, status); MEMBER(S, kind); MEMBER(S, offset); MEMBER(S, message);
    END();
#undef S
#define S opsig_limits
    printf(", ");
    BEGIN(opsig_limits);
    MEMBER(S, version); MEMBER(S, max_file_size); MEMBER(S, max_nodes); MEMBER(S, max_edges);
    MEMBER(S, max_depth); MEMBER(S, max_name_length); MEMBER(S, max_memory); MEMBER(S, timeout);
    MEMBER(S, cancel); MEMBER(S, max_attributes);
    END();
#undef S
#define S opsig_scan_options
    printf(", ");
    BEGIN(opsig_scan_options);
    MEMBER(S, version); MEMBER(S, min_severity); MEMBER(S, max_matches); MEMBER(S, max_work);
    MEMBER(S, workers); MEMBER(S, digest); MEMBER(S, limits); MEMBER(S, ignores);
    MEMBER(S, baseline); MEMBER(S, record); MEMBER(S, without_rules); MEMBER(S, rules);
    MEMBER(S, only_new);
    END();
#undef S
#define S opsig_corpus_options
    printf(", ");
    BEGIN(opsig_corpus_options);
    MEMBER(S, version); MEMBER(S, oracle); MEMBER(S, unlabelled); MEMBER(S, group_by);
    MEMBER(S, strata); MEMBER(S, has_tolerance); MEMBER(S, tolerance_abs);
    MEMBER(S, tolerance_rel); MEMBER(S, workers); MEMBER(S, limits); MEMBER(S, progress);
    MEMBER(S, payload); MEMBER(S, classes);
    END();
#undef S
#define S opsig_mine_options
    printf(", ");
    BEGIN(opsig_mine_options);
    MEMBER(S, version); MEMBER(S, alphabet); MEMBER(S, max_length); MEMBER(S, min_support);
    MEMBER(S, alpha); MEMBER(S, correction); MEMBER(S, permutations); MEMBER(S, max_patterns);
    MEMBER(S, folds); MEMBER(S, seed); MEMBER(S, cancel); MEMBER(S, progress);
    MEMBER(S, payload); MEMBER(S, kind); MEMBER(S, max_edges); MEMBER(S, edge_slots);
    MEMBER(S, n_threads); MEMBER(S, max_memory); MEMBER(S, undirected);
    END();
#undef S
#define S opsig_paper_options
    printf(", ");
    BEGIN(opsig_paper_options);
    MEMBER(S, version); MEMBER(S, alphabet); MEMBER(S, max_paths); MEMBER(S, permutations);
    MEMBER(S, seed); MEMBER(S, n_threads); MEMBER(S, cancel); MEMBER(S, progress);
    MEMBER(S, payload);
    END();
#undef S
#define S opsig_hypothesis_options
    printf(", ");
    BEGIN(opsig_hypothesis_options);
    MEMBER(S, version); MEMBER(S, max_length); MEMBER(S, permutations); MEMBER(S, rewirings);
    MEMBER(S, bootstraps); MEMBER(S, folds); MEMBER(S, seed); MEMBER(S, tolerances);
    MEMBER(S, n_tolerances); MEMBER(S, n_threads); MEMBER(S, cancel); MEMBER(S, progress);
    MEMBER(S, payload);
    END();
#undef S
#define S opsig_report_style
    printf(", ");
    BEGIN(opsig_report_style);
    MEMBER(S, format); MEMBER(S, color); MEMBER(S, verbose); MEMBER(S, explain);
    MEMBER(S, fail_on);
    END();
#undef S
#define S opsig_scanned
    printf(", ");
    BEGIN(opsig_scanned);
    MEMBER(S, path); MEMBER(S, graph); MEMBER(S, result); MEMBER(S, error); MEMBER(S, sha256);
    END();
#undef S
#define S opsig_edge
    printf(", ");
    BEGIN(opsig_edge);
    MEMBER(S, from); MEMBER(S, to); MEMBER(S, output_slot); MEMBER(S, input_slot);
    END();
#undef S
    printf("}\n");
    return 0;
}
