/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict (docs/hypothesis.md, "How the verdict is reached"): the hypothesis says that
 * sequences that inconsistent models share make them inconsistent. So it must be shown that they
 * share, that order matters to it, and that it tells models apart that were not looked at. Each
 * must hold by itself, so no correction for three questions is due; two tests of one question
 * share its level. */
#include <math.h>

#include "base/buffer.h"
#include "base/number.h"
#include "hypothesis/result.h"

static const double LEVEL = 0.05;
enum { FEWEST = 10, NUMBER_SIZE = 32, N_QUESTIONS = 3 };

const char *opsig_verdict_name(opsig_verdict verdict)
{
    static const char *const names[] = {"supported", "not supported", "equivocal"};
    return names[verdict];
}

/** The p-value of a question that two tests ask; one that could not be made counts as 1. */
static double p_of_two(double a, double b)
{
    const double smaller = fmin(isnan(a) ? 1 : a, isnan(b) ? 1 : b);
    return fmin(1, 2 * smaller);
}

static opsig_status add_reason(struct ops_study *study, struct ops_buffer *text, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_hypothesis *const out = study->out;
    TRY(ops_buffer_status(text, err));
    const char *const copy = ops_arena_strndup(&out->arena, text->bytes, text->len);
    TRY(copy != NULL ? OPSIG_OK : ops_error_nomem(err));
    out->reasons[out->n_reasons++] = copy;
done:
    ops_buffer_clear(text);
    return status;
}

static void put_number(struct ops_buffer *text, double value)
{
    char number[NUMBER_SIZE];
    ops_number_format_digits(value, 3, number);
    ops_buffer_puts(text, number);
}

/** "p = 0.012" */
static void put_p(struct ops_buffer *text, double p)
{
    ops_buffer_puts(text, " (p = ");
    put_number(text, p);
    ops_buffer_puts(text, ")");
}

static opsig_status judge_sharing(struct ops_study *study, struct ops_buffer *text, bool *out,
                                  opsig_error *err)
{
    const struct opsig_hypothesis *const h = study->out;
    const double p = p_of_two(h->sharing.excess.p, h->present.difference.p);
    *out = p <= LEVEL;
    ops_buffer_puts(text, *out ? "inconsistent models share sequences beyond chance"
                               : "that inconsistent models share sequences beyond chance is not "
                                 "shown");
    put_p(text, p);
    return add_reason(study, text, err);
}

static opsig_status judge_order(struct ops_study *study, struct ops_buffer *text, bool *out,
                                opsig_error *err)
{
    const struct opsig_hypothesis *const h = study->out;
    const double p = p_of_two(h->order.excess.p, h->ordered.difference.p);
    *out = p <= LEVEL;
    ops_buffer_puts(text, *out ? "order adds to what their operators and degrees explain"
                               : "that order adds to what operators and degrees explain is not "
                                 "shown");
    put_p(text, p);
    return add_reason(study, text, err);
}

static opsig_status judge_prediction(struct ops_study *study, struct ops_buffer *text, bool *out,
                                     opsig_error *err)
{
    const struct opsig_hypothesis *const h = study->out;
    const opsig_interval auc = h->predictions[OPSIG_PREDICTOR_SIGNATURES].roc_auc_within;
    const opsig_effect gain = h->gains[OPSIG_PREDICTOR_OPERATORS].roc_auc_within;
    *out = auc.low > 0.5 && gain.p <= LEVEL;
    ops_buffer_puts(text, *out ? "signatures predict models not mined better than their operators "
                                 "do"
                               : "that signatures predict models not mined better than their "
                                 "operators do is not shown");
    ops_buffer_puts(text, ": ROC AUC within strata ");
    put_number(text, auc.value);
    ops_buffer_puts(text, " against ");
    put_number(text, h->predictions[OPSIG_PREDICTOR_OPERATORS].roc_auc_within.value);
    put_p(text, gain.p);
    return add_reason(study, text, err);
}

/** Are there models enough for a verdict? */
static bool is_enough(const opsig_hypothesis_design *design)
{
    return design->n_inconsistent >= FEWEST && design->n_consistent >= FEWEST &&
           design->n_mixed_strata > 0;
}

opsig_status ops_study_verdict(struct ops_study *study, opsig_error *err)
{
    opsig_status status = OPSIG_OK;
    struct opsig_hypothesis *const h = study->out;
    struct ops_buffer text;
    bool shown[N_QUESTIONS] = {false, false, false};
    ops_buffer_init(&text, SIZE_MAX);
    TRY(judge_sharing(study, &text, &shown[0], err));
    TRY(judge_order(study, &text, &shown[1], err));
    TRY(judge_prediction(study, &text, &shown[2], err));
    h->verdict = OPSIG_VERDICT_EQUIVOCAL;
    if (!is_enough(&h->design)) {
        ops_buffer_printf(&text,
                          "fewer than %d models of a label, or no stratum with both, are too few "
                          "for a verdict",
                          FEWEST);
        TRY(add_reason(study, &text, err));
    } else if (shown[0] && shown[1] && shown[2]) {
        h->verdict = OPSIG_VERDICT_SUPPORTED;
    } else if (!shown[0] && !shown[1] && !shown[2]) {
        h->verdict = OPSIG_VERDICT_NOT_SUPPORTED;
    }
done:
    ops_buffer_dispose(&text);
    return status;
}
