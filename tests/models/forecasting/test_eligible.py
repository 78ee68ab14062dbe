"""Silent merchants are left alone, newcomers are not."""

from __future__ import annotations

import numpy as np

from models.forecasting.eligible import eligible


def test_who_is_forecast() -> None:
    values = np.full((5, 100), np.nan)
    values[0, 99] = 0.0  # spoke on the last day
    values[1, 30] = 5.0  # silent for 69 days
    ages = np.array([900, 900, 10, 900, -1])  # the third opened ten days ago and has not sold yet
    assert eligible(values, ages, 56).tolist() == [True, False, True, False, False]
