/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file worker.h  A process that loads models on request.
 *
 *  The parent asks with an index of the paths, which the worker knows from the fork; the worker
 *  answers with a fixed header and the snapshot block of the graph. Answers come in the order of
 *  the questions.
 */
#ifndef OPSIG_CORPUS_WORKER_H
#define OPSIG_CORPUS_WORKER_H

#include <stdint.h>
#include <sys/types.h>

#include "corpus/item.h"

/** Questions that may wait at one worker, so that it need not wait for the parent. */
enum { OPS_WORKER_QUEUE = 4 };

/** The front of an answer. The error's `kind` is a static string of a process that was forked
 *  from this one: the pointer means the same on both sides. */
struct ops_answer {
    uint64_t index;
    uint64_t block_size; /* 0: no graph */
    opsig_error error;
    char sha256[OPS_SHA256_HEX], content[OPS_SHA256_HEX];
};

struct ops_worker {
    pid_t pid;                      /* 0: none */
    int fd;                         /* the parent's end of the socket pair; -1: none */
    size_t asked[OPS_WORKER_QUEUE]; /* waiting questions, oldest first */
    size_t n_asked;
    double since;             /* seconds of the monotonic clock when the oldest became oldest */
    struct ops_answer answer; /* coming in: header_got bytes of it, then of the block */
    size_t header_got, block_got;
    void *block;
};

/** What a look at a worker found. */
enum ops_worker_news { OPS_WORKER_NOTHING, OPS_WORKER_ANSWERED, OPS_WORKER_DIED };

/** Starts the process. @param all  the workers of this loading, whose sockets the new process
 *  closes.  @return OPSIG_IO */
opsig_status ops_worker_start(struct ops_worker *worker, const char *const *paths,
                              const struct ops_load_options *options, const struct ops_worker *all,
                              size_t n_all, opsig_error *err);
/** Asks for a path; there must be room in the queue. A dead worker is noticed later. */
void ops_worker_ask(struct ops_worker *worker, size_t index);
/** Seconds for which the oldest question has been the oldest; 0 where none waits. */
double ops_worker_waiting(const struct ops_worker *worker);
/** Takes what has come in, without waiting. ANSWERED: *out is the item of the path *out_index.
 *  @return OPSIG_NOMEM, OPSIG_CANCELLED (said by the worker) */
opsig_status ops_worker_receive(struct ops_worker *worker, enum ops_worker_news *out_news,
                                size_t *out_index, struct ops_item *out, opsig_error *err);
/** Ends the process if it still runs, waits for it, and says in *why how it ended. */
void ops_worker_end(struct ops_worker *worker, opsig_error *why);

#endif
