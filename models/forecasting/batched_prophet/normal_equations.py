"""The problem of one series with missing rows or columns of its own, as sums of products.

The window's sums are shared by all series of the same first and last day; a series takes away its missing rows. A hinge
at t_c needs no column: its product with z is sum t z - t_c sum z over the rows after t_c, so prefix sums do. Counting
days in whole numbers makes the hinges' products with each other exact.

Layout of a problem with q shared columns, a own ones and S changepoints: H (q + a, q + a), lower half, is Z'Z;
F (q + a, S + 1) is Z'[D, y]; K (S + 1, S + 1) is [D, y]'[D, y].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled_inner
from models.forecasting.panel import Flags, Floats, Ints


@dataclass(frozen=True)
class Window:
    """Shared columns (rows, q) of a window of days, slope and level first, with sums and prefix sums of products."""

    columns: Floats
    scales: Floats
    gram: Floats
    sums: Floats  # (rows + 1, q): sum of z over the rows before
    moments: Floats  # (rows + 1, q): sum of t z over the rows before

    @property
    def span(self) -> int:
        """Days from the first to the last row."""
        return len(self.columns) - 1


def window_of(columns: Floats, scales: Floats, trend_scale: float) -> Window:
    """Put slope and level before the day columns (rows, columns) of a window, and sum."""
    rows = len(columns)
    t = np.arange(rows) / max(rows - 1, 1)
    z = np.ascontiguousarray(np.column_stack([t, np.ones(rows), columns]))
    nothing = np.zeros((1, z.shape[1]))
    sums = np.concatenate([nothing, np.cumsum(z, axis=0)])
    moments = np.concatenate([nothing, np.cumsum(t[:, None] * z, axis=0)])
    return Window(z, np.concatenate([[trend_scale, trend_scale], scales]), z.T @ z, sums, moments)


@compiled_inner
def add_window(present: Flags, columns: Floats, gram: Floats, H: Floats) -> None:
    """Lower half of the shared columns' Gram matrix over the rows that are there: whichever way has fewer rows."""
    rows, q = columns.shape
    missing = 0
    for t in range(rows):
        missing += not present[t]
    from_all = 2 * missing <= rows
    for i in range(q):
        for j in range(i + 1):
            H[i, j] = gram[i, j] if from_all else 0.0
    side = -1.0 if from_all else 1.0
    for t in range(rows):
        if present[t] != from_all:
            for i in range(q):
                by = side * columns[t, i]
                for j in range(i + 1):
                    H[i, j] += by * columns[t, j]


@compiled_inner
def add_hinges(
    present: Flags,
    columns: Floats,
    sums: Floats,
    moments: Floats,
    changes: Ints,
    F: Floats,
    K: Floats,
    later: Floats,
    weighted: Floats,
) -> None:
    """Products of hinges with shared columns (into F) and each other (into K); `later`, `weighted`: room (q,)."""
    rows, q = columns.shape
    size, span = len(changes), rows - 1.0
    for i in range(q):
        later[i], weighted[i] = 0.0, 0.0
    count, total, square = 0.0, 0.0, 0.0
    day = rows - 1
    for c in range(size - 1, -1, -1):
        place = changes[c]
        while day > place:
            if present[day]:
                count += 1.0
                total += day
                square += float(day) * day
            else:
                for i in range(q):
                    later[i] += columns[day, i]
                    weighted[i] += day / span * columns[day, i]
            day -= 1
        at = place / span
        for i in range(q):
            left = sums[rows, i] - sums[place + 1, i] - later[i]
            F[i, c] = moments[rows, i] - moments[place + 1, i] - weighted[i] - at * left
        for earlier in range(c + 1):
            other = changes[earlier]
            K[earlier, c] = (square - (place + other) * total + float(place) * other * count) / (span * span)
            K[c, earlier] = K[earlier, c]


@compiled_inner
def add_extra(extra: Floats, projected: Floats, changes: Ints, q: int, H: Floats, F: Floats, K: Floats) -> None:
    """Own columns and, as the last of `extra` (a + 1, rows), the values; `projected` (a + 1, q) is extra times Z."""
    own, rows = len(extra) - 1, extra.shape[1]
    size, span = len(changes), rows - 1.0
    for a in range(own + 1):
        later, weighted, day = 0.0, 0.0, rows - 1
        for c in range(size - 1, -1, -1):
            while day > changes[c]:
                later += extra[a, day]
                weighted += day * extra[a, day]
                day -= 1
            product = (weighted - changes[c] * later) / span
            if a < own:
                F[q + a, c] = product
            else:
                K[c, size], K[size, c] = product, product
        for other in range(a + 1):
            product = 0.0
            for t in range(rows):
                product += extra[a, t] * extra[other, t]
            if a < own:
                H[q + a, q + other] = product
            elif other < own:
                F[q + other, size] = product
            else:
                K[size, size] = product
        for i in range(q):
            if a < own:
                H[q + a, i] = projected[a, i]
            else:
                F[i, size] = projected[a, i]


@compiled_inner
def _factor(H: Floats, precision: Floats, variance: float, L: Floats) -> None:
    for i in range(len(precision)):
        for j in range(i + 1):
            total = H[i, j]
            for k in range(j):
                total -= L[i, k] * L[j, k]
            L[i, j] = total / L[j, j] if j < i else total
        ridge = variance * precision[i]
        L[i, i] = max(L[i, i] + ridge, (H[i, i] + ridge) * 1e-15 + 1e-300) ** 0.5


@compiled_inner
def eliminate(
    H: Floats, F: Floats, K: Floats, precision: Floats, variance: float, L: Floats, W: Floats, G: Floats
) -> None:
    """Take the normal block out at a noise variance: L = chol(H + s Lambda), W = L^-1 F, G = K - W'W."""
    size, width = F.shape
    _factor(H, precision, variance, L)
    for i in range(size):
        for c in range(width):
            W[i, c] = F[i, c]
        for k in range(i):
            by = L[i, k]
            for c in range(width):
                W[i, c] -= by * W[k, c]
        by = 1.0 / L[i, i]
        for c in range(width):
            W[i, c] *= by
    _take_away(W, K, G)


@compiled_inner
def _take_away(W: Floats, K: Floats, G: Floats) -> None:
    """G = K - W'W; four rows of W at a time, so that G is read and written a quarter as often."""
    size, width = W.shape
    for a in range(width):
        for c in range(width):
            G[a, c] = K[a, c]
    fours = size // 4 * 4
    for i in range(0, fours, 4):
        for a in range(width):
            first, second, third, fourth = W[i, a], W[i + 1, a], W[i + 2, a], W[i + 3, a]
            for c in range(width):
                G[a, c] -= first * W[i, c] + second * W[i + 1, c] + third * W[i + 2, c] + fourth * W[i + 3, c]
    for i in range(fours, size):
        for a in range(width):
            by = W[i, a]
            for c in range(width):
                G[a, c] -= by * W[i, c]


@compiled_inner
def back_substitute(L: Floats, W: Floats, count: int, active: Ints, d: Floats, theta: Floats) -> None:
    """Coefficients of the normal block, given the changes of slope."""
    size, last = len(theta), W.shape[1] - 1
    for i in range(size):
        theta[i] = W[i, last]
        for a in range(count):
            theta[i] -= W[i, active[a]] * d[active[a]]
    for i in range(size - 1, -1, -1):
        theta[i] /= L[i, i]
        for k in range(i):
            theta[k] -= L[i, k] * theta[i]
