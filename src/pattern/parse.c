/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the two forms of a pattern's text:
 *
 *      path    symbol (arrow symbol)*              Pad -> Conv
 *      graph   item (";" item)*                    a:Pad; b:Conv; a -> b
 *      item    name ":" symbol | name arrow name
 *      arrow   "->" | "-[" number "]->" | "--" | "-[" number "]-"
 *
 * A text is a graph when it begins with a name and a single colon, and has a semicolon outside of
 * quotes and braces; so a symbol such as com.microsoft::Gelu, or even a:b, can be a path. */
#include "pattern/text.h"

#include <string.h>

#include "base/mem.h"

enum { MAX_NAME = 15, DECIMAL = 10 };

struct parser {
    const char *text, *cursor;
    struct ops_pattern_reading *out;
    struct ops_buffer symbol;
    char names[OPSIG_PATTERN_MAX_VERTICES][MAX_NAME + 1];
};

void ops_pattern_reading_dispose(struct ops_pattern_reading *reading)
{
    for (size_t i = 0; i < reading->symbols.len; i++) {
        ops_mem_free(reading->symbols.items[i]);
    }
    ops_vec_dispose(&reading->symbols);
}

static opsig_status error_at(const struct parser *p, const char *at, const char *what,
                             opsig_error *err)
{
    return ops_error_set(err, OPSIG_FORMAT, "syntax", at - p->text, "pattern: %s", what);
}

static opsig_status too_large(const struct parser *p, opsig_error *err)
{
    return ops_error_set(err, OPSIG_LIMIT, "limit", p->cursor - p->text,
                         "pattern: more than %d symbols or %d edges", OPSIG_PATTERN_MAX_VERTICES,
                         OPS_SHAPE_MAX_EDGES);
}

static void skip_blanks(struct parser *p)
{
    while (*p->cursor == ' ' || *p->cursor == '\t') {
        p->cursor++;
    }
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t name_length(const char *text)
{
    size_t n = 0;
    while (is_name_byte(text[n])) {
        n++;
    }
    return n;
}

/** Is there a semicolon outside of quotes and braces? */
static bool has_items(const char *text)
{
    bool quoted = false;
    bool braced = false;
    for (const char *c = text; *c != '\0'; c++) {
        if (quoted && *c == '\\' && c[1] != '\0') {
            c++;
        } else if (*c == '"') {
            quoted = !quoted;
        } else if (!quoted && (*c == '{' || *c == '}')) {
            braced = *c == '{';
        } else if (*c == ';' && !quoted && !braced) {
            return true;
        }
    }
    return false;
}

static bool is_graph(const struct parser *p)
{
    const size_t n = name_length(p->cursor);
    return n > 0 && p->cursor[n] == ':' && p->cursor[n + 1] != ':' && has_items(p->cursor);
}

/** Reads a symbol, which becomes that of the next vertex. */
static opsig_status add_vertex(struct parser *p, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    skip_blanks(p);
    if (p->out->shape.n_vertices == OPSIG_PATTERN_MAX_VERTICES) {
        return too_large(p, err);
    }
    TRY(ops_symbol_read(p->text, &p->cursor, &p->symbol, err));
    TRY(ops_vec_reserve(&p->out->symbols, 1, err));
    char *symbol = ops_mem_strdup(ops_buffer_text(&p->symbol));
    TRY(symbol != NULL ? OPSIG_OK : ops_error_nomem(err));
    p->out->symbols.items[p->out->symbols.len++] = symbol;
    p->out->shape.n_vertices++;
done:
    return status;
}

/** Reads "[NUMBER]" where there is one. */
static opsig_status read_label(struct parser *p, uint32_t *out, opsig_error *err)
{
    const char *const start = p->cursor;
    *out = 0;
    if (*p->cursor != '[') {
        return OPSIG_OK;
    }
    p->cursor++;
    for (; *p->cursor >= '0' && *p->cursor <= '9'; p->cursor++) {
        if (__builtin_mul_overflow(*out, DECIMAL, out) ||
            __builtin_add_overflow(*out, (uint32_t)(*p->cursor - '0'), out)) {
            return error_at(p, start, "the label of an edge is a number below 2^32", err);
        }
    }
    if (*p->cursor != ']' || p->cursor == start + 1) {
        return error_at(p, start, "the label of an edge is a number in brackets", err);
    }
    p->cursor++;
    return OPSIG_OK;
}

static opsig_status read_arrow(struct parser *p, struct ops_shape_edge *out, opsig_error *err)
{
    const char *const start = p->cursor;
    if (*p->cursor != '-') {
        return error_at(p, start, "'->', '--' or the end is expected here", err);
    }
    p->cursor++;
    const opsig_status status = read_label(p, &out->label, err);
    if (status != OPSIG_OK) {
        return status;
    }
    const bool labelled = p->cursor > start + 1;
    if (labelled && *p->cursor == '-') {
        p->cursor++;
    }
    const char before = p->cursor[-1];
    if (before == '-' && *p->cursor == '>') {
        out->dir = OPS_CODE_OUT;
        p->cursor++;
    } else if (labelled && before == '-') {
        out->dir = OPS_CODE_BOTH;
    } else if (!labelled && *p->cursor == '-') {
        out->dir = OPS_CODE_BOTH;
        p->cursor++;
    } else {
        return error_at(p, start, "'->', '--' or the end is expected here", err);
    }
    return OPSIG_OK;
}

/** Are these the same edge? */
static bool repeats(const struct ops_shape_edge *a, const struct ops_shape_edge *b)
{
    const bool same = a->from == b->from && a->to == b->to;
    const bool turned = a->from == b->to && a->to == b->from && a->dir == OPS_CODE_BOTH;
    return a->label == b->label && (same || turned);
}

static opsig_status add_edge(struct parser *p, const char *at, const struct ops_shape_edge *edge,
                             opsig_error *err)
{
    struct ops_shape *shape = &p->out->shape;
    for (uint32_t e = 0; e < shape->n_edges; e++) {
        if (shape->edges[e].dir != edge->dir) {
            return error_at(p, at, "all edges of a pattern have a direction, or none has", err);
        }
        if (repeats(&shape->edges[e], edge)) {
            return error_at(p, at, "an edge stands here twice", err);
        }
    }
    if (shape->n_edges == OPS_SHAPE_MAX_EDGES) {
        return too_large(p, err);
    }
    shape->edges[shape->n_edges++] = *edge;
    return OPSIG_OK;
}

static opsig_status read_path(struct parser *p, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    TRY(add_vertex(p, err));
    for (skip_blanks(p); *p->cursor != '\0'; skip_blanks(p)) {
        const char *const at = p->cursor;
        const uint32_t n = p->out->shape.n_vertices;
        struct ops_shape_edge edge = {.from = (uint8_t)(n - 1), .to = (uint8_t)n};
        TRY(read_arrow(p, &edge, err));
        TRY(add_vertex(p, err));
        TRY(add_edge(p, at, &edge, err));
    }
done:
    return status;
}

/** The vertex of a name, or the number of vertices. */
static uint32_t find_name(const struct parser *p, const char *name, size_t len)
{
    uint32_t v = 0;
    while (v < p->out->shape.n_vertices &&
           (strncmp(p->names[v], name, len) != 0 || p->names[v][len] != '\0')) {
        v++;
    }
    return v;
}

static opsig_status read_name(struct parser *p, const char **out, size_t *out_len,
                              opsig_error *err)
{
    skip_blanks(p);
    *out = p->cursor;
    *out_len = name_length(p->cursor);
    if (*out_len == 0 || *out_len > MAX_NAME) {
        return error_at(p, p->cursor, "the name of a vertex is expected here: up to 15 letters and "
                                      "digits", err);
    }
    p->cursor += *out_len;
    return OPSIG_OK;
}

static opsig_status read_known(struct parser *p, const char *name, size_t len, uint8_t *out,
                               opsig_error *err)
{
    const uint32_t v = find_name(p, name, len);
    if (v == p->out->shape.n_vertices) {
        return error_at(p, name, "no vertex of this name stands above", err);
    }
    *out = (uint8_t)v;
    return OPSIG_OK;
}

/** Reads "NAME:SYMBOL", the cursor being on the colon. */
static opsig_status declare(struct parser *p, const char *name, size_t len, opsig_error *err)
{
    const uint32_t v = p->out->shape.n_vertices;
    if (find_name(p, name, len) != v) {
        return error_at(p, name, "a vertex of this name stands above", err);
    }
    p->cursor++;
    const opsig_status status = add_vertex(p, err);
    if (status == OPSIG_OK) {
        memcpy(p->names[v], name, len);
        p->names[v][len] = '\0';
    }
    return status;
}

static opsig_status read_item(struct parser *p, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_shape_edge edge = {0};
    const char *name;
    size_t len;
    TRY(read_name(p, &name, &len, err));
    if (*p->cursor == ':') {
        return declare(p, name, len, err);
    }
    const char *const at = name;
    TRY(read_known(p, name, len, &edge.from, err));
    skip_blanks(p);
    TRY(read_arrow(p, &edge, err));
    TRY(read_name(p, &name, &len, err));
    TRY(read_known(p, name, len, &edge.to, err));
    if (edge.from == edge.to) {
        return error_at(p, at, "an edge from a vertex to itself", err);
    }
    TRY(add_edge(p, at, &edge, err));
done:
    return status;
}

static opsig_status read_graph(struct parser *p, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    for (;;) {
        TRY(read_item(p, err));
        skip_blanks(p);
        if (*p->cursor == '\0') {
            break;
        }
        if (*p->cursor != ';') {
            return error_at(p, p->cursor, "';' or the end is expected here", err);
        }
        p->cursor++;
    }
done:
    return status;
}

opsig_status ops_pattern_read(struct ops_pattern_reading *out, const char *text, opsig_error *err)
{
    struct parser p = {.text = text, .cursor = text, .out = out};
    ops_buffer_init(&p.symbol, OPS_SYMBOL_MAX_TEXT);
    skip_blanks(&p);
    const opsig_status status = is_graph(&p) ? read_graph(&p, err) : read_path(&p, err);
    ops_buffer_dispose(&p.symbol);
    return status;
}
