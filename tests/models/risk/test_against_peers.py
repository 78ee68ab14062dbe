"""A shop's fall against its own month before and its peers; see models/risk/against_peers.py."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.against_peers import (
    AgainstPeersSettings,
    log_changes,
    own_part,
    scores_against_peers,
    usual_spread,
)
from models.risk.ranks import calibrate
from models.risk.settings import CalibrationSettings
from models.risk.trimming import any_trouble

SETTINGS = AgainstPeersSettings(least_peers=5)
WEEK, FORTNIGHT, MONTH_END = 7, 14, 14


def platform(merchants: int = 40, noise: float = 0.1, seed: int = 1) -> np.ndarray:
    """Visitors of a calm platform, about a thousand a day."""
    rng = np.random.default_rng(seed)
    return rng.poisson(1000 * np.exp(noise * rng.standard_normal((merchants, SETTINGS.days)))).astype(float)


def scores(
    visitors: np.ndarray, per: np.ndarray | None = None, settings: AgainstPeersSettings = SETTINGS
) -> np.ndarray:
    return scores_against_peers(log_changes(visitors, per, settings), np.zeros(len(visitors), dtype=np.int64), settings)


def test_a_fall_to_a_half_is_the_log_of_two() -> None:
    visitors = np.full((1, SETTINGS.days), 1000.0)
    visitors[:, -WEEK:] = 500
    change, doubt = log_changes(visitors, None, SETTINGS)[0]
    assert change[0, -1] == pytest.approx(np.log(2), abs=1e-3)
    assert doubt[0, -1] == pytest.approx(1 / 3501 + 1 / 28001)


def test_the_month_before_ends_before_the_fall() -> None:
    visitors = np.full((1, SETTINGS.days), 1000.0)
    visitors[:, -MONTH_END:] = 500  # the fall has lasted a fortnight: the month before knows nothing of it
    assert log_changes(visitors, None, SETTINGS)[0].fall[0, -1] == pytest.approx(np.log(2), abs=1e-3)


def test_a_fortnight_is_held_against_the_month_before_it() -> None:
    visitors = np.full((1, SETTINGS.days), 1000.0)
    visitors[:, -FORTNIGHT - WEEK :] = 500  # three weeks: the week's month has seen one of them, the fortnight's none
    week, fortnight = log_changes(visitors, None, SETTINGS)
    assert fortnight.fall[0, -1] == pytest.approx(np.log(2), abs=1e-3)
    assert week.fall[0, -1] < np.log(2) - 0.1


def test_the_mean_of_both_scores_counts() -> None:
    visitors = platform()
    week, fortnight = (
        scores(visitors, settings=SETTINGS.model_copy(update={"recent_days": (length,)})) for length in (7, 14)
    )
    assert scores(visitors)[:, -1] == pytest.approx((week[:, -1] + fortnight[:, -1]) / 2)


def test_a_fall_that_lasts_stands_out_more_than_a_bad_week() -> None:
    visitors = platform(noise=0.3)
    visitors[0, -WEEK:] *= 0.6
    visitors[1, -FORTNIGHT:] *= 0.6
    found = scores(visitors)[:, -1]
    assert found[1] > found[0] + 1


def test_what_all_peers_did_is_taken_off() -> None:
    visitors = platform()
    visitors[:, -WEEK:] *= 0.5
    assert np.abs(np.median(scores(visitors)[:, -1])) < 0.5
    visitors[3, -WEEK:] *= 0.5
    assert scores(visitors)[:, -1].argmax() == 3


def test_a_calm_shop_is_surprised_by_a_smaller_fall_than_a_restless_one() -> None:
    rng = np.random.default_rng(4)
    visitors = platform()
    visitors[1] *= np.exp(np.repeat(rng.standard_normal(SETTINGS.days // WEEK), WEEK) * 0.5)
    visitors[:2, -WEEK:] *= 0.6
    found = scores(visitors)[:, -1]
    assert found[0] > 2 * max(found[1], 1)


def test_a_month_of_trouble_does_not_widen_what_is_usual() -> None:
    own = np.random.default_rng(2).standard_normal((30, 112)) * 0.1
    calm = usual_spread(own, SETTINGS)[0]
    own[0, -28:] += 2
    assert usual_spread(own, SETTINGS)[0] < 1.6 * calm


def test_days_that_were_closed_by_plan_are_not_known() -> None:
    visitors = platform()
    visitors[0, -WEEK:-1] = np.nan
    assert np.isnan(scores(visitors)[0, -1])
    visitors[0, -WEEK:] = 1000
    visitors[0, -3:] = np.nan
    assert abs(scores(visitors)[0, -1]) < 3


def test_a_share_is_compared_where_a_second_count_is_named() -> None:
    visitors = platform()
    orders = visitors * 0.03
    half = visitors.copy()
    half[:, -WEEK:] *= 0.5  # fewer come and as many of them buy: nothing happened to the share
    change, _ = log_changes(np.where(half == visitors, orders, orders * 0.5), half, SETTINGS)[0]
    assert np.abs(change[:, -1]).max() < 0.05


def test_small_counts_are_not_rarer_than_chance_makes_them() -> None:
    rng = np.random.default_rng(3)
    visitors = rng.poisson(0.3, (200, SETTINGS.days)).astype(float)
    assert np.nanquantile(scores(visitors), 0.999) < 4.5


def test_small_categories_are_held_against_everybody() -> None:
    change = np.zeros((10, 1))
    change[:2] = 1.0
    groups = np.array([0, 0, *[1] * 8])
    assert own_part(change, groups, 5)[0, 0] == 1.0
    assert own_part(change, groups, 2)[0, 0] == 0.0


def test_a_new_shop_has_no_score() -> None:
    visitors = platform()
    visitors[0, : -SETTINGS.least_days - 20] = np.nan
    visitors[1] = np.nan
    found = scores(visitors)[:, -1]
    assert np.isnan(found[:2]).all()
    assert not np.isnan(found[2:]).any()


def autocorrelated(merchants: int, seed: int) -> np.ndarray:
    """Visitors of calm shops whose level wanders (lag one .57, heavy tails), each by its own spread and size."""
    rng = np.random.default_rng(seed)
    news = rng.standard_t(5, (merchants, SETTINGS.days)) * np.sqrt(3 / 5)
    level = news.copy()
    for day in range(1, SETTINGS.days):
        level[:, day] = 0.57 * level[:, day - 1] + np.sqrt(1 - 0.57**2) * news[:, day]
    spread, size = np.exp(rng.normal(-1.5, 0.8, (merchants, 1))), np.exp(rng.normal(5, 1.2, (merchants, 1)))
    return rng.poisson(size * np.exp(np.clip(spread * level, -3, 3))).astype(float)


def test_p_values_are_calibrated_on_calm_shops_that_wander() -> None:
    calibration, days = CalibrationSettings(), 56
    p_values = []
    for seed in range(12):
        found = scores(autocorrelated(500, seed), settings=AgainstPeersSettings())[:, -days:]
        nothing = np.zeros(500, dtype=np.int64), np.zeros(days, dtype=np.int64)
        p_values.append(calibrate(found, *nothing, calibration, any_trouble((found,), calibration))[:, -1])
    known = np.concatenate(p_values)
    assert np.mean(known <= 0.01) / 0.01 == pytest.approx(1, abs=0.3)
    assert np.mean(known <= 0.001) / 0.001 < 2.5
