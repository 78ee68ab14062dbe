"""Merchants whose whole pattern is odd although no single metric is: an isolation forest over directed scores.

Only what is worse than expected counts (half of what such a forest finds undirected are good surprises), and its score
is never the order of merchants: it becomes one more p-value by its rank among past days it was not trained on.
Source: Liu, Ting and Zhou (2008); scikit-learn's IsolationForest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import IsolationForest

from models.risk.settings import OddnessSettings

FloatArray = npt.NDArray[np.float64]


def oddness(
    scores: Sequence[FloatArray], settings: OddnessSettings, trimmed: npt.NDArray[np.bool_] | None = None
) -> tuple[FloatArray, FloatArray]:
    """Score today's merchants and a sample of the past.

    Parameters
    ----------
    scores : sequence of arrays (merchants, days)
        Directed residuals per metric, the last day today.
    trimmed : array (merchants, days) of bool, optional
        Days that are no part of the usual past.

    Returns
    -------
    today : array (merchants,)
        High is odd; NaN for merchants without any score, or for all when the past is too short.
    past : array (sample,)
        Scores of past merchant-days that the forest has not seen.
    """
    cube = np.stack([np.clip(np.nan_to_num(one), 0, 10).astype(np.float32) for one in scores], axis=2)
    known = np.any([~np.isnan(one) for one in scores], axis=0)
    usual = known if trimmed is None else known & ~trimmed
    rows, days = np.nonzero(usual[:, :-1])
    if len(rows) < settings.least_rows:
        return np.full(len(cube), np.nan), np.empty(0)
    generator = np.random.default_rng(settings.seed)
    picked = generator.permutation(len(rows))[: 2 * settings.train_rows]
    half = len(picked) // 2
    sample = cube[rows[picked], days[picked]]
    forest = IsolationForest(
        n_estimators=settings.trees, max_samples=min(settings.sample, half), random_state=settings.seed, n_jobs=1
    )
    forest.fit(sample[:half])
    today = np.full(len(cube), np.nan)
    asked = known[:, -1]
    if asked.any():
        today[asked] = -forest.score_samples(cube[asked, -1])
    return today, -forest.score_samples(sample[half:])


def odd_p(today: FloatArray, past: FloatArray) -> FloatArray:
    """Share of past scores at least as high; NaN where there is none."""
    ordered = np.sort(past)
    if not len(ordered):
        return np.full(len(today), np.nan)
    at_least = len(ordered) - np.searchsorted(ordered, today, side="left")
    return np.where(np.isnan(today), np.nan, (at_least + 1) / (len(ordered) + 1))
