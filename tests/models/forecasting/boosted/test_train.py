"""The trees learn what pooled factors cannot say, refuse where there is too little, and always grow the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.forecasting.boosted.train import train
from models.forecasting.components.log_prophet import LogProphet
from models.forecasting.learn import learn
from models.forecasting.learned import OWN_TERMS
from models.forecasting.policy import ForecastPolicy
from tests.models.forecasting.boosted.conftest import HISTORY, HORIZON, MERCHANTS, POLICY


def test_the_first_day_of_a_promotion_is_learned(trained, platform) -> None:
    learned, panel, model = trained()
    fit, mean = learned.fit(panel, HISTORY), platform[1][:, HISTORY:]
    simple, boosted = (part.means(fit, HISTORY, HORIZON) for part in (model.base, model))
    errors = [np.abs(said - mean).sum() / mean.sum() for said in (simple, boosted)]
    assert errors[1] < 0.6 * errors[0]
    first = platform[2]["promotion"][:, HISTORY:] & ~platform[2]["promotion"][:, HISTORY - 1 : -1] & (mean > 0)
    assert simple[first].sum() < 0.9 * mean[first].sum()
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
    base = LogProphet(learned.half_life(until, OWN_TERMS), learned.policy)
    one, two = (train(learned, block, until, base) for block in (panel, other))
    np.testing.assert_array_equal(one.forest.leaf, two.forest.leaf)
    np.testing.assert_array_equal(one.lift.factor, two.lift.factor)


def test_depth_is_learned_where_one_line_cannot_say_it(platform, make_panel, make_setting) -> None:
    """Only the first day of a promotion answers to its depth; later days sell alike whatever it is."""
    on = platform[2]["promotion"]
    first = on & ~np.roll(on, 1, axis=1)
    run = np.cumsum(first, axis=1)
    depth = np.where(on, np.array([0.1, 0.4])[(run + np.arange(MERCHANTS)[:, None]) % 2], 0.0)
    random = np.random.default_rng(8)
    mean = 60.0 * np.where(first, 1.0 + 2.0 * depth, np.where(on, 1.2, 1.0))
    values = random.poisson(random.gamma(100.0, 1 / 100.0, mean.shape) * mean).astype(np.float64)[:, :HISTORY]
    names = np.array([f"m{place:03d}" for place in range(MERCHANTS)], dtype=object)
    plain = make_panel({"orders": values}, HORIZON, names=names, promotion=on)
    errors = []
    for panel in (plain, replace(plain, depth=depth.astype(np.float32))):
        learned = learn(lambda panel=panel: [panel], make_setting(HISTORY, HORIZON, policy=POLICY), ["orders"])[
            "orders"
        ]
        base = LogProphet(learned.half_life(HISTORY, OWN_TERMS), POLICY, learned.priors[HISTORY])
        fit = learned.fit(panel, HISTORY)
        for model in (base, train(learned, panel, HISTORY, base)):
            said = model.means(fit, HISTORY, HORIZON)
            errors.append(np.abs(said - mean[:, HISTORY:])[on[:, HISTORY:]].mean())
    on_or_off, trees, line, both = errors
    assert line < 0.95 * on_or_off, errors
    assert both < 0.6 * min(trees, line), errors
