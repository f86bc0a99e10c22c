/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each vertex that the reported node may be is tried in turn. From there the links are followed in
 * the order of the plan, by depth-first search: back to producers, or on to readers. A test is
 * judged as soon as the one node that it is about is bound, the others when all are. Of one
 * reported vertex the first certain match ends the search; a possible one waits for a certain one.
 *
 * Nodes that only hand on (Identity) are passed in both directions, unless the element at hand asks
 * for them by name. Recursion is bounded by links and steps of a rule. */
#include "rules/search.h"

#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "rules/evaluate.h"
#include "rules/parser.h" /* OPS_NO_ELEMENT */
#include "rules/plan.h"

enum {
    SCRATCH_KEPT = 1 << 20, /* bytes */
    WORK_OF_VERTEX = 32     /* that a large model may take beyond the bound */
};

/** A vertex that stands for a step, or for a node. */
struct taken {
    uint32_t element, vertex;
};

struct ops_rule_search {
    struct ops_evaluation at; /* what is bound */
    const struct ops_rules_match_options *options;
    struct ops_rules_found *out;
    struct ops_arena scratch;
    OPS_VEC(struct taken) taken; /* in the order of binding */
    OPS_VEC(uint32_t) link_slot;
    OPS_VEC(uint32_t) candidates; /* for the reported node */
    uint64_t work, max_work;
    opsig_error *err;

    const struct ops_plan_part *part; /* that is being matched */
    const struct ops_unless *line;    /* NULL: the match part */
    uint32_t n_unknown; /* tests so far that are neither true nor false */
    enum ops_truth best; /* FALSE, MAYBE or TRUE: of what has been found since the start */
    bool is_over;        /* nothing better can be found, or the work is used up */
    bool is_cut;

    OPS_VEC(struct taken) found;      /* the best match */
    OPS_VEC(struct ops_rule_match) matches; /* of the rule */
};

static opsig_status match_link(struct ops_rule_search *s, uint32_t k);

static const struct ops_rule_plan *plan_of(const struct ops_rule_search *s)
{
    return s->at.rule->plan;
}

/** Counts a look at a neighbour. @return OPSIG_TIMEOUT, OPSIG_CANCELLED */
static opsig_status count_work(struct ops_rule_search *s)
{
    if (++s->work > s->max_work) {
        s->is_cut = s->is_over = true;
    }
    return ops_deadline_check(s->options->deadline, s->err);
}

/* ---- tests ---- */

static opsig_status judge(struct ops_rule_search *s, const struct ops_expression *test,
                          enum ops_truth *out)
{
    if (s->scratch.total > SCRATCH_KEPT) {
        ops_arena_dispose(&s->scratch);
        ops_arena_init(&s->scratch, UINT64_MAX);
    }
    const opsig_status status = ops_evaluate_test(&s->at, test, out);
    *out = *out == OPS_NOT_THERE ? OPS_FALSE : *out;
    return status;
}

/** Judges a test that must hold: unknown ones are counted. @param out_holds  false: it does not */
static opsig_status require(struct ops_rule_search *s, const struct ops_expression *test,
                            bool *out_holds)
{
    enum ops_truth truth;
    const opsig_status status = judge(s, test, &truth);
    *out_holds = truth != OPS_FALSE;
    s->n_unknown += truth == OPS_MAYBE;
    return status;
}

/** Can nothing better than what there is come of it any more? */
static bool is_hopeless(const struct ops_rule_search *s)
{
    return s->n_unknown > 0 &&
           (s->best != OPS_FALSE || (s->line == NULL && s->at.rule->require_known));
}

/** The tests that are about one element alone, once it is bound. */
static opsig_status require_own(struct ops_rule_search *s, uint32_t element, bool *out_hold)
{
    opsig_status status = OPSIG_OK;
    *out_hold = true;
    for (uint32_t i = 0; i < s->part->n_tests && *out_hold; i++) {
        if (s->part->tests[i].element == element) {
            TRY(require(s, s->part->tests[i].test, out_hold));
        }
    }
done:
    return status;
}

/** A test of a step that is about other nodes as well: for each node that the step stands for. */
static opsig_status require_of_step(struct ops_rule_search *s, const struct ops_planned_test *test,
                                    uint32_t step, bool *out_hold)
{
    opsig_status status = OPSIG_OK;
    for (size_t i = 0; i < s->taken.len && *out_hold; i++) {
        if (s->taken.items[i].element == step) {
            s->at.vertex[step] = s->taken.items[i].vertex;
            TRY(require(s, test->test, out_hold));
        }
    }
done:
    return status;
}

/** The tests that are about more than one element, once all are bound. */
static opsig_status require_rest(struct ops_rule_search *s, bool *out_hold)
{
    opsig_status status = OPSIG_OK;
    *out_hold = true;
    for (uint32_t i = 0; i < s->part->n_tests && *out_hold; i++) {
        const struct ops_planned_test *const test = &s->part->tests[i];
        const uint64_t steps = test->elements & plan_of(s)->steps;
        if (test->element != OPS_NO_ELEMENT) {
            continue;
        }
        if (steps != 0) {
            TRY(require_of_step(s, test, (uint32_t)__builtin_ctzll(steps), out_hold));
        } else {
            TRY(require(s, test->test, out_hold));
        }
    }
done:
    return status;
}

/* ---- binding ---- */

/** May a vertex stand for an element, as far as its operator goes? */
static bool accepts(const struct ops_rule_search *s, uint32_t element, uint32_t vertex)
{
    const struct ops_operator_set *const set = &s->at.rule->elements[element].operators;
    const uint32_t *const numbers = plan_of(s)->operators[element];
    const uint32_t own = s->at.index->operators[vertex];
    for (uint32_t i = 0; i < set->n; i++) {
        if (numbers[i] == own) {
            return !set->negated;
        }
    }
    return set->negated && !ops_rule_index_is_identity(s->at.index, vertex);
}

static bool is_taken(const struct ops_rule_search *s, uint32_t vertex)
{
    for (size_t i = 0; i < s->taken.len; i++) {
        if (s->taken.items[i].vertex == vertex) {
            return true;
        }
    }
    return false;
}

/** What to go back to. */
struct mark {
    uint32_t n_unknown;
    uint32_t before; /* vertex of the element */
};

/** Lets a vertex stand for an element, where it may.
 *  @param out_bound  true: release must follow */
static opsig_status bind(struct ops_rule_search *s, uint32_t element, uint32_t vertex,
                         struct mark *mark, bool *out_bound)
{
    opsig_status status = OPSIG_OK;
    const struct taken taken = {element, vertex};
    bool hold = false;
    *mark = (struct mark){s->n_unknown, s->at.vertex[element]};
    *out_bound = false;
    if (!accepts(s, element, vertex) || is_taken(s, vertex)) {
        return OPSIG_OK;
    }
    TRY(ops_vec_push(&s->taken, taken, s->err));
    s->at.vertex[element] = vertex;
    TRY(require_own(s, element, &hold));
    *out_bound = hold && !is_hopeless(s);
done:
    if (!*out_bound && s->at.vertex[element] == vertex) {
        s->taken.len--;
        s->at.vertex[element] = mark->before;
        s->n_unknown = mark->n_unknown;
    }
    return status;
}

static void release(struct ops_rule_search *s, uint32_t element, const struct mark *mark)
{
    s->taken.len--;
    s->at.vertex[element] = mark->before;
    s->n_unknown = mark->n_unknown;
}

/* ---- slots ---- */

/** Is an input slot the one that a link names? The last name of a list of inputs stands for all
 *  that follow. */
static bool is_input(const struct ops_rule_search *s, const struct ops_slot *asked, uint32_t vertex,
                     uint32_t slot)
{
    const struct ops_facts *const facts = s->at.index->facts;
    if (asked->kind == OPS_SLOT_NONE) {
        return true;
    }
    if (asked->kind == OPS_SLOT_NUMBER) {
        return slot == asked->number;
    }
    const struct ops_fact_kind *const kind = &facts->kinds[facts->vertices[vertex].kind];
    const int32_t port = ops_facts_input_slot(facts, vertex, asked->name);
    return port >= 0 && (slot == (uint32_t)port ||
                         ((uint32_t)port + 1 == kind->n_inputs && slot > (uint32_t)port));
}

static bool is_output(const struct ops_rule_search *s, const struct ops_slot *asked,
                      uint32_t vertex, uint32_t slot)
{
    const struct ops_facts *const facts = s->at.index->facts;
    if (asked->kind != OPS_SLOT_NAME) {
        return slot == (asked->kind == OPS_SLOT_NUMBER ? asked->number : 0);
    }
    const struct ops_fact_kind *const kind = &facts->kinds[facts->vertices[vertex].kind];
    const int32_t port = ops_facts_output_slot(facts, vertex, asked->name);
    return port >= 0 && (slot == (uint32_t)port ||
                         ((uint32_t)port + 1 == kind->n_outputs && slot > (uint32_t)port));
}

/* ---- one link ---- */

/** On the way along a link: which of its steps is at hand, and how often it has been taken. */
struct walk {
    uint32_t k; /* of the part's order */
    const struct ops_link *link;
    uint32_t link_index;
    uint32_t step;  /* forward: the next one; back: one more than the next one */
    uint32_t times;
};

/** Binds the node at the end of a link, or checks that it is the one that is bound, and goes on
 *  with the next link. */
static opsig_status arrive(struct ops_rule_search *s, const struct walk *walk, uint32_t element,
                           uint32_t vertex)
{
    opsig_status status = OPSIG_OK;
    if (s->at.vertex[element] != OPS_NO_VERTEX) {
        return s->at.vertex[element] == vertex ? match_link(s, walk->k + 1) : OPSIG_OK;
    }
    struct mark mark;
    bool bound;
    TRY(bind(s, element, vertex, &mark, &bound));
    if (bound) {
        status = match_link(s, walk->k + 1);
        release(s, element, &mark);
    }
done:
    return status;
}

/** Notes by which input a link of the match part arrives. */
static void note_slot(struct ops_rule_search *s, const struct walk *walk, uint32_t slot)
{
    if (s->line == NULL) {
        s->link_slot.items[walk->link_index] = slot;
    }
}

static const struct ops_element *step_at(const struct ops_rule_search *s, const struct walk *walk,
                                         uint32_t step)
{
    return &s->at.rule->elements[walk->link->steps[step]];
}

static opsig_status go_back(struct ops_rule_search *s, struct walk walk, uint32_t tensor);
static opsig_status go_on(struct ops_rule_search *s, struct walk walk, uint32_t tensor);

/** Takes a vertex as one more of a step, and goes on from all of its inputs or outputs. */
static opsig_status take_step(struct ops_rule_search *s, struct walk walk, uint32_t vertex,
                              bool back)
{
    opsig_status status = OPSIG_OK;
    const struct ops_facts *const facts = s->at.index->facts;
    const struct ops_fact_vertex *const fact = &facts->vertices[vertex];
    const uint32_t step = walk.link->steps[back ? walk.step - 1 : walk.step];
    const uint32_t first = back ? fact->inputs : fact->outputs;
    const uint32_t n = back ? fact->n_inputs : fact->n_outputs;
    struct mark mark;
    bool bound;
    TRY(bind(s, step, vertex, &mark, &bound));
    if (!bound) {
        goto done;
    }
    walk.times++;
    for (uint32_t i = first; i < first + n && status == OPSIG_OK && !s->is_over; i++) {
        if (facts->slots[i] != OPS_NO_TENSOR) {
            status = back ? go_back(s, walk, facts->slots[i]) : go_on(s, walk, facts->slots[i]);
        }
    }
    release(s, step, &mark);
done:
    return status;
}

/** At the front of a link: the tensor is its beginning, or an output of the node there. */
static opsig_status begin_here(struct ops_rule_search *s, const struct walk *walk, uint32_t tensor)
{
    opsig_status status = OPSIG_OK;
    const struct ops_link *const link = walk->link;
    const struct ops_fact_tensor *const fact = &s->at.index->facts->tensors[tensor];
    if (!link->from_tensor) {
        if (fact->producer != OPS_NO_VERTEX &&
            is_output(s, &link->output, fact->producer, fact->slot)) {
            status = arrive(s, walk, link->from, fact->producer);
        }
        return status;
    }
    const uint32_t root = ops_rule_index_root(s->at.index, tensor);
    uint32_t *const named = &s->at.tensor[link->from];
    if (*named != OPS_NO_TENSOR) {
        return *named == root ? match_link(s, walk->k + 1) : OPSIG_OK;
    }
    *named = root;
    status = match_link(s, walk->k + 1);
    *named = OPS_NO_TENSOR;
    return status;
}

/** What may produce the tensor: all ways on from here. */
static opsig_status try_producer(struct ops_rule_search *s, struct walk walk, uint32_t tensor)
{
    opsig_status status = OPSIG_OK;
    const uint32_t producer = s->at.index->facts->tensors[tensor].producer;
    TRY(count_work(s));
    if (walk.step == 0) {
        TRY(begin_here(s, &walk, tensor));
        goto done;
    }
    const struct ops_element *const step = step_at(s, &walk, walk.step - 1);
    if (walk.times < step->max && producer != OPS_NO_VERTEX && !s->is_over) {
        TRY(take_step(s, walk, producer, true));
    }
    if (walk.times >= step->min && !s->is_over) {
        walk.step--;
        walk.times = 0;
        TRY(try_producer(s, walk, tensor));
    }
done:
    return status;
}

/** From a tensor back towards the front of a link, at each Identity as well. */
static opsig_status go_back(struct ops_rule_search *s, struct walk walk, uint32_t tensor)
{
    opsig_status status = OPSIG_OK;
    const struct ops_rule_index *const index = s->at.index;
    while (tensor != OPS_NO_TENSOR && !s->is_over) {
        const uint32_t producer = index->facts->tensors[tensor].producer;
        TRY(try_producer(s, walk, tensor));
        if (producer == OPS_NO_VERTEX || !ops_rule_index_is_identity(index, producer) ||
            (walk.link->from_tensor && walk.link->n_steps == 0)) {
            break; /* a tensor is the same one behind Identity: it has been tried */
        }
        tensor = ops_facts_input(index->facts, producer, 0);
    }
done:
    return status;
}

/** What may read the tensor in an input: all ways on from there. */
static opsig_status try_reader(struct ops_rule_search *s, struct walk walk,
                               struct ops_reader_slot reader)
{
    opsig_status status = OPSIG_OK;
    const struct ops_link *const link = walk.link;
    TRY(count_work(s));
    while (walk.step < link->n_steps) {
        const struct ops_element *const step = step_at(s, &walk, walk.step);
        if (walk.times < step->max && !s->is_over) {
            TRY(take_step(s, walk, reader.vertex, false));
        }
        if (walk.times < step->min) {
            goto done;
        }
        walk.step++;
        walk.times = 0;
    }
    if (is_input(s, &link->input, reader.vertex, reader.slot) && !s->is_over) {
        note_slot(s, &walk, reader.slot);
        TRY(arrive(s, &walk, link->to, reader.vertex));
    }
done:
    return status;
}

/** Is `tensor` what `read` hands on, however many Identity nodes stand in between? Both have the
 *  same root. */
static opsig_status is_behind(struct ops_rule_search *s, uint32_t read, uint32_t tensor, bool *out)
{
    const struct ops_facts *const facts = s->at.index->facts;
    const uint32_t root = ops_rule_index_root(s->at.index, tensor);
    opsig_status status = OPSIG_OK;
    while (root != tensor && read != tensor && read != root && !s->is_over) {
        read = ops_facts_input(facts, facts->tensors[read].producer, 0);
        TRY(count_work(s));
    }
    *out = root == tensor || read == tensor;
done:
    return status;
}

/** From a tensor on towards the end of a link, to who reads it behind Identity nodes as well. */
static opsig_status go_on(struct ops_rule_search *s, struct walk walk, uint32_t tensor)
{
    opsig_status status = OPSIG_OK;
    const struct ops_rule_index *const index = s->at.index;
    const uint32_t root = ops_rule_index_root(index, tensor);
    for (uint32_t i = index->reader_begin[root]; i < index->reader_begin[root + 1] && !s->is_over;
         i++) {
        const struct ops_reader_slot reader = index->readers[i];
        bool reads;
        TRY(is_behind(s, ops_facts_input(index->facts, reader.vertex, reader.slot), tensor,
                      &reads));
        if (reads) {
            TRY(try_reader(s, walk, reader));
        }
    }
done:
    return status;
}

/** From the end of a link, which is bound, back through each input that it may enter. */
static opsig_status follow_back(struct ops_rule_search *s, struct walk walk)
{
    opsig_status status = OPSIG_OK;
    const struct ops_facts *const facts = s->at.index->facts;
    const uint32_t to = s->at.vertex[walk.link->to];
    walk.step = walk.link->n_steps;
    for (uint32_t slot = 0; slot < facts->vertices[to].n_inputs && !s->is_over; slot++) {
        const uint32_t tensor = ops_facts_input(facts, to, slot);
        if (tensor != OPS_NO_TENSOR && is_input(s, &walk.link->input, to, slot)) {
            note_slot(s, &walk, slot);
            TRY(go_back(s, walk, tensor));
        }
    }
done:
    return status;
}

/** From the front of a link, which is bound, on. */
static opsig_status follow_on(struct ops_rule_search *s, struct walk walk)
{
    opsig_status status = OPSIG_OK;
    const struct ops_facts *const facts = s->at.index->facts;
    if (walk.link->from_tensor) {
        return go_on(s, walk, s->at.tensor[walk.link->from]);
    }
    const uint32_t from = s->at.vertex[walk.link->from];
    for (uint32_t slot = 0; slot < facts->vertices[from].n_outputs && !s->is_over; slot++) {
        const uint32_t tensor = ops_facts_output(facts, from, slot);
        if (tensor != OPS_NO_TENSOR && is_output(s, &walk.link->output, from, slot)) {
            TRY(go_on(s, walk, tensor));
        }
    }
done:
    return status;
}

/* ---- a whole match ---- */

/** Whether one line of `unless` holds of the match at hand. */
static opsig_status judge_line(struct ops_rule_search *s, uint32_t i, enum ops_truth *out)
{
    const struct ops_unless *const line = &s->at.rule->unless[i];
    const struct ops_plan_part *const part = s->part;
    const uint32_t n_unknown = s->n_unknown;
    const enum ops_truth best = s->best;
    if (line->test != NULL) {
        return judge(s, line->test, out);
    }
    s->part = &plan_of(s)->unless[i];
    s->line = line;
    s->n_unknown = 0;
    s->best = OPS_FALSE;
    const opsig_status status = match_link(s, 0);
    *out = s->is_cut && s->best == OPS_FALSE ? OPS_MAYBE : s->best;
    s->part = part;
    s->line = NULL;
    s->n_unknown = n_unknown;
    s->best = best;
    s->is_over = s->is_cut;
    return status;
}

/** Lines that are unknown are counted. @param out_none  false: one holds */
static opsig_status judge_unless(struct ops_rule_search *s, bool *out_none)
{
    opsig_status status = OPSIG_OK;
    *out_none = true;
    for (uint32_t i = 0; i < s->at.rule->n_unless && *out_none; i++) {
        enum ops_truth truth;
        TRY(judge_line(s, i, &truth));
        s->n_unknown += truth == OPS_MAYBE;
        *out_none = truth != OPS_TRUE;
    }
done:
    return status;
}

/** Notes what is bound as the best match so far. */
static opsig_status keep(struct ops_rule_search *s)
{
    opsig_status status = OPSIG_OK;
    s->found.len = 0;
    TRY(ops_vec_reserve(&s->found, s->taken.len, s->err));
    memcpy(s->found.items, s->taken.items, s->taken.len * sizeof *s->taken.items);
    s->found.len = s->taken.len;
done:
    return status;
}

/** All is bound: judges what is left, and keeps the match if it is the best so far. */
static opsig_status complete(struct ops_rule_search *s)
{
    opsig_status status = OPSIG_OK;
    const uint32_t n_unknown = s->n_unknown;
    bool hold;
    TRY(require_rest(s, &hold));
    if (hold && s->line == NULL) {
        TRY(judge_unless(s, &hold));
    }
    if (hold && !is_hopeless(s)) {
        s->best = s->n_unknown > 0 ? OPS_MAYBE : OPS_TRUE;
        s->is_over = s->is_over || s->best == OPS_TRUE;
        TRY(s->line == NULL ? keep(s) : OPSIG_OK);
    }
done:
    s->n_unknown = n_unknown;
    return status;
}

static opsig_status match_link(struct ops_rule_search *s, uint32_t k)
{
    if (k == s->part->n_links) {
        return complete(s);
    }
    const uint32_t index = s->part->order[k];
    const struct walk walk = {.k = k, .link = &s->part->links[index], .link_index = index};
    return s->at.vertex[walk.link->to] != OPS_NO_VERTEX ? follow_back(s, walk)
                                                        : follow_on(s, walk);
}

/* ---- one rule ---- */

/** Writes the vertices of the best match: those of nodes by element, then those of steps. */
static opsig_status write_match(struct ops_rule_search *s, uint32_t report)
{
    const struct opsig_rule *const rule = s->at.rule;
    const uint32_t n = (uint32_t)s->found.len;
    uint32_t *const vertices = ops_arena_zalloc(&s->out->arena, n, sizeof *vertices);
    uint32_t at = 0;
    if (vertices == NULL) {
        return ops_error_nomem(s->err);
    }
    for (uint32_t element = 0; element < rule->n_elements; element++) {
        for (size_t i = 0; i < s->found.len; i++) {
            if (s->found.items[i].element == element &&
                (plan_of(s)->steps >> element & 1) == 0) {
                vertices[at++] = s->found.items[i].vertex;
            }
        }
    }
    for (size_t i = 0; i < s->found.len; i++) {
        if ((plan_of(s)->steps >> s->found.items[i].element & 1) != 0) {
            vertices[at++] = s->found.items[i].vertex;
        }
    }
    const struct ops_rule_match match = {.vertices = vertices,
                                         .n = at,
                                         .report = report,
                                         .is_certain = s->best == OPS_TRUE};
    return ops_vec_push(&s->matches, match, s->err);
}

/** Looks for the rule with one vertex as what is reported. */
static opsig_status try_vertex(struct ops_rule_search *s, uint32_t vertex,
                               struct ops_rule_found *found)
{
    opsig_status status = OPSIG_OK;
    const uint32_t report = s->at.rule->report;
    struct mark mark;
    bool bound;
    s->best = OPS_FALSE;
    s->is_over = s->is_cut;
    TRY(count_work(s));
    TRY(bind(s, report, vertex, &mark, &bound));
    if (bound) {
        status = match_link(s, 0);
        release(s, report, &mark);
    }
    if (status == OPSIG_OK && s->best != OPS_FALSE) {
        found->n_total++;
        found->n_certain += s->best == OPS_TRUE;
        TRY(s->matches.len < s->options->max_kept ? write_match(s, vertex) : OPSIG_OK);
    }
done:
    return status;
}

/** Keeps what was found of a rule, if it was found or its search broken off. */
static opsig_status add_found(struct ops_rule_search *s, struct ops_rule_found *found)
{
    struct ops_rule_match *matches = NULL;
    found->incomplete = s->is_cut;
    found->n_matches = s->matches.len;
    if (found->n_total == 0 && !found->incomplete) {
        return OPSIG_OK;
    }
    matches = ops_arena_zalloc(&s->out->arena, s->matches.len + 1, sizeof *matches);
    if (matches == NULL) {
        return ops_error_nomem(s->err);
    }
    if (s->matches.len > 0) {
        memcpy(matches, s->matches.items, s->matches.len * sizeof *matches);
    }
    found->matches = matches;
    return ops_vec_push(&s->out->items, *found, s->err);
}

static opsig_status start(struct ops_rule_search *s, const struct opsig_rule *rule)
{
    opsig_status status = OPSIG_OK;
    s->at.rule = rule;
    s->part = &rule->plan->match;
    s->taken.len = s->matches.len = 0;
    s->work = 0;
    s->n_unknown = 0;
    s->is_cut = false;
    for (uint32_t i = 0; i < OPS_RULE_MAX_ELEMENTS; i++) {
        s->at.vertex[i] = OPS_NO_VERTEX;
    }
    for (uint32_t i = 0; i < OPS_RULE_MAX_TENSORS; i++) {
        s->at.tensor[i] = OPS_NO_TENSOR;
    }
    s->link_slot.len = 0;
    TRY(ops_vec_reserve(&s->link_slot, (size_t)rule->n_links + 1, s->err));
    for (uint32_t i = 0; i < rule->n_links; i++) {
        s->link_slot.items[i] = OPS_NO_SLOT;
    }
    s->at.link_slot = s->link_slot.items;
done:
    return status;
}

/** The vertices that the reported node may be, ascending. */
static opsig_status gather(struct ops_rule_search *s, const struct opsig_rule *rule)
{
    opsig_status status = OPSIG_OK;
    const struct ops_rule_index *const index = s->at.index;
    const struct ops_operator_set *const set = &rule->elements[rule->report].operators;
    s->candidates.len = 0;
    if (set->negated) {
        for (uint32_t v = 0; v < index->facts->n_vertices; v++) {
            TRY(ops_vec_push(&s->candidates, v, s->err));
        }
        goto done;
    }
    for (uint32_t i = 0; i < set->n; i++) {
        const uint32_t o = rule->plan->operators[rule->report][i];
        for (uint32_t k = index->begin[o]; k < index->begin[o + 1]; k++) {
            TRY(ops_vec_push(&s->candidates, index->vertices[k], s->err));
        }
    }
    if (set->n > 1) {
        ops_sort_u32(s->candidates.items, s->candidates.len);
    }
done:
    return status;
}

opsig_status ops_rule_search_run(struct ops_rule_search *s, const struct opsig_rule *rule)
{
    opsig_status status = OPSIG_OK;
    struct ops_rule_found found = {.rule = rule};
    TRY(start(s, rule));
    TRY(gather(s, rule));
    for (size_t i = 0; i < s->candidates.len && !s->is_cut; i++) {
        TRY(try_vertex(s, s->candidates.items[i], &found));
    }
    TRY(add_found(s, &found));
done:
    return status;
}

/* ---- searches ---- */

opsig_status ops_rule_search_new(struct ops_rule_search **out, struct ops_rules_found *found,
                                 const struct ops_rule_index *index,
                                 const struct ops_rules_match_options *options, opsig_error *err)
{
    struct ops_rule_search *const s = ops_mem_zalloc(1, sizeof *s);
    *out = s;
    if (s == NULL) {
        return ops_error_nomem(err);
    }
    s->options = options;
    s->max_work = options->max_work + WORK_OF_VERTEX * (uint64_t)index->facts->n_vertices;
    s->out = found;
    s->err = err;
    ops_arena_init(&s->scratch, UINT64_MAX);
    s->at = (struct ops_evaluation){.index = index,
                                    .path = options->path,
                                    .deadline = options->deadline,
                                    .arena = &s->scratch,
                                    .err = err};
    return OPSIG_OK;
}

void ops_rule_search_free(struct ops_rule_search *s)
{
    if (s == NULL) {
        return;
    }
    ops_vec_dispose(&s->taken);
    ops_vec_dispose(&s->link_slot);
    ops_vec_dispose(&s->candidates);
    ops_vec_dispose(&s->found);
    ops_vec_dispose(&s->matches);
    ops_arena_dispose(&s->scratch);
    ops_mem_free(s);
}
