/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Links whose ends are both bound come first, since they only check; then those that go back to a
 * producer, of which there is one; then those that go on to readers, of which there may be many. */
#include "rules/plan.h"

#include <string.h>

#include "base/error.h"
#include "rules/index.h"
#include "rules/parser.h" /* OPS_NO_ELEMENT */

struct planner {
    struct opsig_rule *rule;
    struct ops_arena *arena;
    opsig_error *err;
};

static opsig_status take(struct planner *p, size_t n, size_t size, void **out)
{
    *out = ops_arena_zalloc(p->arena, n + 1, size);
    return *out != NULL ? OPSIG_OK : ops_error_nomem(p->err);
}

static uint64_t bit(uint32_t element)
{
    return UINT64_C(1) << element;
}

/* ---- operators ---- */

static opsig_status plan_operators(struct planner *p, struct ops_intern *operators,
                                   const uint32_t *const **out)
{
    opsig_status status = OPSIG_OK;
    void *lists;
    TRY(take(p, p->rule->n_all_elements, sizeof(uint32_t *), &lists));
    const uint32_t **const by_element = lists;
    for (uint32_t i = 0; i < p->rule->n_all_elements; i++) {
        const struct ops_operator_set *const set = &p->rule->elements[i].operators;
        void *memory;
        TRY(take(p, set->n, sizeof(uint32_t), &memory));
        uint32_t *const numbers = memory;
        for (uint32_t k = 0; k < set->n; k++) {
            TRY(ops_rule_operator(operators, set->names[k].domain, set->names[k].op_type,
                                  &numbers[k], p->err));
        }
        by_element[i] = numbers;
    }
    *out = by_element;
done:
    return status;
}

/* ---- links ---- */

/** What is bound on the way. */
struct bound {
    uint64_t elements;
    uint32_t tensors;
};

/** 0: no end is bound; the larger the earlier. */
static int rank(const struct bound *bound, const struct ops_link *link)
{
    const bool from = link->from_tensor ? (bound->tensors >> link->from & 1) != 0
                                        : (bound->elements >> link->from & 1) != 0;
    const bool to = (bound->elements >> link->to & 1) != 0;
    return from && to ? 3 : to ? 2 : from ? 1 : 0;
}

static void bind_ends(struct bound *bound, const struct ops_link *link)
{
    bound->elements |= bit(link->to);
    if (link->from_tensor) {
        bound->tensors |= UINT32_C(1) << link->from;
    } else {
        bound->elements |= bit(link->from);
    }
}

static opsig_status plan_links(struct planner *p, struct bound *bound, const struct ops_link *links,
                               uint32_t n, struct ops_plan_part *out)
{
    opsig_status status = OPSIG_OK;
    void *memory;
    void *flags;
    TRY(take(p, n, sizeof(uint32_t), &memory));
    TRY(take(p, n, sizeof(bool), &flags));
    uint32_t *const order = memory;
    bool *const is_placed = flags;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t best = 0;
        int best_rank = -1;
        for (uint32_t k = 0; k < n; k++) {
            const int own = is_placed[k] ? -1 : rank(bound, &links[k]);
            if (own > best_rank) {
                best = k;
                best_rank = own;
            }
        }
        order[i] = best;
        is_placed[best] = true;
        bind_ends(bound, &links[best]);
    }
    out->links = links;
    out->order = order;
    out->n_links = n;
done:
    return status;
}

/* ---- tests ---- */

/** Gathers the elements that an expression is about.
 *  @return false: it is about tensors or arrows as well */
static bool look(const struct ops_expression *e, uint64_t *elements)
{
    bool alone = e->kind != OPS_EXPR_TENSOR &&
                 !(e->kind == OPS_EXPR_CALL && e->function->id == OPS_FN_OTHER);
    if (e->kind == OPS_EXPR_ELEMENT || e->kind == OPS_EXPR_FIELD) {
        *elements |= bit(e->index);
    }
    for (uint32_t i = 0; i < e->n_args; i++) {
        alone = (e->args[i] == NULL || look(e->args[i], elements)) && alone;
    }
    return alone;
}

static uint32_t only_element(uint64_t elements)
{
    return elements != 0 && (elements & (elements - 1)) == 0
               ? (uint32_t)__builtin_ctzll(elements)
               : OPS_NO_ELEMENT;
}

/** The tests of the brackets of elements first ... end - 1, and n others. */
static opsig_status plan_tests(struct planner *p, uint32_t first, uint32_t end,
                               const struct ops_expression *const *tests, uint32_t n,
                               struct ops_plan_part *out)
{
    opsig_status status = OPSIG_OK;
    void *memory;
    size_t count = n;
    for (uint32_t i = first; i < end; i++) {
        count += p->rule->elements[i].n_tests;
    }
    TRY(take(p, count, sizeof(struct ops_planned_test), &memory));
    struct ops_planned_test *const planned = memory;
    for (uint32_t i = first; i <= end; i++) {
        const struct ops_element *const element = i < end ? &p->rule->elements[i] : NULL;
        const uint32_t n_own = element != NULL ? element->n_tests : n;
        for (uint32_t k = 0; k < n_own; k++) {
            struct ops_planned_test *const one = &planned[out->n_tests++];
            one->test = element != NULL ? element->tests[k] : tests[k];
            one->elements = element != NULL ? bit(i) : 0;
            const bool alone = look(one->test, &one->elements);
            one->element = alone ? only_element(one->elements) : OPS_NO_ELEMENT;
        }
    }
    out->tests = planned;
done:
    return status;
}

/* ---- the whole ---- */

static uint64_t steps_of(const struct ops_link *links, uint32_t n)
{
    uint64_t steps = 0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t s = 0; s < links[i].n_steps; s++) {
            steps |= bit(links[i].steps[s]);
        }
    }
    return steps;
}

static opsig_status plan_unless(struct planner *p, const struct bound *matched,
                                struct ops_rule_plan *plan)
{
    opsig_status status = OPSIG_OK;
    void *memory;
    TRY(take(p, p->rule->n_unless, sizeof(struct ops_plan_part), &memory));
    struct ops_plan_part *const parts = memory;
    for (uint32_t i = 0; i < p->rule->n_unless; i++) {
        const struct ops_unless *const line = &p->rule->unless[i];
        struct bound bound = *matched;
        if (line->test == NULL) {
            TRY(plan_links(p, &bound, line->links, line->n_links, &parts[i]));
            TRY(plan_tests(p, line->first_element, line->end_element, NULL, 0, &parts[i]));
            plan->steps |= steps_of(line->links, line->n_links);
        }
    }
    plan->unless = parts;
done:
    return status;
}

opsig_status ops_rule_plan(struct opsig_rule *rule, struct ops_arena *arena,
                           struct ops_intern *operators, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct planner p = {.rule = rule, .arena = arena, .err = err};
    struct bound bound = {.elements = bit(rule->report)};
    void *memory;
    TRY(take(&p, 1, sizeof(struct ops_rule_plan), &memory));
    struct ops_rule_plan *const plan = memory;
    TRY(plan_operators(&p, operators, &plan->operators));
    plan->steps = steps_of(rule->links, rule->n_links);
    TRY(plan_links(&p, &bound, rule->links, rule->n_links, &plan->match));
    TRY(plan_tests(&p, 0, rule->n_elements, rule->tests, rule->n_tests, &plan->match));
    TRY(plan_unless(&p, &bound, plan));
    rule->plan = plan;
done:
    return status;
}
