/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `opsig hypothesis --mode paper` for people, in the shape of the paper's tables. */
#include "report/text.h"

void ops_text_paper(struct ops_page *page, const opsig_paper *paper)
{
    static const char *const names[] = {"inconsistent", "consistent", "tests"};
    for (int g = 0; g < OPSIG_PAPER_N_GROUPS; g++) {
        const opsig_paper_group group = (opsig_paper_group)g;
        ops_page_cell(page, names[g], 16);
        ops_page_count(page, opsig_paper_n_models(paper, group), "model");
        ops_page_print(page, ", ");
        ops_page_count(page, opsig_paper_n_operators(paper, group), "operator");
        ops_page_print(page, "\n");
    }
}
