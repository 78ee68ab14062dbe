"""Last year's season of a merchant: level around the day over level before now, a year ago."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from models.forecasting.boosted.season import YEAR, seasons
from models.forecasting.policy import BoostedPolicy

KNOWN, AHEAD = 420, 28
POLICY = BoostedPolicy(season_days=5)


def block(values: np.ndarray) -> SimpleNamespace:
    shape = (len(values), KNOWN + AHEAD)
    pooled = SimpleNamespace(of_merchants=lambda scope, state, first, last: np.ones(shape)[:, first:last])
    panel = SimpleNamespace(values={"orders": values}, scope=None, state=None)
    return SimpleNamespace(
        panel=panel, measure="orders", pooled=pooled, unit=np.ones(len(values)), dispersion=np.full(len(values), 0.01)
    )


def test_a_season_and_a_day_of_last_year() -> None:
    values = np.full((2, KNOWN), 1000.0)
    now = KNOWN - YEAR
    values[1, now:] = 1500.0
    values[1, now + 20] = 3000.0
    made = seasons(block(values), KNOWN, AHEAD, POLICY)
    assert made is not None
    np.testing.assert_allclose(made.weeks[0], 0.0, atol=1e-12)
    assert made.weeks[1, 8] == pytest.approx(np.log(1.5))
    around = (10 * 1500 + 3000) / 11
    assert made.weeks[1, 20] == pytest.approx(np.log(around / 1000))
    assert made.day[1, 20] == pytest.approx(np.log(3000 / around))
    weeks, _ = made.of_all()
    assert 0 < weeks[8] < np.log(1.5)
    assert (np.abs(made.shrunk(0.15)[0]) <= np.abs(made.weeks)).all()


def test_without_a_year_there_is_no_season() -> None:
    assert seasons(block(np.ones((1, KNOWN))), YEAR + 27, AHEAD, POLICY) is None


def test_who_was_not_there_last_year_has_none() -> None:
    values = np.full((2, KNOWN), 50.0)
    values[0, : KNOWN - YEAR] = np.nan
    values[1, : KNOWN - 100] = np.nan
    made = seasons(block(values), KNOWN, AHEAD, POLICY)
    assert made is not None
    np.testing.assert_array_equal(made.weeks, 0.0)
    np.testing.assert_array_equal(made.weeks_precision, 0.0)
