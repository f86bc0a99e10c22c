/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opsig inspect: what is in a model. It loads models as a scan for no signature does, so that
 * workers, limits and standard input are the same. */
#include <string.h>
#include <unistd.h>

#include <opsig/model.h>
#include <opsig/report.h>
#include <opsig/scan.h>

#include "cli/cli.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/write.h"

enum { KEY_HASH = OPS_KEY_OWN };

enum { N_CHILDREN = 5 };

struct inspect_args {
    struct ops_options options;
    bool digest;
    char **paths;
    size_t n_paths;
};

static const char *const formats[] = {"text", "json", "dot", "graphml", "svg", "html", NULL};

/** Those of this command alone, by their place. */
enum { FORMAT_SVG = OPS_FORMAT_GRAPHML + 1 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct inspect_args *const args = state->input;
    (void)arg;
    switch (key) {
    case ARGP_KEY_INIT:
        ops_options_share(state, &args->options, N_CHILDREN);
        return 0;
    case KEY_HASH:
        args->digest = true;
        return 0;
    case ARGP_KEY_ARGS:
        args->paths = state->argv + state->next;
        args->n_paths = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        return args->n_paths == 0 && args->options.files_from == NULL
                   ? ops_usage(state, "nothing to inspect: name a model, a folder or --files-from")
                   : 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"hash", KEY_HASH, NULL, 0,
     "SHA-256 of files of any size, which reads them whole (default: up to 16 MiB)", 0},
    {0},
};

static const struct argp_child children[] = {
    {&ops_argp_report, 0, NULL, 0},
    {&ops_argp_output, 0, NULL, 0},
    {&ops_argp_work, 0, NULL, 0},
    {&ops_argp_files, 0, NULL, 0},
    {&ops_argp_limits, 0, NULL, 0},
    {0},
};

const struct argp ops_argp_inspect = {
    .options = own_options,
    .parser = parse,
    .args_doc = "MODEL...",
    .doc = "Prints operators, sequences and graph facts of models. A folder is walked for *.onnx; "
           "- reads a model from standard input. Formats: text, json, html, and for a single model "
           "dot, graphml and svg."
           "\v"
           "Exit status: 0 done; 2 usage error or missing file; 3 some model could not be read.",
    .children = children,
};

static bool is_picture(const struct ops_options *options)
{
    return options->format >= OPS_FORMAT_DOT && (int)options->format <= FORMAT_SVG;
}

/* ---- text and JSON: any number of models ---- */

/** What the callback works on. */
struct run {
    const struct inspect_args *args;
    struct ops_inputs inputs;
    opsig_inspect_report *report;
    struct ops_progress progress;
    size_t done;
    int status;          /* of the errors so far */
    opsig_status failed; /* of the report; OPSIG_OK while it can be written */
    opsig_error error;
};

static int take_model(const opsig_scanned *scanned, void *payload)
{
    struct run *const run = payload;
    if (scanned->error != NULL) {
        ops_progress_clear(&run->progress);
        ops_say_error(scanned->path, scanned->error);
        run->status = OPS_EXIT_INPUT;
    }
    run->done++;
    run->failed = opsig_inspect_report_add(run->report, scanned, &run->error);
    ops_progress_show("inspect", run->done, run->inputs.n, &run->progress);
    return run->failed == OPSIG_OK ? 0 : 1;
}

/** Loads the models; each is handed to take_model. */
static opsig_status load(struct run *run, opsig_error *err)
{
    opsig_scan_options options;
    opsig_scanner *scanner = NULL;
    opsig_scan_options_init(&options);
    options.digest = run->args->digest ? OPSIG_DIGEST_ALL : OPSIG_DIGEST_SMALL;
    options.limits = run->args->options.limits;
    options.workers = ops_options_workers(&run->args->options, run->inputs.n);
    opsig_status status = opsig_scanner_new(&scanner, NULL, 0, &options, err);
    if (status == OPSIG_OK) {
        status = opsig_scan_paths(scanner, (const char *const *)run->inputs.paths, run->inputs.n,
                                  take_model, run, err);
    }
    if (run->failed != OPSIG_OK) {
        status = run->failed;
        *err = run->error;
    }
    opsig_scanner_free(scanner);
    return status;
}

/** Did the user name one model, and nothing that could hold several? */
static bool stands_alone(const struct run *run)
{
    return run->inputs.n == 1 && run->args->n_paths == 1 &&
           strcmp(run->inputs.paths[0], run->args->paths[0]) == 0;
}

static opsig_status inspect(FILE *stream, const opsig_report_style *style, void *payload,
                            opsig_error *err)
{
    struct run *const run = payload;
    opsig_status status =
        opsig_inspect_report_new(&run->report, stream, style, !stands_alone(run), err);
    if (status == OPSIG_OK) {
        status = load(run, err);
    }
    if (status == OPSIG_OK) {
        status = opsig_inspect_report_end(run->report, err);
    }
    ops_progress_clear(&run->progress);
    opsig_inspect_report_free(run->report);
    return status;
}

/* ---- pictures: one model ---- */

struct picture {
    bool svg;
    opsig_graph_format format; /* else */
    opsig_graph *graph;
};

static opsig_status draw(FILE *stream, const opsig_report_style *style, void *payload,
                         opsig_error *err)
{
    const struct picture *const picture = payload;
    (void)style;
    return picture->svg ? opsig_report_graph_svg(stream, picture->graph, err)
                        : opsig_graph_export(picture->graph, picture->format, stream, err);
}

static opsig_status load_graph(opsig_graph **out, const char *path, const opsig_limits *limits,
                               opsig_error *err)
{
    if (strcmp(path, "-") != 0) {
        return opsig_graph_load(out, path, limits, err);
    }
    opsig_model *model = NULL;
    opsig_status status = opsig_model_load_fd(&model, STDIN_FILENO, limits, err);
    if (status == OPSIG_OK) {
        status = opsig_graph_build(out, model, limits, err);
    }
    opsig_model_free(model);
    return status;
}

static int run_picture(const struct ops_options *options, const struct ops_inputs *inputs)
{
    struct picture picture = {
        .svg = (int)options->format == FORMAT_SVG,
        .format = options->format == OPS_FORMAT_DOT ? OPSIG_GRAPH_DOT : OPSIG_GRAPH_GRAPHML,
    };
    if (inputs->n != 1) {
        ops_say(NULL, "inspect: this format draws one model, and there are %zu", inputs->n);
        return OPS_EXIT_USAGE;
    }
    opsig_error error = {.offset = -1};
    const opsig_status loaded =
        load_graph(&picture.graph, inputs->paths[0], &options->limits, &error);
    int status = ops_exit_of_input(loaded);
    if (loaded == OPSIG_OK) {
        status = ops_write_result(options, draw, &picture);
    } else {
        ops_say_error(inputs->paths[0], &error);
    }
    opsig_graph_free(picture.graph);
    return status;
}

/* ---- both ---- */

static int run_inspect(const struct inspect_args *args, struct run *run)
{
    int status = ops_inputs_gather(&run->inputs, &args->options, args->paths, args->n_paths);
    if (status != OPS_EXIT_OK && status != OPS_EXIT_INPUT) {
        return status;
    }
    if (is_picture(&args->options)) {
        return ops_exit_worse(status, run_picture(&args->options, &run->inputs));
    }
    ops_progress_init(&run->progress, &args->options);
    status = ops_exit_worse(status, ops_write_result(&args->options, inspect, run));
    return ops_exit_worse(status, run->status);
}

int ops_cmd_inspect(int argc, char **argv)
{
    struct inspect_args args = {0};
    struct run run = {.args = &args};
    ops_options_init(&args.options, "opsig inspect", formats);
    int status = ops_options_parse(&ops_argp_inspect, argc, argv, &args);
    if (status == OPS_EXIT_OK) {
        status = run_inspect(&args, &run);
    }
    ops_inputs_dispose(&run.inputs);
    return status;
}
