/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the grammar cannot say: types of expressions, whether the pattern hangs together, and
 * whether operators have the fields that the rule asks for, in the opsets that it is about. What
 * only the table of operators does not know is a warning: a runtime may have operators of its own.
 */
#include "rules/pack.h"

#include <string.h>

#include <opsig/nearest.h>

#include "base/mem.h"
#include "graph/operators.h"
#include "rules/parser.h"

struct checker {
    struct ops_pack *pack;
    const struct opsig_rule *rule;
    struct ops_arena arena; /* of operators that were looked up */
    opsig_error *err;
    bool is_sound;
};

/** Passes an error on as something noted: only running out of memory ends the checking. */
static opsig_status noted(struct checker *c, opsig_status status)
{
    c->is_sound = false;
    return status == OPSIG_FORMAT ? OPSIG_OK : status;
}

#define FAIL(c, place, ...) noted((c), ops_pack_error((c)->pack, (place), (c)->err, __VA_ARGS__))

/* ---- operators and their fields ---- */

/** Calls back for each form of an operator that the opsets of the rule allow. */
enum { MAX_FORMS = 64 };
struct forms {
    const struct ops_operator *form[MAX_FORMS];
    size_t n, n_known; /* n_known: also in other opsets */
};

static bool is_in_opsets(const struct opsig_rule *rule, const char *domain, int64_t first,
                         int64_t last)
{
    bool asked = false;
    for (size_t i = 0; i < rule->n_opsets; i++) {
        const struct ops_opset_range *const range = &rule->opsets[i];
        if (strcmp(range->domain, domain) == 0) {
            asked = true;
            if (first <= range->high && last >= range->low) {
                return true;
            }
        }
    }
    return !asked;
}

static opsig_status find_forms(struct checker *c, const struct ops_operator_name *name,
                               struct forms *out)
{
    opsig_status status = OPSIG_OK;
    int64_t since[MAX_FORMS];
    const size_t all = ops_operator_versions(name->domain, name->op_type, since, MAX_FORMS);
    const size_t n = all < MAX_FORMS ? all : MAX_FORMS;
    *out = (struct forms){.n_known = all};
    for (size_t i = 0; i < n; i++) {
        const int64_t last = i + 1 < n ? since[i + 1] - 1 : INT64_MAX;
        if (is_in_opsets(c->rule, name->domain, since[i], last)) {
            TRY(ops_operator_find(&out->form[out->n], &c->arena, name->domain, name->op_type,
                                  since[i], c->err));
            out->n += out->form[out->n] != NULL && !out->form[out->n]->deprecated;
        }
    }
done:
    return status;
}

static opsig_status warn_unknown_operator(struct checker *c, const struct ops_operator_name *name)
{
    opsig_nearest nearest;
    char known[64];
    char best[64] = "";
    size_t len = 0;
    opsig_nearest_start(&nearest, c->pack->text + name->place.at, name->place.len);
    for (const char *at = ops_operator_next(NULL, &len); at != NULL;
         at = ops_operator_next(at, &len)) {
        if (len < sizeof known) {
            memcpy(known, at, len);
            known[len] = '\0';
            opsig_nearest_offer(&nearest, known);
            if (nearest.best == known) {
                memcpy(best, known, len + 1);
                nearest.best = best;
            }
        }
    }
    return ops_pack_warning(c->pack, name->place, c->err, "unknown operator %s%s%s%s%s%s",
                            name->domain, name->domain[0] != '\0' ? "::" : "", name->op_type,
                            best[0] != '\0' ? "; did you mean " : "", best,
                            best[0] != '\0' ? "?" : "");
}

static opsig_status check_operators(struct checker *c, const struct ops_operator_set *set)
{
    opsig_status status = OPSIG_OK;
    if (c->pack->is_quiet) {
        return OPSIG_OK;
    }
    for (uint32_t i = 0; i < set->n; i++) {
        struct forms forms;
        TRY(find_forms(c, &set->names[i], &forms));
        if (forms.n_known == 0) {
            TRY(warn_unknown_operator(c, &set->names[i]));
        } else if (forms.n == 0) {
            TRY(ops_pack_warning(c->pack, set->names[i].place, c->err,
                                 "%s is not in the opsets that the rule is about",
                                 set->names[i].op_type));
        }
    }
done:
    return status;
}

/** "in0", "out", "out12": fields that every node has. */
static bool is_numbered(const char *name)
{
    const size_t n = strncmp(name, "in", 2) == 0 ? 2 : strncmp(name, "out", 3) == 0 ? 3 : 0;
    return n > 0 && strspn(name + n, "0123456789") == strlen(name + n) &&
           (n == 3 || name[n] != '\0');
}

enum side { INPUTS = 1, OUTPUTS = 2, ATTRIBUTES = 4 };

static bool has_field(const struct ops_operator *form, const char *name, unsigned sides)
{
    return ((sides & INPUTS) != 0 && ops_port_find(form->inputs, form->n_inputs, name) >= 0) ||
           ((sides & OUTPUTS) != 0 && ops_port_find(form->outputs, form->n_outputs, name) >= 0) ||
           ((sides & ATTRIBUTES) != 0 && ops_operator_attribute(form, name) != NULL);
}

static void offer_fields(opsig_nearest *nearest, const struct ops_operator *form,
                         unsigned sides)
{
    for (uint32_t i = 0; i < form->n_inputs && (sides & INPUTS) != 0; i++) {
        opsig_nearest_offer(nearest, form->inputs[i].name);
    }
    for (uint32_t i = 0; i < form->n_attributes && (sides & ATTRIBUTES) != 0; i++) {
        opsig_nearest_offer(nearest, form->attributes[i].value.name);
    }
    for (uint32_t i = 0; i < form->n_outputs && (sides & OUTPUTS) != 0; i++) {
        opsig_nearest_offer(nearest, form->outputs[i].name);
    }
}

/** Warns where no operator that the element can stand for has a field of that name. */
static opsig_status check_field(struct checker *c, uint32_t element, const char *name,
                                struct ops_place place, unsigned sides)
{
    static const char *const what[] = {[INPUTS] = "input", [OUTPUTS] = "output",
                                       [INPUTS | OUTPUTS | ATTRIBUTES] =
                                           "input, attribute or output"};
    opsig_status status = OPSIG_OK;
    opsig_nearest nearest;
    const struct ops_operator_set *const set = &c->rule->elements[element].operators;
    opsig_nearest_start(&nearest, name, strlen(name));
    if (set->negated || ((sides & ATTRIBUTES) != 0 && is_numbered(name)) || c->pack->is_quiet) {
        return OPSIG_OK;
    }
    for (uint32_t i = 0; i < set->n; i++) {
        struct forms forms;
        TRY(find_forms(c, &set->names[i], &forms));
        for (size_t f = 0; f < forms.n; f++) {
            if (has_field(forms.form[f], name, sides)) {
                goto done;
            }
            offer_fields(&nearest, forms.form[f], sides);
        }
        if (forms.n == 0) {
            goto done; /* nothing is known of it */
        }
    }
    TRY(ops_pack_warning(c->pack, place, c->err, "%s has no %s %s%s%s%s", set->names[0].op_type,
                         what[sides], name, nearest.best != NULL ? "; did you mean " : "",
                         nearest.best != NULL ? nearest.best : "",
                         nearest.best != NULL ? "?" : ""));
done:
    return status;
}

/* ---- expressions ---- */

static char type_of(const struct ops_expression *e)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): only slices lack arguments */
    switch (e->kind) {
    case OPS_EXPR_FIELD:
    case OPS_EXPR_TENSOR:
        return OPS_TYPE_TENSOR;
    case OPS_EXPR_CALL:
        return e->function->result;
    case OPS_EXPR_ELEMENT:
        return OPS_TYPE_ELEMENT;
    case OPS_EXPR_OPERATORS:
        return OPS_TYPE_OPERATORS;
    case OPS_EXPR_COMPARE:
    case OPS_EXPR_IN:
    case OPS_EXPR_NOT:
    case OPS_EXPR_AND:
    case OPS_EXPR_OR:
        return OPS_TYPE_TEST;
    default:
        return OPS_TYPE_VALUE;
    }
}

static opsig_status check_expression(struct checker *c, const struct ops_expression *e,
                                     char expected);

/** The type that argument i is to have. */
static char argument_type(const struct ops_expression *e, uint32_t i)
{
    switch (e->kind) {
    case OPS_EXPR_CALL:
        return e->function->args[i];
    case OPS_EXPR_NOT:
    case OPS_EXPR_AND:
    case OPS_EXPR_OR:
        return OPS_TYPE_TEST;
    case OPS_EXPR_COMPARE:
    case OPS_EXPR_IN:
        return i == 0 || e->kind == OPS_EXPR_COMPARE ? OPS_TYPE_QUANTITY : OPS_TYPE_VALUE;
    default:
        return OPS_TYPE_VALUE;
    }
}

static bool is_allowed(const struct ops_expression *e, char expected)
{
    const char type = type_of(e);
    switch (expected) {
    case OPS_TYPE_VALUE: /* that of a tensor is its constant */
        return type == OPS_TYPE_VALUE || type == OPS_TYPE_TENSOR;
    case OPS_TYPE_QUANTITY:
        return type == OPS_TYPE_VALUE || type == OPS_TYPE_TENSOR || type == OPS_TYPE_QUANTITY;
    case OPS_TYPE_SOURCE:
        return type == OPS_TYPE_ELEMENT || type == OPS_TYPE_TENSOR;
    case OPS_TYPE_FIELD:
        return e->kind == OPS_EXPR_FIELD;
    default:
        return type == expected;
    }
}

static const char *type_name(char type)
{
    switch (type) {
    case OPS_TYPE_TENSOR:
        return "a tensor such as a.X or $x is expected";
    case OPS_TYPE_FIELD:
        return "an attribute such as a.axis is expected";
    case OPS_TYPE_TEST:
        return "a test is expected: a comparison, or a function that answers yes or no";
    case OPS_TYPE_SOURCE:
        return "a node or a tensor is expected";
    default:
        return "a value is expected";
    }
}

static opsig_status check_sides(struct checker *c, const struct ops_expression *left,
                                const struct ops_expression *right)
{
    const bool both = type_of(left) == OPS_TYPE_QUANTITY && type_of(right) == OPS_TYPE_QUANTITY;
    return both ? FAIL(c, right->place, "any and all stand on one side of a comparison") : OPSIG_OK;
}

static opsig_status check_arguments(struct checker *c, const struct ops_expression *e)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i < e->n_args; i++) {
        if (e->args[i] != NULL) { /* an open end of a slice */
            TRY(check_expression(c, e->args[i], argument_type(e, i)));
        }
    }
    if (e->kind == OPS_EXPR_COMPARE) {
        TRY(check_sides(c, e->args[0], e->args[1]));
    }
done:
    return status;
}

/** Recursion is bounded by OPS_RULE_MAX_DEPTH. */
static opsig_status check_expression(struct checker *c, const struct ops_expression *e,
                                     char expected)
{
    opsig_status status = OPSIG_OK;
    if (!is_allowed(e, expected)) {
        return FAIL(c, e->place, "%s", type_name(expected));
    }
    if (e->kind == OPS_EXPR_FIELD) {
        TRY(check_field(c, e->index, e->text, e->place, INPUTS | OUTPUTS | ATTRIBUTES));
    } else if (e->kind == OPS_EXPR_OPERATORS) {
        TRY(check_operators(c, &e->operators));
    }
    TRY(check_arguments(c, e));
done:
    return status;
}

/* ---- the pattern ---- */

/** Sets of elements and tensors that hang together. */
struct joined {
    uint32_t parent[OPS_RULE_MAX_ELEMENTS + OPS_RULE_MAX_TENSORS];
    bool is_used[OPS_RULE_MAX_TENSORS];
};

static uint32_t root_of(struct joined *j, uint32_t i)
{
    while (j->parent[i] != i) {
        j->parent[i] = j->parent[j->parent[i]];
        i = j->parent[i];
    }
    return i;
}

static opsig_status join(struct checker *c, struct joined *j, const struct ops_link *links,
                         uint32_t n)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i < n; i++) {
        const struct ops_link *const link = &links[i];
        const uint32_t from = link->from_tensor ? OPS_RULE_MAX_ELEMENTS + link->from : link->from;
        j->parent[root_of(j, from)] = root_of(j, link->to);
        if (link->from_tensor) {
            j->is_used[link->from] = true;
        } else if (link->output.kind == OPS_SLOT_NAME) {
            TRY(check_field(c, link->from, link->output.name, link->output.place, OUTPUTS));
        }
        if (link->input.kind == OPS_SLOT_NAME) {
            TRY(check_field(c, link->to, link->input.name, link->input.place, INPUTS));
        }
    }
done:
    return status;
}

static bool is_step(const struct opsig_rule *rule, uint32_t element)
{
    for (uint32_t i = 0; i < rule->n_links; i++) {
        for (uint32_t s = 0; s < rule->links[i].n_steps; s++) {
            if (rule->links[i].steps[s] == element) {
                return true;
            }
        }
    }
    return false;
}

/** All nodes of the match part must be joined by arrows. */
static opsig_status check_connected(struct checker *c, struct joined *j)
{
    const uint32_t first = root_of(j, c->rule->report);
    for (uint32_t i = 0; i < c->rule->n_elements; i++) {
        if (!is_step(c->rule, i) && root_of(j, i) != first) {
            return FAIL(c, c->rule->elements[i].place,
                        "no arrows lead from this node to the one that is reported");
        }
    }
    return OPSIG_OK;
}

static bool is_step_of_line(const struct ops_unless *line, uint32_t element)
{
    for (uint32_t i = 0; i < line->n_links; i++) {
        for (uint32_t s = 0; s < line->links[i].n_steps; s++) {
            if (line->links[i].steps[s] == element) {
                return true;
            }
        }
    }
    return false;
}

static opsig_status check_unless(struct checker *c, const struct joined *base,
                                 const struct ops_unless *line)
{
    opsig_status status = OPSIG_OK;
    struct joined j = *base;
    if (line->test != NULL) {
        return check_expression(c, line->test, OPS_TYPE_TEST);
    }
    TRY(join(c, &j, line->links, line->n_links));
    for (uint32_t i = line->first_element; i < line->end_element; i++) {
        if (!is_step_of_line(line, i) && root_of(&j, i) != root_of(&j, c->rule->report)) {
            TRY(FAIL(c, c->rule->elements[i].place, "no arrows lead from here to the match part"));
            break;
        }
    }
done:
    return status;
}

/** Tensors in tests must stand at the front of an arrow of the match part. */
static opsig_status check_tensors(struct checker *c, const struct joined *j,
                                  const struct ops_expression *e)
{
    opsig_status status = OPSIG_OK;
    if (e->kind == OPS_EXPR_TENSOR && !j->is_used[e->index]) {
        return FAIL(c, e->place, "no arrow of the match part begins at $%s",
                    c->rule->tensors[e->index]);
    }
    for (uint32_t i = 0; i < e->n_args; i++) {
        if (e->args[i] != NULL) {
            TRY(check_tensors(c, j, e->args[i]));
        }
    }
done:
    return status;
}

static opsig_status check_tests(struct checker *c, const struct joined *j,
                                const struct ops_expression *const *tests, uint32_t n)
{
    opsig_status status = OPSIG_OK;
    for (uint32_t i = 0; i < n; i++) {
        TRY(check_expression(c, tests[i], OPS_TYPE_TEST));
        TRY(check_tensors(c, j, tests[i]));
    }
done:
    return status;
}

static opsig_status check_pattern(struct checker *c)
{
    opsig_status status = OPSIG_OK;
    const struct opsig_rule *const rule = c->rule;
    struct joined j = {.is_used = {false}};
    for (uint32_t i = 0; i < sizeof j.parent / sizeof *j.parent; i++) {
        j.parent[i] = i;
    }
    TRY(join(c, &j, rule->links, rule->n_links));
    TRY(check_connected(c, &j));
    for (uint32_t i = 0; i < rule->n_all_elements; i++) {
        TRY(check_operators(c, &rule->elements[i].operators));
        TRY(check_tests(c, &j, rule->elements[i].tests, rule->elements[i].n_tests));
    }
    TRY(check_tests(c, &j, rule->tests, rule->n_tests));
    for (uint32_t i = 0; i < rule->n_unless; i++) {
        TRY(check_unless(c, &j, &rule->unless[i]));
        if (rule->unless[i].test != NULL) {
            TRY(check_tensors(c, &j, rule->unless[i].test));
        }
    }
done:
    return status;
}

/* ---- metadata ---- */

static bool has_example(const struct opsig_rule *rule, bool clean)
{
    for (size_t i = 0; i < rule->n_examples; i++) {
        if ((rule->examples[i].kind == OPSIG_EXAMPLE_CLEAN) == clean) {
            return true;
        }
    }
    return false;
}

static opsig_status check_metadata(struct checker *c)
{
    opsig_status status = OPSIG_OK;
    const struct opsig_rule *const rule = c->rule;
    const struct {
        bool is_missing;
        const char *what;
    } parts[] = {
        {rule->title[0] == '\0', "title"},
        {!rule->has_severity, "severity"},
        {!rule->has_confidence, "confidence"},
        {rule->n_refs == 0, "ref"},
        {rule->fix[0] == '\0', "fix"},
        {!has_example(rule, false), "example that matches"},
        {!has_example(rule, true), "example that is clean"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].is_missing) {
            TRY(ops_pack_warning(c->pack, rule->place, c->err, "the rule has no %s",
                                 parts[i].what));
        }
    }
done:
    return status;
}

opsig_status ops_rule_check(struct ops_pack *pack, const struct opsig_rule *rule,
                            bool *out_is_sound, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct checker c = {.pack = pack, .rule = rule, .err = err, .is_sound = true};
    ops_arena_init(&c.arena, UINT64_C(1) << 28);
    TRY(check_pattern(&c));
    TRY(check_metadata(&c));
done:
    *out_is_sound = c.is_sound && status == OPSIG_OK;
    ops_arena_dispose(&c.arena);
    return status;
}
