/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes models as what they are: a message is cut into fields; one of them is left out, doubled,
 * swapped with another, or changed inside, and the lengths around it are made right again. Every
 * eighth time libFuzzer's own changes are made, which know nothing of lengths. */
#include <string.h>

#include "fuzz/fuzz.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

enum { MOST_FIELDS = 512, DEEPEST = 12, LARGEST = 1 << 16, MESSAGE = 2 };

struct field {
    size_t begin, body, end; /* of the tag, of what a length tells, behind it */
    unsigned type;
};

/** @return where the number ends; 0: it is none */
static size_t read_varint(const uint8_t *bytes, size_t at, size_t size, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; at < size && shift < 64; shift += 7) {
        const uint8_t byte = bytes[at++];
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return at;
        }
    }
    return 0;
}

static size_t write_varint(uint8_t *out, uint64_t value)
{
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) {
        out[n++] = (uint8_t)(value | 0x80);
    }
    out[n++] = (uint8_t)value;
    return n;
}

/** Where the value of a field ends; 0: nowhere. */
static size_t value_end(const uint8_t *bytes, size_t size, struct field *field)
{
    uint64_t value = 0;
    switch (field->type) {
    case 0:
        return read_varint(bytes, field->body, size, &value);
    case 1:
        return field->body + 8;
    case MESSAGE:
        field->body = read_varint(bytes, field->body, size, &value);
        return field->body == 0 || value > size ? 0 : field->body + (size_t)value;
    case 5:
        return field->body + 4;
    default:
        return 0;
    }
}

/** Cuts bytes into fields. @return how many; 0: they are no message */
static size_t cut(const uint8_t *bytes, size_t size, struct field *fields)
{
    size_t n = 0;
    for (size_t at = 0; at < size && n < MOST_FIELDS; n++) {
        uint64_t tag = 0;
        fields[n].begin = at;
        fields[n].body = read_varint(bytes, at, size, &tag);
        fields[n].type = tag & 7;
        fields[n].end = fields[n].body == 0 || tag < 8 ? 0 : value_end(bytes, size, &fields[n]);
        if (fields[n].end == 0 || fields[n].end > size) {
            return 0;
        }
        at = fields[n].end;
    }
    return n;
}

static unsigned roll(unsigned *state, size_t bound)
{
    *state = *state * 1103515245U + 12345U;
    return (unsigned)((*state >> 8) % bound);
}

/** Appends bytes where there is room. */
static size_t put(uint8_t *out, size_t at, size_t room, const uint8_t *bytes, size_t n)
{
    if (n > room - at) {
        return at;
    }
    memcpy(out + at, bytes, n);
    return at + n;
}

static size_t mutate(uint8_t *data, size_t size, size_t room, unsigned *state, int depth);

/** The field with other contents, and the length of these. */
static size_t put_changed(uint8_t *out, size_t at, size_t room, const uint8_t *data,
                          const struct field *field, unsigned *state, int depth)
{
    static uint8_t inside[DEEPEST + 1][LARGEST];
    uint8_t length[10];
    uint64_t tag;
    const size_t tag_end = read_varint(data, field->begin, field->end, &tag);
    size_t n = field->end - field->body;
    if (field->type != MESSAGE || n > LARGEST / 2) {
        return put(out, at, room, data + field->begin, field->end - field->begin);
    }
    memcpy(inside[depth], data + field->body, n);
    n = mutate(inside[depth], n, LARGEST / 2, state, depth + 1);
    at = put(out, at, room, data + field->begin, tag_end - field->begin);
    at = put(out, at, room, length, write_varint(length, n + (roll(state, 64) == 0)));
    return put(out, at, room, inside[depth], n);
}

static size_t mutate(uint8_t *data, size_t size, size_t room, unsigned *state, int depth)
{
    static struct field fields[DEEPEST + 1][MOST_FIELDS];
    static uint8_t result[DEEPEST + 1][LARGEST];
    const size_t n = depth < DEEPEST ? cut(data, size, fields[depth]) : 0;
    if (n == 0 || roll(state, 8) == 0) {
        return LLVMFuzzerMutate(data, size, room);
    }
    const struct field *const own = fields[depth];
    const size_t chosen = roll(state, n);
    const size_t other = roll(state, n);
    const unsigned what = roll(state, 8);
    size_t at = 0;
    room = room < LARGEST ? room : LARGEST;
    for (size_t i = 0; i < n; i++) {
        const struct field *field = &own[i];
        if (what == 0 && i == chosen) {
            continue;
        }
        if (what == 1 && (i == chosen || i == other)) {
            field = &own[i == chosen ? other : chosen];
        }
        if (what >= 3 && i == chosen) {
            at = put_changed(result[depth], at, room, data, field, state, depth);
            continue;
        }
        at = put(result[depth], at, room, data + field->begin, field->end - field->begin);
        if (what == 2 && i == chosen) {
            at = put(result[depth], at, room, data + field->begin, field->end - field->begin);
        }
    }
    memcpy(data, result[depth], at);
    return at;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return mutate(data, size, max_size, &seed, 0);
}
