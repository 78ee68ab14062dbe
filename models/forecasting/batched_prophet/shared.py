"""Series that share every row: one matrix product (or a few sums) for all of them, then some fifty numbers per series.

The outer round evaluates the problem at a noise variance, the inner one (`noise`) finds changes and noise for it; as
the problem hardly depends on the variance, two or three rounds agree to the last digits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.active_set import search
from models.forecasting.batched_prophet.compiled import compiled, compiled_inner
from models.forecasting.batched_prophet.noise import LEAST_VARIANCE, plain_variance, settle_noise
from models.forecasting.batched_prophet.sums import SumPlan, products_of
from models.forecasting.batched_prophet.whitening import Whitened
from models.forecasting.panel import Flags, Floats, Ints

MOST_ROUNDS = 50
ROUGH, STILL = 1e-2, 1e-7  # relative change of the variance in the first round, and when the inner round ends
SETTLED = 1e-6  # relative change after which the problem is not made again: that would move the answer by some 1e-10
LINE = 8  # columns of a product that are made together
PERFECT = 1e-5  # share of squares unexplained below which rounding is felt, and the careful way is gone


class Solved(NamedTuple):
    """Coefficients of Z (series, columns), changes of slope (series, changepoints), variance, and who needs care."""

    theta: Floats
    delta: Floats
    variance: Floats
    careful: Flags


def solve_shared(
    values: Floats,
    members: Ints,
    first: int,
    scale: Floats,
    design: Whitened,
    plan: SumPlan | None,
    tau: float,
    noise_weight: float,
    single: bool = False,
) -> Solved:
    """Solve members of values (series, days) that have every row from day `first` on, as many as the design.

    Parameters
    ----------
    scale : array (members,)
        What values are divided by.
    plan : SumPlan or None
        How products with the design are made from sums; None where the product itself is needed.
    single : bool
        Whether that product is made in float32; all that follows is float64.
    """
    rows, q = design.directions.shape
    if plan is not None:
        product, squares, level = products_of(values, members, first, rows, scale, plan)
    else:
        centred = np.empty((len(members), rows), dtype=np.float32 if single else np.float64)
        squares, level = np.empty(len(members)), np.empty(len(members))
        _centre(values, members, first, scale, centred, squares, level)
        product = (centred @ _basis(design, centred.dtype)).astype(np.float64, copy=False)
    delta, variance = np.zeros((len(members), design.shadow.shape[1])), np.zeros(len(members))
    careful = np.zeros(len(members), dtype=np.bool_)
    share = np.empty((len(members), q))
    _solve_block(
        product, squares, level, design.directions.sum(axis=0), design.grams, design.shadow, design.strength,
        design.reach, float(rows), tau, noise_weight, delta, variance, careful, share,
    )  # fmt: skip
    return Solved(share @ design.back.T, delta, variance, careful)


def _basis(design: Whitened, kind: np.dtype[np.floating]) -> Floats:
    """V and E side by side, and columns of zeros up to whole lines of the processor's: a product of 39 takes longer."""
    rows, q = design.directions.shape
    used = q + design.hinges.shape[1]
    basis = np.zeros((rows, used + -used % LINE), dtype=kind)
    basis[:, :q], basis[:, q:used] = design.directions, design.hinges
    return basis


@compiled
def _centre(
    values: Floats, members: Ints, first: int, scale: Floats, centred: Floats, squares: Floats, level: Floats
) -> None:
    """Scaled values without their mean, so that float32 keeps more of them."""
    rows = centred.shape[1]
    for i in range(len(members)):
        row = values[members[i], first : first + rows]
        total = 0.0
        for t in range(rows):
            total += row[t]
        factor = 1.0 / scale[i]
        level[i] = total * factor / rows
        middle, square = level[i], 0.0
        for t in range(rows):
            value = row[t] * factor - middle
            square += value * value
            centred[i, t] = value
        squares[i] = square


@compiled_inner
def problem_at(
    variance: float,
    projected: Floats,
    pulled: Floats,
    grams: Floats,
    shadow: Floats,
    strength: Floats,
    reach: float,
    G: Floats,
    b: Floats,
    e: Floats,
) -> float:
    """Fill G, b and e for a noise variance; returns the sum of e p^2."""
    q, size = shadow.shape
    prior = 0.0
    for i in range(q):
        e[i] = variance / (strength[i] + variance)
        prior += e[i] * projected[i] * projected[i]
    for j in range(size):
        b[j] = pulled[j]
    for i in range(q):
        by = e[i] * projected[i]
        for j in range(size):
            b[j] += by * shadow[i, j]
    if variance <= reach:
        s2 = variance * variance
        s3 = s2 * variance
        for i in range(size):
            for j in range(size):
                G[i, j] = grams[0, i, j] + variance * grams[1, i, j] + s2 * grams[2, i, j] + s3 * grams[3, i, j]
    else:
        for i in range(size):
            for j in range(size):
                G[i, j] = grams[0, i, j]
            for k in range(q):
                by = e[k] * shadow[k, i]
                for j in range(size):
                    G[i, j] += by * shadow[k, j]
    return prior


@compiled_inner
def prior_squares(
    variance: float,
    projected: Floats,
    shadow: Floats,
    strength: Floats,
    count: int,
    active: Ints,
    d: Floats,
    share: Floats,
) -> float:
    """s theta' Lambda theta; fills `share` with (p - W d) / (S + s)."""
    total = 0.0
    for i in range(len(strength)):
        left = projected[i]
        for a in range(count):
            left -= shadow[i, active[a]] * d[active[a]]
        share[i] = left / (strength[i] + variance)
        total += strength[i] * share[i] * share[i]
    return total * variance


@compiled
def _solve_block(
    product: Floats, squares: Floats, level: Floats, ones: Floats, grams: Floats, shadow: Floats, strength: Floats,
    reach: float, rows: float, tau: float, noise_weight: float, delta: Floats, variances: Floats, careful: Flags,
    share: Floats,
) -> None:  # fmt: skip
    q, size = shadow.shape
    G, L, b, e = np.empty((size, size)), np.empty((size, size)), np.empty(size), np.empty(q)
    x, pull, sign, p = np.empty(size), np.empty(size), np.zeros(size), np.empty(q)
    active = np.zeros(size + 1, np.int64)
    for i in range(len(product)):
        d, pulled, left, whole = delta[i], product[i, q : q + size], squares[i], squares[i]
        for k in range(q):
            left -= product[i, k] * product[i, k]
            p[k] = product[i, k] + level[i] * ones[k]
        variance = _walk(
            p, pulled, left, grams, shadow, strength, reach, rows, tau, noise_weight, d, share[i], G, L, b, e, x, pull,
            sign, active,
        )  # fmt: skip
        variances[i] = variance
        careful[i] = variance * rows < PERFECT * whole


@compiled_inner
def _walk(
    p: Floats, pulled: Floats, left: float, grams: Floats, shadow: Floats, strength: Floats, reach: float, rows: float,
    tau: float, noise_weight: float, d: Floats, share: Floats, G: Floats, L: Floats, b: Floats, e: Floats, x: Floats,
    pull: Floats, sign: Floats, active: Ints,
) -> float:  # fmt: skip
    """Rounds of one series; fills d and share and returns the variance. `left` is what Z alone leaves of |y|^2."""
    variance = max(plain_variance(left, rows, noise_weight), LEAST_VARIANCE)
    # Without the priors of Z the problem does not depend on the variance: near enough to begin with, and for nothing.
    variance, count = settle_noise(
        grams[0], pulled, left, rows, tau, noise_weight, variance, ROUGH, 0, active, d, sign, L, x, pull
    )
    variance = max(variance, LEAST_VARIANCE)
    for _ in range(MOST_ROUNDS):
        taken = prior_squares(variance, p, shadow, strength, count, active, d, share)
        before = variance
        c = left + problem_at(variance, p, pulled, grams, shadow, strength, reach, G, b, e)
        variance, count = settle_noise(
            G, b, c - taken, rows, tau, noise_weight, variance, STILL, count, active, d, sign, L, x, pull
        )
        if variance < LEAST_VARIANCE or abs(variance - before) <= SETTLED * variance:
            break
    count = search(G, b, variance / tau, count, count, active, d, sign, L, x, pull)
    prior_squares(variance, p, shadow, strength, count, active, d, share)
    return variance
