/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file scanner.h  What a scanner and a result are inside scan/. */
#ifndef OPSIG_SCAN_SCANNER_H
#define OPSIG_SCAN_SCANNER_H

#include <stdbool.h>

#include <opsig/scan.h>

#include "base/intern.h"
#include "base/vec.h"
#include "pattern/plan.h"
#include "pattern/signature.h"

/** A signature of one of the databases, by its value in the trie. */
struct ops_target {
    const opsig_signature *signature;
    uint32_t database;
};

struct opsig_scanner {
    opsig_scan_options options;
    const opsig_database **databases; /* the array is owned, what it points to is not */
    size_t n_databases;
    struct ops_intern *symbols; /* of the trie's steps */
    struct ops_trie *trie;
    struct ops_plan *plan; /* for the subgraphs of the trie */
    OPS_VEC(struct ops_target) targets;
    OPS_VEC(const opsig_rules *) rules; /* those of the options first, then of the databases */
};

/** Are there rules to look for? */
bool ops_scanner_has_rules(const struct opsig_scanner *scanner);

/** A finding in the making. */
struct ops_hit {
    struct opsig_finding finding;
    uint32_t target;   /* index into the scanner's targets */
    uint32_t *matches; /* of the finding; owned */
    size_t n_places;   /* what the risk counts (docs/method.md) */
};

struct opsig_scan_result {
    OPS_VEC(struct ops_hit) hits;
    OPS_VEC(opsig_finding) findings; /* strongest first */
    size_t n_dropped[OPSIG_FINDING_IGNORED + 1]; /* findings that do not count, by state */
    OPS_VEC(opsig_finding) terms;    /* of the risk only, largest contribution first */
    OPS_VEC(opsig_finding) unsearched;
    double risk;
};

/** Looks for the rules in a graph (rules.c). @param path  the model's file, or NULL */
opsig_status ops_scan_rules(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                            const opsig_graph *graph, const char *path, opsig_error *err);

/** Makes findings and risk terms of the hits, strongest first, leaves out findings below
 *  min_severity, and tells which are covered by others (finding.c). */
opsig_status ops_hits_rank(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                           opsig_error *err);

/** Tells which findings in a model are ignored or known, records them where asked to, and drops
 *  those that do not count where the options say so (finding.c). */
opsig_status ops_findings_judge(struct opsig_scan_result *result,
                                const opsig_scan_options *options, const char *path,
                                opsig_error *err);

/** Fills in the risk and each hit's contribution to it (risk.c). */
opsig_status ops_hits_risk(struct opsig_scan_result *result, const struct opsig_scanner *scanner,
                           opsig_error *err);

#endif
