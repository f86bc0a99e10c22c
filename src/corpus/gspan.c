/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Line by line, a few words each. What a line may refer to stands before it, so nothing is kept
 * but the graph that is being read, and no array is larger than the lines that fill it. */
#include "corpus/gspan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/intern.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/vec.h"
#include "graph/plain.h"

/** Words of a line that are looked at. */
enum { MAX_WORDS = 4, MAX_NUMBER = 20 };

struct word {
    const char *text; /* no NUL behind it */
    size_t len, column;
};

struct gspan {
    struct ops_reader *reader;
    const opsig_limits *limits;
    struct ops_deadline deadline;
    ops_gspan_sink sink;
    void *payload;
    const char *window;
    size_t window_len, window_pos;
    uint64_t line, offset; /* of the line that is looked at: number from 1, first byte */
    struct word words[MAX_WORDS];
    size_t n_words;
    bool in_graph;
    char id[MAX_NUMBER + 1];
    struct ops_intern *symbols;
    OPS_VEC(uint32_t) vertices;
    OPS_VEC(struct ops_plain_edge) edges;
};

/* ---- lines and words ---- */

/** @param column  from 1 */
static opsig_status error_at(const struct gspan *g, size_t column, opsig_status status,
                             const char *kind, opsig_error *err, const char *message)
{
    return ops_error_set(err, status, kind, (int64_t)(g->offset + column - 1),
                         "line %" PRIu64 ", column %zu: %s", g->line, column, message);
}

static opsig_status bad_word(const struct gspan *g, size_t i, opsig_error *err,
                             const char *message)
{
    const size_t column = i < g->n_words ? g->words[i].column : 1;
    return error_at(g, column, OPSIG_FORMAT, "gspan", err, message);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/** Cuts a line into words; those past MAX_WORDS are not looked at. */
static void cut(struct gspan *g, const char *line, size_t len)
{
    size_t at = 0;
    g->n_words = 0;
    while (g->n_words < MAX_WORDS) {
        while (at < len && is_blank(line[at])) {
            at++;
        }
        const size_t begin = at;
        while (at < len && !is_blank(line[at])) {
            at++;
        }
        if (at == begin) {
            return;
        }
        g->words[g->n_words++] =
            (struct word){.text = line + begin, .len = at - begin, .column = begin + 1};
    }
}

/** Shows more of the input: the window begins at the line that is next. */
static opsig_status slide(struct gspan *g, opsig_error *err)
{
    const uint8_t *bytes;
    ops_reader_advance(g->reader, g->window_pos);
    g->window_pos = 0;
    const opsig_status status =
        ops_reader_peek(g->reader, OPS_READER_WINDOW, &bytes, &g->window_len, err);
    g->window = (const char *)bytes;
    return status;
}

/** Reads the next line into words. *out_found is false at the end of the input. */
static opsig_status next_line(struct gspan *g, bool *out_found, opsig_error *err)
{
    const char *line = g->window + g->window_pos;
    size_t left = g->window_len - g->window_pos;
    const char *end = left > 0 ? memchr(line, '\n', left) : NULL;
    if (end == NULL) {
        const opsig_status status = slide(g, err);
        if (status != OPSIG_OK) {
            return status;
        }
        line = g->window;
        left = g->window_len;
        end = left > 0 ? memchr(line, '\n', left) : NULL;
    }
    g->line++;
    g->offset = ops_reader_offset(g->reader) + g->window_pos;
    *out_found = left > 0;
    if (end == NULL && left == OPS_READER_WINDOW) {
        return error_at(g, 1, OPSIG_LIMIT, "limit", err, "a line of more than 64 KiB");
    }
    const size_t len = end != NULL ? (size_t)(end - line) : left;
    if (len > 0 && memchr(line, '\0', len) != NULL) {
        return error_at(g, 1, OPSIG_FORMAT, "gspan", err, "a NUL byte: not a text file");
    }
    cut(g, line, len);
    g->window_pos += len + (end != NULL);
    return OPSIG_OK;
}

/** Reads word i as a number of at most `max`. */
static opsig_status read_number(const struct gspan *g, size_t i, uint64_t max, uint64_t *out,
                                const char *what, opsig_error *err)
{
    char text[MAX_NUMBER + 1];
    if (i < g->n_words && g->words[i].len <= MAX_NUMBER) {
        memcpy(text, g->words[i].text, g->words[i].len);
        text[g->words[i].len] = '\0';
        if (ops_number_parse_u64(text, max, out, NULL) == OPSIG_OK) {
            return OPSIG_OK;
        }
    }
    return bad_word(g, i, err, what);
}

/* ---- graphs ---- */

static opsig_status end_graph(struct gspan *g, opsig_error *err)
{
    opsig_graph *graph = NULL;
    const struct ops_plain_graph plain = {.n_vertices = (uint32_t)g->vertices.len,
                                          .n_edges = (uint32_t)g->edges.len,
                                          .symbol = g->vertices.items,
                                          .edges = g->edges.items,
                                          .symbols = g->symbols};
    if (!g->in_graph) {
        return OPSIG_OK;
    }
    const opsig_status status = ops_plain_snapshot(&graph, &plain, err);
    g->in_graph = false;
    g->vertices.len = g->edges.len = 0;
    return status == OPSIG_OK ? g->sink(graph, g->id, g->payload, err) : status;
}

/** "t # ID", and whatever follows. */
static opsig_status begin_graph(struct gspan *g, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t id = 0;
    TRY(end_graph(g, err));
    if (g->n_words < 3 || g->words[1].len != 1 || g->words[1].text[0] != '#') {
        return bad_word(g, 0, err, "a graph begins with t # and its number");
    }
    if (g->words[2].len == 2 && memcmp(g->words[2].text, "-1", 2) == 0) {
        return OPSIG_OK;
    }
    TRY(read_number(g, 2, INT64_MAX, &id, "the number of a graph is expected here", err));
    (void)snprintf(g->id, sizeof g->id, "%" PRIu64, id);
    ops_deadline_start(&g->deadline, g->limits->timeout, g->limits->cancel);
    g->in_graph = true;
done:
    return status;
}

/** "v NUMBER LABEL" */
static opsig_status add_vertex(struct gspan *g, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t number = 0;
    uint32_t symbol = 0;
    TRY(read_number(g, 1, UINT64_MAX, &number, "the number of a vertex is expected here", err));
    if (number != g->vertices.len) {
        return bad_word(g, 1, err, "vertices are numbered from 0 in order; this is not the next");
    }
    if (number >= g->limits->max_nodes) {
        return error_at(g, 1, OPSIG_LIMIT, "limit", err, "more vertices than --max-nodes");
    }
    if (g->n_words != 3 || g->words[2].len > g->limits->max_name_length) {
        return bad_word(g, 2, err, "a vertex has one label, of at most 65536 bytes");
    }
    TRY(ops_intern_put(g->symbols, g->words[2].text, g->words[2].len, &symbol, err));
    TRY(ops_vec_push(&g->vertices, symbol, err));
done:
    return status;
}

/** "e FROM TO LABEL" */
static opsig_status add_edge(struct gspan *g, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t numbers[3] = {0};
    if (g->vertices.len == 0) {
        return bad_word(g, 0, err, "an edge before the vertices of its graph");
    }
    const uint64_t last = g->vertices.len - 1;
    TRY(read_number(g, 1, last, &numbers[0], "a vertex that stands above is expected here", err));
    TRY(read_number(g, 2, last, &numbers[1], "a vertex that stands above is expected here", err));
    TRY(read_number(g, 3, UINT32_MAX, &numbers[2], "the label of an edge is a number below 2^32",
                    err));
    if (numbers[0] == numbers[1]) {
        return bad_word(g, 2, err, "an edge from a vertex to itself");
    }
    if (g->edges.len >= g->limits->max_edges) {
        return error_at(g, 1, OPSIG_LIMIT, "limit", err, "more edges than --max-model-edges");
    }
    const struct ops_plain_edge edge = {(uint32_t)numbers[0], (uint32_t)numbers[1],
                                        (uint32_t)numbers[2]};
    TRY(ops_vec_push(&g->edges, edge, err));
done:
    return status;
}

static opsig_status read_line(struct gspan *g, opsig_error *err)
{
    const char kind = g->n_words > 0 && g->words[0].len == 1 ? g->words[0].text[0] : '\0';
    if (g->n_words == 0) {
        return OPSIG_OK;
    }
    if (kind == 't') {
        return begin_graph(g, err);
    }
    if (kind != 'v' && kind != 'e') {
        return bad_word(g, 0, err, "a line begins with t, v or e");
    }
    if (!g->in_graph) {
        return bad_word(g, 0, err, "a graph must begin first: t # 0");
    }
    return kind == 'v' ? add_vertex(g, err) : add_edge(g, err);
}

static opsig_status read_lines(struct gspan *g, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (;;) {
        bool found = false;
        TRY(next_line(g, &found, err));
        if (!found) {
            break;
        }
        TRY(read_line(g, err));
        TRY(ops_deadline_check(&g->deadline, err));
    }
    TRY(end_graph(g, err));
done:
    return status;
}

opsig_status ops_gspan_read(struct ops_reader *reader, const opsig_limits *limits,
                            ops_gspan_sink sink, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct gspan g = {
        .reader = reader, .limits = limits, .sink = sink, .payload = payload, .window = ""};
    ops_deadline_start(&g.deadline, limits->timeout, limits->cancel);
    ops_reader_watch(reader, &g.deadline);
    TRY(ops_intern_new(&g.symbols, err));
    TRY(read_lines(&g, err));
done:
    ops_intern_free(g.symbols);
    ops_vec_dispose(&g.vertices);
    ops_vec_dispose(&g.edges);
    return status;
}
