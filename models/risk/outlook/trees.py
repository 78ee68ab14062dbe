"""Boosted trees (scikit-learn's histogram gradient boosting), held to the directions that features can only point in.

Features are cut into steps of about as many rows before the library sees them: its own way to find the steps of
weighted rows takes ten times as long as growing the trees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models.risk.outlook.feature import Feature
from models.risk.outlook.history import BoolArray, FloatArray, IntArray
from models.risk.outlook.settings import TreeSettings
from models.risk.outlook.threads import one_thread


@dataclass(frozen=True)
class Trees:
    """Grown trees, the features that they look at, and the steps of each."""

    columns: IntArray
    steps: tuple[FloatArray, ...]
    model: HistGradientBoostingClassifier

    def log_odds(self, features: FloatArray) -> FloatArray:
        """Log odds of each row."""
        if not len(features):
            return np.empty(0)
        with one_thread():
            found: FloatArray = self.model.decision_function(in_steps(features[:, self.columns], self.steps))
        return found


def grow_trees(
    features: FloatArray,
    bad: BoolArray,
    weight: FloatArray,
    columns: IntArray,
    described: Sequence[Feature],
    settings: TreeSettings,
) -> Trees:
    """Grow trees on rows; the same rows give the same trees."""
    model = HistGradientBoostingClassifier(
        max_iter=settings.iterations,
        max_leaf_nodes=settings.leaves,
        learning_rate=settings.learning_rate,
        min_samples_leaf=settings.least_rows,
        l2_regularization=settings.shrinkage,
        max_features=settings.feature_share,
        max_bins=settings.bins,
        monotonic_cst=[described[place].direction for place in columns],
        early_stopping=False,
        random_state=settings.seed,
    )
    chosen = features[:, columns]
    steps = find_steps(chosen, settings.bins)
    with one_thread():
        model.fit(in_steps(chosen, steps), bad, sample_weight=weight)
    return Trees(columns, steps, model)


def find_steps(features: FloatArray, bins: int) -> tuple[FloatArray, ...]:
    """Borders of at most `bins` steps of each feature, with about as many rows in each."""
    share = np.linspace(0, 1, bins + 1)[1:-1]
    return tuple(np.unique(np.quantile(column[~np.isnan(column)], share)) for column in features.T)


def in_steps(features: FloatArray, steps: Sequence[FloatArray]) -> FloatArray:
    """Number of the step of each value; not known stays not known."""
    placed = [np.searchsorted(borders, column, side="left") for column, borders in zip(features.T, steps, strict=True)]
    return np.where(np.isnan(features), np.nan, np.stack(placed, axis=1))
