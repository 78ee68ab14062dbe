import numpy as np
import pytest

from models.risk.outlook.feature import matrix
from models.risk.outlook.volume_features import VOLUME_FEATURES, volume_features
from tests.models.risk.outlook.conftest import history_of

WEEK = [10, 10, 10, 10, 10, 20, 20]


def features(*rows, look_back=112):
    history = history_of([np.resize(row, 140) if len(row) == 7 else row for row in rows])
    return volume_features(history, history.days - 1, look_back)


def changed(last):
    row = np.resize(np.array(WEEK, dtype=float), 140)
    row[-len(last) :] = last
    return row


def test_every_feature_is_calculated():
    assert matrix(VOLUME_FEATURES, features(WEEK)).shape == (1, len(VOLUME_FEATURES))


def test_size_does_not_matter_but_to_size():
    small, large = matrix(VOLUME_FEATURES, features(np.array(WEEK) * 100, np.array(WEEK) * 10_000))
    names = [one.name for one in VOLUME_FEATURES]
    for name, a, b in zip(names, small, large, strict=True):
        if name not in ("size", "noise"):  # the noise of counts grows with their root
            assert a == pytest.approx(b, abs=2e-3), name


def test_a_steady_shop_shows_nothing():
    found = features(WEEK)
    for name in ("last_week", "week_on_week", "month_on_month", "slope", "same_weekdays", "zero_days_28", "cusum"):
        assert found[name][0] == pytest.approx(0, abs=1e-6), name


def test_a_halved_week_shows_in_quotients_smoothing_and_drift():
    found = features(WEEK, changed(np.array(WEEK) / 2))
    assert found["last_week"][1] == pytest.approx(np.log(0.5 / 0.875), abs=0.01)
    assert found["week_on_week"][1] == pytest.approx(np.log(0.5), abs=0.01)
    assert found["smoothed_2"][1] < found["smoothed_7"][1] < 0
    assert found["cusum"][1] > found["cusum"][0]
    assert found["slope"][1] < 0


def test_gaps_are_counted_since_the_first_sale():
    young = np.r_[np.zeros(100), np.full(40, 9.0)]
    gap = changed([0, 0, 0, 5, 0, 0])
    found = features(young, gap)
    assert found["longest_gap"].tolist() == [0, 3]
    assert found["since_sale"].tolist() == [0, 2]
    assert found["zero_days_7"][1] == pytest.approx(5 / 7)
    assert found["age"].tolist() == pytest.approx(np.log1p([40, 112]).tolist())


def test_without_any_sale_it_has_been_silent_as_long_as_is_told():
    assert features(np.zeros(140))["since_sale"][0] == 28


def test_days_before_the_history_are_no_days_without_sales():
    history = history_of([np.resize(np.array(WEEK, dtype=float), 60)])
    assert np.isnan(volume_features(history, 40, 28)["month_on_month"][0])
    assert volume_features(history, 55, 28)["month_on_month"][0] == pytest.approx(0)
