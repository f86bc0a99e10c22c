/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file signature.h  The joint: what mine/ makes, db/ keeps, scan/ takes. */
#ifndef OPSIG_PATTERN_SIGNATURE_H
#define OPSIG_PATTERN_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <opsig/db.h>
#include <opsig/signature.h>

#include "base/vec.h"
#include "pattern/pattern.h"

/** One model that holds a signature. */
struct ops_evidence {
    uint32_t model; /* index into the database's models */
    char *nodes;    /* labels of one match in pattern order, joined by newlines; owned */
};

struct opsig_signature {
    opsig_pattern *pattern;   /* the generator; owned */
    opsig_pattern *context;   /* the closed pattern; owned */
    opsig_statistics statistics;
    double weight;            /* log-odds in the risk model, calibrated; 0: not in it */
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

struct opsig_database {
    opsig_alphabet alphabet;
    bool has_risk;
    double intercept; /* of the risk model, log-odds, calibrated */
    OPS_VEC(struct opsig_signature *) signatures; /* strongest first */
    OPS_VEC(struct ops_db_model) models;
    OPS_VEC(struct ops_provenance) provenance; /* ascending by key */
};

/** An empty database. */
opsig_status ops_database_new(struct opsig_database **out, opsig_error *err);
/** Adds or replaces a provenance entry, keeping the order of keys. */
opsig_status ops_database_note(struct opsig_database *database, const char *key,
                               const char *value, opsig_error *err);
/** Adds an empty signature to the end and hands it out; it stays the database's. */
opsig_status ops_database_add(struct opsig_database *database, struct opsig_signature **out,
                              opsig_error *err);
/** Sorts signatures strongest first: by ops_signature_order. Ids must be distinct. */
void ops_database_sort(struct opsig_database *database);
/** The order of method.md section 4: severity and evidence first, ties by id; for qsort-like use. */
int ops_signature_order(const struct opsig_signature *a, const struct opsig_signature *b);

/** "op", "op+attr", "both"; and back (false: no such alphabet). */
const char *ops_alphabet_name(opsig_alphabet alphabet);
bool ops_alphabet_parse(const char *name, opsig_alphabet *out);

#endif
