"""Series whose rows or columns are their own: missing, closed and stock-out days, promotions and prices.

Each has its own changepoints, as Prophet places them by the rows that are there, and its own elimination of the normal
block; what depends on the noise's variance is brought up to date in a few rounds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.active_set import search
from models.forecasting.batched_prophet.compiled import compiled, compiled_inner
from models.forecasting.batched_prophet.noise import LEAST_VARIANCE, plain_variance, settle_noise
from models.forecasting.batched_prophet.normal_equations import (
    Window,
    add_extra,
    add_hinges,
    add_window,
    back_substitute,
    eliminate,
)
from models.forecasting.batched_prophet.shared import MOST_ROUNDS, PERFECT, ROUGH, STILL
from models.forecasting.panel import Flags, Floats, Ints


class SolvedOwn(NamedTuple):
    """Coefficients of shared, then own columns (series, q + a), changes (series, S), variance, and who needs care."""

    theta: Floats
    delta: Floats
    variance: Floats
    careful: Flags


def solve_own_rows(
    extra: Floats, present: Flags, places: Ints, counts: Ints, window: Window, own_scale: float, tau: float,
    noise_weight: float,
) -> SolvedOwn:  # fmt: skip
    """Solve series of one window of days.

    Parameters
    ----------
    extra : array (series, a + 1, rows)
        Own columns, standardized, then the scaled values; 0 where there is no row.
    present : array of bool (series, rows)
    places : array (series, S)
        Days of the window at which the slope may change; the first `counts` of a row are used.
    """
    series, more, rows = extra.shape
    q = window.columns.shape[1]
    projected = (extra.reshape(series * more, rows) @ window.columns).reshape(series, more, q)
    precision = np.concatenate([window.scales**-2.0, np.full(more - 1, own_scale**-2.0)])
    theta, delta = np.zeros((series, q + more - 1)), np.zeros(places.shape)
    variance, careful = np.zeros(series), np.zeros(series, dtype=np.bool_)
    _solve(
        extra, present, projected, places, counts, window.columns, window.gram, window.sums, window.moments, precision,
        tau, noise_weight, theta, delta, variance, careful,
    )  # fmt: skip
    return SolvedOwn(theta, delta, variance, careful)


@compiled
def _solve(
    extra: Floats,
    present: Flags,
    projected: Floats,
    places: Ints,
    counts: Ints,
    columns: Floats,
    gram: Floats,
    sums: Floats,
    moments: Floats,
    precision: Floats,
    tau: float,
    noise_weight: float,
    thetas: Floats,
    deltas: Floats,
    variances: Floats,
    careful: Flags,
) -> None:
    q, most, size = columns.shape[1], places.shape[1], len(precision)
    H, later, weighted = np.zeros((size, size)), np.empty(q), np.empty(q)
    inner, x, pull = np.empty((most, most)), np.empty(most), np.empty(most)
    active = np.zeros(most + 1, np.int64)
    b, small = np.empty(most), np.empty(0)
    used = -1
    F = K = W = E = G = np.empty((0, 0))
    L = np.zeros((size, size))
    for i in range(len(extra)):
        if counts[i] != used:
            used = counts[i]
            F, W = np.empty((size, used + 1)), np.empty((size, used + 1))
            K, E, G = np.empty((used + 1, used + 1)), np.empty((used + 1, used + 1)), np.empty((used, used))
            b, small = np.empty(used), np.empty(used)
        changes = places[i, :used]
        add_window(present[i], columns, gram, H)
        add_hinges(present[i], columns, sums, moments, changes, F, K, later, weighted)
        add_extra(extra[i], projected[i], changes, q, H, F, K)
        rows = 0.0
        for t in range(present.shape[1]):
            rows += present[i, t]
        variances[i] = _walk(
            H,
            F,
            K,
            precision,
            rows,
            tau,
            noise_weight,
            L,
            W,
            E,
            G,
            b,
            active,
            deltas[i],
            small,
            inner,
            x,
            pull,
            thetas[i],
        )
        careful[i] = variances[i] * rows < PERFECT * K[used, used]


@compiled_inner
def _walk(
    H: Floats,
    F: Floats,
    K: Floats,
    precision: Floats,
    rows: float,
    tau: float,
    noise_weight: float,
    L: Floats,
    W: Floats,
    E: Floats,
    G: Floats,
    b: Floats,
    active: Ints,
    d: Floats,
    sign: Floats,
    inner: Floats,
    x: Floats,
    pull: Floats,
    theta: Floats,
) -> float:
    """Rounds of elimination and joint search for one series; fills d and theta and returns the variance."""
    size = len(b)
    count, taken, close = 0, 0.0, ROUGH
    variance = max(plain_variance(K[size, size] / 4.0, rows, noise_weight), LEAST_VARIANCE)
    for turn in range(MOST_ROUNDS):
        before = variance
        eliminate(H, F, K, precision, variance, L, W, E)
        for a in range(size):
            for j in range(size):
                G[a, j] = E[a, j]
            b[a] = E[a, size]
        c = E[size, size]
        if turn == 0:
            variance = max(plain_variance(max(c, 0.0), rows, noise_weight), LEAST_VARIANCE)
        variance, count = settle_noise(
            G, b, c - taken, rows, tau, noise_weight, variance, close, count, active, d, sign, inner, x, pull
        )
        if variance < LEAST_VARIANCE:
            return variance
        back_substitute(L, W, count, active, d, theta)
        taken = 0.0
        for k in range(len(theta)):
            taken += variance * precision[k] * theta[k] * theta[k]
        if turn > 0 and abs(variance - before) <= STILL * variance:
            break
        close = STILL
    count = search(G, b, variance / tau, count, count, active, d, sign, inner, x, pull)
    back_substitute(L, W, count, active, d, theta)
    return variance
