"""A shop's falls and moves, less what its peers did; see models/risk/against_peers.py."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.against_peers import AgainstPeersSettings, courses, own_part

SETTINGS = AgainstPeersSettings(least_peers=5)
SCORED = 56
DAYS = SETTINGS.read_days(SCORED)
WEEK, FORTNIGHT, MONTH_END = 7, 14, 14


def test_a_fall_to_a_half_is_the_log_of_two() -> None:
    visitors = np.full((1, DAYS), 1000.0)
    visitors[:, -WEEK:] = 500
    change, doubt = courses(visitors, None, SETTINGS, SCORED).falls[0]
    assert change[0, -1] == pytest.approx(np.log(2), abs=1e-3)
    assert doubt[0, -1] == pytest.approx(1 / 3501 + 1 / 28001)


def test_the_month_before_ends_before_the_fall() -> None:
    visitors = np.full((1, DAYS), 1000.0)
    visitors[:, -MONTH_END:] = 500  # the fall has lasted a fortnight: the month before knows nothing of it
    assert courses(visitors, None, SETTINGS, SCORED).falls[0].fall[0, -1] == pytest.approx(np.log(2), abs=1e-3)


def test_a_fortnight_is_held_against_the_month_before_it() -> None:
    visitors = np.full((1, DAYS), 1000.0)
    visitors[:, -FORTNIGHT - WEEK :] = 500  # three weeks: the week's month has seen one of them, the fortnight's none
    week, fortnight = courses(visitors, None, SETTINGS, SCORED).falls
    assert fortnight.fall[0, -1] == pytest.approx(np.log(2), abs=1e-3)
    assert week.fall[0, -1] < np.log(2) - 0.1


def test_a_share_is_compared_where_a_second_count_is_named() -> None:
    rng = np.random.default_rng(1)
    visitors = rng.poisson(1000 * np.exp(0.1 * rng.standard_normal((40, DAYS)))).astype(float)
    orders = visitors * 0.03
    half = visitors.copy()
    half[:, -WEEK:] *= 0.5  # fewer come and as many of them buy: nothing happened to the share
    change, _ = courses(np.where(half == visitors, orders, orders * 0.5), half, SETTINGS, SCORED).falls[0]
    assert np.abs(change[:, -1]).max() < 0.05


def test_small_categories_are_held_against_everybody() -> None:
    change = np.zeros((10, 1))
    change[:2] = 1.0
    groups = np.array([0, 0, *[1] * 8])
    assert own_part(change, groups, 5)[0, 0] == 1.0
    assert own_part(change, groups, 2)[0, 0] == 0.0
