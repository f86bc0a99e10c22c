/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One arrow a line; a node is introduced where it is named first. Parentheses stand only where the
 * order of operations needs them. */
#include "rules/print.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "onnx/element_type.h"

enum { NUMBER_SIZE = 32 };

/** What is being printed. */
struct printer {
    struct ops_buffer *out;
    const struct opsig_rule *rule;
    const char *indent;
    uint32_t current;                            /* element whose brackets are printed */
    bool is_introduced[OPS_RULE_MAX_ELEMENTS];
};

static void print(struct printer *p, const struct ops_expression *e, int precedence);

static void put(struct printer *p, const char *text)
{
    ops_buffer_puts(p->out, text);
}

static void put_number(struct printer *p, double value)
{
    char text[NUMBER_SIZE];
    ops_number_format(value, text);
    put(p, text);
}

static void put_string(struct printer *p, const char *text)
{
    put(p, "\"");
    for (size_t n; (n = strcspn(text, "\"\\")), text[n] != '\0'; text += n + 1) {
        ops_buffer_add(p->out, text, n);
        put(p, text[n] == '"' ? "\\\"" : "\\\\");
    }
    put(p, text);
    put(p, "\"");
}

static void put_operators(struct printer *p, const struct ops_operator_set *set)
{
    if (set->n == 0) {
        put(p, "*");
    } else if (set->negated) {
        put(p, "!");
    }
    for (uint32_t i = 0; i < set->n; i++) {
        put(p, i > 0 ? "|" : "");
        if (set->names[i].domain[0] != '\0') {
            put(p, set->names[i].domain);
            put(p, "::");
        }
        put(p, set->names[i].op_type);
    }
}

static void put_element_name(struct printer *p, uint32_t element)
{
    const char *const name = p->rule->elements[element].name;
    put(p, name[0] != '\0' ? name : "_");
}

static void put_list(struct printer *p, const struct ops_expression *e, uint32_t first,
                     const char *open, const char *close)
{
    put(p, open);
    for (uint32_t i = first; i < e->n_args; i++) {
        put(p, i > first ? ", " : "");
        print(p, e->args[i], 0);
    }
    put(p, close);
}

static const char *const relations[] = {
    [OPS_EQ] = " == ", [OPS_NE] = " != ", [OPS_LT] = " < ",
    [OPS_LE] = " <= ", [OPS_GT] = " > ",  [OPS_GE] = " >= ",
};

enum { P_OR = 1, P_AND, P_NOT, P_COMPARE, P_SUM, P_PRODUCT, P_SIGN, P_ITEM };

static int precedence_of(const struct ops_expression *e)
{
    switch (e->kind) {
    case OPS_EXPR_OR:
        return P_OR;
    case OPS_EXPR_AND:
        return P_AND;
    case OPS_EXPR_NOT:
        return P_NOT;
    case OPS_EXPR_COMPARE:
    case OPS_EXPR_IN:
        return P_COMPARE;
    case OPS_EXPR_ARITHMETIC:
        return e->sign == '+' || e->sign == '-' ? P_SUM : P_PRODUCT;
    case OPS_EXPR_MINUS:
        return P_SIGN;
    default:
        return P_ITEM;
    }
}

static void put_joined(struct printer *p, const struct ops_expression *e, const char *word,
                       int precedence)
{
    for (uint32_t i = 0; i < e->n_args; i++) {
        put(p, i > 0 ? word : "");
        print(p, e->args[i], precedence + 1);
    }
}

static void put_field(struct printer *p, const struct ops_expression *e)
{
    if (e->index != p->current) {
        put_element_name(p, e->index);
        put(p, ".");
    }
    put(p, e->text);
}

static void put_slice(struct printer *p, const struct ops_expression *e)
{
    print(p, e->args[0], P_ITEM);
    put(p, "[");
    for (uint32_t i = 1; i < e->n_args; i++) {
        put(p, i > 1 ? ":" : "");
        if (e->args[i] != NULL) {
            print(p, e->args[i], P_SUM);
        }
    }
    put(p, "]");
}

/** Expressions without operands on both sides of a sign. */
static void print_item(struct printer *p, const struct ops_expression *e)
{
    switch (e->kind) {
    case OPS_EXPR_NUMBER:
        put_number(p, e->number);
        break;
    case OPS_EXPR_STRING:
        put_string(p, e->text);
        break;
    case OPS_EXPR_TYPE:
        put(p, onnx_element_type_name((int64_t)e->number));
        break;
    case OPS_EXPR_LIST:
        put_list(p, e, 0, "[", "]");
        break;
    case OPS_EXPR_ELEMENT:
        put_element_name(p, e->index);
        break;
    case OPS_EXPR_FIELD:
        put_field(p, e);
        break;
    case OPS_EXPR_TENSOR:
        put(p, "$");
        put(p, p->rule->tensors[e->index]);
        break;
    case OPS_EXPR_CALL:
        put(p, e->function->name);
        put_list(p, e, 0, "(", ")");
        break;
    case OPS_EXPR_OPERATORS:
        put_operators(p, &e->operators);
        break;
    default:
        put_slice(p, e);
        break;
    }
}

static void print_bare(struct printer *p, const struct ops_expression *e, int own)
{
    switch (e->kind) {
    case OPS_EXPR_OR:
        put_joined(p, e, " or ", own);
        break;
    case OPS_EXPR_AND:
        put_joined(p, e, " and ", own);
        break;
    case OPS_EXPR_NOT:
        put(p, "not ");
        print(p, e->args[0], own);
        break;
    case OPS_EXPR_COMPARE:
        print(p, e->args[0], own + 1);
        put(p, relations[e->relation]);
        print(p, e->args[1], own + 1);
        break;
    case OPS_EXPR_IN:
        print(p, e->args[0], own + 1);
        put_list(p, e, 1, " in {", "}");
        break;
    case OPS_EXPR_ARITHMETIC:
        print(p, e->args[0], own);
        ops_buffer_printf(p->out, " %c ", e->sign);
        print(p, e->args[1], own + 1);
        break;
    case OPS_EXPR_MINUS:
        put(p, "-");
        print(p, e->args[0], own);
        break;
    default:
        print_item(p, e);
        break;
    }
}

/** Prints an expression where one of at least this precedence can stand. Recursion is bounded by
 *  OPS_RULE_MAX_DEPTH. */
static void print(struct printer *p, const struct ops_expression *e, int precedence)
{
    const int own = precedence_of(e);
    put(p, own < precedence ? "(" : "");
    print_bare(p, e, own);
    put(p, own < precedence ? ")" : "");
}

static void put_brackets(struct printer *p, uint32_t index)
{
    const struct ops_element *const element = &p->rule->elements[index];
    const uint32_t before = p->current;
    p->current = index;
    for (uint32_t i = 0; i < element->n_tests; i++) {
        put(p, i == 0 ? "[" : ", ");
        print(p, element->tests[i], 0);
    }
    put(p, element->n_tests > 0 ? "]" : "");
    p->current = before;
}

static void put_node(struct printer *p, uint32_t index)
{
    put_element_name(p, index);
    if (!p->is_introduced[index]) {
        p->is_introduced[index] = true;
        put(p, ":");
        put_operators(p, &p->rule->elements[index].operators);
        put_brackets(p, index);
    }
}

static void put_slot(struct printer *p, const struct ops_slot *slot)
{
    if (slot->kind == OPS_SLOT_NAME) {
        put(p, ".");
        put(p, slot->name);
    } else if (slot->kind == OPS_SLOT_NUMBER) {
        ops_buffer_printf(p->out, ".%u", slot->number);
    }
}

static void put_step(struct printer *p, uint32_t index)
{
    const struct ops_element *const step = &p->rule->elements[index];
    p->is_introduced[index] = true;
    if (step->operators.n == 0 && step->min == 0 && step->n_tests == 0) {
        ops_buffer_printf(p->out, "..%u", step->max);
        return;
    }
    put(p, "(");
    put_operators(p, &step->operators);
    put_brackets(p, index);
    put(p, step->min == 1 ? step->max == 1 ? ")" : ")+" : step->max == 1 ? ")?" : ")*");
}

static void put_head(struct printer *p, const struct ops_link *link)
{
    put(p, p->indent);
    if (link->from_tensor) {
        put(p, "$");
        put(p, p->rule->tensors[link->from]);
    } else {
        put_node(p, link->from);
        put_slot(p, &link->output);
    }
}

static void put_hop(struct printer *p, const struct ops_link *link)
{
    for (uint32_t i = 0; i < link->n_steps; i++) {
        put(p, " -> ");
        put_step(p, link->steps[i]);
    }
    put(p, " -> ");
    put_node(p, link->to);
    put_slot(p, &link->input);
}

/** Nodes [first, end) that stand in no link. */
static void put_lone_nodes(struct printer *p, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        if (!p->is_introduced[i]) {
            put(p, p->indent);
            put_node(p, i);
            put(p, "\n");
        }
    }
}

/** Does a link stand on the line of the one before? Where that leads to an unnamed node it must, as
 *  this cannot be named again; and so must all links of an unless line, which is one condition. */
static bool goes_on(const struct printer *p, const struct ops_link *link,
                    const struct ops_link *next, bool one_line)
{
    return !next->from_tensor && next->from == link->to &&
           (one_line || p->rule->elements[link->to].name[0] == '\0');
}

static void put_links(struct printer *p, const struct ops_link *links, uint32_t n, bool one_line)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || !goes_on(p, &links[i - 1], &links[i], one_line)) {
            put(p, i > 0 ? "\n" : "");
            put_head(p, &links[i]);
        }
        put_hop(p, &links[i]);
    }
    put(p, n > 0 ? "\n" : "");
}

static void put_test(struct printer *p, const struct ops_expression *test)
{
    put(p, p->indent);
    print(p, test, 0);
    put(p, "\n");
}

static void put_unless(struct printer *p)
{
    for (uint32_t i = 0; i < p->rule->n_unless; i++) {
        const struct ops_unless *const line = &p->rule->unless[i];
        if (line->test != NULL) {
            put_test(p, line->test);
            continue;
        }
        put_links(p, line->links, line->n_links, true);
        put_lone_nodes(p, line->first_element, line->end_element);
    }
}

static void put_pattern(struct printer *p)
{
    put(p, "match\n");
    put_links(p, p->rule->links, p->rule->n_links, false);
    put_lone_nodes(p, 0, p->rule->n_elements);
    put(p, p->rule->n_tests > 0 ? "where\n" : "");
    for (uint32_t i = 0; i < p->rule->n_tests; i++) {
        put_test(p, p->rule->tests[i]);
    }
    put(p, p->rule->n_unless > 0 ? "unless\n" : "");
    put_unless(p);
}

static struct printer printer(struct ops_buffer *out, const struct opsig_rule *rule,
                              const char *indent)
{
    return (struct printer){.out = out, .rule = rule, .indent = indent, .current = UINT32_MAX};
}

void ops_print_pattern(struct ops_buffer *out, const struct opsig_rule *rule)
{
    struct printer p = printer(out, rule, "  ");
    put_pattern(&p);
}

void ops_print_expression(struct ops_buffer *out, const struct opsig_rule *rule,
                          const struct ops_expression *expression, uint32_t current)
{
    struct printer p = printer(out, rule, "");
    p.current = current;
    print(&p, expression, 0);
}

static void put_range(struct ops_buffer *out, const struct ops_version_range *range)
{
    const bool is_one = range->low != NULL && range->low == range->high;
    if (is_one) {
        ops_buffer_printf(out, " %s", range->low);
    } else if (range->low != NULL && range->high != NULL) {
        ops_buffer_printf(out, " %s .. %s", range->low, range->high);
    } else if (range->low != NULL) {
        ops_buffer_printf(out, " %s %s", range->low_open ? ">" : ">=", range->low);
    } else if (range->high != NULL && range->high_open) {
        ops_buffer_printf(out, " < %s", range->high);
    } else if (range->high != NULL) {
        ops_buffer_printf(out, " <= %s", range->high);
    }
}

void ops_print_claim(struct ops_buffer *out, const struct ops_claim *claim)
{
    ops_buffer_puts(out, claim->name);
    put_range(out, &claim->versions);
}

static void put_text(struct printer *p, const char *key, const char *text)
{
    if (text[0] != '\0') {
        ops_buffer_printf(p->out, "  %s ", key);
        put_string(p, text);
        put(p, "\n");
    }
}

static void put_claims(struct printer *p, const char *key, const struct ops_claim *claims,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ops_buffer_printf(p->out, "  %s ", key);
        ops_print_claim(p->out, &claims[i]);
        put(p, "\n");
    }
}

static void put_opsets(struct printer *p)
{
    for (size_t i = 0; i < p->rule->n_opsets; i++) {
        const struct ops_opset_range *const range = &p->rule->opsets[i];
        ops_buffer_printf(p->out, "  opset %s%s", range->domain,
                          range->domain[0] != '\0' ? " " : "");
        if (range->high > 1000000) {
            ops_buffer_printf(p->out, ">= %lld\n", (long long)range->low);
        } else if (range->low == 0) {
            ops_buffer_printf(p->out, "<= %lld\n", (long long)range->high);
        } else {
            ops_buffer_printf(p->out, "%lld .. %lld\n", (long long)range->low,
                              (long long)range->high);
        }
    }
}

static void put_metadata(struct printer *p)
{
    const struct opsig_rule *const rule = p->rule;
    put_text(p, "title", rule->title);
    if (rule->has_severity) {
        ops_buffer_printf(p->out, "  severity %s\n", opsig_severity_name(rule->severity));
    }
    if (rule->has_confidence) {
        ops_buffer_printf(p->out, "  confidence %s\n",
                          opsig_rule_confidence_name(rule->confidence));
    }
    put_claims(p, "affects", rule->affects, rule->n_affects);
    put_opsets(p);
    put_claims(p, "producer", rule->producers, rule->n_producers);
    for (size_t i = 0; i < rule->n_refs; i++) {
        ops_buffer_printf(p->out, "  ref %s\n", rule->refs[i]);
    }
    put_text(p, "fix", rule->fix);
    put_text(p, "note", rule->note);
    for (size_t i = 0; i < rule->n_tags; i++) {
        ops_buffer_printf(p->out, "%s %s%s", i == 0 ? "  tags" : "", rule->tags[i],
                          i + 1 == rule->n_tags ? "\n" : "");
    }
    put(p, rule->require_known ? "  require known\n" : "");
}

static void put_examples(struct printer *p)
{
    static const char *const kinds[] = {"match", "possible", "clean"};
    for (size_t i = 0; i < p->rule->n_examples; i++) {
        const struct ops_example *const example = &p->rule->examples[i];
        ops_buffer_printf(p->out, "example %s", kinds[example->kind]);
        if (example->title[0] != '\0') {
            put(p, " ");
            put_string(p, example->title);
        }
        put(p, "\n");
        put(p, example->text);
    }
}

void ops_print_rule(struct ops_buffer *out, const struct opsig_rule *rule, bool with_examples)
{
    struct printer p = printer(out, rule, "  ");
    ops_buffer_printf(out, "rule %s\n", rule->id);
    put_metadata(&p);
    put_pattern(&p);
    put(&p, "report at ");
    put_element_name(&p, rule->report);
    put(&p, "\n");
    if (with_examples) {
        put_examples(&p);
    }
    put(&p, "end\n");
}
