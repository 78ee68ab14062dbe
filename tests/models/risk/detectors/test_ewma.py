import numpy as np
import pytest

from models.risk.detectors.ewma import scores


def test_equal_days_are_worth_the_root_of_their_effective_number():
    z = np.full((1, 400), 1.0)
    # after many days the deviation of the mean is sqrt(share / (2 - share))
    assert scores(z, 0.2, 4)[0, -1] == pytest.approx(1 / np.sqrt(0.2 / 1.8))
    assert scores(z, 0.2, 4)[0, 0] == pytest.approx(1.0)


def test_a_gap_is_passed_over():
    z = np.array([[1.0, np.nan, 2.0]])
    without = scores(np.array([[1.0, 2.0]]), 0.3, 4)
    found = scores(z, 0.3, 4)
    assert np.isnan(found[0, 1])
    assert found[0, 2] == pytest.approx(without[0, 1])


def test_one_day_counts_at_most_the_clip():
    assert scores(np.array([[100.0]]), 0.3, 4)[0, 0] == pytest.approx(4.0)


def test_white_noise_has_a_deviation_of_one():
    z = np.random.default_rng(3).normal(size=(4000, 40))
    assert scores(z, 0.2, 10)[:, -1].std() == pytest.approx(1, abs=0.03)
