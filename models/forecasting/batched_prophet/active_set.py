"""The changes of slope of one series, exactly: least squares with an L1 penalty, by an active set with warm starts.

Minimises 1/2 d'Gd - b'd + penalty |d|_1. Changes enter one at a time, the one that pulls hardest first, and leave when
they cross zero (feature-sign search: Lee, Battle, Raina & Ng, Efficient sparse coding algorithms, NIPS 2006). Each step
lowers the objective, so the search ends, at the solution and not near it.
"""

from __future__ import annotations

from math import sqrt

from models.forecasting.batched_prophet.compiled import compiled_inner
from models.forecasting.panel import Floats, Ints

MOST_STEPS = 2000  # far above what a hundred changepoints need; ends a search that rounding keeps alive
SLACK = 1e-11  # share of the penalty by which a change must be pulled harder to come in
ROUNDING = 4e-16


@compiled_inner
def factor(G: Floats, active: Ints, start: int, count: int, L: Floats) -> None:
    """Cholesky rows `start` to `count` of G over the active set, with the inverse of the diagonal on the diagonal."""
    for i in range(start, count):
        row = active[i]  # a view of G's row would cost two locked reference counts
        for j in range(i):
            total = G[row, active[j]]
            for k in range(j):
                total -= L[i, k] * L[j, k]
            L[i, j] = total * L[j, j]
        pivot = G[row, row]
        least = pivot * 1e-14 + 1e-300
        for k in range(i):
            pivot -= L[i, k] * L[i, k]
        L[i, i] = 1.0 / sqrt(max(pivot, least))


@compiled_inner
def solve(L: Floats, count: int, x: Floats) -> None:
    """Solve L L' x = x in place."""
    for i in range(count):
        total = x[i]
        for k in range(i):
            total -= L[i, k] * x[k]
        x[i] = total * L[i, i]
    for i in range(count - 1, -1, -1):
        total = x[i]
        for k in range(i + 1, count):
            total -= L[k, i] * x[k]
        x[i] = total * L[i, i]


@compiled_inner
def settle(
    G: Floats, b: Floats, penalty: float, count: int, active: Ints, d: Floats, sign: Floats, L: Floats, x: Floats
) -> tuple[int, int]:
    """Solve for the signs given, dropping changes that would cross zero; returns how many stay and how many went."""
    dropped = 0
    while count > 0:
        for i in range(count):
            x[i] = b[active[i]] - penalty * sign[active[i]]
        solve(L, count, x)
        step, leaver = 1.0, -1
        for i in range(count):
            j = active[i]
            if x[i] * sign[j] <= 0.0:
                length = abs(d[j]) / (abs(d[j]) + abs(x[i]) + 1e-300)
                if length < step:
                    step, leaver = length, i
        if leaver < 0:
            for i in range(count):
                d[active[i]] = x[i]
            break
        for i in range(count):
            d[active[i]] += step * (x[i] - d[active[i]])
        d[active[leaver]] = 0.0
        count -= 1
        dropped += 1
        for i in range(leaver, count):
            active[i] = active[i + 1]
        factor(G, active, leaver, count, L)
    return count, dropped


@compiled_inner
def _strongest(size: int, pull: Floats, bar: float, d: Floats, refused: int) -> int:
    """Place of the change (0 to size - 1) outside the active set that is pulled hardest beyond the bar; -1 = none."""
    beyond = 0  # most often there is none, which a sum tells faster than a search
    for j in range(size):
        beyond += abs(pull[j]) > bar
    newest = -1
    if beyond > 0:
        for j in range(size):
            if abs(pull[j]) > bar and d[j] == 0.0 and j != refused:
                bar, newest = abs(pull[j]), j
    return newest


@compiled_inner
def search(
    G: Floats,
    b: Floats,
    penalty: float,
    factored: int,
    count: int,
    active: Ints,
    d: Floats,
    sign: Floats,
    L: Floats,
    x: Floats,
    pull: Floats,
) -> int:
    """Find the solution from where `count`, `active`, `d` and `sign` stand; returns the size of the active set.

    G (S, S) and b (S,) are the problem; L already holds `factored` rows for this G; the other arrays are state
    (active, d, sign) and working room (L, x, pull). On return L holds the Cholesky factor of G over the active set and
    `pull` the gradient b - Gd.
    """
    size = len(b)
    largest = 0.0
    for j in range(size):
        largest += b[j] * b[j]
    bar = penalty * (1.0 + SLACK) + ROUNDING * sqrt(largest)
    factor(G, active, factored, count, L)
    newest = -1
    for _ in range(MOST_STEPS):
        count, dropped = settle(G, b, penalty, count, active, d, sign, L, x)
        # A change that leaves at once was brought in by rounding: its pull is the penalty itself.
        refused = newest if newest >= 0 and d[newest] == 0.0 and dropped == 1 else -1
        for j in range(size):
            pull[j] = b[j]
        for i in range(count):
            k = active[i]
            by = d[k]
            for j in range(size):
                pull[j] -= by * G[k, j]
        newest = _strongest(size, pull, bar, d, refused)
        if newest < 0:
            break
        sign[newest] = 1.0 if pull[newest] > 0.0 else -1.0
        active[count] = newest
        factor(G, active, count, count + 1, L)
        count += 1
    return count
