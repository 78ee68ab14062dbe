"""Features of a block: what is of the day, of its plans, and of the merchant."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace

import numpy as np

from models.forecasting.boosted import layout
from models.forecasting.boosted.features import LONGEST, features
from models.forecasting.response import SLOPE, TERMS, PlanResponse

HISTORY, HORIZON = 210, 28


def test_rows_of_two_merchants_do_not_depend_on_each_other(trained) -> None:
    learned, panel, model = trained()
    policy = learned.policy.boosted
    fit, one = learned.fit(panel, HISTORY), learned.fit(panel.rows(np.array([7])), HISTORY)
    seen = features(fit, HISTORY, HORIZON, model.base.basis(fit, HISTORY), policy)
    alone = features(one, HISTORY, HORIZON, model.base.basis(one, HISTORY), policy)
    np.testing.assert_array_equal(alone[0], seen[7])


def test_days_and_levels(trained) -> None:
    learned, panel, model = trained()
    fit = learned.fit(panel, HISTORY - 28)
    known = HISTORY - 28
    basis = model.base.basis(fit, known)
    seen = features(fit, known, 40, basis, learned.policy.boosted)
    np.testing.assert_array_equal(seen[3, :, layout.HORIZON], np.minimum(np.arange(1, 41), LONGEST))
    np.testing.assert_array_equal(seen[3, :, layout.WEEKDAY], (np.arange(known, known + 40)) % 7)
    assert seen.shape[2] == layout.LEVELS + len(fit.half_lives)
    against = np.log(fit.levels_at(np.array([known])).level[:, 5, 0] / basis.level[5])
    np.testing.assert_array_equal(seen[5, 0, layout.LEVELS :], layout.whole(against))
    last = panel.date_of(known + 39)
    assert seen[0, 39, layout.MONTH_DAY] + seen[0, 39, layout.MONTH_LEFT] == monthrange(last.year, last.month)[1]


def test_depth_and_price_are_seen_about_those_of_all(trained) -> None:
    learned, panel, model = trained()
    shape, known = panel.open.shape, HISTORY - 28
    depth, price = np.zeros(shape, np.float32), np.full(shape, np.nan, np.float32)
    depth[4, known + 2], depth[6, known + 2], price[4, known + 3] = 0.3, 1.0, np.log(1.2)
    mean = np.zeros((panel.days, TERMS))
    mean[:, SLOPE] = 0.1
    response = PlanResponse(np.zeros((1, TERMS)), np.zeros(TERMS), mean)
    learned.factors[known] = replace(learned.factors[known], response=response)
    seen = []
    for one in (panel, replace(panel, depth=depth, price=price)):
        fit = learned.fit(one, known)
        seen.append(features(fit, known, HORIZON, model.base.basis(fit, known), learned.policy.boosted))
    assert seen[1][4, 2, layout.DEPTH] == 40  # .3 - .1 in steps of 1 / 200
    assert seen[1][4, 3, layout.PRICE] == int(np.log(1.2) * 200 + 0.379)
    places = [layout.DEPTH, layout.PRICE]
    assert not seen[0][:, :, places].any()
    assert seen[1][:, :, places].astype(bool).sum() == 2
    np.testing.assert_array_equal(np.delete(seen[0], places, axis=2), np.delete(seen[1], places, axis=2))
