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
 * @param out   owned by the caller (opsig_database_free); NULL on failure
 * @param path  of the file
 * @param err   what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_NOT_FOUND, OPSIG_FORMAT (not a database, foreign, damaged, with neither
 *         signatures nor rules), OPSIG_UNSUPPORTED (newer version), OPSIG_IO, OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_database_open(opsig_database **out, const char *path,
                                           opsig_error *err);
/** Writes a database beside `path` and renames it: what stood there stays until then. The same
 *  database gives the same bytes.
 *  @param database  to be written
 *  @param path      of the file
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_database_write(const opsig_database *database, const char *path,
                                            opsig_error *err);
/** Reads the text form (docs/database.md).
 *  @param out   owned by the caller (opsig_database_free); NULL on failure
 *  @param path  of the file
 *  @param err   what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_FORMAT with line and column; OPSIG_NOT_FOUND, OPSIG_IO, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_database_import(opsig_database **out, const char *path,
                                             opsig_error *err);
/** Writes the text form, which opsig_database_import reads back whole.
 *  @param database  to be written
 *  @param stream    open for writing
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_IO */
OPSIG_API opsig_status opsig_database_export(const opsig_database *database, FILE *stream,
                                             opsig_error *err);
/** Frees a database; NULL is allowed. @param database  to be freed */
OPSIG_API void opsig_database_free(opsig_database *database);

/** Number of signatures. @param database  to ask @return how many */
OPSIG_API size_t opsig_database_n_signatures(const opsig_database *database);
/** A signature, the strongest first.
 *  @param database  to ask
 *  @param i         below opsig_database_n_signatures
 *  @return lives as long as the database */
OPSIG_API const opsig_signature *opsig_database_signature(const opsig_database *database,
                                                          size_t i);
/** The signature with an id.
 *  @param database  to ask
 *  @param id        whole, or a prefix that no other id has
 *  @return NULL where there is none; lives as long as the database */
OPSIG_API const opsig_signature *opsig_database_find(const opsig_database *database,
                                                     const char *id);
/** Number of terms of the risk model that are not significant by themselves.
 *  @param database  to ask  @return how many */
OPSIG_API size_t opsig_database_n_risk_terms(const opsig_database *database);
/** Such a term, the strongest first.
 *  @param database  to ask
 *  @param i         below opsig_database_n_risk_terms
 *  @return lives as long as the database */
OPSIG_API const opsig_signature *opsig_database_risk_term(const opsig_database *database,
                                                          size_t i);
/** Alphabet of the signatures' symbols. @param database  to ask @return the alphabet */
OPSIG_API opsig_alphabet opsig_database_alphabet(const opsig_database *database);

/** Number of entries of the provenance. @param database  to ask @return how many */
OPSIG_API size_t opsig_database_n_provenance(const opsig_database *database);
/** Key of an entry, in order: "corpus.digest", "option.seed", "oracle", "tool.version" ...
 *  @param database  to ask
 *  @param i         below opsig_database_n_provenance
 *  @return lives as long as the database */
OPSIG_API const char *opsig_database_provenance_key(const opsig_database *database, size_t i);
/** Value of an entry.
 *  @param database  to ask
 *  @param i         below opsig_database_n_provenance
 *  @return lives as long as the database */
OPSIG_API const char *opsig_database_provenance_value(const opsig_database *database, size_t i);
/** Value of a key.
 *  @param database  to ask
 *  @param key       to look for
 *  @return NULL where there is none; lives as long as the database */
OPSIG_API const char *opsig_database_provenance(const opsig_database *database, const char *key);

/** Keeps of each signature's evidence the first `most` models of each label, and of the models
 *  those that are left in some evidence. All numbers stay; provenance gets "evidence.most".
 *  @param database  to be changed
 *  @param most      models of each label
 *  @param err       what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_database_keep_evidence(opsig_database *database, uint32_t most,
                                                    opsig_error *err);

/** Rules that the database holds, by id.
 *  @param database  to ask  @return NULL: none; they live as long as the database */
OPSIG_API const opsig_rules *opsig_database_rules(const opsig_database *database);
/** Leaves out the rules that do not pass.
 *  @param database  to be changed
 *  @param filter    which to keep */
OPSIG_API void opsig_database_keep_rules(opsig_database *database,
                                         const opsig_rules_filter *filter);
/** A database of rules alone, without their examples.
 *  @param out    owned by the caller (opsig_database_free); refers to none of the rules
 *  @param rules  to be taken
 *  @param err    what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_FORMAT where there is no rule, or where they take more than 4 MiB;
 *          OPSIG_NOMEM */
OPSIG_API opsig_status opsig_database_of_rules(opsig_database **out, const opsig_rules *rules,
                                               opsig_error *err);

/** What became of a signature or rule between two databases. */
typedef enum opsig_db_change_kind {
    OPSIG_DB_APPEARED = 0, /**< only the second has it */
    OPSIG_DB_VANISHED,     /**< only the first has it */
    OPSIG_DB_CHANGED       /**< some number, the context or the severity is another */
} opsig_db_change_kind;

/** A signature or rule that is not the same in both. */
typedef struct opsig_db_change {
    opsig_db_change_kind kind;      /**< what became of it */
    const opsig_signature *before;  /**< in the first database; NULL: not there, or a rule */
    const opsig_signature *after;   /**< in the second one */
    const opsig_rule *rule_before;  /**< in the first database; NULL: not there, or a signature */
    const opsig_rule *rule_after;   /**< in the second one */
} opsig_db_change;

/** The significant signatures and the rules of two databases side by side. */
typedef struct opsig_db_diff opsig_db_diff;

/** Compares two databases. Time: n log n in the signatures.
 *  @param out     owned by the caller (opsig_db_diff_free); refers to both databases
 *  @param before  the older one
 *  @param after   the newer one
 *  @param err     what went wrong; NULL: not wanted
 *  @return OPSIG_OK, OPSIG_NOMEM */
OPSIG_API opsig_status opsig_db_diff_new(opsig_db_diff **out, const opsig_database *before,
                                         const opsig_database *after, opsig_error *err);
/** Frees a comparison; NULL is allowed. @param diff  to be freed */
OPSIG_API void opsig_db_diff_free(opsig_db_diff *diff);
/** Number of changes. @param diff  to ask @return how many */
OPSIG_API size_t opsig_db_diff_n(const opsig_db_diff *diff);
/** A change: first what appeared, then what vanished, then what changed; in each the strongest
 *  signature first, then rules by id.
 *  @param diff  to ask
 *  @param i     below opsig_db_diff_n
 *  @return lives as long as the comparison */
OPSIG_API const opsig_db_change *opsig_db_diff_change(const opsig_db_diff *diff, size_t i);
/** Number of signatures and rules that are the same in both.
 *  @param diff  to ask  @return how many */
OPSIG_API size_t opsig_db_diff_n_same(const opsig_db_diff *diff);

/**
 * Makes one database of several. A signature that several have is taken from the first one, with
 * its numbers and evidence, and so is a rule; provenance that differs gets the database's number,
 * from 1, before its key ("2.oracle"); a risk model stays where one database alone has one. A
 * model of another database that has a path already but is another file, or labelled otherwise,
 * is listed as "PATH (N)".
 * @param out        owned by the caller (opsig_database_free); refers to none of the others
 * @param databases  to be merged
 * @param n          how many
 * @param err        what went wrong; NULL: not wanted
 * @return OPSIG_OK, OPSIG_CONFLICT where one id stands for two patterns, or databases of one corpus
 *         differ in their counts; OPSIG_USAGE for n = 0; OPSIG_NOMEM
 */
OPSIG_API opsig_status opsig_database_merge(opsig_database **out,
                                            const opsig_database *const *databases, size_t n,
                                            opsig_error *err);

OPSIG_END_DECLS

#endif
