/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of rules: what is read is printed, and what is printed is read again as the same. */
#include <stdlib.h>
#include <string.h>

#include <opsig/opsig.h>

#include "fuzz/fuzz.h"

static opsig_rules *read_rules(const char *text, size_t len)
{
    opsig_rules *rules = NULL;
    fuzz_need(opsig_rules_new(&rules, NULL) == OPSIG_OK, "an empty set");
    const opsig_status status = opsig_rules_add_text(rules, "fuzz", text, len, NULL);
    fuzz_need(status == OPSIG_OK || status == OPSIG_FORMAT || status == OPSIG_LIMIT, "a status");
    fuzz_need((status == OPSIG_FORMAT) == (opsig_rules_n_errors(rules) > 0), "errors are told");
    for (size_t i = 0; i < opsig_rules_n_diagnostics(rules); i++) {
        const opsig_rules_diagnostic it = opsig_rules_diagnostic_at(rules, i);
        fuzz_need(it.line > 0 && it.column > 0 && it.message[0] != '\0', "a place and a message");
    }
    return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    opsig_rules *const rules = read_rules((const char *)data, size);
    for (size_t i = 0; i < opsig_rules_n(rules); i++) {
        const char *const text = opsig_rule_text(opsig_rules_at(rules, i));
        opsig_rules *const again = read_rules(text, strlen(text));
        fuzz_need(opsig_rules_n(again) == 1 && opsig_rules_n_errors(again) == 0,
                  "what is printed can be read");
        fuzz_need(strcmp(opsig_rule_text(opsig_rules_at(again, 0)), text) == 0,
                  "and is printed alike");
        opsig_rules_free(again);
    }
    opsig_rules_free(rules);
    return 0;
}
