"""Beyond the ranks: a generalized Pareto tail, because ranks alone stop at one over the number of scores.

Without it false-discovery control over thousands of merchants could never flag one. Fitted by probability-weighted
moments (Hosking and Wallis 1987), which need no iteration; the shape is kept where a tail neither ends (nothing is
impossible) nor loses its mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ParetoTail:
    """Tail above a threshold: P(X > x) = share * (1 + shape (x - threshold) / scale)^(-1/shape)."""

    threshold: float
    share: float
    shape: float
    scale: float

    def probability_over(self, values: FloatArray) -> FloatArray:
        """P(X > value) for values above the threshold."""
        excess = np.maximum(values - self.threshold, 0) / self.scale
        if self.shape < 1e-6:
            return self.share * np.exp(-excess)
        result: FloatArray = self.share * (1 + self.shape * excess) ** (-1 / self.shape)
        return result


def fit_tail(ordered: FloatArray, first: int, shapes: tuple[float, float], caution: float = 0.0) -> ParetoTail:
    """Fit the tail of sorted scores from place `first` on; the score before it is the threshold.

    Parameters
    ----------
    ordered : array
        Scores in rising order.
    first : int
        At least 1, with at least two scores from there on.
    shapes : (lowest, highest)
        The shape is kept in here.
    caution : float
        Added to the shape: few observations do not say where a tail goes on, and what is said of far scores must allow
        for that.
    """
    threshold = float(ordered[first - 1])
    return _fit(threshold, ordered[first:], len(ordered), (shapes[0] + caution, shapes[1] + caution), caution)


def refit(
    tail: ParetoTail, beyond: FloatArray, number: int, shapes: tuple[float, float], caution: float = 0.0
) -> ParetoTail:
    """Fit the same tail again from other scores beyond its threshold, of `number` scores in all.

    With fewer than two scores left the shape and scale are kept.
    """
    if len(beyond) < 2:
        return ParetoTail(tail.threshold, max(len(beyond), 1) / max(number, 1), tail.shape, tail.scale)
    return _fit(tail.threshold, beyond, max(number, 1), (shapes[0] + caution, shapes[1] + caution), caution)


def _fit(threshold: float, beyond: FloatArray, number: int, shapes: tuple[float, float], caution: float) -> ParetoTail:
    """Probability-weighted moments of the sorted scores beyond the threshold."""
    excess = beyond - threshold
    mean = float(excess.mean())
    share = len(excess) / number
    if mean <= 0:
        return ParetoTail(threshold, share, 0.0, 1e-9)
    weights = 1 - (np.arange(1, len(excess) + 1) - 0.35) / len(excess)
    spread = mean - 2 * float((weights * excess).mean())
    shape = float(np.clip(2 - mean / spread + caution if spread > 0 else shapes[0], *shapes))
    return ParetoTail(threshold, share, shape, max(mean * (1 - shape), 1e-9))
