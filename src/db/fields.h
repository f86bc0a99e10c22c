/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file fields.h  The numbers of a signature by name, and what they may be.
 *
 *  One table serves the schema's columns, the text form's lines and the checks:
 *
 *      line of the text form         columns of the schema
 *      inconsistent 31 210           with_inconsistent, n_inconsistent
 *      p 1.2e-09                     p
 *      odds_ratio 14.2 5.1 39        odds_ratio, odds_ratio_low, odds_ratio_high
 */
#ifndef OPSIG_DB_FIELDS_H
#define OPSIG_DB_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "pattern/signature.h"

enum { OPS_DB_FIELDS = 18 };

/** One number of a signature. */
struct ops_db_field {
    const char *line;   /* first word of the line that it opens; NULL: it goes on the same line */
    const char *column; /* of table signature */
    size_t offset;      /* in struct opsig_signature */
    bool is_count;      /* uint32_t; else double */
    bool may_be_nan;    /* NULL in the schema, "-" in the text form */
    double least, most; /* what is infinite is out of range in any case */
};

/** In the order of columns and lines. */
extern const struct ops_db_field ops_db_fields[OPS_DB_FIELDS];

/** Counts are whole numbers in a double, too. Zero has no sign. */
double ops_db_field_get(const struct opsig_signature *signature, const struct ops_db_field *field);
/** @param value  for a count: a whole number of 0 ... UINT32_MAX */
void ops_db_field_set(struct opsig_signature *signature, const struct ops_db_field *field,
                      double value);

/** "sequence", "subgraph". */
const char *ops_db_kind_name(opsig_pattern_kind kind);
/** "consistent", "inconsistent"; and back (false: neither). */
const char *ops_db_label_name(bool inconsistent);
bool ops_db_label_parse(const char *name, bool *out_inconsistent);

/** The five numbers of the risk model, in the order of their columns, and back. */
enum { OPS_DB_RISK_NUMBERS = 5 };
extern const char *const ops_db_risk_names[OPS_DB_RISK_NUMBERS];
void ops_db_risk_get(const struct ops_risk *risk, double out[OPS_DB_RISK_NUMBERS]);
struct ops_risk ops_db_risk_of(const double numbers[OPS_DB_RISK_NUMBERS]);

/** Are all parts of a signature there, its numbers in range and in agreement, its evidence in
 *  order?  @param blame  OPSIG_FORMAT for input, OPSIG_INTERNAL for output */
opsig_status ops_db_check_signature(const struct opsig_signature *signature, size_t n_models,
                                    opsig_status blame, opsig_error *err);
/** The same of a whole database. */
opsig_status ops_db_check(const struct opsig_database *database, opsig_status blame,
                          opsig_error *err);
opsig_status ops_db_check_model(const struct ops_db_model *model, opsig_status blame,
                                opsig_error *err);
opsig_status ops_db_check_key(const char *key, opsig_status blame, opsig_error *err);
opsig_status ops_db_check_risk(const struct ops_risk *risk, opsig_status blame, opsig_error *err);

#endif
