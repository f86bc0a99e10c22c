/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file worker.h  A process that loads models on request.
 *
 *  The parent asks for a range of the paths, which the worker knows from the fork; the worker
 *  answers each path of it in order, with a fixed header and the snapshot block of the graph.
 *  The next question comes when the range is answered.
 */
#ifndef OPSIG_CORPUS_WORKER_H
#define OPSIG_CORPUS_WORKER_H

#include <stdint.h>
#include <sys/types.h>

#include "corpus/item.h"

/** The front of an answer. The error's `kind` is a static string of a process that was forked
 *  from this one: the pointer means the same on both sides. */
struct ops_answer {
    uint64_t index;
    uint64_t block_size; /* 0: no graph */
    opsig_error error;
    char sha256[OPS_SHA256_HEX], content[OPS_SHA256_HEX];
};

struct ops_worker {
    pid_t pid;        /* 0: none */
    int fd;           /* the parent's end of the socket pair; -1: none */
    size_t next, end; /* paths asked for and not answered yet */
    double since;     /* monotonic seconds when `next` came to the front */
    uint8_t *in;      /* bytes received and not looked at: in[in_pos ... in_len - 1] */
    size_t in_pos, in_len;
    bool is_drained;          /* the last receive took all that was there */
    struct ops_answer answer; /* coming in: header_got bytes of it, then of the block */
    size_t header_got, block_got;
    void *block;
};

/** What a look at a worker found. */
enum ops_worker_news { OPS_WORKER_NOTHING, OPS_WORKER_ANSWERED, OPS_WORKER_DIED };

/** Starts the process. @param all  the workers of this loading, whose sockets the new process
 *  closes.  @return OPSIG_IO, OPSIG_NOMEM */
opsig_status ops_worker_start(struct ops_worker *worker, const char *const *paths,
                              const struct ops_load_options *options, const struct ops_worker *all,
                              size_t n_all, opsig_error *err);
/** Asks an idle worker for the paths first ... end - 1. A dead worker is noticed later. */
void ops_worker_ask(struct ops_worker *worker, size_t first, size_t end);
/** Seconds for which the worker has been at its path; 0 while it is idle. */
double ops_worker_waiting(const struct ops_worker *worker);
/** Takes what has come in, without waiting. ANSWERED: *out is the item of the path *out_index.
 *  @return OPSIG_NOMEM, OPSIG_CANCELLED (said by the worker) */
opsig_status ops_worker_receive(struct ops_worker *worker, enum ops_worker_news *out_news,
                                size_t *out_index, struct ops_item *out, opsig_error *err);
/** Ends the process if it still runs, waits for it, and says in *why how it ended. */
void ops_worker_end(struct ops_worker *worker, opsig_error *why);

#endif
