/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file confine.h  Takes from a process that reads models what reading does not need. */
#ifndef OPSIG_CORPUS_CONFINE_H
#define OPSIG_CORPUS_CONFINE_H

#include <opsig/limits.h>

/** Bounds the memory of this process by twice the limit of one model beyond what it has now, ends
 *  it with its parent, denies it core files, writing to files and new privileges, and lets it call
 *  the system only to read files, to talk to its parent and to manage memory. For good, and for
 *  what it forks. Where the system lacks one of these, the others hold: a worker is still a
 *  process of its own. */
void ops_confine(const opsig_limits *limits);

#endif
