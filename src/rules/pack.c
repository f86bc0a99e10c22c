/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file becomes a pack: its text is read whole, parsed, each rule checked and made ready to be
 * looked for. Rules with errors stay in the arena and are not handed out. */
#include "rules/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mem.h"
#include "base/reader.h"
#include "rules/index.h"
#include "rules/plan.h"
#include "rules/print.h"

enum { MAX_FILE = 4 * 1024 * 1024 };
static const uint64_t max_arena = UINT64_C(1) << 30;

static void pack_free(struct ops_pack *pack)
{
    if (pack == NULL) {
        return;
    }
    for (size_t i = 0; i < pack->diagnostics.len; i++) {
        ops_mem_free(pack->diagnostics.items[i].message);
    }
    ops_vec_dispose(&pack->diagnostics);
    ops_vec_dispose(&pack->rules);
    ops_arena_dispose(&pack->arena);
    ops_mem_free(pack->path);
    ops_mem_free(pack->text);
    ops_mem_free(pack);
}

opsig_status opsig_rules_new(opsig_rules **out, opsig_error *err)
{
    opsig_rules *const rules = ops_mem_zalloc(1, sizeof *rules);
    *out = NULL;
    if (rules == NULL) {
        return ops_error_nomem(err);
    }
    opsig_status status = OPSIG_OK;
    uint32_t identity;
    TRY(ops_intern_new(&rules->ids, err));
    TRY(ops_intern_new(&rules->operators, err));
    TRY(ops_rule_operator(rules->operators, "", "Identity", &identity, err));
    *out = rules;
    return OPSIG_OK;
done:
    opsig_rules_free(rules);
    return status;
}

void opsig_rules_free(opsig_rules *rules)
{
    if (rules == NULL) {
        return;
    }
    for (size_t i = 0; i < rules->packs.len; i++) {
        pack_free(rules->packs.items[i]);
    }
    ops_vec_dispose(&rules->packs);
    ops_vec_dispose(&rules->rules);
    ops_vec_dispose(&rules->diagnostics);
    ops_intern_free(rules->ids);
    ops_intern_free(rules->operators);
    ops_mem_free(rules);
}

/** Copies what a buffer holds into the arena; empties the buffer. */
static opsig_status keep_buffer(struct ops_arena *arena, struct ops_buffer *buffer,
                                const char **out, opsig_error *err)
{
    const opsig_status status = ops_buffer_status(buffer, err);
    if (status != OPSIG_OK) {
        return status;
    }
    *out = ops_arena_strndup(arena, ops_buffer_text(buffer), buffer->len);
    ops_buffer_clear(buffer);
    return *out != NULL ? OPSIG_OK : ops_error_nomem(err);
}

/** Writes down what getters hand out. */
static opsig_status describe(struct ops_pack *pack, struct opsig_rule *rule, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_buffer text;
    ops_buffer_init(&text, max_arena);
    ops_print_pattern(&text, rule);
    TRY(keep_buffer(&pack->arena, &text, &rule->pattern_text, err));
    ops_print_rule(&text, rule, true);
    TRY(keep_buffer(&pack->arena, &text, &rule->text, err));
    const char **affects = ops_arena_zalloc(&pack->arena, rule->n_affects + 1, sizeof *affects);
    if (affects == NULL) {
        status = ops_error_nomem(err);
        goto done;
    }
    for (size_t i = 0; i < rule->n_affects; i++) {
        ops_print_claim(&text, &rule->affects[i]);
        TRY(keep_buffer(&pack->arena, &text, &affects[i], err));
    }
    rule->affects_text = affects;
done:
    ops_buffer_dispose(&text);
    return status;
}

/** Counts the lines before each rule, which ascend. */
static void number_lines(struct ops_pack *pack)
{
    uint32_t line = 1;
    const char *from = pack->text;
    for (size_t i = 0; i < pack->rules.len; i++) {
        struct opsig_rule *const rule = pack->rules.items[i];
        const char *const at = pack->text + rule->place.at;
        while ((from = memchr(from, '\n', (size_t)(at - from))) != NULL) {
            line++;
            from++;
        }
        from = at;
        rule->line = line;
    }
}

/** Adds the rules of a parsed pack that are right. */
static opsig_status add_rules(opsig_rules *set, struct ops_pack *pack, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    number_lines(pack);
    for (size_t i = 0; i < pack->rules.len; i++) {
        struct opsig_rule *const rule = pack->rules.items[i];
        bool is_sound = false;
        uint32_t id;
        const uint32_t n_ids = ops_intern_count(set->ids);
        TRY(ops_intern_put(set->ids, rule->id, strlen(rule->id), &id, err));
        if (id < n_ids) {
            status = ops_pack_error(pack, rule->place, err, "there is a rule called %s already",
                                    rule->id);
            TRY(status == OPSIG_FORMAT ? OPSIG_OK : status);
            continue;
        }
        TRY(ops_rule_check(pack, rule, &is_sound, err));
        if (is_sound) {
            TRY(describe(pack, rule, err));
            TRY(ops_rule_plan(rule, &pack->arena, set->operators, err));
            TRY(ops_vec_push(&set->rules, rule, err));
        }
    }
done:
    return status;
}

static int compare_diagnostics(const void *a, const void *b)
{
    const struct ops_diagnostic *const x = a;
    const struct ops_diagnostic *const y = b;
    const int places = (x->place.at > y->place.at) - (x->place.at < y->place.at);
    return places != 0 ? places : strcmp(x->message, y->message);
}

/** Hands the diagnostics of a pack on to the set, in the order of their places. */
static opsig_status add_diagnostics(opsig_rules *set, struct ops_pack *pack, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    if (pack->diagnostics.len > 1) {
        qsort(pack->diagnostics.items, pack->diagnostics.len, sizeof *pack->diagnostics.items,
              compare_diagnostics);
    }
    for (size_t i = 0; i < pack->diagnostics.len; i++) {
        const struct ops_diagnostic *const from = &pack->diagnostics.items[i];
        opsig_rules_diagnostic to = {.is_warning = from->is_warning, .message = from->message};
        TRY(ops_vec_reserve(&set->diagnostics, 1, err));
        TRY(ops_pack_locate(pack, from->place, &to, err));
        set->diagnostics.items[set->diagnostics.len++] = to;
    }
    set->n_errors += pack->n_errors;
done:
    return status;
}

/** The status of a pack with errors, and the first of these. */
static opsig_status tell_first(const opsig_rules *set, size_t first, opsig_error *err)
{
    for (size_t i = first; i < set->diagnostics.len; i++) {
        const opsig_rules_diagnostic *const it = &set->diagnostics.items[i];
        if (!it->is_warning) {
            return ops_error_set(err, OPSIG_FORMAT, "rules", -1, "line %u, column %u: %s",
                                 it->line, it->column, it->message);
        }
    }
    return ops_error_set(err, OPSIG_FORMAT, "rules", -1, "errors in rules");
}

/** Reads the rules of a pack. Texts of rules are strings, which a NUL would end. */
static opsig_status parse(struct ops_pack *pack, opsig_error *err)
{
    const char *const nul = memchr(pack->text, '\0', pack->len);
    if (nul == NULL) {
        return ops_rules_parse(pack, err);
    }
    const struct ops_place place = {(uint32_t)(nul - pack->text), 1};
    const opsig_status status = ops_pack_error(pack, place, err, "a NUL byte");
    return status == OPSIG_FORMAT ? OPSIG_OK : status;
}

/** Makes a pack of a text, which it takes over, also on failure. */
static opsig_status add_pack(opsig_rules *set, const char *name, char *text, size_t len,
                             bool is_quiet, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const size_t first = set->diagnostics.len;
    struct ops_pack *pack = ops_mem_zalloc(1, sizeof *pack);
    if (pack == NULL) {
        ops_mem_free(text);
        return ops_error_nomem(err);
    }
    ops_arena_init(&pack->arena, max_arena);
    pack->text = text;
    pack->len = len;
    pack->is_quiet = is_quiet;
    pack->path = ops_mem_strdup(name);
    TRY(pack->path != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_vec_push(&set->packs, pack, err));
    struct ops_pack *const owned = pack;
    pack = NULL;
    TRY(parse(owned, err));
    TRY(add_rules(set, owned, err));
    TRY(add_diagnostics(set, owned, err));
    status = owned->n_errors > 0 ? tell_first(set, first, err) : OPSIG_OK;
done:
    pack_free(pack);
    return status;
}

static opsig_status too_large(opsig_error *err)
{
    return ops_error_set(err, OPSIG_LIMIT, "limit", -1, "a file of rules has at most %d MiB",
                         MAX_FILE >> 20);
}

static opsig_status add_copy(opsig_rules *rules, const char *name, const char *text, size_t len,
                             bool is_quiet, opsig_error *err)
{
    if (len > MAX_FILE) {
        return too_large(err);
    }
    char *const copy = ops_mem_alloc(len + 1);
    if (copy == NULL) {
        return ops_error_nomem(err);
    }
    if (len > 0) {
        memcpy(copy, text, len);
    }
    copy[len] = '\0';
    return add_pack(rules, name, copy, len, is_quiet, err);
}

opsig_status opsig_rules_add_text(opsig_rules *rules, const char *name, const char *text,
                                  size_t len, opsig_error *err)
{
    return add_copy(rules, name, text, len, false, err);
}

opsig_status ops_rules_add_stored(opsig_rules *rules, const char *name, const char *text,
                                  size_t len, opsig_error *err)
{
    return add_copy(rules, name, text, len, true, err);
}

opsig_status opsig_rules_add_file(opsig_rules *rules, const char *path, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct ops_reader *reader = NULL;
    char *text = NULL;
    TRY(ops_reader_open(&reader, path, UINT64_MAX, err));
    const uint64_t size = ops_reader_size(reader);
    if (size > MAX_FILE) {
        status = too_large(err);
        goto done;
    }
    text = ops_mem_alloc((size_t)size + 1);
    TRY(text != NULL ? OPSIG_OK : ops_error_nomem(err));
    TRY(ops_reader_read(reader, text, (size_t)size, err));
    text[size] = '\0';
    char *const owned = text;
    text = NULL;
    TRY(add_pack(rules, path, owned, (size_t)size, false, err));
done:
    ops_mem_free(text);
    ops_reader_free(reader);
    return status;
}

size_t opsig_rules_n_diagnostics(const opsig_rules *rules)
{
    return rules->diagnostics.len;
}

opsig_rules_diagnostic opsig_rules_diagnostic_at(const opsig_rules *rules, size_t i)
{
    return rules->diagnostics.items[i];
}

size_t opsig_rules_n_errors(const opsig_rules *rules)
{
    return rules->n_errors;
}

size_t opsig_rules_n(const opsig_rules *rules)
{
    return rules->rules.len;
}

const opsig_rule *opsig_rules_at(const opsig_rules *rules, size_t i)
{
    return rules->rules.items[i];
}

const opsig_rule *opsig_rules_find(const opsig_rules *rules, const char *id)
{
    for (size_t i = 0; i < rules->rules.len; i++) {
        if (strcmp(rules->rules.items[i]->id, id) == 0) {
            return rules->rules.items[i];
        }
    }
    return NULL;
}

void opsig_rules_keep(opsig_rules *rules, const opsig_rules_filter *filter)
{
    size_t n = 0;
    for (size_t i = 0; i < rules->rules.len; i++) {
        if (opsig_rule_passes(rules->rules.items[i], filter)) {
            rules->rules.items[n++] = rules->rules.items[i];
        }
    }
    rules->rules.len = n;
}
