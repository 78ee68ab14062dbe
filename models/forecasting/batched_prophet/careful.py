"""The slow and careful way, one series at a time, for fits so close that sums of squares drown in rounding.

Everything is made orthogonal explicitly and residuals are summed one by one. It serves any series, so it is also what
the two fast ways are tested against.
"""

from __future__ import annotations

import numpy as np

from models.forecasting.batched_prophet.active_set import search
from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.batched_prophet.noise import (
    CLOSED_ROUNDS,
    LEAST_VARIANCE,
    MOST_ROUNDS,
    bend_of,
    next_variance,
    plain_variance,
)
from models.forecasting.batched_prophet.shared import prior_squares, problem_at
from models.forecasting.batched_prophet.whitening import whiten
from models.forecasting.panel import Floats

STILL = 1e-12


def solve_carefully(
    values: Floats, Z: Floats, scales: Floats, D: Floats, tau: float, noise_weight: float
) -> tuple[Floats, Floats, float]:
    """Coefficients of Z, changes of slope and noise variance of scaled values (rows,).

    A variance below `LEAST_VARIANCE` is returned where the posterior has no maximum; the coefficients are then those at
    that variance.
    """
    design = whiten(Z, scales, D)
    V = design.directions
    projected = V.T @ values
    left = values - V @ projected
    again = V.T @ left
    projected, left = projected + again, left - V @ again
    delta, share = np.zeros(D.shape[1]), np.empty(len(projected))
    variance = _walk(
        left, np.ascontiguousarray(design.hinges.T), projected, design.hinges.T @ left, design.grams, design.shadow,
        design.strength, design.reach, float(len(values)), tau, noise_weight, delta, share,
    )  # fmt: skip
    return design.back @ share, delta, variance


@compiled
def _walk(
    left: Floats,
    hinges: Floats,
    projected: Floats,
    pulled: Floats,
    grams: Floats,
    shadow: Floats,
    strength: Floats,
    reach: float,
    rows: float,
    tau: float,
    noise_weight: float,
    d: Floats,
    share: Floats,
) -> float:
    q, size = shadow.shape
    G, L, b, e = np.empty((size, size)), np.empty((size, size)), np.empty(size), np.empty(q)
    x, pull, sign = np.empty(size), np.empty(size), np.zeros(size)
    active, residual = np.zeros(size + 1, np.int64), np.empty(len(left))
    count, squares = 0, 0.0
    for t in range(len(left)):
        squares += left[t] * left[t]
    variance = max(plain_variance(squares, rows, noise_weight), LEAST_VARIANCE)
    reported = variance
    for turn in range(MOST_ROUNDS):
        problem_at(variance, projected, pulled, grams, shadow, strength, reach, G, b, e)
        count = search(G, b, variance / tau, 0, count, active, d, sign, L, x, pull)
        prior_squares(variance, projected, shadow, strength, count, active, d, share)
        residual[:] = left
        for a in range(count):
            for t in range(len(left)):
                residual[t] -= hinges[active[a], t] * d[active[a]]
        squares = 0.0
        for t in range(len(left)):
            squares += residual[t] * residual[t]
        for k in range(q):
            squares += (variance * share[k]) ** 2
        bend = bend_of(sign, count, active, L, x, tau) if turn < CLOSED_ROUNDS else 0.0
        new = next_variance(squares, bend, variance, rows, noise_weight)
        reported = new
        if abs(new - variance) <= STILL * variance:
            break
        if new < LEAST_VARIANCE:
            if variance == LEAST_VARIANCE:
                break
            new = LEAST_VARIANCE
        variance = new
    return reported
