/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A note is one line for all cases of one kind: "3 inputs are defined nowhere, first: x of /Add".
 * Files repeat what they get wrong, and a report has no use for a thousand lines. */
#include "graph/tally.h"

#include <inttypes.h>

#include "graph/put.h"
#include "graph/walk.h"

enum { LONGEST_LINE = 1 << 20 };

static const struct {
    const char *one, *many;
} texts[OPS_N_ODDITIES] = {
    [OPS_DANGLING_INPUT] = {"input is defined nowhere", "inputs are defined nowhere"},
    [OPS_DANGLING_OUTPUT] = {"graph output is computed nowhere",
                             "graph outputs are computed nowhere"},
    [OPS_UNSORTED] = {"tensor is read by a node that stands before its producer",
                      "tensors are read by nodes that stand before their producers"},
    [OPS_SHADOWED] = {"name in a body hides an outer one", "names in bodies hide outer ones"},
    [OPS_TWIN_CONSTANT] = {"Constant writes a tensor that another Constant writes",
                           "Constants write tensors that other Constants write"},
    [OPS_WRITTEN_INITIALIZER] = {"initializer is written by a node",
                                 "initializers are written by nodes"},
    [OPS_REPEATED_NAME] = {"node has the name of an earlier one",
                           "nodes have the names of earlier ones"},
};

void ops_tally_count(struct ops_tally *tally, enum ops_oddity oddity, uint32_t vertex,
                     uint32_t value)
{
    if (tally->cases[oddity].count++ == 0) {
        tally->cases[oddity].vertex = vertex;
        tally->cases[oddity].value = value;
    }
}

static void put_label(struct ops_buffer *line, const struct ops_opgraph *graph, uint32_t vertex)
{
    struct ops_buffer label;
    ops_buffer_init(&label, LONGEST_LINE);
    ops_opgraph_put_label(&label, graph, vertex);
    ops_put_name(line, ops_buffer_text(&label));
    if (label.status == OPSIG_NOMEM) {
        line->status = OPSIG_NOMEM;
    }
    ops_buffer_dispose(&label);
}

/** ", first: TENSOR of NODE", as far as they are known. */
static void put_first(struct ops_buffer *line, const struct ops_opgraph *graph, uint64_t count,
                      uint32_t vertex, uint32_t value)
{
    const char *const tensor = ops_opgraph_value_name(graph, value);
    ops_buffer_puts(line, count == 1 ? ": " : ", first: ");
    ops_put_name(line, tensor);
    if (vertex != OPS_NO_VERTEX) {
        ops_buffer_puts(line, tensor[0] != '\0' ? " of " : "");
        put_label(line, graph, vertex);
    }
}

static opsig_status report_cases(const struct ops_tally *tally, struct ops_opgraph *graph,
                                 struct ops_buffer *line, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (int i = 0; i < OPS_N_ODDITIES; i++) {
        const uint64_t count = tally->cases[i].count;
        if (count > 0) {
            ops_buffer_printf(line, "%" PRIu64 " %s", count,
                              count == 1 ? texts[i].one : texts[i].many);
            put_first(line, graph, count, tally->cases[i].vertex, tally->cases[i].value);
            TRY(ops_opgraph_note(graph, line, err));
        }
    }
done:
    return status;
}

opsig_status ops_tally_report(const struct ops_tally *tally, struct ops_opgraph *graph,
                              opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer line;
    ops_buffer_init(&line, LONGEST_LINE);
    TRY(report_cases(tally, graph, &line, err));
done:
    ops_buffer_dispose(&line);
    return status;
}
