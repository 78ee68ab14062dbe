"""Whole steps: the same for arrays and numbers, and blind to last digits where many merchants share a value."""

from __future__ import annotations

import numpy as np

from models.forecasting.boosted.layout import MOST, STEPS, step_of, whole


def test_array_and_number_agree() -> None:
    values = np.random.default_rng(1).normal(0, 3, 500)
    np.testing.assert_array_equal(whole(values), [step_of(value) for value in values])


def test_last_digits_of_common_values_do_not_matter() -> None:
    for value in (0.0, np.log(2), np.log(0.5), np.log(3), 0.5, -1.0):
        assert whole(np.array(value + 1e-9)) == whole(np.array(value - 1e-9))


def test_what_is_not_known_or_beyond_all_bounds() -> None:
    np.testing.assert_array_equal(whole(np.array([np.nan, 1e9, -1e9])), [0, MOST * STEPS, -MOST * STEPS])
