"""The stabilised scale: inverse, unit variance, and what widens an interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecasting.policy import SpreadPolicy
from models.forecasting.spread import dispersions, restore, stabilise, widening


@given(st.floats(0, 1e7), st.floats(0.1, 500), st.floats(0.002, 4))
def test_restore_undoes_stabilise(value: float, unit: float, dispersion: float) -> None:
    there = stabilise(np.array([value]), np.array([unit]), np.array([dispersion]))
    assert restore(there, np.array([unit]), np.array([dispersion]))[0] == pytest.approx(value, rel=1e-6, abs=1e-9)


@given(st.floats(-50, 0))
def test_nothing_comes_back_below_zero(scaled: float) -> None:
    assert restore(np.array([scaled]), np.ones(1), np.full(1, 0.1))[0] == 0.0


@pytest.mark.parametrize("mean", [20.0, 200.0, 5000.0])
def test_negative_binomial_counts_have_unit_variance_on_the_scale(mean: float) -> None:
    random = np.random.default_rng(3)
    drawn = random.poisson(random.gamma(1 / 0.08, 0.08, 40_000) * mean).astype(float)
    assert stabilise(drawn, np.ones(1), np.full(1, 0.08)).std() == pytest.approx(1.0, abs=0.08)


def test_dispersion_is_found_again_and_falls_back_to_its_prior() -> None:
    random = np.random.default_rng(5)
    mean = np.full((2, 4000), 50.0)
    drawn = random.poisson(random.gamma(1 / 0.3, 0.3, mean.shape) * mean).astype(float)
    drawn[1] = np.nan
    found = dispersions(drawn, mean, np.ones(2), SpreadPolicy())
    assert found[0] == pytest.approx(0.3, rel=0.12)
    assert found[1] == SpreadPolicy().dispersion


def test_events_and_newcomers_are_wider_and_ordinary_days_are_not() -> None:
    arguments = (np.array([100.0]), np.ones(1), np.array([0.04]))
    policy = SpreadPolicy(event_lift_sd=0.2)
    assert widening(*arguments, np.zeros(1), np.zeros(1), policy, 1.0)[0] == 1.0
    assert widening(*arguments, np.ones(1), np.zeros(1), policy, 1.0)[0] == pytest.approx(np.sqrt(1 + 0.04 / 0.05))
    assert widening(*arguments, np.zeros(1), np.ones(1), policy, 1.0)[0] == pytest.approx(np.sqrt(1 + 1 / 0.05))
