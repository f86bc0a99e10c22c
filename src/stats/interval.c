/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effect sizes of a 2x2 table. Ratios get symmetric intervals on the logarithmic scale; half a
 * model added to each cell keeps them finite where a cell is empty. */
#include "stats/interval.h"

#include <math.h>

/* The 97.5 % point of the normal distribution. */
#define Z95 1.959963984540054

static opsig_interval ratio_interval(double value, double log_variance)
{
    const double factor = exp(Z95 * sqrt(log_variance));
    return (opsig_interval){.value = value, .low = value / factor, .high = value * factor};
}

opsig_interval ops_odds_ratio(uint32_t with_inc, uint32_t n_inc, uint32_t with_con, uint32_t n_con)
{
    const double a = with_inc + 0.5, b = (double)n_inc - with_inc + 0.5;
    const double c = with_con + 0.5, d = (double)n_con - with_con + 0.5;
    return ratio_interval(a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d);
}

opsig_interval ops_likelihood_ratio(uint32_t with_inc, uint32_t n_inc, uint32_t with_con,
                                    uint32_t n_con)
{
    const double a = with_inc + 0.5, n1 = n_inc + 1.0;
    const double c = with_con + 0.5, n0 = n_con + 1.0;
    return ratio_interval((a / n1) / (c / n0), 1 / a - 1 / n1 + 1 / c - 1 / n0);
}

opsig_interval ops_wilson(uint32_t k, uint32_t n)
{
    if (n == 0) {
        return (opsig_interval){.value = 0.0, .low = 0.0, .high = 1.0};
    }
    const double count = n, share = k / count, z2 = Z95 * Z95;
    const double middle = share + z2 / (2 * count);
    const double half = Z95 * sqrt((share * (1 - share) + z2 / (4 * count)) / count);
    const double scale = 1 + z2 / count;
    return (opsig_interval){.value = share,
                            .low = k == 0 ? 0.0 : (middle - half) / scale,
                            .high = k == n ? 1.0 : (middle + half) / scale};
}

opsig_severity ops_severity_of(double likelihood_ratio_low)
{
    if (likelihood_ratio_low >= 10.0) {
        return OPSIG_SEVERITY_HIGH;
    }
    return likelihood_ratio_low >= 3.0 ? OPSIG_SEVERITY_MEDIUM : OPSIG_SEVERITY_LOW;
}

void ops_statistics_fill(opsig_statistics *out, uint32_t with_inc, uint32_t n_inc,
                         uint32_t with_con, uint32_t n_con)
{
    const double base_rate = n_inc > 0 ? n_inc / ((double)n_inc + n_con) : 0.0;
    out->n_inconsistent = n_inc;
    out->n_consistent = n_con;
    out->with_inconsistent = with_inc;
    out->with_consistent = with_con;
    out->odds_ratio = ops_odds_ratio(with_inc, n_inc, with_con, n_con);
    out->likelihood_ratio = ops_likelihood_ratio(with_inc, n_inc, with_con, n_con);
    out->confidence = ops_wilson(with_inc, with_inc + with_con);
    out->lift = base_rate > 0.0 ? out->confidence.value / base_rate : 0.0;
    out->severity = ops_severity_of(out->likelihood_ratio.low);
}
