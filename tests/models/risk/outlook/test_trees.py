import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.risk.outlook.feature import Feature
from models.risk.outlook.settings import TreeSettings
from models.risk.outlook.trees import find_steps, grow_trees, in_steps

GENERATOR = np.random.default_rng(4)
X = GENERATOR.normal(size=(3000, 3))
X[::7, 1] = np.nan
BAD = GENERATOR.random(3000) < 1 / (1 + np.exp(3 + 1.5 * X[:, 0]))
FEATURES = (Feature("down", "size", -1), Feature("either", "size"), Feature("unused", "size"))
COLUMNS, ONE = np.array([0, 1]), np.ones(3000)


def grown(weight=ONE):
    return grow_trees(X, BAD, weight, COLUMNS, FEATURES, TreeSettings())


def test_they_order_merchants():
    assert roc_auc_score(BAD, grown().log_odds(X)) > 0.75


def test_the_same_rows_give_the_same_trees():
    np.testing.assert_array_equal(grown().log_odds(X), grown().log_odds(X))


def test_who_does_better_is_never_told_a_higher_probability():
    ladder = np.zeros((200, 3))
    ladder[:, 0] = np.linspace(-4, 4, 200)
    assert (np.diff(grown().log_odds(ladder)) <= 1e-12).all()


def test_weights_count():
    heavy = grown(np.where(BAD, 5.0, 1.0)).log_odds(X).mean()
    assert heavy > grown().log_odds(X).mean() + 1


def test_nobody_asked_nothing_said():
    assert grown().log_odds(np.empty((0, 3))).shape == (0,)


def test_steps_hold_about_as_many_rows_and_unknown_stays_unknown():
    steps = find_steps(X[:, :2], 10)
    placed = in_steps(X[:, :2], steps)
    assert np.bincount(placed[:, 0].astype(int)) == pytest.approx(np.full(10, 300), abs=1)
    np.testing.assert_array_equal(np.isnan(placed[:, 1]), np.isnan(X[:, 1]))


def test_one_value_is_one_step():
    assert [len(one) for one in find_steps(np.zeros((50, 1)), 10)] == [1]
