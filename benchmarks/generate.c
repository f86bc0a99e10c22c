/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes ONNX models of a given size, the same on every machine:
 *
 *   generate small COUNT FOLDER    COUNT models of 20 to 59 nodes with small weights
 *   generate nodes COUNT FILE      one model of COUNT nodes, each reading the two before it
 *   generate weights BYTES FILE    one model of 50 nodes and BYTES of weights, a hole in the file
 *
 * A message is written into a buffer first, as its length stands before it; only weights go past
 * the buffer, by a seek.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
    uint8_t *at;
    size_t len, cap;
};

static void die(const char *what)
{
    fprintf(stderr, "generate: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void put(struct bytes *out, const void *bytes, size_t len)
{
    if (out->len + len > out->cap) {
        out->cap = 2 * (out->len + len);
        out->at = realloc(out->at, out->cap);
        if (out->at == NULL) {
            die("memory");
        }
    }
    memcpy(out->at + out->len, bytes, len);
    out->len += len;
}

static void put_varint(struct bytes *out, uint64_t value)
{
    while (value >= 0x80) {
        put(out, &(uint8_t){(uint8_t)(value | 0x80)}, 1);
        value >>= 7;
    }
    put(out, &(uint8_t){(uint8_t)value}, 1);
}

static void put_number(struct bytes *out, unsigned field, uint64_t value)
{
    put_varint(out, field << 3);
    put_varint(out, value);
}

static void put_bytes(struct bytes *out, unsigned field, const void *bytes, size_t len)
{
    put_varint(out, field << 3 | 2);
    put_varint(out, len);
    put(out, bytes, len);
}

static void put_text(struct bytes *out, unsigned field, const char *text)
{
    put_bytes(out, field, text, strlen(text));
}

/* Appends a message as a field of another and empties it for the next. */
static void put_message(struct bytes *out, unsigned field, struct bytes *message)
{
    put_bytes(out, field, message->at, message->len);
    message->len = 0;
}

static void put_tensor_name(struct bytes *out, unsigned field, size_t number)
{
    char name[32];
    snprintf(name, sizeof name, "/block/t%zu", number);
    put_text(out, field, name);
}

/* Node i writes tensor i + 2 from tensors i + 1 and i. */
static void put_node(struct bytes *graph, size_t i, uint64_t choice)
{
    static const char *const operators[] = {"Add", "Mul", "Sub", "Max", "Concat", "MatMul"};
    const size_t kind = choice % (sizeof operators / sizeof operators[0]);
    struct bytes node = {0};
    struct bytes attribute = {0};
    put_tensor_name(&node, 1, i + 1);
    put_tensor_name(&node, 1, i);
    put_tensor_name(&node, 2, i + 2);
    put_tensor_name(&node, 3, i);
    put_text(&node, 4, operators[kind]);
    if (strcmp(operators[kind], "Concat") == 0) {
        put_text(&attribute, 1, "axis");
        put_number(&attribute, 3, 1);
        put_number(&attribute, 20, 2); /* INT */
        put_message(&node, 5, &attribute);
    }
    put_message(graph, 1, &node);
    free(attribute.at);
    free(node.at);
}

static void put_value(struct bytes *graph, unsigned field, size_t number)
{
    struct bytes value = {0};
    put_tensor_name(&value, 1, number);
    put_message(graph, field, &value);
    free(value.at);
}

/* Everything of a graph but its weights. */
static void put_graph(struct bytes *graph, size_t n_nodes, uint64_t seed)
{
    uint64_t random = seed * 6364136223846793005u + 1442695040888963407u;
    for (size_t i = 0; i < n_nodes; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        put_node(graph, i, random >> 33);
    }
    put_text(graph, 2, "main");
    put_value(graph, 11, 0);
    put_value(graph, 11, 1);
    put_value(graph, 12, n_nodes + 1);
}

/* The head of an initializer: what stands before `size` bytes of raw data, the field's own tag
 * and length included. */
static void put_weights_head(struct bytes *graph, uint64_t size)
{
    struct bytes tensor = {0};
    put_number(&tensor, 1, size / 4);
    put_number(&tensor, 2, 1); /* FLOAT */
    put_text(&tensor, 8, "weights");
    put_varint(&tensor, 9 << 3 | 2);
    put_varint(&tensor, size);
    put_varint(graph, 5 << 3 | 2);
    put_varint(graph, tensor.len + size);
    put(graph, tensor.at, tensor.len);
    free(tensor.at);
}

/* The file is: head of the model, the graph's nodes, head of the weights, the weights. */
static void write_model(const char *path, size_t n_nodes, uint64_t seed, uint64_t weights)
{
    struct bytes graph = {0};
    struct bytes model = {0};
    struct bytes opset = {0};
    put_graph(&graph, n_nodes, seed);
    put_weights_head(&graph, weights);
    put_number(&opset, 2, 16);
    put_number(&model, 1, 8);
    put_message(&model, 8, &opset);
    put_varint(&model, 7 << 3 | 2);
    put_varint(&model, graph.len + weights);

    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(model.at, 1, model.len, file) != model.len ||
        fwrite(graph.at, 1, graph.len, file) != graph.len ||
        fseek(file, (long)weights - 1, SEEK_CUR) != 0 || putc(0, file) == EOF ||
        fclose(file) != 0) {
        die(path);
    }
    free(graph.at);
    free(model.at);
    free(opset.at);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: generate small|nodes|weights NUMBER PATH\n");
        return 2;
    }
    const uint64_t number = strtoull(argv[2], NULL, 10);
    if (strcmp(argv[1], "nodes") == 0) {
        write_model(argv[3], number, 1, 64);
    } else if (strcmp(argv[1], "weights") == 0) {
        write_model(argv[3], 50, 1, number);
    } else {
        for (uint64_t i = 0; i < number; i++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/small-%05llu.onnx", argv[3], (unsigned long long)i);
            write_model(path, 20 + i % 40, i, 256 + 64 * (i % 40));
        }
    }
    return 0;
}
