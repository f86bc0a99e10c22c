/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file build.h  A database put together from untrusted parts, whatever form they come in. */
#ifndef OPSIG_DB_BUILD_H
#define OPSIG_DB_BUILD_H

#include "base/buffer.h"
#include "base/intern.h"
#include "db/fields.h"

/** Zero-initialise; ops_db_build_dispose frees what was not handed out. */
struct ops_db_build {
    struct opsig_database *database;
    struct ops_intern *paths;          /* of the models; ids are their indices */
    struct ops_intern *ids;            /* of the signatures */
    struct opsig_signature *signature; /* the one that is being filled in; NULL: none */
    OPS_VEC(struct ops_evidence) evidence; /* of it */
    struct ops_buffer rule_texts;          /* one after the other */
};

/** What a source says of a signature, beside its numbers. */
struct ops_db_claim {
    const char *id, *pattern, *context;
    bool significant;
};

opsig_status ops_db_build_begin(struct ops_db_build *build, opsig_error *err);
void ops_db_build_dispose(struct ops_db_build *build);

opsig_status ops_db_build_alphabet(struct ops_db_build *build, const char *name,
                                   opsig_error *err);
opsig_status ops_db_build_risk(struct ops_db_build *build,
                               const double numbers[OPS_DB_RISK_NUMBERS], opsig_error *err);
/** Refuses a key that is there already. */
opsig_status ops_db_build_note(struct ops_db_build *build, const char *key, const char *value,
                               opsig_error *err);
/** @param sha256  "" where it is not known.  Refuses a path that is there already. */
opsig_status ops_db_build_model(struct ops_db_build *build, const char *path, const char *sha256,
                                const char *label, opsig_error *err);

/** Opens a signature; its numbers are set in build->signature. The id is computed from the
 *  pattern and compared with the claim. */
opsig_status ops_db_build_signature(struct ops_db_build *build, const struct ops_db_claim *claim,
                                    opsig_error *err);
/** Models in ascending order. */
opsig_status ops_db_build_evidence(struct ops_db_build *build, uint32_t model, const char *nodes,
                                   opsig_error *err);
/** Checks what the open signature has become.  @param severity  as the source has it */
opsig_status ops_db_build_close(struct ops_db_build *build, const char *severity,
                                opsig_error *err);

/** Puts the signatures in order and hands the database out, unless it has neither a significant one
 *  nor rules. */
opsig_status ops_db_build_end(struct ops_db_build *build, opsig_database **out, opsig_error *err);

/** What passes a bound is a malformed file to the caller: OPSIG_LIMIT becomes OPSIG_FORMAT. */
opsig_status ops_db_status_of_input(opsig_status status, opsig_error *err);

#endif
