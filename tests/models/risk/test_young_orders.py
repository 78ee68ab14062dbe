"""Bad news of young orders against the past at the same age; see models/risk/young_orders.py."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import nbinom, norm

from models.risk.ranks import calibrate
from models.risk.settings import CalibrationSettings
from models.risk.young_orders import Age, Known, YoungOrdersSettings, young_scores

SETTINGS = YoungOrdersSettings(least_peers=5)
SCORED = 56
DAYS = SCORED + SETTINGS.look_back_days
SHOWN = {7: 0.4, 14: 0.7}  # share of the bad events that an order of this age has shown


def platform(merchants: int = 60, orders: float = 40, rate: float = 0.004, seed: int = 1) -> list[Known]:
    """A calm platform: orders of each day, and what each age knows of their refunds; younger days are not known yet."""
    rng = np.random.default_rng(seed)
    of_day = rng.poisson(orders, (merchants, DAYS))
    bad = rng.binomial(of_day, rate)
    young = rng.binomial(bad, SHOWN[7])
    older = young + rng.binomial(bad - young, (SHOWN[14] - SHOWN[7]) / (1 - SHOWN[7]))
    return [known_at(7, young, of_day), known_at(14, older, of_day)]


def known_at(age: int, bad: np.ndarray, orders: np.ndarray) -> Known:
    bad, orders = bad.astype(float), orders.astype(float)
    bad[:, DAYS - age :] = orders[:, DAYS - age :] = np.nan
    return Known(bad, orders)


def scores(known: list[Known], settings: YoungOrdersSettings = SETTINGS) -> np.ndarray:
    return young_scores(known, np.zeros(len(known[0].bad), dtype=np.int64), settings, SCORED)


def test_one_age_is_the_mid_p_of_the_negative_binomial_that_the_past_predicts() -> None:
    settings = YoungOrdersSettings(ages=(Age(age=7, days=7),), prior_orders=200)
    orders = np.full((1, DAYS), 10.0)
    bad = np.zeros((1, DAYS))
    bad[0, 10:-20:10] = 1  # one of a hundred orders, at an age of a week
    bad[0, -10] = 3
    known = [Known(bad, orders)]
    past = slice(DAYS - 21 - 56, DAYS - 21)
    events, exposure = bad[0, past].sum(), orders[0, past].sum()
    shape = events + 200 * events / exposure
    expected = 70 * shape / (exposure + 200)
    odds = shape / (shape + expected)
    over = nbinom.sf(3, shape, odds) + nbinom.pmf(3, shape, odds) / 2
    assert scores(known, settings)[0, -1] == pytest.approx(norm.isf(over))


def test_trouble_of_last_week_s_orders_shows_before_they_are_mature() -> None:
    known = platform()
    known[0].bad[3, -14:-7] += 1
    found = scores(known)[:, -1]
    assert found.argmax() == 3
    assert found[3] > 4


def test_what_is_known_of_an_order_later_than_at_its_ages_counts_for_nothing() -> None:
    known = platform()
    before = scores(known)[:, -1].copy()
    known[0].bad[3, -3:] = 50  # three days old: no age of theirs has come
    assert scores(known)[:, -1] == pytest.approx(before, nan_ok=True)


def test_a_small_shop_is_drawn_to_its_peers() -> None:
    known = platform()
    groups = np.zeros(60, dtype=np.int64)
    groups[30:] = 1
    for part in known:
        part.bad[30:] *= 6  # a category in which much comes back
        for of in part:
            of[45, :-21] = np.nan  # a new shop
        part.bad[45, -21:] = np.where(np.isnan(part.bad[45, -21:]), np.nan, 1)
    assert young_scores(known, groups, SETTINGS, SCORED)[45, -1] < scores(known)[45, -1] - 0.5


def test_too_few_expected_events_say_nothing() -> None:
    assert np.isnan(scores(platform(orders=0.5))).all()
    known = platform()
    known[0].orders[2], known[1].orders[2] = np.nan, np.nan
    assert np.isnan(scores(known)[2]).all()


def test_p_values_are_calibrated_on_calm_shops_of_many_sizes() -> None:
    calibration, p_values = CalibrationSettings(), []
    for seed in range(8):
        sizes = np.exp(np.random.default_rng(seed).normal(3, 1, (500, 1)))
        found = scores(platform(500, sizes, 0.005, seed))
        nothing = np.zeros(500, dtype=np.int64), np.zeros(SCORED, dtype=np.int64)
        p_values.append(calibrate(found, *nothing, calibration)[:, -1])
    known = np.concatenate(p_values)
    known = known[~np.isnan(known)]
    assert np.mean(known <= 0.01) / 0.01 == pytest.approx(1, abs=0.4)
    assert np.mean(known <= 0.001) / 0.001 < 2.5


def test_an_age_may_stand_once() -> None:
    with pytest.raises(ValidationError, match="each age may stand once"):
        YoungOrdersSettings(ages=(Age(age=7, days=7), Age(age=7, days=14)))
