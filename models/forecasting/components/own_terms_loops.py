"""The loops of `own_terms`: one merchant after the other, in float64, so that neighbours never change an answer.

Weighted least squares is repeated on the multiplicative residual y / m - 1 (Fisher scoring of a quasi-Poisson model
with a log link), first for what moves by the week, then for what a kind of day adds. Sums by week and by kind of day
are all that either needs from the days. Source: McCullagh & Nelder (1989), Generalized Linear Models, ch. 9.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.panel import Flags, Floats, Ints

TINY = 1e-12
STEP = 1.0  # largest step of a log factor in one round; guards the first one, which may start far away


@compiled
def fit_terms(
    values: Floats, pooled: Floats, lift: Floats, scope: Ints, state: npt.NDArray[np.int8], is_open: Flags,
    event: Flags, weekday: Ints, week: Ints, unit: Floats, dispersion: float, slow: Floats, slow_precision: Floats,
    slow_centre: Floats, whole_year: Ints, fast: Floats, fast_precision: Floats, most_squared: float, noise: float,
    noise_days: float, rounds: int,
    theta: Floats, beta: Floats, noises: Floats,
) -> None:  # fmt: skip
    """Fill theta (merchants, slow columns), beta (merchants, fast columns) and noises (merchants,).

    Parameters
    ----------
    values : array (merchants, days)
        NaN = not known.
    pooled : array (scopes, states, days)
        Pooled factors.
    lift : array (merchants, days)
        Factor beside them, of depth and price; without days = none.
    event : array of bool (scopes, days)
    week : array of int (days,)
        Row of `slow` of each day.
    slow_precision : array (2, columns, columns)
        For merchants without and with a whole year (`whole_year`, 0 or 1).
    noise : float
        What the variance of a day over (unit / mean + dispersion) is to begin with; counts for `noise_days`.
    """
    days = len(week)
    by_week, weight_week, pull_week = np.empty(len(slow)), np.empty(len(slow)), np.empty(len(slow))
    by_kind, weight_kind, pull_kind = np.empty(len(fast)), np.empty(len(fast)), np.empty(len(fast))
    y, base, weeks, kinds = np.empty(days), np.empty(days), np.empty(days, np.int64), np.empty(days, np.int64)
    for i in range(len(values)):
        rows, sold, promised, group = 0, 0.0, 0.0, scope[i]
        for t in range(days):
            if values[i, t] == values[i, t] and is_open[i, t] and pooled[group, state[i, t], t] > 0:
                y[rows], base[rows] = values[i, t], pooled[group, state[i, t], t]
                if lift.shape[1] > 0:
                    base[rows] *= lift[i, t]
                weeks[rows] = week[t]
                kinds[rows] = weekday[t] * 16 + event[group, t] * 8 + state[i, t]
                sold += y[rows]
                promised += base[rows]
                rows += 1
        noises[i] = noise
        if sold <= 0:
            continue
        theta[i] = slow_centre
        theta[i, 0] = np.log(sold / promised)
        _factors(slow, theta[i], by_week)
        by_kind[:] = 1.0
        precision = slow_precision[whole_year[i]]
        for _ in range(rounds):
            noises[i] = _sum_by(
                y, base, weeks, kinds, rows, False, by_week, by_kind, unit[i], dispersion, noises[i], most_squared,
                noise, noise_days, weight_week, pull_week,
            )  # fmt: skip
            _step(slow, precision, slow_centre, weight_week, pull_week, theta[i], by_week)
            noises[i] = _sum_by(
                y, base, weeks, kinds, rows, True, by_week, by_kind, unit[i], dispersion, noises[i], most_squared,
                noise, noise_days, weight_kind, pull_kind,
            )  # fmt: skip
            _step(fast, fast_precision, np.zeros(fast.shape[1]), weight_kind, pull_kind, beta[i], by_kind)


@compiled
def _sum_by(
    y: Floats, base: Floats, week: Ints, kind: Ints, rows: int, per_kind: bool, by_week: Floats, by_kind: Floats,
    unit: float, dispersion: float, scale: float, most_squared: float, noise: float, noise_days: float, weight: Floats,
    pull: Floats,
) -> float:  # fmt: skip
    """Sum weights and weighted residuals by week or by kind of day; returns the noise found on the way.

    A residual beyond `most` standard deviations counts as one of that size: a spike or an outage is not a habit.
    """
    weight[:] = 0.0
    pull[:] = 0.0
    squares, most = 0.0, most_squared * scale
    for t in range(rows):
        mean = base[t] * by_week[week[t]] * by_kind[kind[t]]
        beyond = y[t] - mean
        inverse = 1.0 / (mean * (unit + dispersion * mean))
        square = beyond * beyond * inverse
        if square > most:
            beyond *= (most / square) ** 0.5
            square = most
        squares += square
        place = kind[t] if per_kind else week[t]
        weight[place] += mean * mean * inverse
        pull[place] += beyond * mean * inverse
    found = (squares + noise * noise_days) / (rows + noise_days)
    for place in range(len(weight)):
        weight[place] /= found
        pull[place] /= found
    return found


@compiled
def _step(
    design: Floats, precision: Floats, centre: Floats, weight: Floats, pull: Floats, theta: Floats, factor: Floats
) -> None:
    """One step of all coefficients together; fills the factor that each row of the design now has."""
    rows, size = design.shape
    H, g = precision.copy(), np.zeros(size)
    for j in range(size):
        for k in range(size):
            g[j] -= precision[j, k] * (theta[k] - centre[k])
    for row in range(rows):
        if weight[row] <= 0:
            continue
        for j in range(size):
            x = design[row, j]
            if x == 0.0:
                continue
            g[j] += pull[row] * x
            by = weight[row] * x
            for k in range(j + 1):
                H[j, k] += by * design[row, k]
    _solve(H, g)
    for j in range(size):
        theta[j] += min(max(g[j], -STEP), STEP)
    _factors(design, theta, factor)


@compiled
def _factors(design: Floats, theta: Floats, factor: Floats) -> None:
    for row in range(len(design)):
        total = 0.0
        for j in range(len(theta)):
            total += design[row, j] * theta[j]
        factor[row] = np.exp(total)


@compiled
def _solve(H: Floats, g: Floats) -> None:
    """Solve H x = g by Cholesky; the lower half of H is overwritten, g becomes x."""
    size = len(g)
    for i in range(size):
        for j in range(i + 1):
            total = H[i, j]
            for k in range(j):
                total -= H[i, k] * H[j, k]
            H[i, j] = total / H[j, j] if j < i else max(total, TINY) ** 0.5
        for k in range(i):
            g[i] -= H[i, k] * g[k]
        g[i] /= H[i, i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            g[i] -= H[k, i] * g[k]
        g[i] /= H[i, i]
