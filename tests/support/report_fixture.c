/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support/report_fixture.h"

#include <stdlib.h>
#include <string.h>

#include <opsig/model.h>

#include "support/onnx_write.h"

void memory_stream_open(struct memory_stream *memory)
{
    *memory = (struct memory_stream){0};
    memory->stream = open_memstream(&memory->text, &memory->len);
    assert_non_null(memory->stream);
}

const char *memory_stream_text(struct memory_stream *memory)
{
    assert_int_equal(fclose(memory->stream), 0);
    memory->stream = NULL;
    return memory->text;
}

json_t *memory_stream_json(struct memory_stream *memory)
{
    json_error_t error;
    const char *const text = memory_stream_text(memory);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        fail_msg("%s in %s", error.text, text);
    }
    return json;
}

void memory_stream_free(struct memory_stream *memory)
{
    if (memory->stream != NULL) {
        (void)fclose(memory->stream);
    }
    free(memory->text);
}

static opsig_graph *build(struct ow *graph)
{
    struct ow bytes = {0};
    opsig_model *model = NULL;
    opsig_graph *out = NULL;
    opsig_limits limits;
    opsig_limits_init(&limits);
    ow_model(&bytes, graph, 17);
    assert_int_equal(opsig_model_load_memory(&model, bytes.bytes, bytes.len, &limits, NULL),
                     OPSIG_OK);
    assert_int_equal(opsig_graph_build(&out, model, &limits, NULL), OPSIG_OK);
    opsig_model_free(model);
    ow_free(&bytes);
    return out;
}

opsig_graph *fixture_graph(const char *nodes)
{
    struct ow graph = {0};
    ow_nodes(&graph, nodes);
    return build(&graph);
}

opsig_graph *fixture_named_graph(const char *name, const char *nodes)
{
    struct ow graph = {0};
    struct ow more = {0};
    ow_node_name(&more, name);
    ow_node(&graph, "Pad", "first_input", "first", &more);
    ow_nodes(&graph, nodes);
    return build(&graph);
}

static void add_model(struct opsig_database *database, const char *path, bool inconsistent)
{
    struct ops_db_model model = {.path = ops_mem_strdup(path), .inconsistent = inconsistent};
    assert_int_equal(ops_vec_push(&database->models, model, NULL), OPSIG_OK);
}

struct opsig_database *fixture_database(void)
{
    struct opsig_database *database = NULL;
    assert_int_equal(ops_database_new(&database, NULL), OPSIG_OK);
    database->risk = (struct ops_risk){.present = true, .intercept = -2, .slope = 1};
    add_model(database, "bad.onnx", true);
    add_model(database, "good.onnx", false);
    assert_int_equal(ops_database_note(database, "oracle", "ort_opt", NULL), OPSIG_OK);
    assert_int_equal(ops_database_note(database, "risk.roc_auc", "0.875", NULL), OPSIG_OK);
    assert_int_equal(ops_database_note(database, "tool.version", "1.0", NULL), OPSIG_OK);
    return database;
}

static void add_evidence(struct opsig_signature *signature)
{
    struct ops_evidence *evidence = ops_mem_zalloc(2, sizeof *evidence);
    assert_non_null(evidence);
    for (uint32_t i = 0; i < 2; i++) {
        evidence[i] = (struct ops_evidence){.model = i, .nodes = ops_mem_strdup("/a\n/b")};
    }
    signature->evidence = evidence;
    signature->n_evidence = 2;
}

static opsig_severity severity_of(double low)
{
    return low >= 10 ? OPSIG_SEVERITY_HIGH : low >= 3 ? OPSIG_SEVERITY_MEDIUM : OPSIG_SEVERITY_LOW;
}

struct opsig_signature *fixture_signature(struct opsig_database *database, const char *pattern,
                                          uint32_t with, double low)
{
    struct opsig_signature *signature = NULL;
    assert_int_equal(ops_database_add(database, &signature, NULL), OPSIG_OK);
    assert_int_equal(opsig_pattern_parse(&signature->pattern, pattern, NULL), OPSIG_OK);
    assert_int_equal(ops_pattern_copy(&signature->context, signature->pattern, NULL), OPSIG_OK);
    signature->significant = true;
    signature->weight = 1;
    signature->statistics = (opsig_statistics){
        .n_inconsistent = 210,
        .n_consistent = 900,
        .with_inconsistent = with,
        .with_consistent = 4,
        .p = 1e-9,
        .p_adjusted = 1e-4,
        .p_order = 0.25,
        .odds_ratio = {14.2, 5.1, 39},
        .likelihood_ratio = {low * 2, low, low * 4},
        .confidence = {0.875, 0.75, 0.95},
        .lift = 4.5,
        .severity = severity_of(low),
    };
    add_evidence(signature);
    return signature;
}
