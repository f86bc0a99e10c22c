/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database file, or its text form: what is read is written as the other and read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opsig/opsig.h>

#include "fuzz/fuzz.h"

static char *export_text(const opsig_database *database)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const stream = open_memstream(&text, &size);
    fuzz_need(stream != NULL && opsig_database_export(database, stream, NULL) == OPSIG_OK,
              "it can be exported");
    (void)fclose(stream);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    opsig_database *database = NULL;
    opsig_database *again = NULL;
    opsig_error error = {.offset = -1};
    const int is_text = size > 5 && memcmp(data, "opsig", 5) == 0;
    const char *const path = fuzz_file(data, size);
    const opsig_status status = is_text ? opsig_database_import(&database, path, &error)
                                        : opsig_database_open(&database, path, &error);
    if (status != OPSIG_OK) {
        fuzz_need(database == NULL && error.message[0] != '\0', "a failure has a reason");
        return 0;
    }
    char *const text = export_text(database);
    fuzz_need(opsig_database_import(&again, fuzz_file((const uint8_t *)text, strlen(text)),
                                    &error) == OPSIG_OK,
              "what is exported can be imported");
    char *const same = export_text(again);
    fuzz_need(strcmp(text, same) == 0, "and is the same");
    free(same);
    free(text);
    opsig_database_free(again);
    opsig_database_free(database);
    return 0;
}
