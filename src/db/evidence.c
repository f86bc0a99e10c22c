/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fewer examples for each signature: a database for everybody need not name every model of the
 * corpus that it was mined from. All numbers stay as they are. */
#include <stdio.h>
#include <string.h>

#include <opsig/db.h>

#include "base/mem.h"
#include "pattern/signature.h"

enum { NUMBER_TEXT = 24 };

/** Keeps the first `most` of each label. */
static void cut(struct opsig_signature *signature, const struct opsig_database *database,
                uint32_t most)
{
    uint32_t kept[2] = {0, 0};
    size_t n = 0;
    for (size_t i = 0; i < signature->n_evidence; i++) {
        const struct ops_evidence evidence = signature->evidence[i];
        const bool label = database->models.items[evidence.model].inconsistent;
        if (kept[label]++ < most) {
            signature->evidence[n++] = evidence;
        } else {
            ops_mem_free(evidence.nodes);
        }
    }
    signature->n_evidence = n;
}

/** Leaves out the models that no evidence is from. @param place  room for a number a model */
static void drop_models(struct opsig_database *database, uint32_t *place)
{
    uint32_t n = 0;
    for (size_t i = 0; i < database->signatures.len; i++) {
        const struct opsig_signature *const signature = database->signatures.items[i];
        for (size_t k = 0; k < signature->n_evidence; k++) {
            place[signature->evidence[k].model] = 1;
        }
    }
    for (size_t m = 0; m < database->models.len; m++) {
        struct ops_db_model *const model = &database->models.items[m];
        if (place[m] == 0) {
            ops_mem_free(model->path);
            continue;
        }
        place[m] = n;
        database->models.items[n++] = *model;
    }
    database->models.len = n;
    for (size_t i = 0; i < database->signatures.len; i++) {
        const struct opsig_signature *const signature = database->signatures.items[i];
        for (size_t k = 0; k < signature->n_evidence; k++) {
            signature->evidence[k].model = place[signature->evidence[k].model];
        }
    }
}

opsig_status opsig_database_keep_evidence(opsig_database *database, uint32_t most, opsig_error *err)
{
    char number[NUMBER_TEXT];
    opsig_status status = OPSIG_OK;
    uint32_t *const place = ops_mem_zalloc(database->models.len, sizeof *place);
    TRY(place != NULL ? OPSIG_OK : ops_error_nomem(err));
    (void)snprintf(number, sizeof number, "%u", most);
    TRY(ops_database_note(database, "evidence.most", number, err));
    for (size_t i = 0; i < database->signatures.len; i++) {
        cut(database->signatures.items[i], database, most);
    }
    drop_models(database, place);
done:
    ops_mem_free(place);
    return status;
}
