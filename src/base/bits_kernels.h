/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file bits_kernels.h  The functions of one kind of instructions. Included by bits.c once for
 *  each, with OPS_KIND (a name), OPS_BLOCK_BYTES (of a register) and OPS_TARGET (attributes)
 *  defined, which it undefines. */

#define OPS_PASTE_(a, b) a##_##b
#define OPS_PASTE(a, b) OPS_PASTE_(a, b)
#define OPS_NAME(name) OPS_PASTE(name, OPS_KIND)
#define OPS_QUOTE_(text) #text
#define OPS_QUOTE(text) OPS_QUOTE_(text)
#define block OPS_NAME(block)

/* May lie anywhere that words may. */
typedef uint64_t block
    __attribute__((vector_size(OPS_BLOCK_BYTES), aligned(sizeof(uint64_t)), may_alias));

OPS_TARGET static struct ops_bits_table OPS_NAME(tabulate)(const uint64_t *within,
                                                           const uint64_t *rows, const uint64_t *a,
                                                           const uint64_t *b, size_t n_words)
{
    struct ops_bits_table table = {0, 0, 0, 0};
    for (size_t w = 0; w < n_words; w++) {
        const uint64_t all = within[w] & rows[w];
        table.all += (uint32_t)__builtin_popcountll(all);
        table.a += (uint32_t)__builtin_popcountll(all & a[w]);
        table.b += (uint32_t)__builtin_popcountll(all & b[w]);
        table.both += (uint32_t)__builtin_popcountll(all & a[w] & b[w]);
    }
    return table;
}

/** A full adder: *sum + *a + *b as *sum and *carry, which may be a. */
OPS_TARGET static inline void OPS_NAME(add)(block *carry, block *sum, const block *a,
                                            const block *b)
{
    const block either = *sum ^ *a;
    const block out = (*sum & *a) | (either & *b);
    *sum = either ^ *b;
    *carry = out;
}

/** Adds a digit to the sums from slice `from` on, which have at most n_slices. */
OPS_TARGET static inline void OPS_NAME(ripple)(block *sums, const block *digit, uint32_t from,
                                               uint32_t n_slices)
{
    block carry = *digit;
    for (uint32_t s = from; s < n_slices; s++) {
        const block next = sums[s] & carry;
        sums[s] ^= carry;
        carry = next;
    }
}

/** Adds eight strings to the three lowest digits; what they carry is 8 times a digit. */
OPS_TARGET static inline void OPS_NAME(add_eight)(block *carry, block *low,
                                                  const uint64_t *const *strings, size_t at)
{
    block two[4];
    block four[2];
    for (size_t i = 0; i < 4; i++) {
        const block *const one = (const block *)(strings[2 * i] + at);
        const block *const other = (const block *)(strings[2 * i + 1] + at);
        OPS_NAME(add)(&two[i], &low[0], one, other);
    }
    OPS_NAME(add)(&four[0], &low[1], &two[0], &two[1]);
    OPS_NAME(add)(&four[1], &low[1], &two[2], &two[3]);
    OPS_NAME(add)(carry, &low[2], &four[0], &four[1]);
}

OPS_TARGET static void OPS_NAME(add_columns)(uint64_t *slices, const uint64_t *const *strings,
                                             size_t n, size_t n_words)
{
    const uint32_t n_slices = ops_bits_n_slices(n);
    for (size_t at = 0; at < n_words; at += OPS_BLOCK_BYTES / sizeof(uint64_t)) {
        block sums[OPS_BITS_SLICES] = {0};
        block low[3] = {0}; /* by themselves, to stay in registers */
        size_t i = 0;
        for (; i + 8 <= n; i += 8) {
            block carry;
            OPS_NAME(add_eight)(&carry, low, strings + i, at);
            OPS_NAME(ripple)(sums, &carry, 3, ops_bits_n_slices(i + 8));
        }
        memcpy(sums, low, sizeof low);
        for (; i < n; i++) {
            OPS_NAME(ripple)(sums, (const block *)(strings[i] + at), 0, ops_bits_n_slices(i + 1));
        }
        for (uint32_t s = 0; s < n_slices; s++) {
            *(block *)(slices + s * n_words + at) = sums[s];
        }
    }
}

static const struct ops_bits OPS_NAME(bits) = {OPS_QUOTE(OPS_KIND), OPS_NAME(tabulate),
                                               OPS_NAME(add_columns)};

#undef block
#undef OPS_PASTE_
#undef OPS_PASTE
#undef OPS_NAME
#undef OPS_QUOTE_
#undef OPS_QUOTE
#undef OPS_KIND
#undef OPS_BLOCK_BYTES
#undef OPS_TARGET
