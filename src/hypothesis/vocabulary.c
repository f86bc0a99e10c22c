/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two intern tables. An operator that is called "input" or "output" is the same symbol as an end of
 * a path, as it is to whoever compares the texts. */
#include "hypothesis/vocabulary.h"

#include <string.h>

opsig_status ops_vocabulary_init(struct ops_vocabulary *vocabulary, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    uint32_t id;
    *vocabulary = (struct ops_vocabulary){0};
    TRY(ops_intern_new(&vocabulary->symbols, err));
    TRY(ops_intern_new(&vocabulary->bigrams, err));
    TRY(ops_vocabulary_symbol(vocabulary, "input", &id, err));
    TRY(ops_vocabulary_symbol(vocabulary, "output", &id, err));
done:
    return status;
}

void ops_vocabulary_dispose(struct ops_vocabulary *vocabulary)
{
    ops_intern_free(vocabulary->symbols);
    ops_intern_free(vocabulary->bigrams);
    *vocabulary = (struct ops_vocabulary){0};
}

opsig_status ops_vocabulary_symbol(struct ops_vocabulary *vocabulary, const char *text,
                                   uint32_t *out, opsig_error *err)
{
    return ops_intern_put(vocabulary->symbols, text, strlen(text), out, err);
}

opsig_status ops_vocabulary_bigram(struct ops_vocabulary *vocabulary, uint32_t first,
                                   uint32_t second, uint32_t *out, opsig_error *err)
{
    const uint32_t pair[2] = {first, second};
    return ops_intern_put(vocabulary->bigrams, (const char *)pair, sizeof pair, out, err);
}

void ops_vocabulary_split(const struct ops_vocabulary *vocabulary, uint32_t bigram,
                          uint32_t out[2])
{
    memcpy(out, ops_intern_text(vocabulary->bigrams, bigram), 2 * sizeof *out);
}
