"""Changes of slope and noise together: the joint maximum, one series at a time.

At the maximum T s + 4 s^2 = SSR, where s is the noise's variance, T the rows and SSR the sum of squared residuals; the
4 comes from the prior of the noise. The L1 penalty is s / tau, so the changes depend on s too. While the active set
stays the same, SSR is a parabola in s: SSR(s) = SSR(s0) + (s^2 - s0^2) kappa / tau^2 with kappa = sign' G^-1 sign. So
its root is the next s, in closed form, and only changes of the active set cost steps. We start above and walk down,
which ends at the first maximum below, where Stan also goes from sigma = 1.
"""

from __future__ import annotations

from math import sqrt

from models.forecasting.batched_prophet.active_set import search, solve
from models.forecasting.batched_prophet.compiled import compiled_inner
from models.forecasting.panel import Floats, Ints

MOST_ROUNDS = 400
CLOSED_ROUNDS = 40  # then plain fixed-point steps, which cannot swing
LEAST_VARIANCE = 1e-12  # below, the fit is perfect and the posterior has no maximum


@compiled_inner
def plain_variance(squares: float, rows: float, noise_weight: float) -> float:
    """Root s of rows s + noise_weight s^2 = squares."""
    return 2.0 * squares / (rows + sqrt(rows * rows + 4.0 * noise_weight * squares))


@compiled_inner
def next_variance(squares: float, bend: float, variance: float, rows: float, noise_weight: float) -> float:
    """Root of rows s + noise_weight s^2 = squares + bend (s^2 - variance^2); the plain one where there is none."""
    base = squares - bend * variance * variance
    inside = rows * rows - 4.0 * (bend - noise_weight) * base
    if base <= 0.0 or inside < 0.0:
        return plain_variance(squares, rows, noise_weight)
    return 2.0 * base / (rows + sqrt(inside))


@compiled_inner
def bend_of(sign: Floats, count: int, active: Ints, L: Floats, x: Floats, tau: float) -> float:
    """kappa / tau^2 of the active set."""
    for i in range(count):
        x[i] = sign[active[i]]
    solve(L, count, x)
    kappa = 0.0
    for i in range(count):
        kappa += sign[active[i]] * x[i]
    return kappa / (tau * tau)


@compiled_inner
def settle_noise(
    G: Floats,
    b: Floats,
    c: float,
    rows: float,
    tau: float,
    noise_weight: float,
    variance: float,
    close: float,
    count: int,
    active: Ints,
    d: Floats,
    sign: Floats,
    L: Floats,
    x: Floats,
    pull: Floats,
) -> tuple[float, int]:
    """Joint maximum for a problem (G, b, c) that does not itself depend on the variance.

    c is the sum of squares without any change of slope; `close` is the relative change at which the variance stands
    still. Returns the variance, which is one closed step ahead of d, and the size of the active set.
    """
    for turn in range(MOST_ROUNDS):
        penalty = variance / tau
        count = search(G, b, penalty, 0 if turn == 0 else count, count, active, d, sign, L, x, pull)
        squares = c
        for i in range(count):
            j = active[i]
            squares -= d[j] * (b[j] + penalty * sign[j])
        if squares <= 0.0:
            return 0.0, count
        bend = bend_of(sign, count, active, L, x, tau) if turn < CLOSED_ROUNDS else 0.0
        new = next_variance(squares, bend, variance, rows, noise_weight)
        done = abs(new - variance) <= close * variance
        variance = new
        if done or variance < LEAST_VARIANCE:
            break
    return variance, count
