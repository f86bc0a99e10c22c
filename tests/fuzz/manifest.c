/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A manifest as CSV: rows are read, no model is loaded. */
#include "base/reader.h"
#include "corpus/manifest.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const oracles[] = {NULL, "ort"};
    for (size_t i = 0; i < 2; i++) {
        struct ops_rows rows;
        struct ops_reader *reader = NULL;
        opsig_corpus_options options;
        opsig_error error = {.offset = -1};
        ops_rows_init(&rows);
        opsig_corpus_options_init(&options);
        options.oracle = oracles[i];
        options.has_tolerance = i == 1;
        fuzz_need(ops_reader_open_memory(&reader, data, size, &error) == OPSIG_OK, "a reader");
        const opsig_status status = ops_manifest_read(&rows, reader, "folder", &options, &error);
        fuzz_need(status == OPSIG_OK || error.message[0] != '\0', "a failure has a reason");
        ops_rows_dispose(&rows);
        ops_reader_free(reader);
    }
    return 0;
}
