import numpy as np
import pytest

from models.risk.combination import leg_score, merchant_p

NAN = np.nan


def array(*values):
    return np.array(values, dtype=float)


def test_one_metric_keeps_its_p_value():
    for p in (0.4, 0.01, 1e-6, 1e-12):
        assert np.exp(-leg_score([array(p)]))[0] == pytest.approx(p, rel=1e-6)


def test_a_good_surprise_does_not_hide_a_bad_one():
    alone = leg_score([array(1e-4), array(0.5)])
    with_good = leg_score([array(1e-4), array(0.9999)])
    assert with_good[0] == pytest.approx(alone[0])


def test_two_bad_metrics_are_worse_than_one_and_missing_ones_are_left_out():
    assert leg_score([array(0.01), array(0.01)])[0] > leg_score([array(0.01), array(0.5)])[0]
    assert leg_score([array(0.01), array(NAN)])[0] == pytest.approx(-np.log(0.01))
    assert np.isnan(leg_score([array(NAN), array(NAN)])[0])


def test_merchant_pays_for_the_number_of_legs():
    found = merchant_p([array(0.001, 0.5, NAN), array(0.2, NAN, NAN), array(NAN, NAN, NAN)])
    assert found[0] == pytest.approx(0.002)
    assert found[1] == 0.5
    assert np.isnan(found[2])
    assert merchant_p([array(0.8), array(0.9)])[0] == 1


def test_weights_share_out_the_alarm_level():
    p_values = [np.array([1e-5]), np.array([0.5]), np.array([0.5])]
    assert np.exp(-leg_score(p_values))[0] == pytest.approx(3e-5, rel=1e-3)
    assert np.exp(-leg_score(p_values, [4, 1, 1]))[0] == pytest.approx(1.5e-5, rel=1e-3)
    unknown = [p_values[0], np.array([np.nan]), p_values[2]]
    assert np.exp(-leg_score(unknown, [4, 9, 1]))[0] == pytest.approx(1.25e-5, rel=1e-3)
    assert np.isnan(leg_score([np.array([np.nan])] * 2, [4, 1]))[0]
