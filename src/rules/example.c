/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The examples in rules, run: text becomes the bytes of a model file, which is loaded and searched
 * like any other. */
#include <string.h>

#include <opsig/graph.h>

#include "base/mem.h"
#include "onnx/text.h"
#include "rules/match.h"
#include "rules/pack.h"

/** Makes a graph of a model's text. @return OPSIG_FORMAT with the offset in the text where it is
 *  wrong, or as opsig_graph_build */
static opsig_status load_text(opsig_graph **out, const struct ops_example *example,
                              const opsig_limits *limits, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct onnx_message message;
    opsig_model *model = NULL;
    onnx_message_init(&message);
    TRY(onnx_text_encode(&message, example->text, strlen(example->text), err));
    status = ops_model_load_memory(&model, message.own.bytes, message.own.len, limits, true, err);
    if (status == OPSIG_OK) {
        status = opsig_graph_build(out, model, limits, err);
    }
    if (status != OPSIG_OK) {
        err->offset = -1; /* of the bytes, which nobody sees */
    }
done:
    opsig_model_free(model);
    onnx_message_dispose(&message);
    return status;
}

/** What a rule finds in a graph. */
static opsig_status look(const opsig_rules *rules, const opsig_rule *rule,
                         const opsig_graph *graph, const opsig_limits *limits,
                         opsig_example_kind *out, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const opsig_rule *only[] = {rule};
    const struct opsig_rules one = {.rules = {only, 1, 1}, .operators = rules->operators};
    struct ops_rules_found found;
    struct ops_deadline deadline;
    const struct ops_rules_match_options options = {
        .max_kept = 1, .max_work = OPS_RULES_MAX_WORK, .deadline = &deadline};
    ops_deadline_start(&deadline, limits->timeout, limits->cancel);
    TRY(ops_rules_match(&found, &one, graph, &options, err));
    *out = OPSIG_EXAMPLE_CLEAN;
    if (found.items.len > 0 && found.items.items[0].n_total > 0) {
        *out = found.items.items[0].n_certain > 0 ? OPSIG_EXAMPLE_MATCH : OPSIG_EXAMPLE_POSSIBLE;
    }
done:
    ops_rules_found_dispose(&found);
    return status;
}

/** The pack of a rule, which is not const in its set. */
static struct ops_pack *pack_of(const opsig_rules *rules, const opsig_rule *rule)
{
    size_t i = 0;
    while (rules->packs.items[i] != rule->pack) {
        i++;
    }
    return rules->packs.items[i];
}

/** Says where an example's model is wrong, or where the example stands. */
static opsig_status locate(struct ops_pack *pack, const struct ops_example *example,
                           const opsig_error *why, opsig_example_result *result, opsig_error *err)
{
    struct ops_place place = example->place;
    if (why->status != OPSIG_OK) {
        const uint32_t offset = why->offset > 0 ? (uint32_t)why->offset : 0;
        place = (struct ops_place){
            .at = example->text_place.at +
                  (offset < example->text_place.len ? offset : example->text_place.len),
            .len = 1};
        result->place.message = ops_arena_strndup(&pack->arena, why->message,
                                                  strlen(why->message));
        if (result->place.message == NULL) {
            return ops_error_nomem(err);
        }
    }
    return ops_pack_locate(pack, place, &result->place, err);
}

static opsig_status run(const opsig_rules *rules, const opsig_rule *rule, size_t i,
                        const opsig_limits *limits, opsig_example_result *result, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    const struct ops_example *const example = &rule->examples[i];
    opsig_graph *graph = NULL;
    opsig_error why = {.status = OPSIG_OK, .offset = -1};
    *result = (opsig_example_result){.rule = rule, .example = i, .expected = example->kind};
    const opsig_status loaded = load_text(&graph, example, limits, &why);
    if (loaded == OPSIG_NOMEM || loaded == OPSIG_CANCELLED) {
        *err = why;
        status = loaded;
        goto done;
    }
    result->is_readable = loaded == OPSIG_OK;
    if (result->is_readable) {
        TRY(look(rules, rule, graph, limits, &result->found, err));
    }
    result->passed = result->is_readable && result->found == result->expected;
    TRY(locate(pack_of(rules, rule), example, &why, result, err));
done:
    opsig_graph_free(graph);
    return status;
}

opsig_status opsig_rules_test(const opsig_rules *rules, const opsig_limits *limits,
                              opsig_rules_test_callback callback, void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    opsig_error own = {.offset = -1};
    err = err != NULL ? err : &own;
    for (size_t r = 0; r < rules->rules.len; r++) {
        for (size_t i = 0; i < rules->rules.items[r]->n_examples; i++) {
            opsig_example_result result;
            TRY(run(rules, rules->rules.items[r], i, limits, &result, err));
            if (callback(&result, payload) != 0) {
                status = ops_error_set(err, OPSIG_CANCELLED, "cancelled", -1, "cancelled");
                goto done;
            }
        }
    }
done:
    return status;
}
