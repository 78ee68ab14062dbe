import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from models.evaluation.outlook import Order, calibration_error, compare, draws_of

GENERATOR = np.random.default_rng(6)
SCORE = np.round(GENERATOR.normal(size=500), 1)  # with ties
BAD = GENERATOR.random(500) < 1 / (1 + np.exp(2 - SCORE))


@given(st.integers(0, 50))
def test_figures_are_those_of_scikit_learn(seed):
    weight = np.random.default_rng(seed).integers(0, 4, 500).astype(float)
    auc, precision = Order(BAD, SCORE).figures(weight)[:2]
    assert auc == pytest.approx(roc_auc_score(BAD, SCORE, sample_weight=weight))
    assert precision == pytest.approx(average_precision_score(BAD, SCORE, sample_weight=weight))


def test_budgets_count_the_first_rows():
    bad = np.zeros(200, dtype=bool)
    bad[[0, 5, 9, 100]] = True
    found = Order(bad, -np.arange(200.0)).figures(np.ones(200))
    assert found[2] == pytest.approx(1 / 2)  # of two rows
    assert found[3] == pytest.approx(3 / 4)  # of ten rows


def test_who_shares_the_last_score_of_a_budget_counts_in_part():
    bad = np.array([True] * 50 + [False] * 50)
    assert Order(bad, np.zeros(100)).figures(np.ones(100))[2:].tolist() == pytest.approx([0.5, 0.05])


def test_without_events_there_is_no_figure():
    assert np.isnan(Order(np.zeros(5, dtype=bool), np.arange(5.0)).figures(np.ones(5))).all()


def test_a_merchant_is_drawn_with_all_its_days():
    drawn = draws_of(np.array([7, 7, 3, 3, 3]), draws=20)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert (drawn[:, [0, 2]].sum(axis=1) == 2).all()


def test_a_difference_is_of_the_same_draws():
    found = compare(BAD, {"score": SCORE, "same": SCORE, "noise": GENERATOR.normal(size=500)}, np.arange(500), 50)
    for figure in found["score - same"].values():
        assert (figure.value, figure.low, figure.high) == (0, 0, 0)
    assert found["score - noise"]["auc"].low > 0
    assert found["score"]["auc"].low < found["score"]["auc"].value < found["score"]["auc"].high


def test_days_of_one_merchant_say_no_more_than_one_day():
    once = compare(BAD, {"score": SCORE}, np.arange(500), 100)["score"]["auc"]
    often = compare(np.tile(BAD, 9), {"score": np.tile(SCORE, 9)}, np.tile(np.arange(500), 9), 100)["score"]["auc"]
    assert often.high - often.low == pytest.approx(once.high - once.low, rel=0.05)


def test_calibration_error_is_the_distance_of_told_and_come_true():
    bad = np.array([True] * 30 + [False] * 70)
    assert calibration_error(bad, np.full(100, 0.3), bins=1) == pytest.approx(0)
    assert calibration_error(bad, np.full(100, 0.5), bins=1) == pytest.approx(0.2)
    assert calibration_error(bad, bad * 0.8 + 0.1, bins=2) == pytest.approx(0.1, abs=0.15)
