/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file db.h  Signature databases: SQLite files, and their text form. */
#ifndef OPSIG_DB_H
#define OPSIG_DB_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <opsig/error.h>
#include <opsig/graph.h>
#include <opsig/rules.h>
#include <opsig/signature.h>

OPSIG_BEGIN_DECLS

/** Signatures with their provenance and risk model, and rules, in memory. */
typedef struct opsig_database opsig_database;

/**
 * Reads a database file. It is opened read-only and treated as untrusted: its application id,
 * schema version and schema text must be those of this program, and SQLite's quick check pass.
 * @param out  owned by the caller (opsig_database_free); NULL on failure
 * @return OPSIG_NOT_FOUND, OPSIG_FORMAT (not a database, foreign, damaged, with neither
 *         signatures nor rules), OPSIG_UNSUPPORTED (newer version), OPSIG_IO, OPSIG_NOMEM
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

/** Keeps of each signature's evidence the first `most` models of each label, and of the models
 * those that are left in some evidence. All numbers stay; provenance gets "evidence.most". */
OPSIG_API opsig_status opsig_database_keep_evidence(opsig_database *database, uint32_t most,
                                                    opsig_error *err);

/** Rules that the database holds, by id; NULL: none. They live as long as the database. */
OPSIG_API const opsig_rules *opsig_database_rules(const opsig_database *database);
/** Leaves out the rules that do not pass. */
OPSIG_API void opsig_database_keep_rules(opsig_database *database,
                                         const opsig_rules_filter *filter);
/** A database of rules alone, without their examples.
 *  @param out  owned by the caller (opsig_database_free); refers to none of the rules
 *  @return OPSIG_FORMAT where there is no rule, or where they take more than 4 MiB; OPSIG_NOMEM */
OPSIG_API opsig_status opsig_database_of_rules(opsig_database **out, const opsig_rules *rules,
                                               opsig_error *err);

/** What became of a signature or rule between two databases. */
typedef enum opsig_db_change_kind {
    OPSIG_DB_APPEARED = 0,
    OPSIG_DB_VANISHED,
    OPSIG_DB_CHANGED /**< some number, the context or the severity is another */
} opsig_db_change_kind;

typedef struct opsig_db_change {
    opsig_db_change_kind kind;
    const opsig_signature *before, *after;      /**< NULL: not there */
    const opsig_rule *rule_before, *rule_after; /**< of rules; the other two are NULL then */
} opsig_db_change;

/** The significant signatures and the rules of two databases side by side. */
typedef struct opsig_db_diff opsig_db_diff;

/** @param out  owned by the caller (opsig_db_diff_free); refers to both databases
 *  Time: n log n in the signatures */
OPSIG_API opsig_status opsig_db_diff_new(opsig_db_diff **out, const opsig_database *before,
                                         const opsig_database *after, opsig_error *err);
OPSIG_API void opsig_db_diff_free(opsig_db_diff *diff);
/** Changes: what appeared, vanished, changed; in each the strongest signature first, then rules by
 *  id. */
OPSIG_API size_t opsig_db_diff_n(const opsig_db_diff *diff);
OPSIG_API const opsig_db_change *opsig_db_diff_change(const opsig_db_diff *diff, size_t i);
/** Signatures and rules that are the same in both. */
OPSIG_API size_t opsig_db_diff_n_same(const opsig_db_diff *diff);

/**
 * Makes one database of several. A signature that several have is taken from the first one, with
 * its numbers and evidence, and so is a rule; provenance that differs gets the database's number,
 * from 1, before its key ("2.oracle"); a risk model stays where one database alone has one. A model
 * of another database that has a path already but is another file, or labelled otherwise, is listed
 * as "PATH (N)".
 * @param out  owned by the caller (opsig_database_free); refers to none of the others
 * @return OPSIG_CONFLICT where one id stands for two patterns, or databases of one corpus differ in
 *         their counts; OPSIG_USAGE for n = 0; OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_database_merge(opsig_database **out,
                                            const opsig_database *const *databases, size_t n,
                                            opsig_error *err);

OPSIG_END_DECLS

#endif
