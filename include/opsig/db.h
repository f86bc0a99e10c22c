/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file db.h  Signature databases: SQLite files, and their text form. */
#ifndef OPSIG_DB_H
#define OPSIG_DB_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/signature.h>

OPSIG_BEGIN_DECLS

/** Signatures with their provenance and risk model, in memory. Immutable. */
typedef struct opsig_database opsig_database;

/**
 * Reads a database file. It is opened read-only and treated as untrusted: its application id,
 * schema version and schema text must be those of this program, and SQLite's quick check pass.
 * @param out  owned by the caller (opsig_database_free); NULL on failure
 * @return OPSIG_NOT_FOUND, OPSIG_FORMAT (not a database, foreign, damaged, without
 *         signatures), OPSIG_UNSUPPORTED (newer version), OPSIG_IO, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_database_open(opsig_database **out, const char *path,
                                           opsig_error *err);
/** Writes a database beside `path` and renames it: what stood there stays until then.
 *  The same database gives the same bytes. @return OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_database_write(const opsig_database *database, const char *path,
                                            opsig_error *err);
/** Reads the text form (docs/database.md). @return OPSIG_FORMAT with line and column */
OPSIG_API opsig_status opsig_database_import(opsig_database **out, const char *path,
                                             opsig_error *err);
/** Writes the text form, which opsig_database_import reads back whole. @return OPSIG_IO */
OPSIG_API opsig_status opsig_database_export(const opsig_database *database, FILE *stream,
                                             opsig_error *err);
/** Frees a database; NULL is allowed. */
OPSIG_API void opsig_database_free(opsig_database *database);

/** Signatures, strongest first. */
OPSIG_API size_t opsig_database_n_signatures(const opsig_database *database);
OPSIG_API const opsig_signature *opsig_database_signature(const opsig_database *database,
                                                          size_t i);
/** The signature with an id, or with a unique prefix of one; NULL where there is none. */
OPSIG_API const opsig_signature *opsig_database_find(const opsig_database *database,
                                                     const char *id);
/** Terms of the risk model that are not significant by themselves, strongest first. */
OPSIG_API size_t opsig_database_n_risk_terms(const opsig_database *database);
OPSIG_API const opsig_signature *opsig_database_risk_term(const opsig_database *database,
                                                          size_t i);
/** Alphabet of the signatures' symbols. */
OPSIG_API opsig_alphabet opsig_database_alphabet(const opsig_database *database);

/** Provenance, ordered by key: "tool.version", "corpus.digest", "option.seed", "oracle", ... */
OPSIG_API size_t opsig_database_n_provenance(const opsig_database *database);
OPSIG_API const char *opsig_database_provenance_key(const opsig_database *database, size_t i);
OPSIG_API const char *opsig_database_provenance_value(const opsig_database *database, size_t i);
/** Value of a key; NULL where there is none. */
OPSIG_API const char *opsig_database_provenance(const opsig_database *database, const char *key);

OPSIG_END_DECLS

#endif
