/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ridge logistic regression by truncated Newton: each step solves (X'DX + penalty) s = -gradient
 * by conjugate gradients, preconditioned with the diagonal, so the Hessian is never formed and
 * the cost of a product is that of the entries of X. The step is halved until the loss falls
 * enough. The intercept is kept as the last parameter, without penalty.
 *
 * Platt's calibration has two parameters; its Newton steps are solved in closed form. */
#include "stats/logistic.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

enum { MAX_STEPS = 100, MAX_HALVINGS = 60, PLATT_STEPS = 100 };

static const double TOLERANCE = 1e-8;

/* One fit in progress. Vectors of parameters have n_columns + 1 places. */
struct fit {
    const struct ops_sparse *x;
    const uint8_t *labels;
    const uint32_t *rows;
    size_t n;
    const double *penalty;
    size_t n_params;
    double *params, *trial, *gradient, *step;          /* n_params */
    double *diagonal, *residual, *conjugate, *product; /* n_params: conjugate gradients */
    double *curvature;                                 /* n: p (1 - p) of each row */
};

static double sigmoid(double z)
{
    if (z >= 0) {
        return 1.0 / (1.0 + exp(-z));
    }
    const double e = exp(z);
    return e / (1.0 + e);
}

/* -log P(label | z), without overflow. */
static double loss_of(double z, bool label)
{
    const double away = label ? -z : z;
    return away > 0 ? away + log1p(exp(-away)) : log1p(exp(away));
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* Row `row` of X, with its 1 for the intercept, times a vector of parameters. */
static double row_times(const struct fit *fit, size_t row, const double *vector)
{
    return ops_logistic_score(fit->x, row, vector, vector[fit->n_params - 1]);
}

static double entry(const struct ops_sparse *x, uint32_t i)
{
    return x->values == NULL ? 1 : x->values[i];
}

/* vector += factor * row. */
static void add_row(const struct fit *fit, size_t row, double factor, double *vector)
{
    const struct ops_sparse *const x = fit->x;
    for (uint32_t i = x->begin[row]; i < x->begin[row + 1]; i++) {
        vector[x->items[i]] += factor * entry(x, i);
    }
    vector[fit->n_params - 1] += factor;
}

/* vector += factor * row, each entry squared. */
static void add_squares(const struct fit *fit, size_t row, double factor, double *vector)
{
    const struct ops_sparse *const x = fit->x;
    for (uint32_t i = x->begin[row]; i < x->begin[row + 1]; i++) {
        vector[x->items[i]] += factor * entry(x, i) * entry(x, i);
    }
    vector[fit->n_params - 1] += factor;
}

double ops_logistic_score(const struct ops_sparse *x, size_t row, const double *weights,
                          double intercept)
{
    double sum = intercept;
    for (uint32_t i = x->begin[row]; i < x->begin[row + 1]; i++) {
        sum += weights[x->items[i]] * entry(x, i);
    }
    return sum;
}

static double objective(const struct fit *fit, const double *params)
{
    double sum = 0;
    for (size_t i = 0; i < fit->n; i++) {
        const size_t row = fit->rows[i];
        sum += loss_of(row_times(fit, row, params), fit->labels[row] != 0);
    }
    for (size_t j = 0; j + 1 < fit->n_params; j++) {
        sum += 0.5 * fit->penalty[j] * params[j] * params[j];
    }
    return sum;
}

/* Gradient, curvature and diagonal of the Hessian at `params`; returns the gradient's norm. */
static double derive(struct fit *fit, const double *params)
{
    const size_t last = fit->n_params - 1;
    for (size_t j = 0; j < last; j++) {
        fit->gradient[j] = fit->penalty[j] * params[j];
        fit->diagonal[j] = fit->penalty[j];
    }
    fit->gradient[last] = 0;
    fit->diagonal[last] = 1e-12; /* of use only where every p is 0 or 1 */
    for (size_t i = 0; i < fit->n; i++) {
        const size_t row = fit->rows[i];
        const double p = sigmoid(row_times(fit, row, params));
        fit->curvature[i] = p * (1 - p);
        add_row(fit, row, p - (fit->labels[row] != 0), fit->gradient);
        add_squares(fit, row, fit->curvature[i], fit->diagonal);
    }
    return sqrt(dot(fit->gradient, fit->gradient, fit->n_params));
}

/* out = Hessian times vector. */
static void hessian_times(const struct fit *fit, const double *vector, double *out)
{
    const size_t last = fit->n_params - 1;
    for (size_t j = 0; j < last; j++) {
        out[j] = fit->penalty[j] * vector[j];
    }
    out[last] = 1e-12 * vector[last];
    for (size_t i = 0; i < fit->n; i++) {
        const size_t row = fit->rows[i];
        add_row(fit, row, fit->curvature[i] * row_times(fit, row, vector), out);
    }
}

/* z = residual / diagonal, written to `out`; returns residual . z. */
static double precondition(const struct fit *fit, double *out)
{
    for (size_t j = 0; j < fit->n_params; j++) {
        out[j] = fit->residual[j] / fit->diagonal[j];
    }
    return dot(fit->residual, out, fit->n_params);
}

/* step = -Hessian^-1 gradient, to a residual of `accuracy` times the gradient. */
static void solve_step(struct fit *fit, double accuracy)
{
    const size_t n = fit->n_params;
    const double target = accuracy * accuracy * dot(fit->gradient, fit->gradient, n);
    double *const z = fit->trial; /* not in use yet */
    for (size_t j = 0; j < n; j++) {
        fit->step[j] = 0;
        fit->residual[j] = -fit->gradient[j];
    }
    double rz = precondition(fit, fit->conjugate);
    for (size_t round = 0; round < 2 * n && dot(fit->residual, fit->residual, n) > target;
         round++) {
        hessian_times(fit, fit->conjugate, fit->product);
        const double length = rz / dot(fit->conjugate, fit->product, n);
        for (size_t j = 0; j < n; j++) {
            fit->step[j] += length * fit->conjugate[j];
            fit->residual[j] -= length * fit->product[j];
        }
        const double next = precondition(fit, z);
        for (size_t j = 0; j < n; j++) {
            fit->conjugate[j] = z[j] + next / rz * fit->conjugate[j];
        }
        rz = next;
    }
}

/* Goes along the step as far as the loss falls; returns false where it does not. */
static bool descend(struct fit *fit, double *loss)
{
    const double slope = dot(fit->gradient, fit->step, fit->n_params);
    double length = 2.0;
    for (int halving = 0; halving < MAX_HALVINGS; halving++) {
        length /= 2;
        for (size_t j = 0; j < fit->n_params; j++) {
            fit->trial[j] = fit->params[j] + length * fit->step[j];
        }
        const double next = objective(fit, fit->trial);
        if (next <= *loss + 1e-4 * length * slope + 1e-14 * fabs(*loss)) {
            memcpy(fit->params, fit->trial, fit->n_params * sizeof *fit->params);
            *loss = next;
            return true;
        }
    }
    return false;
}

static bool newton(struct fit *fit)
{
    memset(fit->trial, 0, fit->n_params * sizeof *fit->trial);
    const double at_zero = derive(fit, fit->trial);
    const double enough = TOLERANCE * at_zero + 1e-12;
    double loss = objective(fit, fit->params);
    for (int step = 0; step < MAX_STEPS; step++) {
        const double norm = derive(fit, fit->params);
        if (norm <= enough) {
            return true;
        }
        const double progress = at_zero > 0 ? sqrt(norm / at_zero) : 0.1;
        solve_step(fit, progress < 0.1 ? progress : 0.1);
        if (!descend(fit, &loss)) {
            return false;
        }
    }
    return false;
}

/* All vectors of a fit in one block, NULL when memory ran out. */
static double *allocate(struct fit *fit)
{
    const size_t n = fit->n_params;
    double *const block = ops_mem_zalloc(8 * n + fit->n, sizeof *block);
    if (block != NULL) {
        fit->params = block;
        fit->trial = block + n;
        fit->gradient = block + 2 * n;
        fit->step = block + 3 * n;
        fit->diagonal = block + 4 * n;
        fit->residual = block + 5 * n;
        fit->conjugate = block + 6 * n;
        fit->product = block + 7 * n;
        fit->curvature = block + 8 * n;
    }
    return block;
}

opsig_status ops_logistic_fit(const struct ops_sparse *x, const uint8_t *labels,
                              const uint32_t *rows, size_t n, const double *penalty,
                              double *weights, double *intercept, opsig_error *err)
{
    struct fit fit = {.x = x,
                      .labels = labels,
                      .rows = rows,
                      .n = n,
                      .penalty = penalty,
                      .n_params = x->n_columns + 1};
    double *const block = allocate(&fit);
    if (block == NULL) {
        return ops_error_nomem(err);
    }
    memcpy(fit.params, weights, x->n_columns * sizeof *weights);
    fit.params[x->n_columns] = *intercept;
    const bool converged = newton(&fit);
    if (converged) {
        memcpy(weights, fit.params, x->n_columns * sizeof *weights);
        *intercept = fit.params[x->n_columns];
    }
    ops_mem_free(block);
    return converged ? OPSIG_OK
                     : ops_error_set(err, OPSIG_INTERNAL, "no-convergence", -1,
                                     "the risk model does not converge in %d steps", MAX_STEPS);
}

/* Scores with their targets, for the two parameters of Platt's sigmoid. */
struct platt {
    const double *scores;
    const uint8_t *labels;
    size_t n;
    double target[2]; /* by label */
};

/* Cross entropy of a sigmoid against targets that are not 0 and 1. */
static double platt_loss(const struct platt *data, double a, double b)
{
    double sum = 0;
    for (size_t i = 0; i < data->n; i++) {
        const double z = a * data->scores[i] + b;
        const double target = data->target[data->labels[i] != 0];
        sum += target * loss_of(z, true) + (1 - target) * loss_of(z, false);
    }
    return sum;
}

/* Gradient and Hessian of the loss: g[0], g[1]; h[0] = aa, h[1] = ab, h[2] = bb. */
static void platt_derive(const struct platt *data, double a, double b, double g[2], double h[3])
{
    g[0] = g[1] = h[1] = 0;
    h[0] = h[2] = 1e-12; /* keeps the matrix invertible, as in Lin, Lin & Weng */
    for (size_t i = 0; i < data->n; i++) {
        const double s = data->scores[i];
        const double p = sigmoid(a * s + b);
        const double d = p - data->target[data->labels[i] != 0], curve = p * (1 - p);
        g[0] += s * d;
        g[1] += d;
        h[0] += s * s * curve;
        h[1] += s * curve;
        h[2] += curve;
    }
}

/* One damped Newton step of Platt's parameters; *loss is that before and after. */
static void platt_step(const struct platt *data, const double g[2], const double h[3], double *a,
                       double *b, double *loss)
{
    const double determinant = h[0] * h[2] - h[1] * h[1];
    const double da = -(h[2] * g[0] - h[1] * g[1]) / determinant;
    const double db = -(h[0] * g[1] - h[1] * g[0]) / determinant;
    const double slope = g[0] * da + g[1] * db;
    double length = 1, next = platt_loss(data, *a + da, *b + db);
    while (next > *loss + 1e-4 * length * slope && length > 1e-10) {
        length /= 2;
        next = platt_loss(data, *a + length * da, *b + length * db);
    }
    *a += length * da;
    *b += length * db;
    *loss = next;
}

void ops_platt_fit(const double *scores, const uint8_t *labels, size_t n, double *out_a,
                   double *out_b)
{
    double with = 0;
    for (size_t i = 0; i < n; i++) {
        with += labels[i] != 0;
    }
    const double without = (double)n - with, enough = 1e-9 * (double)(n + 1);
    const struct platt data = {scores, labels, n, {1 / (without + 2), (with + 1) / (with + 2)}};
    double a = 0, b = log((with + 1) / (without + 1));
    double loss = platt_loss(&data, a, b);
    for (int step = 0; step < PLATT_STEPS; step++) {
        double g[2], h[3];
        platt_derive(&data, a, b, g, h);
        if (fabs(g[0]) < enough && fabs(g[1]) < enough) {
            break;
        }
        platt_step(&data, g, h, &a, &b, &loss);
    }
    *out_a = a;
    *out_b = b;
}
