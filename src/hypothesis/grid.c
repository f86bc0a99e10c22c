/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table is cut into pieces of rows that threads take in a random order, so that what is done
 * tells what is left. Each thread numbers blocks and sets of blocks in its own way; the numbers are
 * made the same afterwards. What they are does depend on the threads, so nothing may be ordered by
 * them. */
#include "hypothesis/grid.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sort.h"
#include "base/vec.h"
#include "mine/pool.h"

enum { PIECE = 32 }; /* columns */

/** Some columns of a row. */
struct piece {
    uint32_t row, begin, end;
    uint32_t worker; /* who filled it in */
};

struct filling {
    const struct ops_grid_plan *plan;
    struct ops_grid *grid;
    OPS_VEC(struct piece) pieces;
    struct ops_comparer *comparers[OPS_POOL_MAX_THREADS]; /* by worker, as they appear */
    pthread_t caller; /* who may call progress */
    atomic_uint_fast64_t done;
    uint64_t total;
};

static bool is_any(const uint64_t *words, const uint64_t *but_not, size_t n_words)
{
    uint64_t any = 0;
    for (size_t w = 0; w < n_words; w++) {
        any |= but_not == NULL ? words[w] : words[w] & ~but_not[w];
    }
    return any != 0;
}

/** Which lists of a pair some labelling asks for; `column` is a test, or above `row`. */
static void find_wanted(const struct ops_grid_plan *plan, uint32_t row, uint32_t column,
                        bool wanted[2])
{
    const uint64_t *const a = plan->labels + row * plan->n_words;
    wanted[0] = is_any(a, NULL, plan->n_words);
    wanted[1] = column < plan->n_models &&
                is_any(plan->labels + column * plan->n_words, a, plan->n_words);
}

/** What a pair costs, roughly. */
static uint64_t cost_of(const struct ops_grid_plan *plan, uint32_t row, uint32_t column)
{
    bool wanted[2];
    find_wanted(plan, row, column, wanted);
    const double a = (double)plan->models[row].paths->n_distinct;
    const double b = (double)plan->models[column].paths->n_distinct;
    return wanted[0] || wanted[1] ? 16 + (uint64_t)sqrt(a * b) : 0;
}

static uint64_t cost_of_piece(const struct ops_grid_plan *plan, const struct piece *piece)
{
    uint64_t cost = 0;
    for (uint32_t column = piece->begin; column < piece->end; column++) {
        cost += cost_of(plan, piece->row, column);
    }
    return cost;
}

static opsig_status compare_pair(const struct filling *filling, struct ops_comparer *comparer,
                                 uint32_t row, uint32_t column, opsig_error *err)
{
    const struct ops_grid_plan *const plan = filling->plan;
    const size_t n_columns = (size_t)plan->n_models + plan->n_tests;
    bool wanted[2];
    find_wanted(plan, row, column, wanted);
    uint32_t *const lists = filling->grid->lists;
    uint32_t *out[2] = {wanted[0] ? &lists[row * n_columns + column] : NULL,
                        wanted[1] ? &lists[column * n_columns + row] : NULL};
    return wanted[0] || wanted[1] ? ops_compare(comparer, &plan->models[row],
                                                &plan->models[column], out, err)
                                  : OPSIG_OK;
}

static void tell(struct filling *filling, uint32_t row, uint32_t column)
{
    const struct ops_grid_plan *const plan = filling->plan;
    const uint64_t cost = cost_of(plan, row, column);
    const uint64_t done = atomic_fetch_add(&filling->done, cost) + cost;
    if (plan->progress != NULL && pthread_equal(pthread_self(), filling->caller)) {
        plan->progress("compare", (size_t)done, (size_t)filling->total, plan->payload);
    }
}

static opsig_status run_piece(void *job, struct ops_pool *pool, unsigned worker, void *payload,
                              opsig_error *err)
{
    (void)pool;
    struct filling *const filling = payload;
    const struct ops_grid_plan *const plan = filling->plan;
    struct piece *const piece = job;
    opsig_status status = OPSIG_OK;
    struct ops_comparer **const comparer = &filling->comparers[worker];
    if (*comparer == NULL) {
        const uint32_t n_bigrams = ops_intern_count(plan->vocabulary->bigrams);
        TRY(ops_comparer_new(comparer, plan->vocabulary, n_bigrams / 64 + 1, plan->cancel, err));
    }
    piece->worker = worker;
    for (uint32_t column = piece->begin; column < piece->end; column++) {
        TRY(compare_pair(filling, *comparer, piece->row, column, err));
        tell(filling, piece->row, column);
    }
done:
    return status;
}

static void drop_piece(void *job)
{
    (void)job; /* all pieces belong to the filling */
}

/** Cuts the table into pieces. */
static opsig_status cut(struct filling *filling, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_grid_plan *const plan = filling->plan;
    const uint32_t n_columns = plan->n_models + plan->n_tests;
    for (uint32_t row = 0; row < plan->n_models; row++) {
        for (uint32_t begin = row + 1; begin < n_columns; begin += PIECE) {
            const uint32_t end = n_columns - begin < PIECE ? n_columns : begin + PIECE;
            const struct piece piece = {.row = row, .begin = begin, .end = end};
            const uint64_t cost = cost_of_piece(plan, &piece);
            filling->total += cost;
            if (cost > 0) {
                TRY(ops_vec_push(&filling->pieces, piece, err));
            }
        }
    }
done:
    return status;
}

static opsig_status run_pieces(struct filling *filling, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_pool *pool = NULL;
    const struct ops_pool_work work = {.run = run_piece, .drop = drop_piece, .payload = filling};
    const uint32_t n = (uint32_t)filling->pieces.len;
    uint32_t *const order = ops_mem_zalloc(n, sizeof *order);
    TRY(order != NULL ? OPSIG_OK : ops_error_nomem(err));
    ops_rng_permutation(0, 0, order, n);
    filling->caller = pthread_self();
    TRY(ops_pool_new(&pool, &work, filling->plan->n_threads, err));
    for (uint32_t i = 0; i < n; i++) {
        TRY(ops_pool_add(pool, &filling->pieces.items[order[i]], err));
    }
    TRY(ops_pool_run(pool, err));
done:
    ops_pool_free(pool);
    ops_mem_free(order);
    return status;
}

/* ---- one numbering for all threads ---- */

/** Numbers of a thread in the grid's numbering. */
struct renumbering {
    OPS_VEC(uint32_t) blocks, lists, members;
};

static void renumbering_dispose(struct renumbering *renumbering)
{
    ops_vec_dispose(&renumbering->blocks);
    ops_vec_dispose(&renumbering->lists);
    ops_vec_dispose(&renumbering->members);
}

static opsig_status renumber_blocks(struct renumbering *out, struct ops_grid *grid,
                                    const struct ops_intern *blocks, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(blocks);
    TRY(ops_vec_reserve(&out->blocks, n, err));
    for (uint32_t id = 0; id < n; id++) {
        TRY(ops_intern_put(grid->blocks, ops_intern_text(blocks, id), ops_intern_len(blocks, id),
                           &out->blocks.items[id], err));
    }
done:
    return status;
}

static opsig_status renumber_lists(struct renumbering *out, struct ops_grid *grid,
                                   const struct ops_intern *lists, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(lists);
    TRY(ops_vec_reserve(&out->lists, n, err));
    for (uint32_t id = 0; id < n; id++) {
        const size_t n_members = ops_intern_len(lists, id) / sizeof(uint32_t);
        TRY(ops_vec_reserve(&out->members, n_members + 1, err)); /* an empty list is not NULL */
        uint32_t *const members = out->members.items;
        memcpy(members, ops_intern_text(lists, id), n_members * sizeof *members);
        for (size_t k = 0; k < n_members; k++) {
            members[k] = out->blocks.items[members[k]];
        }
        ops_sort_u32(members, n_members);
        TRY(ops_intern_put(grid->contents, (const char *)members, n_members * sizeof *members,
                           &out->lists.items[id], err));
    }
done:
    return status;
}

/** Puts the grid's numbers in the place of a thread's. */
static void renumber_pieces(const struct filling *filling, uint32_t worker,
                            const struct renumbering *renumbering)
{
    const struct ops_grid_plan *const plan = filling->plan;
    const size_t n_columns = (size_t)plan->n_models + plan->n_tests;
    uint32_t *const lists = filling->grid->lists;
    for (size_t i = 0; i < filling->pieces.len; i++) {
        const struct piece *const piece = &filling->pieces.items[i];
        for (uint32_t c = piece->begin; piece->worker == worker && c < piece->end; c++) {
            bool wanted[2];
            find_wanted(plan, piece->row, c, wanted);
            if (wanted[0]) {
                uint32_t *const list = &lists[piece->row * n_columns + c];
                *list = renumbering->lists.items[*list];
            }
            if (wanted[1]) {
                uint32_t *const list = &lists[c * n_columns + piece->row];
                *list = renumbering->lists.items[*list];
            }
        }
    }
}

static opsig_status join(struct filling *filling, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct renumbering renumbering = {0};
    for (uint32_t worker = 0; worker < OPS_POOL_MAX_THREADS; worker++) {
        const struct ops_comparer *const comparer = filling->comparers[worker];
        if (comparer == NULL) {
            continue;
        }
        TRY(renumber_blocks(&renumbering, filling->grid, ops_comparer_blocks(comparer), err));
        TRY(renumber_lists(&renumbering, filling->grid, ops_comparer_lists(comparer), err));
        renumber_pieces(filling, worker, &renumbering);
    }
done:
    renumbering_dispose(&renumbering);
    return status;
}

opsig_status ops_grid_fill(struct ops_grid *grid, const struct ops_grid_plan *plan,
                           opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t n_columns = (size_t)plan->n_models + plan->n_tests;
    struct filling filling = {.plan = plan, .grid = grid};
    uint32_t empty;
    atomic_init(&filling.done, 0);
    grid->lists = ops_mem_zalloc(plan->n_models, n_columns * sizeof *grid->lists);
    TRY(grid->lists != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_intern_new(&grid->blocks, err));
    TRY(ops_intern_new(&grid->contents, err));
    TRY(ops_intern_put(grid->contents, "", 0, &empty, err));
    TRY(cut(&filling, err));
    TRY(run_pieces(&filling, err));
    TRY(join(&filling, err));
done:
    for (size_t worker = 0; worker < OPS_POOL_MAX_THREADS; worker++) {
        ops_comparer_free(filling.comparers[worker]);
    }
    ops_vec_dispose(&filling.pieces);
    return status;
}

void ops_grid_dispose(struct ops_grid *grid)
{
    ops_mem_free(grid->lists);
    ops_intern_free(grid->blocks);
    ops_intern_free(grid->contents);
    *grid = (struct ops_grid){0};
}
