from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.replenishment.classes import service_level, share_before, value_class, variability
from models.replenishment.policy import Classes, ReplenishmentPolicy

BORDERS = Classes(value_a=0.8, value_b=0.95, variability_x=0.5, variability_y=1.0)


def test_classes_are_made_within_each_merchant() -> None:
    group = np.array([0, 1, 0, 0, 1, 0])
    value = np.array([80.0, 5.0, 15.0, 4.0, 95.0, 1.0])
    # Merchant 0: 80 | 15 | 4 | 1 of 100; merchant 1: 95 | 5 of 100.
    assert value_class(group, value, BORDERS).tolist() == ["A", "C", "B", "C", "A", "C"]


def test_without_value_or_with_unknown_value_everything_is_c() -> None:
    assert value_class(np.array([0, 0]), np.array([0.0, np.nan]), BORDERS).tolist() == ["C", "C"]
    assert value_class(np.array([], dtype=int), np.array([]), BORDERS).tolist() == []


def test_a_single_product_is_a() -> None:
    assert value_class(np.array([0]), np.array([3.0]), BORDERS).tolist() == ["A"]


def test_variability_by_weekly_coefficient_of_variation() -> None:
    assert variability(np.array([0.5, 0.51, 1.0, 1.01, np.nan]), BORDERS).tolist() == ["X", "Y", "Y", "Z", "Z"]


def test_service_level_by_both_classes(policy: ReplenishmentPolicy) -> None:
    levels = service_level(np.array(["A", "B", "C", "A"]), np.array(["X", "Y", "Z", "Z"]), policy)
    assert levels.tolist() == [0.98, 0.95, 0.90, 0.98]


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1e6)), min_size=1, max_size=40))
def test_the_largest_of_each_group_has_nothing_before_it(rows: list[tuple[int, float]]) -> None:
    group, value = np.array([g for g, _ in rows]), np.array([v for _, v in rows])
    before = share_before(group, value)
    assert ((before >= 0) & (before <= 1)).all()
    for one in set(group.tolist()):
        mine = group == one
        if value[mine].sum() > 0:
            assert before[mine][value[mine].argmax()] == pytest.approx(0, abs=1e-9)
