/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing with linear probing over a power of two of slots, at most three quarters full. A
 * slot holds an id and the string's hash, so that most mismatches are settled without looking at
 * the string. The hash is SipHash-1-3 (Aumasson and Bernstein, INDOCRYPT 2012) keyed by the random
 * bytes that the kernel gives each process: names in hostile files cannot be chosen to collide.
 * Ids do not depend on the hash. */
#include "base/intern.h"

#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"

enum { FIRST_SLOTS = 64 };
#define MAX_STRINGS (UINT32_MAX / 4)

struct entry {
    const char *text;
    uint32_t len, hash;
};

struct slot {
    uint32_t id; /* OPS_INTERN_NONE: free */
    uint32_t hash;
};

struct ops_intern {
    uint64_t key[2];
    struct slot *slots;
    uint32_t mask; /* number of slots - 1 */
    OPS_VEC(struct entry) entries;
    struct ops_arena arena; /* the strings */
};

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

static uint32_t hash_of(const struct ops_intern *table, const char *bytes, size_t len)
{
    const uint64_t k0 = table->key[0];
    const uint64_t k1 = table->key[1];
    struct sip s = {k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU, k0 ^ 0x6c7967656e657261U,
                    k1 ^ 0x7465646279746573U};
    size_t at = 0;
    for (; len - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        sip_word(&s, word);
    }
    uint64_t last = 0;
    if (at < len) {
        memcpy(&last, bytes + at, len - at);
    }
    sip_word(&s, last ^ ((uint64_t)len << 56));
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    const uint64_t hash = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    return (uint32_t)(hash ^ (hash >> 32));
}

static void clear_slots(struct slot *slots, size_t n)
{
    memset(slots, 0xff, n * sizeof *slots);
}

/** Reads the process's random bytes (AT_RANDOM); without them the key is fixed. */
static void set_key(uint64_t key[2])
{
    const unsigned long address = getauxval(AT_RANDOM);
    if (address != 0) {
        memcpy(key, (const void *)address, 2 * sizeof key[0]);
    }
}

opsig_status ops_intern_new(struct ops_intern **out, opsig_error *err)
{
    *out = NULL;
    struct ops_intern *const table = ops_mem_zalloc(1, sizeof *table);
    if (table == NULL) {
        return ops_error_nomem(err);
    }
    table->slots = ops_mem_zalloc(FIRST_SLOTS, sizeof *table->slots);
    if (table->slots == NULL) {
        ops_mem_free(table);
        return ops_error_nomem(err);
    }
    clear_slots(table->slots, FIRST_SLOTS);
    table->mask = FIRST_SLOTS - 1;
    set_key(table->key);
    ops_arena_init(&table->arena, UINT64_MAX);
    *out = table;
    return OPSIG_OK;
}

void ops_intern_free(struct ops_intern *table)
{
    if (table == NULL) {
        return;
    }
    ops_arena_dispose(&table->arena);
    ops_vec_dispose(&table->entries);
    ops_mem_free(table->slots);
    ops_mem_free(table);
}

/** The slot of a string, or the free slot where it belongs. */
static struct slot *probe(const struct ops_intern *table, const char *bytes, size_t len,
                          uint32_t hash)
{
    for (uint32_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        struct slot *const slot = &table->slots[i];
        if (slot->id == OPS_INTERN_NONE) {
            return slot;
        }
        if (slot->hash == hash) {
            const struct entry *const entry = &table->entries.items[slot->id];
            if (entry->len == len && (len == 0 || memcmp(entry->text, bytes, len) == 0)) {
                return slot;
            }
        }
    }
}

static opsig_status double_slots(struct ops_intern *table, opsig_error *err)
{
    const size_t n = ((size_t)table->mask + 1) * 2;
    struct slot *const slots = ops_mem_resize(NULL, n, sizeof *slots);
    if (slots == NULL) {
        return ops_error_nomem(err);
    }
    clear_slots(slots, n);
    const uint32_t mask = (uint32_t)(n - 1);
    for (size_t id = 0; id < table->entries.len; id++) {
        const uint32_t hash = table->entries.items[id].hash;
        uint32_t i = hash & mask;
        while (slots[i].id != OPS_INTERN_NONE) {
            i = (i + 1) & mask;
        }
        slots[i] = (struct slot){.id = (uint32_t)id, .hash = hash};
    }
    ops_mem_free(table->slots);
    table->slots = slots;
    table->mask = mask;
    return OPSIG_OK;
}

static opsig_status add(struct ops_intern *table, const char *bytes, size_t len, uint32_t hash,
                        uint32_t *out_id, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (len >= UINT32_MAX || table->entries.len >= MAX_STRINGS) {
        return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "more names than %u, or a longer one",
                             MAX_STRINGS);
    }
    if (table->entries.len >= ((size_t)table->mask + 1) / 4 * 3) {
        TRY(double_slots(table, err));
    }
    TRY(ops_vec_reserve(&table->entries, 1, err));
    const char *const copy = ops_arena_strndup(&table->arena, bytes, len);
    if (copy == NULL) {
        return ops_error_nomem(err);
    }
    const uint32_t id = (uint32_t)table->entries.len;
    *probe(table, bytes, len, hash) = (struct slot){.id = id, .hash = hash};
    table->entries.items[table->entries.len++] =
        (struct entry){.text = copy, .len = (uint32_t)len, .hash = hash};
    *out_id = id;
done:
    return status;
}

opsig_status ops_intern_put(struct ops_intern *table, const char *bytes, size_t len,
                            uint32_t *out_id, opsig_error *err)
{
    const uint32_t hash = hash_of(table, bytes, len);
    const struct slot *const slot = probe(table, bytes, len, hash);
    if (slot->id != OPS_INTERN_NONE) {
        *out_id = slot->id;
        return OPSIG_OK;
    }
    return add(table, bytes, len, hash, out_id, err);
}

uint32_t ops_intern_find(const struct ops_intern *table, const char *bytes, size_t len)
{
    return probe(table, bytes, len, hash_of(table, bytes, len))->id;
}

const char *ops_intern_text(const struct ops_intern *table, uint32_t id)
{
    return table->entries.items[id].text;
}

size_t ops_intern_len(const struct ops_intern *table, uint32_t id)
{
    return table->entries.items[id].len;
}

uint32_t ops_intern_count(const struct ops_intern *table)
{
    return (uint32_t)table->entries.len;
}
