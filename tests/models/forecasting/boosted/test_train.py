"""The trees learn what pooled factors cannot say, refuse where there is too little, and always grow the same."""

from __future__ import annotations

import numpy as np

from models.forecasting.policy import ForecastPolicy

HISTORY, HORIZON = 210, 28


def test_the_first_day_of_a_promotion_is_learned(trained, platform) -> None:
    learned, panel, model = trained()
    fit, mean = learned.fit(panel, HISTORY), platform[1][:, HISTORY:]
    pooled, boosted = (part.means(fit, HISTORY, HORIZON) for part in (model.base, model))
    errors = [np.abs(said - mean).sum() / mean.sum() for said in (pooled, boosted)]
    assert errors[1] < 0.6 * errors[0]
    first = platform[2]["promotion"][:, HISTORY:] & ~platform[2]["promotion"][:, HISTORY - 1 : -1] & (mean > 0)
    assert pooled[first].sum() < 0.9 * mean[first].sum()
    assert abs(boosted[first].sum() / mean[first].sum() - 1) < 0.07


def test_sums_are_kept(trained, platform) -> None:
    learned, panel, model = trained()
    said = model.means(learned.fit(panel, HISTORY), HISTORY, HORIZON)
    assert abs(said.sum() / platform[1][:, HISTORY:].sum() - 1) < 0.04


def test_the_same_input_grows_the_same_trees(trained) -> None:
    one, two = trained()[2].forest, trained()[2].forest
    np.testing.assert_array_equal(one.leaf, two.leaf)
    np.testing.assert_array_equal(one.border, two.border)


def test_short_history_is_refused(trained) -> None:
    assert trained(history=100)[2] is None


def test_few_rows_are_refused(trained) -> None:
    policy = ForecastPolicy.model_validate({"boosted": {"least_rows": 100000, "rows": 12000}})
    assert trained(policy=policy)[2] is None


def test_nothing_after_the_day_of_training_is_looked_at(trained, platform) -> None:
    until = 182
    changed = platform[0].copy()
    changed[:, until:] *= 5
    learned, panel, _ = trained()
    _, other, _ = trained(values=changed)
    from models.forecasting.boosted.train import train
    from models.forecasting.component import PooledLevel

    base = PooledLevel(learned.half_life(until), learned.policy.calibration.strata)
    one, two = (train(learned, block, until, base) for block in (panel, other))
    np.testing.assert_array_equal(one.forest.leaf, two.forest.leaf)
    np.testing.assert_array_equal(one.lift.factor, two.lift.factor)
