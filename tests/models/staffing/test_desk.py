"""Which driver a desk follows, and running means of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.staffing.desk import DRIVERS, LEAD_DAYS, OWN_MEAN, causes_of, running_mean


def test_a_running_mean_by_hand() -> None:
    series = np.array([[2.0, 4.0, np.nan, 8.0]])
    assert_allclose(running_mean(series, 1), series)
    assert_allclose(running_mean(series, 3), [[2.0, 3.0, np.nan, 6.0]])


def test_questions_before_a_sale_follow_visitors_and_after_it_orders(simulated) -> None:
    desks, _ = simulated(5)
    causes = causes_of(desks, 1)
    assert (causes.code == [DRIVERS.index("visitors"), DRIVERS.index("orders")]).all()
    assert_allclose(causes.known[:, 0], desks.drivers[:, 0, LEAD_DAYS : LEAD_DAYS + 28])
    assert_allclose(causes.ahead[:, 1], desks.drivers[:, 1, LEAD_DAYS + 28 :])


def test_after_a_sale_the_days_before_count_too(simulated) -> None:
    desks, _ = simulated(3)
    found = causes_of(desks, 7).ahead[:, 1, 0]
    first = LEAD_DAYS + 28
    assert_allclose(found, desks.drivers[:, 1, first - 6 : first + 1].mean(axis=1))


@pytest.mark.parametrize("gone", ["known", "ahead"])
def test_without_visitors_orders_serve_and_without_any_the_mean_day(simulated, gone: str) -> None:
    desks, _ = simulated(3)
    drivers = desks.drivers.copy()
    days = slice(0, LEAD_DAYS + 28) if gone == "known" else slice(LEAD_DAYS + 28, None)
    drivers[0, 0, days] = np.nan
    drivers[1, :, days] = np.nan
    causes = causes_of(dataclasses.replace(desks, drivers=drivers), 1)
    assert causes.code[:, 0].tolist() == [1, OWN_MEAN, 0]
    assert (causes.ahead[1] == 1.0).all()


def test_a_day_of_which_nothing_is_told_does_not_count(simulated) -> None:
    desks, _ = simulated(3)
    sessions = desks.sessions.copy()
    sessions[0, :, 4] = np.nan
    causes = causes_of(dataclasses.replace(desks, sessions=sessions), 1)
    assert np.isnan(causes.known[0, :, 4]).all()
    assert np.isfinite(causes.known[1]).all()
