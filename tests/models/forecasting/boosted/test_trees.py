"""Trees as arrays say what the library says."""

from __future__ import annotations

import lightgbm
import numpy as np

from models.forecasting.boosted.trees import Forest


def test_sums_are_those_of_the_library() -> None:
    random = np.random.default_rng(2)
    rows = random.integers(-300, 300, (1500, 6)).astype(np.int16)
    target = np.sin(rows[:, 0] / 80) + (rows[:, 1] > 20) * rows[:, 2] / 200 + random.normal(0, 0.1, len(rows)) + 3
    params = {"verbose": -1, "num_threads": 1, "max_depth": 4, "num_leaves": 12, "min_data_in_leaf": 20}
    booster = lightgbm.train(params, lightgbm.Dataset(rows.astype(np.float32), target), 30)
    forest = Forest.of(booster.dump_model(), 4)
    assert forest.depth == 4
    np.testing.assert_allclose(forest.sums(rows), booster.predict(rows.astype(np.float32)), rtol=1e-9)


def test_a_share_of_all_answers() -> None:
    forest = Forest.of({"tree_info": [{"tree_structure": {"leaf_value": 0.5}}] * 2}, 2)
    np.testing.assert_array_equal(forest.scaled(0.4).sums(np.zeros((1, 3), np.int16)), [0.4])


def test_a_tree_of_one_leaf_is_a_constant() -> None:
    forest = Forest.of({"tree_info": [{"tree_structure": {"leaf_value": 0.25}}]}, 3)
    rows = np.array([[np.iinfo(np.int16).max, 0], [np.iinfo(np.int16).min, 5]], dtype=np.int16)
    np.testing.assert_array_equal(forest.sums(rows), [0.25, 0.25])
