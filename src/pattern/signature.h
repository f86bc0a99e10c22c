/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file signature.h  The joint: what mine/ makes, db/ keeps, scan/ takes. */
#ifndef OPSIG_PATTERN_SIGNATURE_H
#define OPSIG_PATTERN_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/db.h>
#include <opsig/rules.h>
#include <opsig/signature.h>

#include "base/vec.h"
#include "pattern/parts.h"

/** One model that holds a signature. */
struct ops_evidence {
    uint32_t model; /* index into the database's models */
    char *nodes;    /* labels of one match in pattern order, joined by newlines; owned */
};

struct opsig_signature {
    opsig_pattern *pattern;   /* the generator; owned */
    opsig_pattern *context;   /* the closed pattern; owned */
    opsig_statistics statistics;
    double weight;            /* in the risk model, see struct ops_risk; 0: not in it */
    bool significant;         /* passed the correction; false: a term of the risk model only */
    struct ops_evidence *evidence; /* ascending by model; owned */
    size_t n_evidence;
    const struct opsig_database *database; /* that it belongs to */
};

/** A model of the mined corpus. */
struct ops_db_model {
    char *path;   /* as in the manifest; owned */
    char sha256[65];
    bool inconsistent;
};

/** A key and its value; both owned. */
struct ops_provenance {
    char *key, *value;
};

/**
 * The risk model. A model that holds terms (signatures and others) j at n_j places scores
 *     e = intercept + sum over j of weight_j * log2(1 + n_j)
 * and its log-odds of inconsistency are offset + slope * e + hinge * max(e, knot): the
 * calibration, which rises with e.
 */
struct ops_risk {
    bool present;
    double intercept, offset, slope, hinge, knot;
};

struct opsig_database {
    opsig_alphabet alphabet;
    struct ops_risk risk;
    /* signatures, strongest first; behind them the risk terms that are not significant */
    OPS_VEC(struct opsig_signature *) signatures;
    size_t n_significant; /* of them */
    OPS_VEC(struct ops_db_model) models;
    OPS_VEC(struct ops_provenance) provenance; /* ascending by key */
    opsig_rules *rules;                        /* NULL: none; filled in and freed by db/ */
};

/** An empty database. */
opsig_status ops_database_new(struct opsig_database **out, opsig_error *err);
/** Frees a database without rules, as mining makes them; NULL is allowed. */
void ops_database_free(struct opsig_database *database);
/** Adds or replaces a provenance entry, keeping the order of keys. */
opsig_status ops_database_note(struct opsig_database *database, const char *key,
                               const char *value, opsig_error *err);
/** In databases of several oracles the provenance says by this key which is a signature's. */
#define OPS_ORACLE_KEY "oracle."

/** Adds an empty signature to the end and hands it out; it stays the database's. Once all are
 *  filled in, ops_database_sort puts them in order. */
opsig_status ops_database_add(struct opsig_database *database, struct opsig_signature **out,
                              opsig_error *err);
/** Sorts by ops_signature_order and counts n_significant. Ids must be distinct. */
void ops_database_sort(struct opsig_database *database);
/** Significant ones first; then by rising p, by length, by text. */
int ops_signature_order(const struct opsig_signature *a, const struct opsig_signature *b);
/** Strongest first, as findings are ranked: by the lower end of the likelihood ratio, falling; ties
 *  by ops_signature_order. */
int ops_signature_strength(const struct opsig_signature *a, const struct opsig_signature *b);
/** Which of the first n signatures lie within which, by their numbers in the database: see
 *  ops_parts_find. */
opsig_status ops_database_parts(ops_part_vec *out, const struct opsig_database *database, size_t n,
                                opsig_error *err);
/** What `terms` (e - intercept of a model) makes of the log-odds. */
double ops_risk_log_odds(const struct ops_risk *risk, double terms);

/** "op", "op+attr", "both"; and back (false: no such alphabet). */
const char *ops_alphabet_name(opsig_alphabet alphabet);
bool ops_alphabet_parse(const char *name, opsig_alphabet *out);

#endif
