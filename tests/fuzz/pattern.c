/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text form of a pattern: canonical, so that reading it again changes nothing. */
#include <stdlib.h>
#include <string.h>

#include <opsig/opsig.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    opsig_pattern *pattern = NULL;
    opsig_pattern *again = NULL;
    opsig_error error = {.offset = -1};
    char *const text = malloc(size + 1);
    fuzz_need(text != NULL, "memory");
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    if (opsig_pattern_parse(&pattern, text, &error) == OPSIG_OK) {
        const char *const own = opsig_pattern_text(pattern);
        fuzz_need(opsig_pattern_parse(&again, own, &error) == OPSIG_OK, "its own text is read");
        fuzz_need(strcmp(opsig_pattern_text(again), own) == 0, "and gives itself");
        fuzz_need(strcmp(opsig_pattern_id(again), opsig_pattern_id(pattern)) == 0, "one id");
        for (size_t e = 0; e < opsig_pattern_n_edges(pattern); e++) {
            const opsig_pattern_edge edge = opsig_pattern_edge_at(pattern, e);
            fuzz_need(edge.from < opsig_pattern_n_vertices(pattern) &&
                          edge.to < opsig_pattern_n_vertices(pattern),
                      "edges join vertices");
        }
        opsig_pattern_free(again);
        opsig_pattern_free(pattern);
    } else {
        fuzz_need(pattern == NULL && error.message[0] != '\0', "a failure has a reason");
    }
    free(text);
    return 0;
}
