/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig slice: nodes of a model, named or matched by a signature or rule, as a model that stands
 * alone. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/scan.h>
#include <opsig/slice.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/rule_options.h"
#include "cli/sources.h"
#include "cli/write.h"

enum { KEY_SIGNATURE = OPS_KEY_OWN, KEY_MATCH, KEY_NODES, KEY_CONTEXT };

enum { N_CHILDREN = 5, MOST_MATCHES = 1000000, MOST_STEPS = 1000000 };

struct slice_args {
    struct ops_options options;
    struct ops_sources sources;
    const char *model;
    const char *signature; /* id of a signature or rule; NULL: not given */
    char **nodes;          /* n_nodes lists of names, which belong to the command line */
    size_t n_nodes;
    uint64_t match, context;
};

static error_t add_nodes(struct slice_args *args, char *list)
{
    char **const nodes = reallocarray(args->nodes, args->n_nodes + 1, sizeof *nodes);
    if (nodes == NULL) {
        return ENOMEM;
    }
    args->nodes = nodes;
    args->nodes[args->n_nodes++] = list;
    return 0;
}

static error_t check(const struct argp_state *state, const struct slice_args *args)
{
    if (args->model == NULL) {
        return ops_usage(state, "name a model");
    }
    if (strcmp(args->model, "-") == 0) {
        return ops_usage(state, "a model is read twice and cannot come from standard input");
    }
    if ((args->signature == NULL) == (args->n_nodes == 0)) {
        return ops_usage(state, "say what to cut out: --signature ID or --nodes NAMES");
    }
    if (args->signature != NULL && ops_sources_check(state, &args->sources) != 0) {
        return EINVAL;
    }
    return args->options.output == NULL ? ops_usage(state, "name the new model with -o") : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct slice_args *const args = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case KEY_SIGNATURE:
        args->signature = arg;
        return 0;
    case KEY_MATCH:
        return ops_option_count(state, "--match", arg, 1, MOST_MATCHES, &args->match);
    case KEY_NODES:
        return add_nodes(args, arg);
    case KEY_CONTEXT:
        return ops_option_count(state, "--context", arg, 0, MOST_STEPS, &args->context);
    case ARGP_KEY_ARG:
        if (args->model != NULL) {
            return ops_usage(state, "'%s': one model at a time", arg);
        }
        args->model = arg;
        return 0;
    case ARGP_KEY_END:
        return check(state, args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"signature", KEY_SIGNATURE, "ID", 0,
     "the nodes that this signature or rule matches; of a signature the beginning of its id is "
     "enough",
     0},
    {"match", KEY_MATCH, "N", 0, "of several matches the N-th (default 1)", 0},
    {"nodes", KEY_NODES, "NAMES", 0,
     "these nodes, as reports name them, separated by commas; may be repeated", 0},
    {"context", KEY_CONTEXT, "K", 0, "keep also what is up to K edges away (default 0)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},      {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},      {&ops_argp_sources, 0, NULL, 0},
    {&ops_argp_rule_choice, 0, NULL, 0}, {0},
};

const struct argp ops_argp_slice = {
    .options = own_options,
    .parser = parse,
    .args_doc = "MODEL",
    .doc =
        "Cuts nodes out of a model as an ONNX model that stands alone. Tensors that are cut "
        "become graph inputs and outputs; weights, Constants and functions that are needed come "
        "along, byte for byte."
        "\v"
        "Exit status: 0 done; 2 usage error, no such node, signature or rule, missing file; 3 the "
        "model could not be read or does not hold the finding; 4 the slice could not be "
        "written.",
    .children = children,
};

/* ---- which vertices ---- */

struct vertices {
    uint32_t *items;
    size_t n;
};

static int out_of_memory(void)
{
    ops_say(NULL, "out of memory");
    return OPS_EXIT_FAILED;
}

static int add_vertex(struct vertices *vertices, uint32_t vertex)
{
    uint32_t *const items = reallocarray(vertices->items, vertices->n + 1, sizeof *items);
    if (items == NULL) {
        return out_of_memory();
    }
    vertices->items = items;
    vertices->items[vertices->n++] = vertex;
    return OPS_EXIT_OK;
}

/** Adds the nodes of a list; one whose own name holds a comma is found by all of the list. */
static int find_list(struct vertices *vertices, const opsig_graph *graph, const char *model,
                     char *list)
{
    uint32_t vertex;
    opsig_error error = {.offset = -1};
    if (opsig_graph_find(&vertex, graph, list, NULL) == OPSIG_OK) {
        return add_vertex(vertices, vertex);
    }
    int status = OPS_EXIT_OK;
    for (char *name = strsep(&list, ","); name != NULL && status == OPS_EXIT_OK;
         name = strsep(&list, ",")) {
        if (opsig_graph_find(&vertex, graph, name, &error) != OPSIG_OK) {
            ops_say_error(model, &error);
            return OPS_EXIT_USAGE;
        }
        status = add_vertex(vertices, vertex);
    }
    return status;
}

static int find_nodes(struct vertices *vertices, const opsig_graph *graph,
                      const struct slice_args *args)
{
    int status = OPS_EXIT_OK;
    for (size_t i = 0; i < args->n_nodes && status == OPS_EXIT_OK; i++) {
        status = find_list(vertices, graph, args->model, args->nodes[i]);
    }
    return status;
}

/** The rule with the id that --signature names: of files, else of the first database. */
static const opsig_rule *find_rule(const struct slice_args *args)
{
    const struct ops_sources *const sources = &args->sources;
    const opsig_rules *rules = ops_sources_rules(sources);
    const opsig_rule *found = rules == NULL ? NULL : opsig_rules_find(rules, args->signature);
    for (size_t i = 0; i < sources->databases.n && found == NULL; i++) {
        rules = opsig_database_rules(sources->databases.items[i]);
        found = rules == NULL ? NULL : opsig_rules_find(rules, args->signature);
    }
    return found;
}

/** The signature that --signature names in the first database that has it; NULL: none has. */
static const opsig_signature *find_signature(const struct slice_args *args)
{
    const opsig_signature *found = NULL;
    for (size_t i = 0; i < args->sources.databases.n && found == NULL; i++) {
        found = opsig_database_find(args->sources.databases.items[i], args->signature);
    }
    return found;
}

/** Finds what --signature names. @return whether there is such a thing, else that has been said */
static bool find_subject(opsig_finding *out, const struct slice_args *args)
{
    *out = (opsig_finding){.rule = find_rule(args)};
    out->signature = out->rule != NULL ? NULL : find_signature(args);
    if (out->rule != NULL || out->signature != NULL) {
        return true;
    }
    ops_say(args->sources.databases.n > 0 ? args->sources.databases.paths[0] : NULL,
            "no signature, or more than one, has an id that begins with '%s', and no rule has it",
            args->signature);
    return false;
}

static int take_match(struct vertices *vertices, const opsig_scan_result *result,
                      const struct slice_args *args, const opsig_finding *subject)
{
    const opsig_finding *finding = NULL;
    for (size_t i = 0; i < opsig_scan_result_n_findings(result) && finding == NULL; i++) {
        const opsig_finding *const here = opsig_scan_result_finding(result, i);
        finding =
            here->signature == subject->signature && here->rule == subject->rule ? here : NULL;
    }
    if (finding == NULL) {
        ops_say(args->model, "%s does not occur in it", opsig_finding_id(subject));
        return OPS_EXIT_INPUT;
    }
    if (args->match > finding->n_matches) {
        ops_say(args->model, "%s has %zu matches in it", opsig_finding_id(subject),
                finding->n_matches);
        return OPS_EXIT_USAGE;
    }
    int status = OPS_EXIT_OK;
    size_t n;
    const uint32_t *const match = opsig_finding_match(finding, args->match - 1, &n);
    for (size_t i = 0; i < n && status == OPS_EXIT_OK; i++) {
        status = add_vertex(vertices, match[i]);
    }
    return status;
}

/** Scans the model for the matches of the signature or rule. */
static int find_match(struct vertices *vertices, const opsig_graph *graph,
                      const struct slice_args *args)
{
    const struct ops_databases *const databases = &args->sources.databases;
    opsig_scan_options options;
    opsig_scanner *scanner = NULL;
    opsig_scan_result *result = NULL;
    opsig_finding subject;
    opsig_error error = {.offset = -1};
    if (!find_subject(&subject, args)) {
        return OPS_EXIT_USAGE;
    }
    opsig_scan_options_init(&options);
    options.max_matches = (uint32_t)args->match;
    options.limits = args->options.limits;
    options.rules = ops_sources_rules(&args->sources);
    int status = OPS_EXIT_OK;
    opsig_status scanned =
        opsig_scanner_new(&scanner, ops_databases_items(databases), databases->n, &options, &error);
    if (scanned == OPSIG_OK) {
        scanned = opsig_scanner_scan(&result, scanner, graph, args->model, &error);
    }
    if (scanned == OPSIG_OK) {
        status = take_match(vertices, result, args, &subject);
    } else {
        ops_say_error(args->model, &error);
        status = ops_exit_of_input(scanned);
    }
    opsig_scan_result_free(result);
    opsig_scanner_free(scanner);
    return status;
}

static int find_vertices(struct vertices *vertices, struct slice_args *args)
{
    opsig_graph *graph = NULL;
    opsig_error error = {.offset = -1};
    int status =
        args->signature != NULL ? ops_sources_open(&args->sources, &args->options) : OPS_EXIT_OK;
    if (status != OPS_EXIT_OK) {
        return status;
    }
    const opsig_status loaded =
        ops_sources_have_rules(&args->sources)
            ? opsig_graph_load_facts(&graph, args->model, &args->options.limits, &error)
            : opsig_graph_load(&graph, args->model, &args->options.limits, &error);
    if (loaded != OPSIG_OK) {
        ops_say_error(args->model, &error);
        return ops_exit_of_input(loaded);
    }
    status = args->signature != NULL ? find_match(vertices, graph, args)
                                     : find_nodes(vertices, graph, args);
    opsig_graph_free(graph);
    return status;
}

/* ---- the slice ---- */

static opsig_status write_slice(FILE *stream, const opsig_report_style *style, void *payload,
                                opsig_error *err)
{
    (void)style;
    return opsig_slice_write(payload, stream, err);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/** What has been cut, and what its user should know. */
static void describe(const opsig_slice *slice, const char *path)
{
    const size_t nodes = opsig_slice_n_nodes(slice);
    const size_t weights = opsig_slice_n_initializers(slice);
    const size_t inputs = opsig_slice_n_inputs(slice);
    const size_t outputs = opsig_slice_n_outputs(slice);
    const size_t untyped = opsig_slice_n_untyped(slice);
    ops_say(path, "%zu node%s, %zu initializer%s, %zu input%s, %zu output%s", nodes, plural(nodes),
            weights, plural(weights), inputs, plural(inputs), outputs, plural(outputs));
    if (untyped > 0) {
        ops_say(path, "warning: the model does not tell type or shape of %zu of them", untyped);
    }
    for (size_t i = 0; i < opsig_slice_n_external(slice); i++) {
        ops_say(path, "warning: refers to '%s', which has to lie beside it",
                opsig_slice_external(slice, i));
    }
}

static int run_slice(struct slice_args *args, struct vertices *vertices)
{
    opsig_slice_options options;
    opsig_slice *slice = NULL;
    opsig_error error = {.offset = -1};
    int status = find_vertices(vertices, args);
    if (status != OPS_EXIT_OK) {
        return status;
    }
    opsig_slice_options_init(&options);
    options.context = (uint32_t)args->context;
    options.limits = args->options.limits;
    const opsig_status cut =
        opsig_slice_new(&slice, args->model, vertices->items, vertices->n, &options, &error);
    if (cut != OPSIG_OK) {
        ops_say_error(args->model, &error);
        return ops_exit_of_input(cut);
    }
    status = ops_write_result(&args->options, write_slice, slice);
    if (status == OPS_EXIT_OK && !args->options.quiet) {
        describe(slice, args->options.output);
    }
    opsig_slice_free(slice);
    return status;
}

static const char *const formats[] = {"onnx", NULL};

int ops_cmd_slice(int argc, char **argv)
{
    struct slice_args args = {.match = 1};
    struct vertices vertices = {0};
    ops_options_init(&args.options, "opsig slice", formats);
    args.options.sources = &args.sources;
    args.options.rules = &args.sources.choice;
    int status = ops_options_parse(&ops_argp_slice, argc, argv, &args);
    if (status == OPS_EXIT_OK) {
        status = run_slice(&args, &vertices);
    }
    free(vertices.items);
    free(args.nodes);
    ops_sources_dispose(&args.sources);
    return status;
}
