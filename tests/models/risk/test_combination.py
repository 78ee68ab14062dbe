import numpy as np
import pytest

from models.risk.combination import detectors_score, leg_score, merchant_p

NAN = np.nan


def array(*values):
    return np.array(values, dtype=float)


def test_one_metric_keeps_its_p_value():
    for p in (0.4, 0.01, 1e-6, 1e-12):
        assert np.exp(-detectors_score([array(p)]))[0] == pytest.approx(p, rel=1e-6)


def test_a_good_surprise_does_not_hide_a_bad_one():
    alone = detectors_score([array(1e-4), array(0.5)])
    with_good = detectors_score([array(1e-4), array(0.9999)])
    assert with_good[0] == pytest.approx(alone[0])


def test_two_bad_metrics_are_worse_than_one_and_missing_ones_are_left_out():
    assert detectors_score([array(0.01), array(0.01)])[0] > detectors_score([array(0.01), array(0.5)])[0]
    assert detectors_score([array(0.01), array(NAN)])[0] == pytest.approx(-np.log(0.01))
    assert np.isnan(detectors_score([array(NAN), array(NAN)])[0])


def test_merchant_pays_for_the_number_of_legs():
    found = merchant_p([array(0.001, 0.5, NAN), array(0.2, NAN, NAN), array(NAN, NAN, NAN)])
    assert found[0] == pytest.approx(0.002)
    assert found[1] == 0.5
    assert np.isnan(found[2])
    assert merchant_p([array(0.8), array(0.9)])[0] == 1


def test_weights_share_out_the_alarm_level():
    p_values = [np.array([1e-5]), np.array([0.5]), np.array([0.5])]
    assert np.exp(-detectors_score(p_values))[0] == pytest.approx(3e-5, rel=1e-3)
    assert np.exp(-detectors_score(p_values, [4, 1, 1]))[0] == pytest.approx(1.5e-5, rel=1e-3)
    unknown = [p_values[0], np.array([np.nan]), p_values[2]]
    assert np.exp(-detectors_score(unknown, [4, 9, 1]))[0] == pytest.approx(1.25e-5, rel=1e-3)
    assert np.isnan(detectors_score([np.array([np.nan])] * 2, [4, 1]))[0]


def test_two_metrics_of_a_leg_say_more_than_the_worst_of_them():
    both, one = leg_score([array(0.002), array(0.003)], 0.1), leg_score([array(0.001), array(0.5)], 0.1)
    assert both[0] > one[0]
    assert both[0] == pytest.approx(np.log(50) + np.log(0.1 / 0.003), abs=0.02)


def test_what_lies_above_the_bound_only_orders():
    bad, good, worse = (leg_score([array(p), array(0.6)], 0.1)[0] for p in (0.3, 0.4, 0.09))
    assert good < bad < 0.01
    assert bad < worse
    assert (
        leg_score([array(0.01), array(0.7)], 0.1)[0] < leg_score([array(0.01), array(0.2)], 0.1)[0] < np.log(10) + 0.02
    )


def test_metrics_without_a_p_value_are_left_out_of_their_leg():
    assert leg_score([array(0.01), array(NAN)], 0.1)[0] == pytest.approx(np.log(10), abs=0.02)
    assert np.isnan(leg_score([array(NAN), array(NAN)], 0.1)[0])
