/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The getters of a result. */
#include "hypothesis/result.h"

#include "base/mem.h"

void opsig_hypothesis_free(opsig_hypothesis *hypothesis)
{
    if (hypothesis != NULL) {
        ops_arena_dispose(&hypothesis->arena);
        ops_mem_free(hypothesis);
    }
}

const opsig_hypothesis_design *opsig_hypothesis_design_of(const opsig_hypothesis *h)
{
    return &h->design;
}

const opsig_hypothesis_sharing *opsig_hypothesis_sharing_of(const opsig_hypothesis *h)
{
    return &h->sharing;
}

const opsig_hypothesis_order *opsig_hypothesis_order_of(const opsig_hypothesis *h)
{
    return &h->order;
}

const opsig_hypothesis_strongest *opsig_hypothesis_strongest_present(const opsig_hypothesis *h)
{
    return &h->present;
}

const opsig_hypothesis_strongest *opsig_hypothesis_strongest_ordered(const opsig_hypothesis *h)
{
    return &h->ordered;
}

const char *opsig_predictor_name(opsig_predictor predictor)
{
    static const char *const names[] = {"signatures", "operators", "size"};
    return names[predictor];
}

const opsig_prediction *opsig_hypothesis_prediction(const opsig_hypothesis *h,
                                                    opsig_predictor predictor)
{
    return &h->predictions[predictor];
}

const opsig_prediction_gain *opsig_hypothesis_gain(const opsig_hypothesis *h,
                                                   opsig_predictor baseline)
{
    return &h->gains[baseline];
}

const opsig_hypothesis_flags *opsig_hypothesis_flags_of(const opsig_hypothesis *h)
{
    return &h->flags;
}

size_t opsig_hypothesis_n_tolerances(const opsig_hypothesis *h)
{
    return h->n_tolerances;
}

const opsig_hypothesis_tolerance *opsig_hypothesis_tolerance_at(const opsig_hypothesis *h,
                                                                size_t i)
{
    return &h->tolerances[i];
}

size_t opsig_hypothesis_n_ages(const opsig_hypothesis *h)
{
    return h->n_ages;
}

const opsig_hypothesis_age *opsig_hypothesis_age_at(const opsig_hypothesis *h, size_t i)
{
    return &h->ages[i];
}

double opsig_hypothesis_age_known(const opsig_hypothesis *h)
{
    return h->age_known;
}

opsig_verdict opsig_hypothesis_verdict(const opsig_hypothesis *h)
{
    return h->verdict;
}

size_t opsig_hypothesis_n_reasons(const opsig_hypothesis *h)
{
    return h->n_reasons;
}

const char *opsig_hypothesis_reason(const opsig_hypothesis *h, size_t i)
{
    return h->reasons[i];
}
