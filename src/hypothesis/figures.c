/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pair of models belongs to a set under some labellings: a bit string, the same length for all
 * pairs. Strings of pairs with the same list of blocks are joined, then those of lists with the
 * same sequence: bit l of a sequence's string says that labelling l finds it in that set, and the
 * differences are the strings of set 1 without those of another set. */
#include "hypothesis/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"
#include "base/mem.h"

enum { SHORTEST = 3 };

static const uint32_t NONE = UINT32_MAX;

/** The work of one count. */
struct count {
    struct ops_figures *figures;
    const struct ops_grid_plan *plan;
    const struct ops_grid *grid;
    size_t n_words;                      /* of a string over labellings */
    uint64_t *by_list[OPS_N_SETS];       /* strings */
    uint64_t *by_sequence[OPS_N_SETS];   /* strings */
    uint64_t *left[OPS_N_DIFFERENCES];   /* by sequence: strings of the differences */
    uint64_t *left_by_list;              /* of 1\2: strings */
    uint64_t *sharing;                   /* by model: a string */
    uint64_t *mask;                      /* of the pair at hand */
    OPS_VEC(struct ops_word) chosen; /* of one labelling */
    struct ops_reduced reduced;
    struct ops_deadline deadline;
};

/* ---- sequences ---- */

static int by_text(const void *a, const void *b)
{
    const char *const *const x = a;
    const char *const *const y = b;
    return strcmp(*x, *y);
}

/** Numbers symbols by the order of their texts. @param ranks  by symbol */
static opsig_status rank_symbols(struct ops_figures *figures, const struct ops_intern *symbols,
                                 uint32_t *ranks, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(symbols);
    for (uint32_t id = 0; id < n; id++) {
        TRY(ops_vec_push(&figures->texts, ops_intern_text(symbols, id), err));
    }
    qsort(figures->texts.items, n, sizeof *figures->texts.items, by_text);
    for (uint32_t rank = 0; rank < n; rank++) {
        const char *const text = figures->texts.items[rank];
        ranks[ops_intern_find(symbols, text, strlen(text))] = rank;
    }
done:
    return status;
}

static bool is_end(uint32_t symbol)
{
    return symbol == OPS_SYMBOL_INPUT || symbol == OPS_SYMBOL_OUTPUT;
}

/** Takes the ends of paths off a block, and gives what is left its number. */
static opsig_status strip_block(struct ops_figures *figures, const struct ops_intern *blocks,
                                uint32_t block, const uint32_t *ranks, uint32_t *room,
                                opsig_error *err)
{
    size_t n = ops_intern_len(blocks, block) / sizeof *room;
    size_t begin = 0;
    uint32_t id = NONE;
    memcpy(room, ops_intern_text(blocks, block), n * sizeof *room);
    while (begin < n && is_end(room[begin])) {
        begin++;
    }
    while (n > begin && is_end(room[n - 1])) {
        n--;
    }
    for (size_t i = begin; i < n; i++) {
        room[i] = ranks[room[i]];
    }
    if (n - begin >= SHORTEST) {
        const opsig_status status =
            ops_intern_put(figures->symbols, (const char *)(room + begin),
                           (n - begin) * sizeof *room, &id, err);
        if (status != OPSIG_OK) {
            return status;
        }
    }
    return ops_vec_push(&figures->sequence_of, id, err);
}

/** Puts the sequences in order, and their numbers with them. */
static opsig_status order_sequences(struct ops_figures *figures, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n = ops_intern_count(figures->symbols);
    uint32_t *const place = ops_mem_zalloc(n, sizeof *place);
    TRY(place != NULL ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t id = 0; id < n; id++) {
        const struct ops_word sequence = {
            .symbols = (const void *)ops_intern_text(figures->symbols, id),
            .n = (uint32_t)(ops_intern_len(figures->symbols, id) / sizeof(uint32_t))};
        TRY(ops_vec_push(&figures->sequences, sequence, err));
    }
    if (n > 1) {
        qsort(figures->sequences.items, n, sizeof *figures->sequences.items,
              ops_word_compare);
    }
    for (uint32_t i = 0; i < n; i++) {
        const struct ops_word *const sequence = &figures->sequences.items[i];
        place[ops_intern_find(figures->symbols, (const char *)sequence->symbols,
                              sequence->n * sizeof *sequence->symbols)] = i;
    }
    for (size_t block = 0; block < figures->sequence_of.len; block++) {
        uint32_t *const sequence = &figures->sequence_of.items[block];
        *sequence = *sequence != NONE ? place[*sequence] : NONE;
    }
done:
    ops_mem_free(place);
    return status;
}

static opsig_status find_sequences(struct ops_figures *figures, const struct ops_intern *blocks,
                                   const struct ops_vocabulary *vocabulary, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    size_t longest = 1;
    const uint32_t n = ops_intern_count(blocks);
    for (uint32_t block = 0; block < n; block++) {
        const size_t length = ops_intern_len(blocks, block);
        longest = length > longest ? length : longest;
    }
    uint32_t *const room = ops_mem_zalloc(longest, 1);
    uint32_t *const ranks =
        ops_mem_zalloc(ops_intern_count(vocabulary->symbols), sizeof *ranks);
    TRY(room != NULL && ranks != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_intern_new(&figures->symbols, err));
    TRY(rank_symbols(figures, vocabulary->symbols, ranks, err));
    for (uint32_t block = 0; block < n; block++) {
        TRY(strip_block(figures, blocks, block, ranks, room, err));
    }
    TRY(order_sequences(figures, err));
done:
    ops_mem_free(ranks);
    ops_mem_free(room);
    return status;
}

/* ---- pairs ---- */

static size_t n_blocks(const struct count *count, uint32_t list)
{
    return ops_intern_len(count->grid->contents, list) / sizeof(uint32_t);
}

/** Block k of a list. */
static uint32_t block_at(const struct count *count, uint32_t list, size_t k)
{
    uint32_t block;
    memcpy(&block, ops_intern_text(count->grid->contents, list) + k * sizeof block, sizeof block);
    return block;
}

static const uint64_t *labels_of(const struct count *count, uint32_t model)
{
    return count->plan->labels + (size_t)model * count->n_words;
}

/** Adds `weight` to a figure under all labellings of a string. */
static void add_bits(uint64_t *values, const uint64_t *string, size_t n_words, uint64_t weight)
{
    for (size_t w = 0; w < n_words; w++) {
        for (uint64_t left = string[w]; left != 0; left &= left - 1) {
            values[w * 64 + (size_t)__builtin_ctzll(left)] += weight;
        }
    }
}

/** Counts the list of a pair under the labellings of `mask`. */
static void count_list(const struct count *count, size_t set, uint32_t list)
{
    uint64_t *const string = count->by_list[set] + list * count->n_words;
    for (size_t w = 0; w < count->n_words; w++) {
        string[w] |= count->mask[w];
    }
    add_bits(count->figures->values[OPS_FIGURE_TOTAL + set], count->mask, count->n_words,
             n_blocks(count, list));
}

/** Set 1 takes the pair in the order of the manifest. */
static void mask_both(const struct count *count, uint32_t a, uint32_t b)
{
    for (size_t w = 0; w < count->n_words; w++) {
        count->mask[w] = labels_of(count, a)[w] & labels_of(count, b)[w];
    }
}

/** Set 2 takes it with the inconsistent model first. */
static void mask_first(const struct count *count, uint32_t a, uint32_t b)
{
    for (size_t w = 0; w < count->n_words; w++) {
        count->mask[w] = labels_of(count, a)[w] & ~labels_of(count, b)[w];
    }
}

static void count_row(const struct count *count, uint32_t a)
{
    const struct ops_grid_plan *const plan = count->plan;
    for (uint32_t b = 0; b < plan->n_models; b++) {
        const uint32_t list = ops_grid_list(count->grid, plan, a, b);
        if (list != 0 && a < b) {
            mask_both(count, a, b);
            count_list(count, 0, list);
        }
        if (list != 0) {
            mask_first(count, a, b);
            count_list(count, 1, list);
        }
    }
    memcpy(count->mask, labels_of(count, a), count->n_words * sizeof *count->mask);
    for (uint32_t t = 0; t < plan->n_tests; t++) {
        const uint32_t list = ops_grid_list(count->grid, plan, a, plan->n_models + t);
        if (list != 0) {
            count_list(count, 2, list);
        }
    }
}

/** Hands the strings of lists on to their sequences. */
static void count_sequences(const struct count *count)
{
    const uint32_t n_lists = ops_intern_count(count->grid->contents);
    const size_t n_words = count->n_words;
    for (uint32_t list = 0; list < n_lists; list++) {
        for (size_t k = 0; k < n_blocks(count, list); k++) {
            const uint32_t s = count->figures->sequence_of.items[block_at(count, list, k)];
            for (size_t set = 0; s != NONE && set < OPS_N_SETS; set++) {
                for (size_t w = 0; w < n_words; w++) {
                    count->by_sequence[set][s * n_words + w] |=
                        count->by_list[set][list * n_words + w];
                }
            }
        }
    }
}

/** The strings of the differences. */
static void subtract(const struct count *count)
{
    const size_t n = count->figures->sequences.len * count->n_words;
    for (size_t d = 0; d < OPS_N_DIFFERENCES; d++) {
        for (size_t i = 0; i < n; i++) {
            count->left[d][i] = count->by_sequence[0][i] & ~count->by_sequence[d + 1][i];
        }
    }
}

/* ---- models that share ---- */

/** Does a list hold a sequence of 1\2? A string for each. */
static void mark_lists(const struct count *count)
{
    const uint32_t n_lists = ops_intern_count(count->grid->contents);
    for (uint32_t list = 0; list < n_lists; list++) {
        for (size_t k = 0; k < n_blocks(count, list); k++) {
            const uint32_t s = count->figures->sequence_of.items[block_at(count, list, k)];
            for (size_t w = 0; s != NONE && w < count->n_words; w++) {
                count->left_by_list[list * count->n_words + w] |=
                    count->left[0][s * count->n_words + w];
            }
        }
    }
}

static void mark_models(const struct count *count)
{
    const size_t n_words = count->n_words;
    for (uint32_t a = 0; a < count->plan->n_models; a++) {
        for (uint32_t b = a + 1; b < count->plan->n_models; b++) {
            const uint32_t list = ops_grid_list(count->grid, count->plan, a, b);
            mask_both(count, a, b);
            for (size_t w = 0; list != 0 && w < n_words; w++) {
                const uint64_t bits = count->mask[w] & count->left_by_list[list * n_words + w];
                count->sharing[a * n_words + w] |= bits;
                count->sharing[b * n_words + w] |= bits;
            }
        }
    }
}

static bool has_bit(const uint64_t *string, uint32_t bit)
{
    return (string[bit / 64] >> bit % 64 & 1) != 0;
}

/** Marks in the table which models hold which sequences of 1\2 by the pair's list, under the last
 *  labelling. @param bits  a row for each sequence, of n_row words; place: by sequence */
static void mark_pair(const struct count *count, uint32_t a, uint32_t b, const uint32_t *place,
                      uint64_t *bits, size_t n_row)
{
    const uint32_t last = count->figures->n_labellings - 1;
    const uint32_t list = ops_grid_list(count->grid, count->plan, a, b);
    if (!has_bit(labels_of(count, a), last) || !has_bit(labels_of(count, b), last)) {
        return;
    }
    for (size_t k = 0; k < n_blocks(count, list); k++) {
        const uint32_t s = count->figures->sequence_of.items[block_at(count, list, k)];
        if (s != NONE && has_bit(count->left[0] + s * count->n_words, last)) {
            uint64_t *const row = bits + place[s] * n_row;
            row[a / 64] |= UINT64_C(1) << a % 64;
            row[b / 64] |= UINT64_C(1) << b % 64;
        }
    }
}

/** Counts for each sequence of 1\2 the models that hold it. */
static opsig_status count_holders(struct count *count, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_difference *const difference = &count->figures->differences[0];
    const uint32_t last = count->figures->n_labellings - 1;
    const size_t n_row = count->plan->n_models / 64 + 1;
    uint32_t *const place = ops_mem_zalloc(count->figures->sequences.len, sizeof *place);
    uint64_t *const bits =
        ops_mem_zalloc(difference->sequences.len, n_row * sizeof *bits);
    TRY(place != NULL && bits != NULL ? OPSIG_OK : ops_error_nomem(err));
    uint32_t n = 0;
    for (size_t s = 0; s < count->figures->sequences.len; s++) {
        place[s] = n;
        n += has_bit(count->left[0] + s * count->n_words, last);
    }
    for (uint32_t a = 0; a < count->plan->n_models; a++) {
        for (uint32_t b = a + 1; b < count->plan->n_models; b++) {
            mark_pair(count, a, b, place, bits, n_row);
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t n_models = 0;
        for (size_t w = 0; w < n_row; w++) {
            n_models += (uint32_t)__builtin_popcountll(bits[i * n_row + w]);
        }
        TRY(ops_vec_push(&difference->n_models, n_models, err));
    }
done:
    ops_mem_free(bits);
    ops_mem_free(place);
    return status;
}

/* ---- sets, differences, reduced sets ---- */

/** Lists the sequences that one labelling finds. */
static opsig_status choose(struct count *count, const uint64_t *strings, uint32_t labelling,
                           opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    count->chosen.len = 0;
    for (size_t s = 0; s < count->figures->sequences.len; s++) {
        if (has_bit(strings + s * count->n_words, labelling)) {
            TRY(ops_vec_push(&count->chosen, count->figures->sequences.items[s], err));
        }
    }
done:
    return status;
}

/** The numbers of sequences of a set or a difference, and of its reduced one. */
static opsig_status count_set(struct count *count, const uint64_t *strings, uint64_t *unique,
                              uint64_t *reduced, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n_symbols = (uint32_t)count->figures->texts.len;
    for (uint32_t l = 0; l < count->figures->n_labellings; l++) {
        TRY(ops_deadline_check(&count->deadline, err));
        TRY(choose(count, strings, l, err));
        TRY(ops_reduce(&count->reduced, count->chosen.items, count->chosen.len, n_symbols, err));
        unique[l] = count->chosen.len;
        reduced[l] = count->reduced.len;
    }
done:
    return status;
}

/** Keeps the sequences of a difference under the last labelling, which was counted last. */
static opsig_status keep_difference(struct count *count, size_t d, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_difference *const difference = &count->figures->differences[d];
    for (size_t i = 0; i < count->chosen.len; i++) {
        TRY(ops_vec_push(&difference->sequences, count->chosen.items[i], err));
    }
    difference->reduced = count->reduced;
    count->reduced = (struct ops_reduced){0};
done:
    return status;
}

static opsig_status count_sets(struct count *count, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint64_t **const values = count->figures->values;
    const size_t n_sets = count->plan->n_tests > 0 ? OPS_N_SETS : OPS_N_SETS - 1;
    for (size_t set = 0; set < n_sets; set++) {
        TRY(count_set(count, count->by_sequence[set], values[OPS_FIGURE_UNIQUE + set],
                      values[OPS_FIGURE_REDUCED + set], err));
    }
    for (size_t d = 0; d < n_sets - 1; d++) {
        TRY(count_set(count, count->left[d], values[OPS_FIGURE_LEFT + d],
                      values[OPS_FIGURE_LEFT_REDUCED + d], err));
        TRY(keep_difference(count, d, err));
    }
done:
    return status;
}

/* ---- the whole ---- */

static bool reserve(struct count *count)
{
    struct ops_figures *const figures = count->figures;
    const size_t string = count->n_words * sizeof(uint64_t);
    const uint32_t n_lists = ops_intern_count(count->grid->contents);
    bool complete = true;
    for (size_t f = 0; f < OPS_N_FIGURES; f++) {
        figures->values[f] = ops_mem_zalloc(figures->n_labellings, sizeof(uint64_t));
        complete = complete && figures->values[f] != NULL;
    }
    for (size_t set = 0; set < OPS_N_SETS; set++) {
        count->by_list[set] = ops_mem_zalloc(n_lists, string);
        count->by_sequence[set] = ops_mem_zalloc(figures->sequences.len, string);
        complete = complete && count->by_list[set] != NULL && count->by_sequence[set] != NULL;
    }
    for (size_t d = 0; d < OPS_N_DIFFERENCES; d++) {
        count->left[d] = ops_mem_zalloc(figures->sequences.len, string);
        complete = complete && count->left[d] != NULL;
    }
    count->left_by_list = ops_mem_zalloc(n_lists, string);
    count->sharing = ops_mem_zalloc(count->plan->n_models, string);
    count->mask = ops_mem_zalloc(1, string);
    return complete && count->left_by_list != NULL && count->sharing != NULL &&
           count->mask != NULL;
}

static void dispose(struct count *count)
{
    for (size_t set = 0; set < OPS_N_SETS; set++) {
        ops_mem_free(count->by_list[set]);
        ops_mem_free(count->by_sequence[set]);
    }
    for (size_t d = 0; d < OPS_N_DIFFERENCES; d++) {
        ops_mem_free(count->left[d]);
    }
    ops_mem_free(count->left_by_list);
    ops_mem_free(count->sharing);
    ops_mem_free(count->mask);
    ops_vec_dispose(&count->chosen);
    ops_vec_dispose(&count->reduced);
}

opsig_status ops_figures_count(struct ops_figures *figures, const struct ops_grid_plan *plan,
                               const struct ops_grid *grid, uint32_t n_labellings,
                               opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct count count = {
        .figures = figures, .plan = plan, .grid = grid, .n_words = plan->n_words};
    ops_deadline_start(&count.deadline, 0, plan->cancel);
    figures->n_labellings = n_labellings;
    TRY(find_sequences(figures, grid->blocks, plan->vocabulary, err));
    TRY(reserve(&count) ? OPSIG_OK : ops_error_nomem(err));
    for (uint32_t a = 0; a < plan->n_models; a++) {
        TRY(ops_deadline_check(&count.deadline, err));
        count_row(&count, a);
    }
    count_sequences(&count);
    subtract(&count);
    mark_lists(&count);
    mark_models(&count);
    for (uint32_t a = 0; a < plan->n_models; a++) {
        add_bits(figures->values[OPS_FIGURE_SHARING], count.sharing + a * count.n_words,
                 count.n_words, 1);
    }
    TRY(count_sets(&count, err));
    TRY(count_holders(&count, err));
done:
    dispose(&count);
    return status;
}

void ops_figures_dispose(struct ops_figures *figures)
{
    for (size_t f = 0; f < OPS_N_FIGURES; f++) {
        ops_mem_free(figures->values[f]);
    }
    ops_vec_dispose(&figures->texts);
    ops_vec_dispose(&figures->sequences);
    ops_intern_free(figures->symbols);
    ops_vec_dispose(&figures->sequence_of);
    for (size_t d = 0; d < OPS_N_DIFFERENCES; d++) {
        ops_vec_dispose(&figures->differences[d].sequences);
        ops_vec_dispose(&figures->differences[d].reduced);
        ops_vec_dispose(&figures->differences[d].n_models);
    }
}
