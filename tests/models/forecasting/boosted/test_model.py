"""A component: nothing from the future, the same answer however merchants are laid out, closed days 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.forecasting.boosted.model import Lift, correct

HISTORY, HORIZON, MERCHANTS = 210, 28, 60


def test_neither_order_nor_blocks_change_an_answer(trained) -> None:
    learned, panel, model = trained()
    whole = dict(zip(panel.merchants, model.means(learned.fit(panel, HISTORY), HISTORY, HORIZON), strict=True))
    order = np.random.default_rng(5).permutation(MERCHANTS)
    learned, panel, model = trained(order)
    for part in np.array_split(np.arange(MERCHANTS), 4):
        block = panel.rows(part)
        said = model.means(learned.fit(block, HISTORY), HISTORY, HORIZON)
        for name, row in zip(block.merchants, said, strict=True):
            np.testing.assert_allclose(row, whole[name], rtol=1e-9)


def test_nothing_after_an_origin_is_looked_at(trained) -> None:
    learned, panel, model = trained()
    refit = learned.origins.refits[1]
    known = refit + 7
    values = panel.values["orders"].copy()
    values[:, known:] = values[:, known:][::-1] * 3
    other = replace(panel, values={"orders": values})
    one = model.means(learned.fit(panel, refit), known, HORIZON)
    two = model.means(learned.fit(other, refit), known, HORIZON)
    np.testing.assert_array_equal(one, two)


def test_closed_days_are_zero_and_unknown_merchants_stay_unknown(trained) -> None:
    learned, panel, model = trained()
    values = panel.values["orders"].copy()
    values[0] = np.nan
    values[1, :-5] = np.nan
    values[2] = 0.0
    block = replace(panel, values={"orders": values})
    said = model.means(learned.fit(block, HISTORY), HISTORY, HORIZON)
    np.testing.assert_array_equal(said[~panel.open[:, HISTORY:]], 0.0)
    assert (said[1:] >= 0).all()
    assert (said[1][panel.open[1, HISTORY:]] > 0).all()
    pooled = model.base.means(learned.fit(block, HISTORY), HISTORY, HORIZON)
    np.testing.assert_array_equal(np.isnan(said), np.isnan(pooled))


def test_two_months_ahead_are_answered(trained) -> None:
    learned, panel, model = trained()
    said = model.means(learned.fit(panel, HISTORY - 28), HISTORY - 28, 56)
    assert np.isfinite(said).all()


def test_a_correction_of_nothing_changes_nothing() -> None:
    mean, unit, dispersion = np.array([0.2, 5.0, 900.0]), np.array([1.0, 2.0, 30.0]), np.array([0.08, 1.0, 0.002])
    np.testing.assert_allclose(correct(mean, np.zeros(3), unit, dispersion), mean, rtol=1e-12)


def test_a_small_correction_is_one_of_log_units() -> None:
    mean, unit, dispersion = np.array([3.0, 50.0, 9000.0]), np.ones(3), np.array([0.5, 0.08, 0.01])
    moved = correct(mean, np.full(3, 0.01), unit, dispersion)
    np.testing.assert_allclose(moved / mean, np.exp(0.01), rtol=1e-3)


def test_lift_goes_by_dispersion() -> None:
    lift = Lift(np.array([0.1, 1.0]), np.array([1.0, 1.1, 1.4]))
    np.testing.assert_array_equal(lift.of(np.array([0.05, 0.1, 0.9, 3.0])), [1.0, 1.1, 1.1, 1.4])
