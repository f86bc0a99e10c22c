/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file label.h  From what an oracle measured to a label. */
#ifndef OPSIG_CORPUS_LABEL_H
#define OPSIG_CORPUS_LABEL_H

#include <stdbool.h>

#include <opsig/corpus.h>

/** What one oracle measured on one model. NaN is a difference beyond any tolerance. */
struct ops_measured {
    opsig_label status;
    bool has_abs, has_rel;
    double max_abs, max_rel;
    bool has_disagreement; /* in NaN, infinity or shape: beyond any tolerance too */
};

/** Reads one of the four names. @return false for anything else */
bool ops_label_parse(const char *text, opsig_label *out);
/** The label: the status, or the differences where a tolerance is given and they are known. */
opsig_label ops_label_decide(const struct ops_measured *measured,
                             const opsig_corpus_options *options);

#endif
