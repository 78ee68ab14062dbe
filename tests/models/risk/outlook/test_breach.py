import numpy as np
import pytest

from models.risk.outlook.breach import BREACH_FEATURES, RateHistory, RateSeries, breach_rows
from models.risk.outlook.settings import OutlookSettings
from tests.models.risk.outlook.conftest import history_of

SETTINGS = OutlookSettings()
DAYS = 80


def series(*shares, lag=0, window=10):
    """Rates of 20 orders a day with a limit of 5 % over 10 days."""
    bad = np.array([np.resize(np.asarray(share, dtype=float) * 20, DAYS) for share in shares])
    return RateSeries("fulfilment.late_dispatch", bad, np.full_like(bad, 20.0), 0.05, window, lag, 30.0, 3.0)


def step(before, after, at=60):
    return np.r_[np.full(at, before), np.full(DAYS - at, after)]


def test_a_breach_is_a_rate_over_its_limit_with_enough_orders_and_bad_events():
    found = RateHistory(series(0.04, 0.06), SETTINGS)
    assert found.over(70).tolist() == [False, True]
    few = RateSeries("x.y", np.ones((1, DAYS)), np.full((1, DAYS), 2.0), 0.05, 10, 0, 30.0, 3.0)
    assert not RateHistory(few, SETTINGS).over(70)[0]
    rare = RateSeries("x.y", np.full((1, DAYS), 0.2), np.full((1, DAYS), 3.5), 0.05, 10, 0, 30.0, 3.0)
    assert not RateHistory(rare, SETTINGS).over(70)[0]


def test_the_window_ends_as_many_days_back_as_the_metric_lags():
    late = RateHistory(series(step(0.0, 0.2), lag=7), SETTINGS)
    assert late.sums(62, 10)[0][0] == 0
    assert late.sums(68, 10)[0][0] == pytest.approx(2 * 4)


def test_any_day_of_the_horizon_counts():
    found = RateHistory(series(step(0.01, 0.2), 0.01), SETTINGS)
    by_hand = [any(found.over(day)[0] for day in range(at + 1, at + 6)) for at in range(50, 70)]
    assert [bool(found.over_until(at, 5)[0]) for at in range(50, 70)] == by_hand
    assert not found.over_until(60, 5)[1]


def test_who_can_be_judged():
    standing = RateHistory(series(0.01, 0.045, 0.06, 0.0), SETTINGS).standing(70)
    assert standing.eligible.tolist() == [True, True, False, True]
    assert standing.healthy.tolist() == [True, False, False, True]
    assert standing.note.tolist() == ["", "", "already", ""]
    empty = RateSeries("x.y", np.zeros((1, DAYS)), np.zeros((1, DAYS)), 0.05, 10, 0, 30.0, 3.0)
    assert RateHistory(empty, SETTINGS).standing(70).note.tolist() == ["few_orders"]


def test_features_say_how_near_and_which_way():
    found = RateHistory(series(0.01, 0.045, step(0.01, 0.06, 66)), SETTINGS).features(70)
    assert found.shape == (3, len(BREACH_FEATURES))
    column = {one.name: found[:, place] for place, one in enumerate(BREACH_FEATURES)}
    assert column["over_limit"][0] < column["over_limit"][1] < 0
    assert column["week_change"][2] > column["week_change"][1]
    assert column["room"][0] > column["room"][1] > 0


def test_features_do_not_see_what_comes_after():
    a, b = (RateHistory(series(step(0.01, after, 71)), SETTINGS) for after in (0.01, 0.9))
    np.testing.assert_array_equal(a.features(70), b.features(70))


def test_rows_of_all_rates_lie_together_and_follow_their_merchants():
    history = history_of(np.ones((3, DAYS)))
    use = np.array([True, False, True])
    rates = [series(0.01, 0.045), series(step(0.01, 0.2), 0.01)]
    origins = [history.first_day + day for day in (50, 55)]
    rows = breach_rows(rates, history, 14, origins, use, SETTINGS)
    assert len(rows.bad) == 8
    assert rows.bad.tolist() == [False] * 4 + [True, False] * 2
