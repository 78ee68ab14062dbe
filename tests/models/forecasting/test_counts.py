"""The look-up of count quantiles agrees with scipy and stays in order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from models.forecasting.counts import DISPERSIONS, MEAN_STEP, MEANS, SMALLEST_MEAN, quantile_table

COLUMNS = ["q10", "q50", "q80", "q90"]


def row(mean: float, dispersion: float, whole: bool = True):
    table = quantile_table(whole).set_index(["mean_place", "dispersion_place"])
    place = round(np.log(mean / SMALLEST_MEAN) / MEAN_STEP)
    return table.loc[(place, DISPERSIONS.index(dispersion))]


def test_the_grid_is_what_it_says() -> None:
    table = quantile_table(True)
    assert len(table) == MEANS * len(DISPERSIONS)
    assert table["grid_mean"].max() > 1e6


def test_whole_numbers_in_order_and_never_below_zero() -> None:
    values = quantile_table(True)[COLUMNS].to_numpy()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()
    assert (values == np.rint(values)).all()


def test_a_negative_binomial_of_mean_two() -> None:
    found = row(2.0, 0.5)
    assert found[COLUMNS].tolist() == nbinom.ppf([0.1, 0.5, 0.8, 0.9], 2.0, 2 / (2 + found["grid_mean"])).tolist()


def test_little_dispersion_is_nearly_poisson() -> None:
    assert row(4.0, 0.02)["q50"] == poisson.ppf(0.5, 4.0)


def test_weighed_goods_have_fractions_with_the_same_mean() -> None:
    assert 1.0 < row(2.0, 0.5, whole=False)["q50"] < 2.0
    assert row(2.0, 0.5, whole=False)["q90"] == pytest.approx(row(2.0, 0.5)["q90"], abs=1.0)
