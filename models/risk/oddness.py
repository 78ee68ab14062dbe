"""Merchants whose whole pattern is odd although no single metric is: two models over the vector of directed scores.

An isolation forest finds rare combinations; principal components find legs that moved apart although they usually move
together (what the usual directions leave over). Only what is worse than expected counts (half of what such models find
undirected are good surprises), and their scores are never the order of merchants: each becomes one more p-value by its
rank among past days that the model was not trained on.
Sources: Liu, Ting and Zhou (2008), scikit-learn's IsolationForest; Jackson and Mudholkar (1979), control procedures for
residuals associated with principal component analysis, scikit-learn's PCA.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest

from models.risk.settings import OddnessSettings

FloatArray = npt.NDArray[np.float64]


class Oddness(NamedTuple):
    """Scores of one model, high is odd.

    Parameters
    ----------
    today : array (merchants,)
        NaN for merchants without any score, or for all when the past is too short.
    past : array (sample,)
        Scores of past merchant-days that the model has not seen.
    """

    today: FloatArray
    past: FloatArray


def oddness(
    scores: Sequence[FloatArray], settings: OddnessSettings, trimmed: npt.NDArray[np.bool_] | None = None
) -> tuple[Oddness, Oddness]:
    """Score today's merchants and a sample of the past, by the forest and by the principal components.

    Parameters
    ----------
    scores : sequence of arrays (merchants, days)
        Directed residuals per metric, the last day today.
    trimmed : array (merchants, days) of bool, optional
        Days that are no part of the usual past.
    """
    cube = np.stack([np.clip(np.nan_to_num(one), 0, 10).astype(np.float32) for one in scores], axis=2)
    known = np.any([~np.isnan(one) for one in scores], axis=0)
    usual = known if trimmed is None else known & ~trimmed
    rows, days = np.nonzero(usual[:, :-1])
    if len(rows) < settings.least_rows:
        nothing = Oddness(np.full(len(cube), np.nan), np.empty(0))
        return nothing, nothing
    generator = np.random.default_rng(settings.seed)
    picked = generator.permutation(len(rows))[: 2 * settings.train_rows]
    sample = cube[rows[picked], days[picked]]
    half, asked = len(picked) // 2, known[:, -1]
    judges = _forest(sample[:half], settings), _left_over(sample[:half], settings)
    forest, left_over = (_judged(judge, sample[half:], cube[:, -1], asked) for judge in judges)
    return forest, left_over


Judge = Callable[[npt.NDArray[np.float32]], FloatArray]


def _forest(train: npt.NDArray[np.float32], settings: OddnessSettings) -> Judge:
    forest = IsolationForest(
        n_estimators=settings.trees,
        max_samples=min(settings.sample, len(train)),
        random_state=settings.seed,
        n_jobs=1,
    ).fit(train)
    return lambda vectors: -forest.score_samples(vectors)


def _left_over(train: npt.NDArray[np.float32], settings: OddnessSettings) -> Judge:
    """Squared length of what the usual directions do not explain."""
    spread = np.maximum(train.std(axis=0), 1e-6)
    components = PCA(settings.explained, svd_solver="full") if train.shape[1] > 1 else PCA(1)
    usual = components.fit(train / spread)

    def judge(vectors: npt.NDArray[np.float32]) -> FloatArray:
        scaled = vectors / spread
        rest = scaled - usual.inverse_transform(usual.transform(scaled))
        return np.square(rest).sum(axis=1).astype(np.float64)

    return judge


def _judged(
    judge: Judge, held_out: npt.NDArray[np.float32], vectors: npt.NDArray[np.float32], asked: npt.NDArray[np.bool_]
) -> Oddness:
    today = np.full(len(vectors), np.nan)
    if asked.any():
        today[asked] = judge(vectors[asked])
    return Oddness(today, judge(held_out))


def odd_p(judged: Oddness) -> FloatArray:
    """Share of past scores at least as high; NaN where there is none."""
    ordered = np.sort(judged.past)
    if not len(ordered):
        return np.full(len(judged.today), np.nan)
    at_least = len(ordered) - np.searchsorted(ordered, judged.today, side="left")
    return np.where(np.isnan(judged.today), np.nan, (at_least + 1) / (len(ordered) + 1))


def either(forest: Oddness, left_over: Oddness) -> FloatArray:
    """p-value of the odder of the two, paid for twice (Bonferroni), array (merchants,)."""
    both: FloatArray = np.minimum(np.fmin(odd_p(forest), odd_p(left_over)) * 2, 1.0)
    return both
