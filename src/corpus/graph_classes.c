/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A class is one digit with nothing but blanks beside it, so bytes are looked at one by one and
 * nothing is kept but the digit of the line at hand. */
#include "corpus/graph_classes.h"

#include <inttypes.h>

#include "base/error.h"

/** Between two bytes. */
struct place {
    uint64_t line;   /* from 1 */
    uint64_t offset; /* of the byte at hand */
    char class;      /* of the line; '\0': none yet */
    size_t n;        /* classes handed over */
};

static opsig_status take_byte(struct place *place, char c, ops_graph_classes_sink sink,
                              void *payload, opsig_error *err)
{
    if (c == '\n') {
        opsig_status status = OPSIG_OK;
        if (place->class != '\0') {
            status = sink(place->n++,
                          place->class == '1' ? OPSIG_LABEL_INCONSISTENT : OPSIG_LABEL_CONSISTENT,
                          payload, err);
        }
        place->line++;
        place->class = '\0';
        return status;
    }
    if (c == ' ' || c == '\t' || c == '\r') {
        return OPSIG_OK;
    }
    if ((c != '0' && c != '1') || place->class != '\0') {
        return ops_error_set(err, OPSIG_FORMAT, "classes", (int64_t)place->offset,
                             "file of classes, line %" PRIu64 ": a line is 0 or 1", place->line);
    }
    place->class = c;
    return OPSIG_OK;
}

opsig_status ops_graph_classes_read(struct ops_reader *reader, ops_graph_classes_sink sink,
                                    void *payload, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct place place = {.line = 1};
    for (;;) {
        const uint8_t *bytes = NULL;
        size_t len = 0;
        TRY(ops_reader_peek(reader, OPS_READER_WINDOW, &bytes, &len, err));
        if (len == 0) {
            break;
        }
        for (size_t i = 0; i < len; i++) {
            TRY(take_byte(&place, (char)bytes[i], sink, payload, err));
            place.offset++;
        }
        ops_reader_advance(reader, len);
    }
    TRY(place.class != '\0' ? take_byte(&place, '\n', sink, payload, err) : OPSIG_OK);
done:
    return status;
}
