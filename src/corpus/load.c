/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths are asked for in order and answered in any order; a ring of OPS_LOAD_WINDOW places puts
 * the answers in order again:
 *
 *      path     0 ... next_give ... next_ask ... n_paths
 *               given | ready or asked | not asked yet
 *
 * No path is asked for while the graphs that wait in the ring pass a bound in bytes, or the ring
 * is full. A dead worker costs the path that it was at; the rest of its range goes to the process
 * that takes its place. */
#include "corpus/load.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "corpus/worker.h"
#include "graph/snapshot.h"

enum { MOST_WORKERS = 128, POLL_MILLISECONDS = 100 };
/* A worker is asked for a range of a SHARESth of its part of what is left, so that all end at
 * about the same time. */
enum { SHARES = 4, LONGEST_RANGE = 16, LEAST_PATHS = 4 };
#define MOST_BYTES_WAITING ((size_t)256 << 20)
/* Seconds that a worker may take beyond the time limit of a model before it is ended. */
#define GRACE 2.0

struct place {
    struct ops_item item;
    bool ready;
};

struct loader {
    const char *const *paths;
    size_t n_paths;
    const struct ops_load_options *options;
    ops_load_sink sink;
    void *payload;
    size_t next_give, next_ask;
    size_t bytes_waiting;
    struct place *ring;
    struct ops_worker *workers;
    size_t n_workers;
};

static struct place *place_of(const struct loader *loader, size_t index)
{
    return &loader->ring[index % OPS_LOAD_WINDOW];
}

static bool is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

static opsig_status check_cancel(const struct ops_load_options *options, opsig_error *err)
{
    if (options->limits->cancel != NULL && *options->limits->cancel != 0) {
        return ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "cancelled");
    }
    return OPSIG_OK;
}

/** Hands an item to the sink and frees what the sink leaves. */
static opsig_status give(const struct loader *loader, size_t index, struct ops_item *item,
                         opsig_error *err)
{
    struct ops_loaded loaded = {
        .index = index,
        .path = loader->paths[index],
        .graph = item->graph,
        .error = item->graph == NULL ? &item->error : NULL,
        .sha256 = item->sha256,
        .content = item->content,
    };
    const opsig_status status = loader->sink(&loaded, loader->payload, err);
    opsig_graph_free(loaded.graph);
    item->graph = NULL;
    return status;
}

/** Loads one path in this process and hands it over. */
static opsig_status load_and_give(const struct loader *loader, size_t index, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_item item;
    TRY(check_cancel(loader->options, err));
    TRY(ops_item_load(&item, loader->paths[index], loader->options, err));
    TRY(give(loader, index, &item, err));
done:
    return status;
}

/** Hands over what is ready at the front; standard input is read when its turn comes. */
static opsig_status give_ready(struct loader *loader, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    while (loader->next_give < loader->next_ask) {
        const size_t index = loader->next_give;
        struct place *const place = place_of(loader, index);
        if (is_stdin(loader->paths[index])) {
            TRY(load_and_give(loader, index, err));
        } else if (!place->ready) {
            break;
        } else {
            if (place->item.graph != NULL) {
                loader->bytes_waiting -= place->item.graph->size;
            }
            place->ready = false;
            TRY(give(loader, index, &place->item, err));
        }
        loader->next_give++;
    }
done:
    return status;
}

/** End of the next range to ask for: a share of what is left, as far as the ring has room and no
 *  further than to standard input. */
static size_t range_end(const struct loader *loader)
{
    const size_t first = loader->next_ask;
    const size_t left = loader->n_paths - first;
    size_t n = left / (SHARES * loader->n_workers);
    n = n < LONGEST_RANGE ? n : LONGEST_RANGE;
    const size_t room = (OPS_LOAD_WINDOW - (first - loader->next_give)) / loader->n_workers;
    n = n < room ? n : room;
    size_t end = first + 1;
    while (end < first + n && !is_stdin(loader->paths[end])) {
        end++;
    }
    return end;
}

/** True where another path may be loaded ahead. */
static bool may_ask(const struct loader *loader)
{
    const size_t ahead = loader->next_ask - loader->next_give;
    return loader->next_ask < loader->n_paths && ahead < OPS_LOAD_WINDOW &&
           (ahead == 0 || loader->bytes_waiting < MOST_BYTES_WAITING);
}

/** Gives idle workers something to do, as far as ring and memory allow. */
static void ask(struct loader *loader)
{
    for (size_t i = 0; i < loader->n_workers; i++) {
        struct ops_worker *const worker = &loader->workers[i];
        while (may_ask(loader) && is_stdin(loader->paths[loader->next_ask])) {
            loader->next_ask++;
        }
        if (worker->next == worker->end && may_ask(loader)) {
            const size_t end = range_end(loader);
            ops_worker_ask(worker, loader->next_ask, end);
            loader->next_ask = end;
        }
    }
}

static void put(struct loader *loader, size_t index, const struct ops_item *item)
{
    struct place *const place = place_of(loader, index);
    place->item = *item;
    place->ready = true;
    if (item->graph != NULL) {
        loader->bytes_waiting += item->graph->size;
    }
}

/** Starts a process in the place of one that died or was too slow. */
static opsig_status replace(struct loader *loader, struct ops_worker *worker, bool too_slow,
                            opsig_error *err)
{
    struct ops_item item = {.graph = NULL};
    const struct ops_worker dead = *worker;
    ops_worker_end(worker, &item.error);
    if (too_slow) {
        (void)ops_error_set(&item.error, OPSIG_TIMEOUT, "worker", -1,
                            "the process that read it did not answer in time (--timeout)");
    }
    const opsig_status status = ops_worker_start(worker, loader->paths, loader->options,
                                                 loader->workers, loader->n_workers, err);
    if (status != OPSIG_OK) {
        return status;
    }
    if (dead.next < dead.end) {
        put(loader, dead.next, &item);
    }
    if (dead.next + 1 < dead.end) {
        ops_worker_ask(worker, dead.next + 1, dead.end);
    }
    return OPSIG_OK;
}

/** Takes all answers of one worker that have come in. */
static opsig_status hear(struct loader *loader, struct ops_worker *worker, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    enum ops_worker_news news = OPS_WORKER_ANSWERED;
    while (news == OPS_WORKER_ANSWERED) {
        struct ops_item item;
        size_t index;
        TRY(ops_worker_receive(worker, &news, &index, &item, err));
        if (news == OPS_WORKER_ANSWERED) {
            put(loader, index, &item);
        }
    }
    if (news == OPS_WORKER_DIED) {
        TRY(replace(loader, worker, false, err));
    }
done:
    return status;
}

static bool is_too_slow(const struct loader *loader, const struct ops_worker *worker)
{
    const double timeout = loader->options->limits->timeout;
    return timeout > 0 && ops_worker_waiting(worker) > timeout + GRACE;
}

/** Waits until a worker has something to say, and listens to all that have. */
static opsig_status listen_to_workers(struct loader *loader, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct pollfd ready[MOST_WORKERS];
    for (size_t i = 0; i < loader->n_workers; i++) {
        ready[i] = (struct pollfd){.fd = loader->workers[i].fd, .events = POLLIN};
    }
    const int n = poll(ready, (nfds_t)loader->n_workers, POLL_MILLISECONDS);
    if (n < 0 && errno != EINTR && errno != EAGAIN) {
        return ops_error_errno(err, "waiting for workers");
    }
    for (size_t i = 0; i < loader->n_workers; i++) {
        struct ops_worker *const worker = &loader->workers[i];
        if (n > 0 && ready[i].revents != 0) {
            TRY(hear(loader, worker, err));
        } else if (is_too_slow(loader, worker)) {
            TRY(replace(loader, worker, true, err));
        }
    }
done:
    return status;
}

static opsig_status start_workers(struct loader *loader, size_t n, opsig_error *err)
{
    loader->ring = ops_mem_zalloc(OPS_LOAD_WINDOW, sizeof *loader->ring);
    loader->workers = ops_mem_zalloc(n, sizeof *loader->workers);
    if (loader->ring == NULL || loader->workers == NULL) {
        return ops_error_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        const opsig_status status =
            ops_worker_start(&loader->workers[i], loader->paths, loader->options, loader->workers,
                             loader->n_workers, i == 0 ? err : NULL);
        if (status != OPSIG_OK) {
            return i > 0 ? OPSIG_OK : status; /* fewer workers do the same work */
        }
        loader->n_workers++;
    }
    return OPSIG_OK;
}

static void dispose(struct loader *loader)
{
    for (size_t i = 0; i < loader->n_workers; i++) {
        ops_worker_end(&loader->workers[i], NULL);
    }
    for (size_t i = 0; loader->ring != NULL && i < OPS_LOAD_WINDOW; i++) {
        if (loader->ring[i].ready) {
            opsig_graph_free(loader->ring[i].item.graph);
        }
    }
    ops_mem_free(loader->workers);
    ops_mem_free(loader->ring);
}

static opsig_status load_with_workers(struct loader *loader, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    size_t n = loader->options->workers < MOST_WORKERS ? loader->options->workers : MOST_WORKERS;
    const size_t useful = (loader->n_paths + LEAST_PATHS - 1) / LEAST_PATHS;
    n = n < useful ? n : useful;
    TRY(start_workers(loader, n, err));
    for (;;) {
        TRY(check_cancel(loader->options, err));
        ask(loader);
        TRY(give_ready(loader, err));
        if (loader->next_give == loader->n_paths) {
            break;
        }
        if (loader->next_give < loader->next_ask) {
            TRY(listen_to_workers(loader, err));
        }
    }
done:
    dispose(loader);
    return status;
}

opsig_status ops_load_paths(const char *const *paths, size_t n_paths,
                            const struct ops_load_options *options, ops_load_sink sink,
                            void *payload, opsig_error *err)
{
    struct loader loader = {
        .paths = paths, .n_paths = n_paths, .options = options, .sink = sink, .payload = payload};
    if (options->workers > 0 && n_paths > 0) {
        return load_with_workers(&loader, err);
    }
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < n_paths; i++) {
        TRY(load_and_give(&loader, i, err));
    }
done:
    return status;
}
