/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both ends of the conversation. The worker is a fork without exec: it shares the paths and the
 * options, and leaves by _exit, so that nothing of its host is flushed or run twice. It ignores
 * the interrupt key, which reaches the whole process group; the parent decides. */
#include "corpus/worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "corpus/confine.h"
#include "graph/snapshot.h"

static double now(void)
{
    struct timespec time = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

enum { IN_SIZE = 64 * 1024 };

/** Asks for the paths first ... end - 1. */
struct question {
    uint64_t first, end;
};

/* ---- in the worker ---- */

/** Sends header and block, in one call where the socket takes them. */
static void send_both(int fd, struct iovec parts[2])
{
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            _exit(0); /* the parent is gone */
        }
        size_t left = (size_t)sent;
        for (int i = 0; i < 2; i++) {
            const size_t n = left < parts[i].iov_len ? left : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + n;
            parts[i].iov_len -= n;
            left -= n;
        }
    }
}

/** Waits for the next question. @return false where the parent has closed its end */
static bool next_question(int fd, struct question *out)
{
    ssize_t got;
    do {
        got = recv(fd, out, sizeof *out, MSG_WAITALL);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *out;
}

static void answer(int fd, uint64_t index, const char *path, const struct ops_load_options *options)
{
    struct ops_item item;
    struct ops_answer reply;
    memset(&reply, 0, sizeof reply);
    const opsig_status status = ops_item_load(&item, path, options, NULL);
    reply.index = index;
    reply.error = item.error;
    if (status == OPSIG_OK) {
        memcpy(reply.sha256, item.sha256, sizeof reply.sha256);
        memcpy(reply.content, item.content, sizeof reply.content);
    }
    struct iovec parts[2] = {{.iov_base = &reply, .iov_len = sizeof reply}};
    if (item.graph != NULL) {
        reply.block_size = item.graph->size;
        parts[1] = (struct iovec){.iov_base = item.graph->block, .iov_len = item.graph->size};
    }
    send_both(fd, parts);
    opsig_graph_free(item.graph);
}

static _Noreturn void work(int fd, const char *const *paths, const struct ops_load_options *options)
{
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_DFL);
    ops_confine(options->limits);
    struct question question;
    while (next_question(fd, &question)) {
        for (uint64_t i = question.first; i < question.end; i++) {
            answer(fd, i, paths[i], options);
        }
    }
    _exit(0);
}

/* ---- in the parent ---- */

opsig_status ops_worker_start(struct ops_worker *worker, const char *const *paths,
                              const struct ops_load_options *options, const struct ops_worker *all,
                              size_t n_all, opsig_error *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return ops_error_errno(err, "a worker cannot be started");
    }
    uint8_t *const in = ops_mem_alloc(IN_SIZE);
    const pid_t pid = in != NULL ? fork() : -1;
    if (pid == 0) {
        (void)close(ends[0]);
        ops_mem_free(in);
        for (size_t i = 0; i < n_all; i++) {
            if (all[i].fd >= 0) {
                (void)close(all[i].fd);
            }
        }
        work(ends[1], paths, options);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        const opsig_status status =
            in == NULL ? ops_error_nomem(err) : ops_error_errno(err, "a worker cannot be started");
        (void)close(ends[0]);
        ops_mem_free(in);
        return status;
    }
    *worker = (struct ops_worker){.pid = pid, .fd = ends[0], .in = in};
    return OPSIG_OK;
}

void ops_worker_ask(struct ops_worker *worker, size_t first, size_t end)
{
    const struct question question = {.first = first, .end = end};
    worker->next = first;
    worker->end = end;
    worker->since = now();
    ssize_t sent;
    do {
        sent = send(worker->fd, &question, sizeof question, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
}

double ops_worker_waiting(const struct ops_worker *worker)
{
    return worker->next < worker->end ? now() - worker->since : 0;
}

/** Receives without waiting. @return bytes; 0: nothing there; -1: the worker is gone */
static ssize_t receive_bytes(const struct ops_worker *worker, void *to, size_t n)
{
    ssize_t got;
    do {
        got = recv(worker->fd, to, n, MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return 0;
    }
    return got > 0 ? got : -1;
}

/** Fills to[0 ... n - 1] as far as bytes are there: what was received before, then the rest of a
 *  large block straight from the socket, else as many answers as come at once.
 *  @return false where the worker is gone */
static bool fill(struct ops_worker *worker, void *to, size_t n, size_t *got)
{
    while (*got < n) {
        const size_t buffered = worker->in_len - worker->in_pos;
        const size_t missing = n - *got;
        ssize_t more = 0;
        if (buffered > 0) {
            more = (ssize_t)(buffered < missing ? buffered : missing);
            memcpy((char *)to + *got, worker->in + worker->in_pos, (size_t)more);
            worker->in_pos += (size_t)more;
            *got += (size_t)more;
        } else if (missing >= IN_SIZE) {
            more = receive_bytes(worker, (char *)to + *got, missing);
            *got += more > 0 ? (size_t)more : 0;
        } else if (!worker->is_drained) {
            more = receive_bytes(worker, worker->in, IN_SIZE);
            worker->in_pos = 0;
            worker->in_len = more > 0 ? (size_t)more : 0;
            worker->is_drained = more < IN_SIZE;
        }
        if (more <= 0) {
            return more == 0;
        }
    }
    return true;
}

/** Makes an item of a complete answer. */
static opsig_status take_answer(struct ops_worker *worker, struct ops_item *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_answer *const reply = &worker->answer;
    *out = (struct ops_item){.error = reply->error};
    out->error.message[sizeof out->error.message - 1] = '\0';
    memcpy(out->sha256, reply->sha256, sizeof out->sha256);
    memcpy(out->content, reply->content, sizeof out->content);
    if (worker->block != NULL) {
        void *const block = worker->block;
        worker->block = NULL;
        TRY(ops_snapshot_attach(&out->graph, block, (size_t)reply->block_size, err));
    } else if (reply->error.status == OPSIG_CANCELLED) {
        TRY(ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "cancelled"));
    }
done:
    worker->next++;
    worker->since = now();
    worker->header_got = worker->block_got = 0;
    return status;
}

/** Reads on in the answer. @return false where the worker is gone or makes no sense */
static bool receive(struct ops_worker *worker, bool *out_complete, bool *out_nomem)
{
    struct ops_answer *const reply = &worker->answer;
    if (!fill(worker, reply, sizeof *reply, &worker->header_got)) {
        return false;
    }
    if (worker->header_got < sizeof *reply) {
        return true;
    }
    if (worker->next == worker->end || reply->index != worker->next) {
        return false;
    }
    const size_t size = (size_t)reply->block_size;
    if (size > 0 && worker->block == NULL) {
        worker->block = ops_mem_alloc(size);
        *out_nomem = worker->block == NULL;
        if (*out_nomem) {
            return true;
        }
    }
    if (size > 0 && !fill(worker, worker->block, size, &worker->block_got)) {
        return false;
    }
    *out_complete = worker->block_got == size;
    return true;
}

opsig_status ops_worker_receive(struct ops_worker *worker, enum ops_worker_news *out_news,
                                size_t *out_index, struct ops_item *out, opsig_error *err)
{
    bool complete = false;
    bool nomem = false;
    *out_news = OPS_WORKER_NOTHING;
    if (!receive(worker, &complete, &nomem)) {
        *out_news = OPS_WORKER_DIED;
    } else if (nomem) {
        return ops_error_nomem(err);
    } else if (complete) {
        *out_news = OPS_WORKER_ANSWERED;
        *out_index = (size_t)worker->answer.index;
        return take_answer(worker, out, err);
    }
    worker->is_drained = false; /* by the next call there may be more */
    return OPSIG_OK;
}

/** Says how the process ended. */
static void explain(int how, opsig_error *why)
{
    if (WIFSIGNALED(how)) {
        (void)ops_error_set(why, OPSIG_INTERNAL, "worker", -1,
                            "the process that read it was ended by signal %d (%s)", WTERMSIG(how),
                            strsignal(WTERMSIG(how)));
    } else {
        (void)ops_error_set(why, OPSIG_INTERNAL, "worker", -1,
                            "the process that read it ended early with status %d",
                            WIFEXITED(how) ? WEXITSTATUS(how) : -1);
    }
}

void ops_worker_end(struct ops_worker *worker, opsig_error *why)
{
    if (worker->fd >= 0) {
        (void)close(worker->fd);
    }
    if (worker->pid > 0) {
        int how = 0;
        pid_t ended = waitpid(worker->pid, &how, WNOHANG);
        if (ended == 0) {
            (void)kill(worker->pid, SIGKILL);
            do {
                ended = waitpid(worker->pid, &how, 0);
            } while (ended < 0 && errno == EINTR);
        }
        explain(how, why);
    }
    ops_mem_free(worker->block);
    ops_mem_free(worker->in);
    *worker = (struct ops_worker){.fd = -1};
}
