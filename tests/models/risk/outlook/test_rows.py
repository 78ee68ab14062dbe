import numpy as np
import pytest

from models.risk.outlook.outcomes import VolumeCollapse
from models.risk.outlook.rows import MERCHANT_FEATURES, PastDays, Rows, hashed, join_rows, raw_features, scattered
from tests.models.risk.outlook.conftest import SETTINGS, history_of


def rows_of(bad, key=None):
    count = len(bad)
    return Rows(
        np.arange(count, dtype=float)[:, None],
        np.asarray(bad, dtype=bool),
        np.ones(count, dtype=bool),
        np.zeros(count, dtype=np.int64),
        np.linspace(0, 1, count, endpoint=False) if key is None else np.asarray(key),
        np.ones(count),
    )


def test_events_are_kept_and_the_others_stand_for_those_left_out():
    rows = rows_of([True] * 10 + [False] * 990)
    thin = rows.thinned(110)
    assert (thin.events, len(thin.bad)) == (10, 110)
    assert thin.weight[~thin.bad].sum() == pytest.approx(990)
    assert thin.share == pytest.approx(rows.share)


def test_too_many_events_are_thinned_out_too():
    thin = rows_of([True] * 600 + [False] * 400).thinned(100)
    assert (thin.events, len(thin.bad)) == (50, 100)
    assert thin.share == pytest.approx(0.6)


def test_few_rows_stay_as_they_are():
    rows = rows_of([True, False])
    assert rows.thinned(10) is rows


def test_features_do_not_see_what_comes_after(sliding):
    at = 150
    later = history_of(np.where(np.arange(sliding.days) > at, 999, sliding.units))
    before, after = (raw_features(one, at, 60) for one in (sliding, later))
    np.testing.assert_array_equal(before, after)


def test_rows_hold_who_could_be_judged_on_each_day(sliding):
    past = PastDays(sliding, SETTINGS, 80)
    use = np.arange(len(sliding.ids)) < 100
    days = [sliding.first_day + 100, sliding.first_day + 150]
    rows = past.rows(VolumeCollapse(SETTINGS), 14, days, use)
    assert set(rows.origin) == set(days)
    assert len(rows.bad) <= 200
    assert rows.features.shape[1] == len(MERCHANT_FEATURES)
    assert 0 < rows.events < len(rows.bad)


def test_the_platforms_median_is_taken_off(sliding):
    features = PastDays(sliding, SETTINGS, 80).features(sliding.first_day + 200)
    column = [one.name for one in MERCHANT_FEATURES].index("last_week")
    assert np.median(features[:, column]) == pytest.approx(0, abs=1e-9)


def test_a_merchants_number_is_its_own_and_turns_by_day(sliding):
    numbers = hashed(sliding)
    np.testing.assert_array_equal(numbers[5:6], hashed(sliding.rows(np.array([5]))))
    assert ((numbers >= 0) & (numbers < 1)).all()
    assert not np.allclose(scattered(numbers, 1), scattered(numbers, 2))


def test_nothing_joined_is_nothing():
    assert join_rows([], 3).features.shape == (0, 3)
    assert join_rows([], 3).share == 0
