"""The yearly shape needs two years, leaves growth out, and looks at nothing beyond its day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.forecasting.policy import FactorPolicy
from models.forecasting.year import year_shape

FIRST = date(2023, 1, 1)


def grown(days: int, growth: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    log_level = 0.3 * np.sin(2 * np.pi * np.arange(days) / 365) + growth * np.arange(days) / 365
    level = np.exp(log_level)
    links = np.zeros((2, days))
    links[0, 1:], links[1, 1:] = level[1:], level[:-1]
    return links, log_level


def test_less_than_two_years_has_no_shape() -> None:
    assert not year_shape(grown(729)[0], 729, FIRST, 760, FactorPolicy()).any()


@pytest.mark.parametrize("growth", [0.0, 0.5])
def test_the_season_is_found_and_growth_is_not_taken_for_it(growth: float) -> None:
    links, _ = grown(3 * 365, growth)
    shape = year_shape(links, 3 * 365, FIRST, 4 * 365, FactorPolicy())
    season = 0.3 * np.sin(2 * np.pi * np.arange(365) / 365)
    np.testing.assert_allclose(shape[3 * 365 :] - shape.mean(), season - season.mean(), atol=0.03)


def test_later_days_change_nothing() -> None:
    links, _ = grown(900)
    before = year_shape(links, 800, FIRST, 930, FactorPolicy())
    links[:, 800:] *= 3
    np.testing.assert_array_equal(year_shape(links, 800, FIRST, 930, FactorPolicy()), before)
