"""The mixture lies between its models, follows the weights, and gives way where a model is silent."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.ensemble.combine import combine
from models.forecasting.learn import learn

HISTORY = 60


@pytest.fixture
def fit(make_setting, make_panel, counts):
    panel = make_panel({"orders": counts(3, HISTORY)})
    return learn(lambda: [panel], make_setting(HISTORY), ["orders"])["orders"].fit(panel, HISTORY)


def weights(first: float) -> np.ndarray:
    return np.stack([np.full((2, 3), first), np.full((2, 3), 1.0 - first)])


def test_a_mixture_of_large_volumes_is_about_their_geometric_mean(fit) -> None:
    means = np.stack([np.full((3, 10), 1e6), np.full((3, 10), 4e6)])
    np.testing.assert_allclose(combine(means, weights(0.5), fit), 2e6, rtol=1e-3)


def test_all_weight_on_one_model_is_that_model(fit) -> None:
    means = np.random.default_rng(1).gamma(2.0, 10.0, (2, 3, 10))
    np.testing.assert_allclose(combine(means, weights(1.0), fit), means[0], rtol=1e-9)


def test_near_and_far_days_have_weights_of_their_own(fit) -> None:
    means = np.stack([np.full((3, 10), 5.0), np.full((3, 10), 9.0)])
    apart = np.stack([np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])]) * np.ones((1, 1, 3))
    np.testing.assert_allclose(combine(means, apart, fit)[0], [5.0] * 7 + [9.0] * 3)


def test_a_silent_model_leaves_its_weight_to_the_others(fit) -> None:
    means = np.stack([np.full((3, 4), 5.0), np.full((3, 4), np.nan)])
    np.testing.assert_allclose(combine(means, weights(0.2), fit), 5.0)
    assert np.isnan(combine(np.full((2, 3, 4), np.nan), weights(0.2), fit)).all()


def test_zeros_stay_zero(fit) -> None:
    assert (combine(np.zeros((2, 3, 4)), weights(0.3), fit) == 0).all()
