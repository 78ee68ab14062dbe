"""The look-up of count quantiles agrees with scipy and stays in order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from models.forecasting.counts import DISPERSIONS, EXACT_BELOW, LEVELS, MEANS, count_quantiles, quantile_grid

MIDDLE = DISPERSIONS[12]


def of(mean: float, dispersion: float, unit: float = 1.0, whole: bool = True) -> list[float]:
    found = count_quantiles(np.array([mean]), np.array([dispersion]), unit, whole)
    return [float(found[name][0]) for name in LEVELS]


def test_the_grid_is_in_order_and_never_below_zero() -> None:
    for whole in (True, False):
        grid = quantile_grid(whole)
        assert grid.shape == (len(LEVELS), MEANS, len(DISPERSIONS))
        assert (grid >= 0).all()
        assert (np.diff(grid, axis=0) >= 0).all()
    assert (quantile_grid(True) == np.rint(quantile_grid(True))).all()


def test_a_negative_binomial_of_mean_two() -> None:
    size = 1 / MIDDLE
    expected = nbinom.ppf(list(LEVELS.values()), size, size / (size + 2.0))
    assert of(2.0, MIDDLE) == pytest.approx(expected, abs=1)


def test_little_dispersion_is_nearly_poisson() -> None:
    assert of(4.0, 1e-9)[1] == poisson.ppf(0.5, 4.0)


def test_small_counts_are_whole_and_large_ones_follow_their_mean() -> None:
    assert all(value == round(value) for value in of(EXACT_BELOW - 1, MIDDLE))
    assert of(1003.0, MIDDLE)[2] / of(1000.0, MIDDLE)[2] == pytest.approx(1.003, rel=1e-9)


def test_weighed_goods_have_fractions_of_the_same_spread() -> None:
    assert 1.0 < of(2.0, MIDDLE, whole=False)[1] < 2.0
    assert of(2.0, MIDDLE, whole=False)[3] == pytest.approx(of(2.0, MIDDLE)[3], abs=1.0)


def test_a_unit_scales_counts() -> None:
    assert of(0.2, MIDDLE, unit=0.1) == pytest.approx([0.1 * value for value in of(2.0, MIDDLE)])


def test_no_forecast_has_no_quantiles_and_nothing_expected_has_zeros() -> None:
    assert np.isnan(of(np.nan, 0.5)).all()
    assert of(0.0, 0.5) == [0.0, 0.0, 0.0, 0.0]
