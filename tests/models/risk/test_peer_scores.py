"""A shop's fall against its own month before and its peers, as a score; see models/risk/peer_scores.py."""

from __future__ import annotations

import numpy as np
import pytest

from models.risk.against_peers import AgainstPeersSettings, courses
from models.risk.peer_scores import PeerScores, restlessness, scores_against_peers, usual_spread
from models.risk.ranks import calibrate
from models.risk.settings import CalibrationSettings
from models.risk.trimming import any_trouble

SETTINGS = AgainstPeersSettings(least_peers=5)
SCORED = 56
DAYS = SETTINGS.read_days(SCORED)
WEEK, FORTNIGHT = 7, 14


def platform(merchants: int = 40, noise: float = 0.1, seed: int = 1) -> np.ndarray:
    """Visitors of a calm platform, about a thousand a day."""
    rng = np.random.default_rng(seed)
    return rng.poisson(1000 * np.exp(noise * rng.standard_normal((merchants, DAYS)))).astype(float)


def judged(visitors: np.ndarray, settings: AgainstPeersSettings = SETTINGS) -> PeerScores:
    groups = np.zeros(len(visitors), dtype=np.int64)
    return scores_against_peers(courses(visitors, None, settings, SCORED), groups, settings, CalibrationSettings())


def scores(visitors: np.ndarray, settings: AgainstPeersSettings = SETTINGS) -> np.ndarray:
    return judged(visitors, settings).scores


def test_the_mean_of_both_scores_counts() -> None:
    visitors = platform()
    week, fortnight = (
        scores(visitors, settings=SETTINGS.model_copy(update={"recent_days": (length,)})) for length in (7, 14)
    )
    off = np.abs(scores(visitors)[:, -1] - (week[:, -1] + fortnight[:, -1]) / 2)
    assert np.quantile(off, 0.9) < 1e-6  # but for a shop in whose weeks one of them alone sees trouble


def test_a_fall_that_lasts_stands_out_more_than_a_bad_week() -> None:
    visitors = platform(200, noise=0.3)
    visitors[:20, -WEEK:] *= 0.6
    visitors[20:40, -FORTNIGHT:] *= 0.6
    found = scores(visitors)[:, -1]
    assert found[20:40].mean() > found[:20].mean() + 0.5


def test_what_all_peers_did_is_taken_off() -> None:
    visitors = platform()
    visitors[:, -WEEK:] *= 0.5
    assert np.abs(np.median(scores(visitors)[:, -1])) < 0.5
    visitors[3, -WEEK:] *= 0.5
    assert scores(visitors)[:, -1].argmax() == 3


def test_a_calm_shop_is_surprised_by_a_smaller_fall_than_a_restless_one() -> None:
    rng = np.random.default_rng(4)
    visitors = platform()
    visitors[1] *= np.exp(np.repeat(rng.standard_normal(DAYS // WEEK + 1), WEEK)[:DAYS] * 0.5)
    visitors[:2, -WEEK:] *= 0.6
    found = scores(visitors)[:, -1]
    assert found[0] > 2 * max(found[1], 1)


def moves(merchants: int = 30) -> np.ndarray:
    return np.random.default_rng(2).standard_normal((merchants, SETTINGS.usual_days + SCORED)) * 0.1


def restless_today(of: np.ndarray, settings: AgainstPeersSettings = SETTINGS) -> np.ndarray:
    return restlessness(of, settings, SCORED)[:, -1]


def test_restlessness_is_the_deviation_of_a_shops_own_moves() -> None:
    assert restless_today(moves(3) * np.array([[1], [2], [10]])) == pytest.approx([0.1, 0.2, 1.0], rel=0.15)


def test_two_days_of_madness_do_not_make_a_shop_restless() -> None:
    mad = moves()
    calm = restless_today(mad)[0]
    mad[0, -2:] += 5
    assert restless_today(mad)[0] < 1.15 * calm


def test_a_day_has_the_spread_of_the_days_before_it() -> None:
    later = moves()
    before = restlessness(later, SETTINGS, SCORED)
    later[:, -20:] *= 2
    after = restlessness(later, SETTINGS, SCORED)
    assert after[:, :-20] == pytest.approx(before[:, :-20], rel=0.1)  # the clip looks at all days
    assert (after[:, -1] > 1.05 * before[:, -1]).all()


def test_few_days_are_drawn_to_all_shops_and_all_days_to_none() -> None:
    some = moves()
    some[:2] *= 10
    some[1, :-28] = np.nan
    long, short = restless_today(some)[:2]
    alone = restless_today(some, SETTINGS.model_copy(update={"shrinkage": 0.0}))
    assert long == alone[0]
    usual = np.nanmedian(restlessness(some, SETTINGS.model_copy(update={"shrinkage": 0.0}), SCORED))
    assert short == pytest.approx(alone[1] ** 0.7 * usual**0.3, rel=1e-6)
    assert np.isnan(restless_today(np.full_like(some, np.nan))).all()


def test_what_a_move_is_worth_in_falls_is_told_by_all_shops() -> None:
    rng = np.random.default_rng(2)
    restless = np.repeat(np.exp(rng.normal(-2, 1, (400, 1))), SCORED, axis=1)
    own = rng.standard_normal((400, SCORED)) * restless * 0.5
    own[0, -28:] += 2  # a month of trouble does not widen what is usual
    spread = usual_spread(own, restless, SETTINGS)
    wide = restless > 0.1
    assert spread[wide] / restless[wide] == pytest.approx(0.5, rel=0.1)


def test_days_that_were_closed_by_plan_are_not_known() -> None:
    visitors = platform()
    visitors[0, -WEEK:-1] = np.nan
    assert np.isnan(scores(visitors)[0, -1])
    visitors[0, -WEEK:] = 1000
    visitors[0, -3:] = np.nan
    assert abs(scores(visitors)[0, -1]) < 3


def test_small_counts_are_not_rarer_than_chance_makes_them() -> None:
    rng = np.random.default_rng(3)
    visitors = rng.poisson(0.3, (200, DAYS)).astype(float)
    assert np.nanquantile(scores(visitors), 0.999) < 4.5


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
    news = rng.standard_t(5, (merchants, DAYS)) * np.sqrt(3 / 5)
    level = news.copy()
    for day in range(1, DAYS):
        level[:, day] = 0.57 * level[:, day - 1] + np.sqrt(1 - 0.57**2) * news[:, day]
    spread, size = np.exp(rng.normal(-1.5, 0.8, (merchants, 1))), np.exp(rng.normal(5, 1.2, (merchants, 1)))
    return rng.poisson(size * np.exp(np.clip(spread * level, -3, 3))).astype(float)


def p_values_of_today(visitors: np.ndarray) -> np.ndarray:
    found, calibration = judged(visitors, AgainstPeersSettings()), CalibrationSettings()
    nothing = np.zeros(len(visitors), dtype=np.int64), np.zeros(SCORED, dtype=np.int64)
    trimmed = found.trouble | any_trouble((found.scores,), calibration)
    return calibrate(found.scores, *nothing, calibration, trimmed)[:, -1]


def test_p_values_are_calibrated_on_calm_shops_that_wander() -> None:
    known = np.concatenate([p_values_of_today(autocorrelated(500, seed)) for seed in range(200, 224)])
    assert np.mean(known <= 0.01) / 0.01 == pytest.approx(1, abs=0.3)
    assert np.mean(known <= 0.001) / 0.001 < 2.5


def test_others_in_trouble_do_not_hide_the_next_one() -> None:
    visitors = autocorrelated(500, 3)
    rng = np.random.default_rng(5)
    for shop in range(2, 32):  # six in a hundred fell to a third for three weeks, some time in the past weeks
        last = DAYS - int(rng.integers(1, 50))
        visitors[shop, last - 21 : last] = np.floor(visitors[shop, last - 21 : last] / 3)
    calm = p_values_of_today(visitors)[32:]
    assert np.mean(calm <= 0.05) / 0.05 == pytest.approx(1, abs=0.5)
    restless = [np.log(visitors[shop, :-100] + 1).std() for shop in range(32, 500)]
    shop = 32 + int(np.argsort(restless)[len(restless) // 2])
    visitors[shop, -14:] = np.floor(visitors[shop, -14:] * 0.3)
    assert p_values_of_today(visitors)[shop] < 1e-3


def test_three_weeks_of_trouble_do_not_widen_what_is_usual() -> None:
    visitors = platform(200)
    calm = scores(visitors)[0, -1]
    visitors[0, -21:] *= 0.5
    found = judged(visitors)
    assert found.trouble[0, -10:].all()
    assert not found.trouble[1:].any()
    assert found.scores[0, -1] > calm + 8
