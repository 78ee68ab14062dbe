"""Weights: worked numbers, only what had been seen, shrinkage from merchant to segment to platform."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.backtest import AHEAD
from models.forecasting.ensemble.past import BlockPast
from models.forecasting.ensemble.weights import ErrorMeans, errors_seen, merchant_weights, segment_errors, span_of
from models.forecasting.policy import EnsemblePolicy

POLICY = EnsemblePolicy(power=2.0, prior_days=10.0, prior_errors=100.0, unproven=1.5, error_half_life=1e9)


class Errors(BlockPast):
    """A past whose errors are given."""

    @property
    def errors(self):  # type: ignore[override]
        return self.means


def past_of(errors: np.ndarray, known=(100,)) -> BlockPast:
    return Errors(np.array(known), (), ("a", "b")[: len(errors)], errors, np.zeros(errors.shape[1:]))


def test_days_ahead_fall_into_two_spans() -> None:
    assert span_of(9).tolist() == [0] * 7 + [1, 1]


def test_only_days_that_had_come_are_seen() -> None:
    seen = errors_seen(past_of(np.ones((2, 1, 3, AHEAD))), 110, POLICY)
    np.testing.assert_allclose(seen.count[:, 0], 7.0)
    np.testing.assert_allclose(seen.count[:, 1], 3.0)
    assert errors_seen(past_of(np.ones((2, 1, 3, AHEAD))), 100, POLICY).count.sum() == 0


def test_errors_fade() -> None:
    policy = POLICY.model_copy(update={"error_half_life": 7.0})
    errors = np.full((1, 1, 1, AHEAD), np.nan)
    errors[..., 0] = 4.0
    seen = errors_seen(past_of(errors), 101 + 14, policy)  # the day after the origin is two half-lives old
    assert seen.total[0, 0, 0] == pytest.approx(1.0)
    assert seen.count[0, 0, 0] == pytest.approx(0.25)


def test_weights_are_inverse_to_the_power_of_shrunk_errors() -> None:
    seen = ErrorMeans(np.array([[[30.0], [0.0]], [[0.0], [0.0]]]), np.array([[[10.0], [0.0]], [[0.0], [0.0]]]))
    segment = np.ones((2, 2, 1))
    found = merchant_weights(seen, segment, np.zeros(1, int), np.ones(2, bool), POLICY)
    # Own error 3 over 10 days mixed with the segment's 1 over 10: 2 against 1, inverse squares 1/4 and 1.
    np.testing.assert_allclose(found.error[:, 0, 0], [2.0, 1.0])
    np.testing.assert_allclose(found.weight[:, 0, 0], [0.2, 0.8])
    np.testing.assert_allclose(found.weight[:, 1, 0], [0.5, 0.5])
    np.testing.assert_allclose(found.weight.sum(axis=0), 1.0)


def test_without_evidence_the_base_is_trusted_more() -> None:
    found = segment_errors(ErrorMeans.none(2), np.zeros(0, int), 3, 0, POLICY)
    np.testing.assert_allclose(found[0], 1.0)
    np.testing.assert_allclose(found[1], 1.5)


def test_a_segment_with_many_errors_goes_its_own_way() -> None:
    total = np.zeros((2, 2, 2))
    count = np.full((2, 2, 2), 1e6)
    total[0], total[1] = 1e6, np.array([0.5e6, 2e6])
    found = segment_errors(ErrorMeans(total, count), np.array([0, 1]), 3, 0, POLICY)
    np.testing.assert_allclose(found[1, 0], [0.5, 2.0, 1.25], rtol=1e-3)  # the empty one has the platform's


def test_a_model_that_learned_nothing_has_no_weight() -> None:
    seen = ErrorMeans(np.zeros((2, 2, 1)), np.zeros((2, 2, 1)))
    found = merchant_weights(seen, np.ones((2, 2, 1)), np.zeros(1, int), np.array([True, False]), POLICY)
    np.testing.assert_allclose(found.weight[:, 0, 0], [1.0, 0.0])
