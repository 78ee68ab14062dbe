"""The part of the design that series with the same rows share, turned so that a series costs a few small sums.

Z holds slope, level, seasons and events with normal priors (precision Lambda); D the hinges max(t - t_c, 0). With the
thin decomposition Z Lambda^-1/2 = V S^1/2 U', the share of direction i that the prior takes away at noise variance s is
e_i = s / (S_i + s). So for every s, without inverting anything again:

    G(s) = E'E + W' diag(e) W,   b(s) = E'y + W' (e p),   c(s) = |y|^2 - |p|^2 + sum e p^2,
    W = V'D,   E = D - V W,   p = V'y

and one product of all values with [V, E] is all that the long side of the data is needed for. As s / S is small, G is a
short power series in s; `grams` holds its matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.panel import Floats

POWERS = 3  # terms of the series; where they do not reach float64 the exact form is used
NEGLIGIBLE = 1e-10  # of the largest singular value; directions below are not there at all


@dataclass(frozen=True)
class Whitened:
    """See the module.

    Parameters
    ----------
    directions : array (rows, q)
        V, orthonormal.
    hinges : array (rows, changepoints)
        E.
    strength : array (q,)
        S.
    shadow : array (q, changepoints)
        W.
    grams : array (1 + POWERS, changepoints, changepoints)
        E'E, then the coefficients of s, s^2, ... in W' diag(e) W, signs included.
    back : array (columns of Z, q)
        Lambda^-1/2 U S^1/2; times (p - W d) / (S + s) it gives the coefficients of Z.
    """

    directions: Floats
    hinges: Floats
    strength: Floats
    shadow: Floats
    grams: Floats
    back: Floats

    @property
    def reach(self) -> float:
        """Variance up to which the power series is exact in float64."""
        return float(self.strength.min() * 1e-16 ** (1 / (POWERS + 1)))


def whiten(Z: Floats, scales: Floats, D: Floats) -> Whitened:
    """Turn a design: Z (rows, columns), their priors' standard deviations (columns,), D (rows, changepoints)."""
    V, singular, Ut = np.linalg.svd(Z * scales, full_matrices=False)
    there = singular > NEGLIGIBLE * singular[0]
    V, singular, Ut = V[:, there], singular[there], Ut[there]
    shadow = V.T @ D
    hinges = D - V @ shadow
    again = V.T @ hinges  # what rounding left; a second pass makes E orthogonal to V
    hinges, shadow = hinges - V @ again, shadow + again
    strength = singular**2
    powers = np.stack([-((-1.0) ** k) * (shadow.T / strength**k) @ shadow for k in range(1, POWERS + 1)])
    back = scales[:, None] * Ut.T * singular
    gram = hinges.T @ hinges
    return Whitened(V, hinges, strength, shadow, np.concatenate([gram[None], powers]), back)


def hinge_columns(t: Floats, changes: Floats) -> Floats:
    """max(t - t_c, 0) for rows t (rows,) and changepoints (changepoints,)."""
    return np.maximum(t[:, None] - changes, 0.0)
