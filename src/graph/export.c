/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DOT and GraphML, a line at a time. igraph's own writers pass invalid UTF-8 through and fail on
 * control characters, so these are written here: names go through base/escape. Both formats carry
 * the same facts: of a node its name, label, domain, op_type, symbol and depth, of an edge its
 * slots. A tensor that is read twice is two edges. */
#include <opsig/graph.h>

#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/escape.h"
#include "graph/snapshot.h"

enum { LONGEST_LINE = 64 << 20 };

typedef void escape_fn(struct ops_buffer *out, const char *bytes, size_t len);

/** What a format writes where. */
struct format {
    void (*begin)(struct ops_buffer *line);
    void (*vertex)(struct ops_buffer *line, const opsig_graph *graph, uint32_t v);
    void (*edge)(struct ops_buffer *line, opsig_edge edge);
    const char *end;
};

/** A name, escaped, between what stands before and behind it. */
static void put(struct ops_buffer *line, escape_fn *escape, const char *before, const char *name,
                const char *behind)
{
    ops_buffer_puts(line, before);
    escape(line, name, strlen(name));
    ops_buffer_puts(line, behind);
}

/** The symbol of op+attr; a Constant has none and shows its operator. */
static const char *symbol_of(const opsig_graph *graph, uint32_t v)
{
    const char *const symbol = opsig_graph_symbol(graph, v, OPSIG_ALPHABET_OP_ATTR);
    return symbol != NULL ? symbol : opsig_graph_op_type(graph, v);
}

static void dot_begin(struct ops_buffer *line)
{
    ops_buffer_puts(line, "digraph model {\n  node [shape=box];\n");
}

static void dot_vertex(struct ops_buffer *line, const opsig_graph *graph, uint32_t v)
{
    ops_buffer_printf(line, "  n%" PRIu32, v);
    put(line, ops_escape_dot, " [label=\"", symbol_of(graph, v), "");
    put(line, ops_escape_dot, "\\n", opsig_graph_node_label(graph, v), "\"");
    put(line, ops_escape_dot, ", name=\"", opsig_graph_node_name(graph, v), "\"");
    put(line, ops_escape_dot, ", domain=\"", opsig_graph_domain(graph, v), "\"");
    put(line, ops_escape_dot, ", op_type=\"", opsig_graph_op_type(graph, v), "\"");
    ops_buffer_printf(line, ", depth=%" PRIu32 "];\n", opsig_graph_depth(graph, v));
}

static void dot_edge(struct ops_buffer *line, opsig_edge edge)
{
    ops_buffer_printf(
        line, "  n%" PRIu32 " -> n%" PRIu32 " [output_slot=%" PRIu32 ", input_slot=%" PRIu32 "];\n",
        edge.from, edge.to, edge.output_slot, edge.input_slot);
}

static void graphml_begin(struct ops_buffer *line)
{
    static const struct {
        const char *id, *type;
    } keys[] = {{"name", "string"},    {"label", "string"},  {"domain", "string"},
                {"op_type", "string"}, {"symbol", "string"}, {"depth", "int"}};
    ops_buffer_puts(line, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        ops_buffer_printf(line,
                          "  <key id=\"%s\" for=\"node\" attr.name=\"%s\" attr.type=\"%s\"/>\n",
                          keys[i].id, keys[i].id, keys[i].type);
    }
    ops_buffer_puts(line, "  <key id=\"output_slot\" for=\"edge\" attr.name=\"output_slot\" "
                          "attr.type=\"int\"/>\n"
                          "  <key id=\"input_slot\" for=\"edge\" attr.name=\"input_slot\" "
                          "attr.type=\"int\"/>\n"
                          "  <graph id=\"model\" edgedefault=\"directed\">\n");
}

static void graphml_data(struct ops_buffer *line, const char *key, const char *value)
{
    ops_buffer_puts(line, "<data key=\"");
    ops_buffer_puts(line, key);
    put(line, ops_escape_xml, "\">", value, "</data>");
}

static void graphml_vertex(struct ops_buffer *line, const opsig_graph *graph, uint32_t v)
{
    ops_buffer_printf(line, "    <node id=\"n%" PRIu32 "\">", v);
    graphml_data(line, "name", opsig_graph_node_name(graph, v));
    graphml_data(line, "label", opsig_graph_node_label(graph, v));
    graphml_data(line, "domain", opsig_graph_domain(graph, v));
    graphml_data(line, "op_type", opsig_graph_op_type(graph, v));
    graphml_data(line, "symbol", symbol_of(graph, v));
    ops_buffer_printf(line, "<data key=\"depth\">%" PRIu32 "</data></node>\n",
                      opsig_graph_depth(graph, v));
}

static void graphml_edge(struct ops_buffer *line, opsig_edge edge)
{
    ops_buffer_printf(line,
                      "    <edge source=\"n%" PRIu32 "\" target=\"n%" PRIu32 "\">"
                      "<data key=\"output_slot\">%" PRIu32 "</data>"
                      "<data key=\"input_slot\">%" PRIu32 "</data></edge>\n",
                      edge.from, edge.to, edge.output_slot, edge.input_slot);
}

static const struct format formats[] = {
    [OPSIG_GRAPH_DOT] = {dot_begin, dot_vertex, dot_edge, "}\n"},
    [OPSIG_GRAPH_GRAPHML] = {graphml_begin, graphml_vertex, graphml_edge,
                             "  </graph>\n</graphml>\n"},
};

/** Writes the buffer's text and empties it. */
static opsig_status flush(struct ops_buffer *line, FILE *stream, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(ops_buffer_status(line, err));
    if (fwrite(ops_buffer_text(line), 1, line->len, stream) != line->len) {
        return ops_error_errno(err, "write");
    }
    ops_buffer_clear(line);
done:
    return status;
}

static opsig_status write_edges(const opsig_graph *graph, const struct format *format,
                                struct ops_buffer *line, FILE *stream, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        for (uint32_t e = graph->succ_begin[v]; e < graph->succ_begin[v + 1]; e++) {
            const opsig_edge edge = {.from = v,
                                     .to = graph->succ[e],
                                     .output_slot = graph->out_slot[e],
                                     .input_slot = graph->in_slot[e]};
            format->edge(line, edge);
            TRY(flush(line, stream, err));
        }
    }
done:
    return status;
}

opsig_status opsig_graph_export(const opsig_graph *graph, opsig_graph_format format_id,
                                FILE *stream, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct format *const format = &formats[format_id];
    struct ops_buffer line;
    ops_buffer_init(&line, LONGEST_LINE);
    format->begin(&line);
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        format->vertex(&line, graph, v);
        TRY(flush(&line, stream, err));
    }
    TRY(write_edges(graph, format, &line, stream, err));
    ops_buffer_puts(&line, format->end);
    TRY(flush(&line, stream, err));
done:
    ops_buffer_dispose(&line);
    return status;
}
