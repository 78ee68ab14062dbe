"""Teach the trees.

LightGBM grows them: with the same input it gives the same trees, whatever the number of threads, and its trees can be
read. It refuses where there is too little to learn from; then the simpler models stand alone.
"""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np

from models.forecasting.boosted.model import Boosted, Lift, correct
from models.forecasting.boosted.sample import Lessons, lessons
from models.forecasting.boosted.trees import Forest
from models.forecasting.component import Levelled
from models.forecasting.learned import Learned
from models.forecasting.panel import Floats, Panel
from models.forecasting.policy import BoostedPolicy

LIFT_BORDERS = np.array([0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])


def train(learned: Learned, sample: Panel, until: int, base: Levelled) -> Boosted | None:
    """Train on what was known after `until` columns.

    Parameters
    ----------
    learned : Learned
        With a refit at or before `until`.
    sample : Panel
        Merchants that stand for all, in order of their ids; values from `until` on are not looked at.
    until : int
    base : Levelled
        What is corrected, here and in every forecast.

    Returns
    -------
    Boosted, or None where history or merchants are too few (`boosted.least_*` of the policy)
    """
    policy = learned.setting.policy.boosted
    if until < policy.least_days:
        return None
    taught = lessons(learned, sample, until, base, policy)
    if taught is None or len(taught.said) < policy.least_rows:
        return None
    booster = _grow(taught, policy)
    # A short history has seen one season, and takes it for a law of weekdays and plans.
    forest = Forest.of(booster.dump_model(), policy.depth).scaled(until / (until + policy.shrink_days))
    lift = _lift(taught, forest.sums(taught.features), policy)
    return Boosted(forest, base, lift, policy)


def _grow(taught: Lessons, policy: BoostedPolicy) -> lightgbm.Booster:
    weight = (taught.precision / taught.precision.mean()) ** policy.precision_power
    quiet: dict[str, Any] = {"verbose": -1, "max_bin": policy.bins, "num_threads": 1, "deterministic": True}
    # Column by column, a sum never depends on how rows are shared among threads.
    quiet |= {"force_col_wise": True, "seed": policy.seed}
    data = lightgbm.Dataset(taught.features.astype(np.float32), taught.correction, weight=weight, params=quiet)
    params = quiet | {
        "objective": "l2",
        "learning_rate": policy.learning_rate,
        "num_leaves": 2**policy.depth,
        "max_depth": policy.depth,
        "min_data_in_leaf": policy.least_rows_of_leaf,
        "lambda_l2": policy.leaf_prior,
        "feature_fraction": policy.features_of_tree,
    }
    return lightgbm.train(params, data, policy.trees)


def _lift(taught: Lessons, correction: Floats, policy: BoostedPolicy) -> Lift:
    """Measure what came over what was said by dispersion, each day weighed by how sure its ratio is."""
    said = correct(taught.said, correction, taught.unit, taught.dispersion)
    weight = 1.0 / (taught.unit + taught.dispersion * said)
    place = np.searchsorted(LIFT_BORDERS, taught.dispersion, side="right")
    classes = len(LIFT_BORDERS) + 1
    came, expected, rows = (
        np.bincount(place, column, classes) for column in (weight * taught.came, weight * said, np.ones(len(said)))
    )
    prior = policy.lift_rows * expected / np.maximum(rows, 1)
    return Lift(
        LIFT_BORDERS, np.where(expected > 0, (came + prior) / np.where(expected > 0, expected + prior, 1.0), 1.0)
    )
