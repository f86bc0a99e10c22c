/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The matcher against brute force: all assignments of nodes to the names of random rules, in small
 * random models, each judged by what docs/rules.md says. Slow and simple: it knows a model by its
 * arrays, never by its facts or index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/graph.h>

#include "onnx/text.h"
#include "rules/match.h"
#include "support/random_shape.h"

enum {
    MODELS = 400,
    RULES = 12,
    MOST_NODES = 8,
    MOST_ELEMENTS = 4,
    MOST_LINKS = 5,
    MOST_PATHS = 64,
    TEXT = 4096,
    NO_TENSOR = -1
};

enum operator { NEG, ABS, ADD, SUB, IDENTITY, N_OPERATORS };
static const char *const names[] = {"Neg", "Abs", "Add", "Sub", "Identity"};

/* Models. Tensor 0 has rank 1, tensor 1 an unknown one, tensor 2 + v is the output of v. */

struct model {
    int n;
    enum operator op[MOST_NODES];
    int n_in[MOST_NODES], in[MOST_NODES][2];
};

static void make_model(struct shape_dice *dice, struct model *model)
{
    model->n = 3 + (int)shape_roll(dice, MOST_NODES - 2);
    for (int v = 0; v < model->n; v++) {
        model->op[v] = (enum operator)shape_roll(dice, N_OPERATORS);
        model->n_in[v] = model->op[v] == ADD || model->op[v] == SUB ? 2 : 1;
        for (int i = 0; i < 2; i++) {
            model->in[v][i] = (int)shape_roll(dice, (uint32_t)v + 2);
        }
    }
}

__attribute__((format(printf, 2, 3))) static void add(char *text, const char *format, ...)
{
    va_list args;
    const size_t len = strlen(text);
    va_start(args, format);
    (void)vsnprintf(text + len, TEXT - len, format, args);
    va_end(args);
}

static void write_model(char *text, const struct model *model)
{
    add(text, "g (float[4] t0, float t1) => (float t%d) {\n", model->n + 1);
    for (int v = 0; v < model->n; v++) {
        add(text, "t%d = %s(t%d", v + 2, names[model->op[v]], model->in[v][0]);
        if (model->n_in[v] == 2) {
            add(text, ", t%d", model->in[v][1]);
        }
        add(text, ")\n");
    }
    add(text, "}");
}

static opsig_graph *build(const struct model *model)
{
    char text[TEXT] = "";
    struct onnx_message message;
    opsig_model *loaded = NULL;
    opsig_graph *graph = NULL;
    opsig_limits limits;
    opsig_limits_init(&limits);
    write_model(text, model);
    onnx_message_init(&message);
    assert_int_equal(onnx_text_encode(&message, text, strlen(text), NULL), OPSIG_OK);
    assert_int_equal(ops_model_load_memory(&loaded, message.own.bytes, message.own.len, &limits,
                                           true, NULL),
                     OPSIG_OK);
    assert_int_equal(opsig_graph_build(&graph, loaded, &limits, NULL), OPSIG_OK);
    opsig_model_free(loaded);
    onnx_message_dispose(&message);
    return graph;
}

/** Is the rank of a tensor known? It is 1 then. */
static bool is_known(const struct model *model, int tensor)
{
    if (tensor < 2) {
        return tensor == 0;
    }
    bool known = true;
    for (int i = 0; i < model->n_in[tensor - 2]; i++) {
        known = known && is_known(model, model->in[tensor - 2][i]);
    }
    return known;
}

static int count_readers(const struct model *model, int tensor)
{
    int n = 0;
    for (int v = 0; v < model->n; v++) {
        for (int i = 0; i < model->n_in[v]; i++) {
            n += model->in[v][i] == tensor;
        }
    }
    return n;
}

static int root(const struct model *model, int tensor)
{
    while (tensor >= 2 && model->op[tensor - 2] == IDENTITY) {
        tensor = model->in[tensor - 2][0];
    }
    return tensor;
}

/* ---- rules ---- */

enum test { NO_TEST, RANK, READERS };

struct element {
    unsigned operators; /* bits */
    bool negated;
    enum test test;
};

struct link {
    bool from_tensor; /* $x */
    int from, to, slot; /* slot -1: any */
    bool optional_neg; /* (Neg)? */
    int most;          /* steps in between: 0, 1 or 2 */
};

struct rule {
    int n, n_links, report;
    struct element elements[MOST_ELEMENTS];
    struct link links[MOST_LINKS];
    int unless; /* element behind which no Abs may stand, or -1 */
};

static void make_rule(struct shape_dice *dice, struct rule *rule)
{
    *rule = (struct rule){.n = 1 + (int)shape_roll(dice, 3), .unless = -1};
    for (int e = 0; e < rule->n; e++) {
        struct element *const element = &rule->elements[e];
        element->operators = 1U << shape_roll(dice, N_OPERATORS);
        element->operators |= shape_roll(dice, 2) == 0 ? 1U << shape_roll(dice, N_OPERATORS) : 0;
        element->negated = shape_roll(dice, 5) == 0;
        element->test = shape_roll(dice, 3) == 0 ? 1 + shape_roll(dice, 2) : NO_TEST;
    }
    for (int e = 1; e < rule->n; e++) {
        const int other = (int)shape_roll(dice, (uint32_t)e);
        const bool down = shape_roll(dice, 2) == 0;
        rule->links[rule->n_links++] = (struct link){
            .from = down ? other : e, .to = down ? e : other, .slot = -1};
    }
    if (shape_roll(dice, 3) == 0) { /* one tensor into two nodes, or into one */
        for (int i = 0; i < 2; i++) {
            rule->links[rule->n_links++] = (struct link){
                .from_tensor = true, .to = (int)shape_roll(dice, (uint32_t)rule->n), .slot = -1};
        }
    }
    for (int i = 0; i < rule->n_links; i++) {
        struct link *const link = &rule->links[i];
        link->slot = shape_roll(dice, 3) == 0 ? (int)shape_roll(dice, 2) : -1;
        link->most = shape_roll(dice, 3) == 0 ? 1 + (int)shape_roll(dice, 2) : 0;
    }
    rule->report = (int)shape_roll(dice, (uint32_t)rule->n);
    rule->unless = shape_roll(dice, 4) == 0 ? (int)shape_roll(dice, (uint32_t)rule->n) : -1;
}

static void write_operators(char *text, const struct element *element)
{
    const char *between = element->negated ? "!" : "";
    for (int o = 0; o < N_OPERATORS; o++) {
        if ((element->operators >> o & 1) != 0) {
            add(text, "%s%s", between, names[o]);
            between = "|";
        }
    }
}

static void write_rule(char *text, const struct rule *rule, int number)
{
    add(text, "rule r%d\nmatch\n", number);
    for (int e = 0; e < rule->n; e++) {
        add(text, "e%d:", e);
        write_operators(text, &rule->elements[e]);
        add(text, "%s\n",
            rule->elements[e].test == RANK      ? "[rank(_.in0) == 1]"
            : rule->elements[e].test == READERS ? "[consumers(_.out) == 1]"
                                                : "");
    }
    for (int i = 0; i < rule->n_links; i++) {
        const struct link *const link = &rule->links[i];
        if (link->from_tensor) {
            add(text, "$x -> ");
        } else {
            add(text, "e%d -> ", link->from);
        }
        add(text, "%s", link->most == 1 ? "(Neg)? -> " : link->most == 2 ? "..2 -> " : "");
        add(text, "e%d", link->to);
        if (link->slot >= 0) {
            add(text, ".%d", link->slot);
        }
        add(text, "\n");
    }
    if (rule->unless >= 0) {
        add(text, "unless\ne%d -> _:Abs\n", rule->unless);
    }
    add(text, "report at e%d\nend\n", rule->report);
}

/* ---- brute force ---- */

struct path {
    int n, nodes[2];
};

struct trial {
    const struct model *model;
    const struct rule *rule;
    int node[MOST_ELEMENTS];
    struct path paths[MOST_LINKS][MOST_PATHS]; /* ways to follow each link */
    int tensors[MOST_LINKS][MOST_PATHS];       /* where each begins */
    int n_paths[MOST_LINKS];
};

static bool accepts(const struct element *element, enum operator op)
{
    const bool named = (element->operators >> op & 1) != 0;
    return element->negated ? !named && op != IDENTITY : named;
}

static bool may_be_step(const struct link *link, enum operator op)
{
    return link->most == 1 ? op == NEG : op != IDENTITY;
}

/** All ways from a tensor that is read back to the front of a link. */
static void list_paths(struct trial *trial, int i, int tensor, struct path path)
{
    const struct model *const model = trial->model;
    const struct link *const link = &trial->rule->links[i];
    for (;;) {
        const int producer = tensor - 2;
        const bool ends = link->from_tensor || producer == trial->node[link->from];
        if (ends) {
            assert_true(trial->n_paths[i] < MOST_PATHS);
            trial->tensors[i][trial->n_paths[i]] = tensor;
            trial->paths[i][trial->n_paths[i]++] = path;
        }
        if (producer < 0) {
            return;
        }
        if (path.n < link->most && may_be_step(link, model->op[producer])) {
            struct path longer = path;
            longer.nodes[longer.n++] = producer;
            for (int k = 0; k < model->n_in[producer]; k++) {
                list_paths(trial, i, model->in[producer][k], longer);
            }
        }
        if (model->op[producer] != IDENTITY) {
            return;
        }
        tensor = model->in[producer][0];
    }
}

/** Can the links from i on be followed at once, by different nodes and from one $x? */
static bool choose(const struct trial *trial, int i, const int *used, int n_used, int tensor)
{
    if (i == trial->rule->n_links || i == MOST_LINKS) {
        return true;
    }
    for (int p = 0; p < trial->n_paths[i]; p++) {
        const struct path *const path = &trial->paths[i][p];
        const bool named = trial->rule->links[i].from_tensor;
        const int begin = root(trial->model, trial->tensors[i][p]);
        int all[MOST_ELEMENTS + 2 * MOST_LINKS];
        int n = n_used;
        bool free_ = !named || tensor == NO_TENSOR || tensor == begin;
        memcpy(all, used, (size_t)n_used * sizeof *used);
        for (int k = 0; k < path->n; k++) {
            for (int u = 0; u < n; u++) {
                free_ = free_ && all[u] != path->nodes[k];
            }
            all[n++] = path->nodes[k];
        }
        if (free_ && choose(trial, i + 1, all, n, named ? begin : tensor)) {
            return true;
        }
    }
    return false;
}

/** 0 no, 1 perhaps, 2 yes */
static int judge(struct trial *trial)
{
    const struct rule *const rule = trial->rule;
    const struct model *const model = trial->model;
    int result = 2;
    for (int e = 0; e < rule->n; e++) {
        const int v = trial->node[e];
        if (rule->elements[e].test == RANK && !is_known(model, model->in[v][0])) {
            result = 1;
        }
        if (rule->elements[e].test == READERS && count_readers(model, v + 2) != 1) {
            return 0;
        }
    }
    for (int i = 0; i < rule->n_links; i++) {
        const int to = trial->node[rule->links[i].to];
        trial->n_paths[i] = 0;
        for (int k = 0; k < model->n_in[to]; k++) {
            if (rule->links[i].slot < 0 || rule->links[i].slot == k) {
                list_paths(trial, i, model->in[to][k], (struct path){0});
            }
        }
    }
    if (!choose(trial, 0, trial->node, rule->n, NO_TENSOR)) {
        return 0;
    }
    return result;
}

/** Does an Abs that is none of the nodes read the output of one? The steps of the match are not
 *  known here: rules with both are not made. */
static bool is_excepted(const struct trial *trial)
{
    const struct model *const model = trial->model;
    if (trial->rule->unless < 0) {
        return false;
    }
    for (int v = 0; v < model->n; v++) {
        bool other = model->op[v] == ABS;
        for (int e = 0; e < trial->rule->n; e++) {
            other = other && trial->node[e] != v;
        }
        for (int tensor = model->in[v][0]; other && tensor >= 2;
             tensor = model->op[tensor - 2] == IDENTITY ? model->in[tensor - 2][0] : 0) {
            if (tensor - 2 == trial->node[trial->rule->unless]) {
                return true;
            }
        }
    }
    return false;
}

/** Tries all nodes for element e and those behind it. */
static void assign(struct trial *trial, int e, int best[MOST_NODES])
{
    if (e == trial->rule->n || e == MOST_ELEMENTS) {
        const int result = is_excepted(trial) ? 0 : judge(trial);
        int *const entry = &best[trial->node[trial->rule->report]];
        *entry = result > *entry ? result : *entry;
        return;
    }
    for (int v = 0; v < trial->model->n; v++) {
        bool is_free = accepts(&trial->rule->elements[e], trial->model->op[v]);
        for (int f = 0; f < e; f++) {
            is_free = is_free && trial->node[f] != v;
        }
        if (is_free) {
            trial->node[e] = v;
            assign(trial, e + 1, best);
        }
    }
}

/* ---- both ---- */

static void compare(const struct model *model, const struct rule *rule,
                    const struct ops_rule_found *found, int *n_certain, int *n_possible)
{
    int best[MOST_NODES] = {0};
    struct trial *const trial = calloc(1, sizeof *trial);
    assert_non_null(trial);
    trial->model = model;
    trial->rule = rule;
    assign(trial, 0, best);
    free(trial);
    size_t at = 0;
    for (int v = 0; v < model->n; v++) {
        int own = 0;
        if (found != NULL && at < found->n_matches && (int)found->matches[at].report == v) {
            own = found->matches[at++].is_certain ? 2 : 1;
        }
        if (own != best[v]) {
            char text[TEXT] = "";
            write_rule(text, rule, 0);
            write_model(text, model);
            fail_msg("at t%d: %d found, %d expected\n%s", v + 2, own, best[v], text);
        }
        *n_certain += best[v] == 2;
        *n_possible += best[v] == 1;
    }
}

static const struct ops_rule_found *find(const struct ops_rules_found *found,
                                         const opsig_rule *rule)
{
    for (size_t i = 0; i < found->items.len; i++) {
        if (found->items.items[i].rule == rule) {
            return &found->items.items[i];
        }
    }
    return NULL;
}

static void run(struct shape_dice *dice, int *n_certain, int *n_possible)
{
    struct model model;
    struct rule drawn[RULES];
    char text[TEXT] = "";
    opsig_rules *rules = NULL;
    struct ops_rules_found found;
    struct ops_deadline deadline;
    opsig_error error = {.status = OPSIG_OK};
    make_model(dice, &model);
    for (int r = 0; r < RULES; r++) {
        make_rule(dice, &drawn[r]);
        for (int i = 0; i < drawn[r].n_links && drawn[r].unless >= 0; i++) {
            drawn[r].links[i].most = 0; /* see is_excepted */
        }
        write_rule(text, &drawn[r], r);
    }
    opsig_graph *const graph = build(&model);
    ops_deadline_start(&deadline, 0, NULL);
    assert_int_equal(opsig_rules_new(&rules, NULL), OPSIG_OK);
    if (opsig_rules_add_text(rules, "random", text, strlen(text), &error) != OPSIG_OK) {
        fail_msg("%s\n%s", error.message, text);
    }
    const struct ops_rules_match_options options = {
        .max_kept = MOST_NODES, .max_work = OPS_RULES_MAX_WORK, .deadline = &deadline};
    assert_int_equal(ops_rules_match(&found, rules, graph, &options, NULL), OPSIG_OK);
    for (int r = 0; r < RULES; r++) {
        compare(&model, &drawn[r], find(&found, opsig_rules_at(rules, (size_t)r)), n_certain,
                n_possible);
    }
    ops_rules_found_dispose(&found);
    opsig_rules_free(rules);
    opsig_graph_free(graph);
}

static void matches_are_those_of_brute_force(void **state)
{
    (void)state;
    int n_certain = 0;
    int n_possible = 0;
    for (uint32_t seed = 0; seed < MODELS; seed++) {
        struct shape_dice dice = {.seed = seed};
        if (seed % 100 == 0) {
            print_message("seed %u\n", seed);
        }
        run(&dice, &n_certain, &n_possible);
    }
    print_message("%d rules: %d certain matches, %d possible ones\n", MODELS * RULES, n_certain,
                  n_possible);
    assert_true(n_certain > MODELS && n_possible > MODELS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(matches_are_those_of_brute_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
