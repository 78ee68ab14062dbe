"""Consultations ahead on simulated desks: better than a fixed prior, and quantiles that hold what they promise."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.staffing.consultations import expect, handle_time, hour_shares, human_share
from models.staffing.desk import LEAD_DAYS
from models.staffing.pooled import hourly, pool


@pytest.fixture(scope="module")
def made(simulated, policy):
    desks, actual = simulated(400, seed=4)
    pooled = pool(desks, 2, policy)
    return desks, actual, pooled, expect(desks, pooled)


def test_means_are_right_on_average_for_small_and_large_desks(made) -> None:
    desks, actual, _, found = made
    size = desks.daily.sum(axis=(1, 2))
    for part in (size < np.quantile(size, 0.3), size >= np.quantile(size, 0.7)):
        assert found.mean[part].sum() == pytest.approx(actual[part].sum(), rel=0.04)


def test_a_fifth_of_hours_or_less_lies_outside(made) -> None:
    _, actual, _, found = made
    quantiles = found.quantiles()
    for least, most in ((0, 1), (1, 3), (3, 10), (10, 1e9)):
        mine = (found.mean >= least) & (found.mean < most)
        below, above = (actual < quantiles["q10"])[mine].mean(), (actual > quantiles["q90"])[mine].mean()
        assert below < 0.115
        assert above < 0.115
        if least >= 10:  # where whole numbers are fine enough to be held to both sides
            assert 0.76 < 1 - below - above < 0.86


def test_hours_weighed_by_the_data_beat_a_fixed_weight(simulated, policy) -> None:
    desks, actual = simulated(400, seed=6, weight=2000.0, size=40.0)
    pooled = pool(desks, 2, policy)
    fixed = dataclasses.replace(pooled, weight=np.full_like(pooled.weight, 50.0))

    def loss(one) -> float:
        mean = expect(desks, one).mean
        return float((mean - actual * np.log(np.maximum(mean, 1e-12))).sum())

    assert loss(pooled) < loss(fixed)


def test_an_event_ahead_lifts_consultations_and_a_doubtful_one_widens_them(made, policy) -> None:
    desks, _, pooled, plain = made
    drivers, spread = desks.drivers.copy(), desks.spread.copy()
    drivers[:, 0, LEAD_DAYS + 28] *= 5
    spread[:, 0, 0] = 0.5
    found = expect(dataclasses.replace(desks, drivers=drivers, spread=spread), pooled)
    assert_allclose(found.mean[:, 0, 0], 5 * plain.mean[:, 0, 0])
    assert_allclose(found.mean[:, 0, 1:], plain.mean[:, 0, 1:])
    assert_allclose(found.dispersion[:, 0, 0], plain.dispersion[:, 0, 0] + 0.25)


def test_merchants_are_each_served_for_themselves(made) -> None:
    desks, _, pooled, whole = made
    half = dataclasses.replace(desks, **{name: values[250:] for name, values in vars(desks).items()})
    assert_allclose(expect(half, pooled).mean, whole.mean[250:], rtol=1e-12)


def test_a_desk_with_one_question_has_its_categorys_hours(made, policy) -> None:
    desks, _, pooled, _ = made
    hours = np.zeros_like(hourly(desks))
    hours[:, :, 3] = 1.0
    shares = hour_shares(hours, pooled, desks)
    assert_allclose(shares.sum(axis=2), 1.0)
    assert (shares[:, :, 20] > shares[:, :, 3]).all()


def test_shares_and_times_of_people(made, policy) -> None:
    desks, _, pooled, _ = made
    assert_allclose(human_share(desks, pooled, policy), 0.4, atol=0.03)
    assert_allclose(handle_time(desks, pooled, policy), 300.0, rtol=0.01)
