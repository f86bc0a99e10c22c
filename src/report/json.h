/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file json.h  Bricks of the JSON reports. Each makes a new value (the caller's), NULL when
 *  memory ran out; jansson takes a NULL as a failure too, so it is enough to look at the end. */
#ifndef OPSIG_REPORT_JSON_H
#define OPSIG_REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include <opsig/corpus.h>
#include <opsig/db.h>
#include <opsig/graph.h>
#include <opsig/paper.h>
#include <opsig/rules.h>
#include <opsig/signature.h>

#include "base/error.h"

/** A string that came from outside. */
json_t *ops_json_text(const char *text);
json_t *ops_json_text_n(const char *text, size_t len);
/** A string, or null for an empty one. */
json_t *ops_json_text_or_null(const char *text);
/** A number; null for NaN and infinities, which JSON cannot say. */
json_t *ops_json_number(double value);
json_t *ops_json_count(uint64_t count);
/** A number where the text is one, else a string. */
json_t *ops_json_value(const char *text);
/** [low, high] */
json_t *ops_json_bounds(opsig_interval interval);
/** {"name": "opsig", "version": "..."} */
json_t *ops_json_tool(void);
/** {"kind": ..., "message": ..., "offset": N or null} */
json_t *ops_json_error(const opsig_error *error);
/** [{"path": ..., "error": {...}}, ...] of the models that could not be loaded. */
json_t *ops_json_corpus_errors(const opsig_corpus *corpus);
/** What every report says of a signature: id, kind, pattern, severity and statistics. */
json_t *ops_json_signature(const opsig_signature *signature);
/** The same with its evidence, as `opsig db show` prints it. */
json_t *ops_json_evidence(const opsig_signature *signature);

/** What every report says of a rule: id, title, severity, confidence, whom it affects, ... */
json_t *ops_json_rule_object(const opsig_rule *rule);
/** All of it, as `opsig rules explain` prints it. */
json_t *ops_json_rule_evidence(const opsig_rule *rule);

/** {"": 16, "com.microsoft": 1} */
json_t *ops_json_opsets(const opsig_graph *graph);
/** The notes of a graph. */
json_t *ops_json_notes(const opsig_graph *graph);

/** Puts the figures of the paper into an object. @return 0, or -1 when memory ran out */
int ops_json_put_paper(json_t *object, const opsig_paper *paper);

/** {"total": ..., "high": ..., "medium": ..., "low": ...} */
json_t *ops_json_severities(const opsig_database *database);
/** The provenance below a prefix, which the keys lose; `make` is ops_json_text or
 *  ops_json_value. */
json_t *ops_json_provenance(const opsig_database *database, const char *prefix,
                            json_t *(*make)(const char *text));

/** Puts a value into an object, or adds it to an array, and lets go of it.
 *  @return 0, or -1 when memory ran out (also where one of the two is NULL) */
int ops_json_put(json_t *object, const char *key, json_t *value);
int ops_json_add(json_t *array, json_t *value);
/** Hands out `value` when `failed` is 0; else lets go of it and hands out NULL. */
json_t *ops_json_checked(json_t *value, int failed);

/** Writes a value on one line, without a newline, and lets go of it. Characters that could do
 *  harm on a terminal or in a web page come out as \\uXXXX.
 *  @return OPSIG_NOMEM (also for NULL), OPSIG_IO */
opsig_status ops_json_write(FILE *stream, json_t *value, opsig_error *err);
/** As ops_json_write, with a newline: a whole document. */
opsig_status ops_json_write_line(FILE *stream, json_t *value, opsig_error *err);
/** Text of the program itself, between values. @return OPSIG_IO */
opsig_status ops_json_puts(FILE *stream, const char *text, opsig_error *err);

#endif
