/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reports are made of, in memory: a database, a graph, a stream that gives back what was
 * written. Whatever fails ends the test. */
#ifndef OPSIG_TESTS_REPORT_FIXTURE_H
#define OPSIG_TESTS_REPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <jansson.h>

#include <opsig/report.h>

#include "pattern/signature.h"

/** A stream into memory. */
struct memory_stream {
    FILE *stream;
    char *text;
    size_t len;
};

void memory_stream_open(struct memory_stream *memory);
/** Ends writing. @return the text, which lives until memory_stream_free */
const char *memory_stream_text(struct memory_stream *memory);
/** Ends writing. @return what the text is as JSON (json_decref) */
json_t *memory_stream_json(struct memory_stream *memory);
void memory_stream_free(struct memory_stream *memory);

/** The graph of nodes as ow_nodes writes them; unnamed. */
opsig_graph *fixture_graph(const char *nodes);
/** The same with the given name for its first node. */
opsig_graph *fixture_named_graph(const char *name, const char *nodes);

/** An empty database mined from a few models: "bad.onnx" (inconsistent), "good.onnx". */
struct opsig_database *fixture_database(void);
/** Adds a signature held by `with` of 210 inconsistent and 4 of 900 consistent models, the lower
 *  end of whose likelihood ratio is `low`. */
struct opsig_signature *fixture_signature(struct opsig_database *database, const char *pattern,
                                          uint32_t with, double low);

#endif
