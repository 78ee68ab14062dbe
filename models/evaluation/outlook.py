"""How well scores order merchants by what came of them, and whether probabilities come true, with intervals.

The idea: merchants are drawn anew with replacement, with all their days, because days of one merchant say nearly the
same; two scores are compared on the same draws, so that the interval of their difference is the narrow one. Where many
share a score at the border of a budget, each counts in part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

FIGURES = ("auc", "average_precision", "precision_at_1", "recall_at_5")
DRAWS = 300


@dataclass(frozen=True)
class Figure:
    """A figure with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


class Order:
    """Rows in falling order of their score, ties together.

    Parameters
    ----------
    bad : array of bool (rows,)
    score : array (rows,)
        Higher is worse.
    """

    def __init__(self, bad: BoolArray, score: FloatArray) -> None:
        self._order = np.argsort(-score, kind="stable")
        ranked = score[self._order]
        self._starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        self._bad = bad[self._order].astype(np.float64)

    def figures(self, weight: FloatArray) -> FloatArray:
        """AUC, average precision, precision among the first 1 %, recall among the first 5 %; NaN without events."""
        weighed = weight[self._order]
        bad = np.add.reduceat(weighed * self._bad, self._starts)
        all_ = np.add.reduceat(weighed, self._starts)
        events, rows = bad.sum(), all_.sum()
        if events <= 0 or events >= rows:
            return np.full(len(FIGURES), np.nan)
        caught, flagged = np.cumsum(bad), np.cumsum(all_)
        good = all_ - bad
        above = caught - bad
        auc = (good * (above + bad / 2)).sum() / (events * (rows - events))
        precision = np.divide(caught, flagged, out=np.zeros_like(caught), where=flagged > 0)
        average_precision = (precision * bad).sum() / events
        return np.array(
            [
                auc,
                average_precision,
                self._caught(caught, flagged, 0.01 * rows) / (0.01 * rows),
                self._caught(caught, flagged, 0.05 * rows) / events,
            ]
        )

    @staticmethod
    def _caught(caught: FloatArray, flagged: FloatArray, budget: float) -> float:
        """Events among the first `budget` rows; of those that share the last score, their share."""
        return float(np.interp(budget, np.r_[0.0, flagged], np.r_[0.0, caught]))


def draws_of(merchant: IntArray, draws: int = DRAWS, seed: int = 1) -> FloatArray:
    """How often each row's merchant was drawn, array (draws, rows)."""
    _, code = np.unique(merchant, return_inverse=True)
    count = int(code.max()) + 1 if len(code) else 0
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(count, np.full(count, 1 / max(count, 1)), size=draws)
    taken: FloatArray = drawn[:, code].astype(np.float64)
    return taken


def compare(
    bad: BoolArray, scores: Mapping[str, FloatArray], merchant: IntArray, draws: int = DRAWS
) -> dict[str, dict[str, Figure]]:
    """Figures of each score, and of the first one less each other.

    Returns
    -------
    dict of score name -> dict of figure name -> Figure
        Differences are under "<first> - <other>".
    """
    drawn = draws_of(merchant, draws)
    point, spread = {}, {}
    for name, score in scores.items():
        order = Order(bad, score)
        point[name] = order.figures(np.ones(len(bad)))
        spread[name] = np.array([order.figures(weight) for weight in drawn])
    first, *others = scores
    for other in others:
        point[f"{first} - {other}"] = point[first] - point[other]
        spread[f"{first} - {other}"] = spread[first] - spread[other]
    return {name: _figures(values, spread[name]) for name, values in point.items()}


def _figures(values: FloatArray, spread: FloatArray) -> dict[str, Figure]:
    known = spread[~np.isnan(spread).any(axis=1)]
    if not len(known):
        known = np.full((1, len(FIGURES)), np.nan)
    low, high = np.quantile(known, [0.025, 0.975], axis=0)
    return {name: Figure(float(values[at]), float(low[at]), float(high[at])) for at, name in enumerate(FIGURES)}


def calibration_error(bad: BoolArray, probability: FloatArray, bins: int = 10) -> float:
    """Expected calibration error: mean distance of told and come-true over groups of like probability and size.

    Source: Naeini, Cooper and Hauskrecht (2015), AAAI-15, 2901-2907 (here with equally large groups, because nearly
    all probabilities are small).
    """
    order = np.argsort(probability, kind="stable")
    groups = [part for part in np.array_split(order, bins) if len(part)]
    apart = [len(part) * abs(bad[part].mean() - probability[part].mean()) for part in groups]
    return float(sum(apart) / max(len(bad), 1))
