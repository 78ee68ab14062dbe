"""Segments of merchants, and residual rows only where something came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.day import Day
from pipelines.defs.forecasts.residuals import segments_of


def test_every_merchant_is_in_all_and_in_the_segments_it_has() -> None:
    merchants = pd.DataFrame(
        {
            "merchant_id": ["a", "b", "c"],
            "growth_stage": ["new", None, "mature"],
            "size_class": ["small", "key", None],
        }
    )
    names, of_merchant = segments_of(merchants)
    assert names == ("all", "mature", "new", "key", "small")
    assert of_merchant.loc["a"].tolist() == [0, 2, 4]
    assert of_merchant.loc["b"].tolist() == [0, -1, 3]
    assert of_merchant.loc["c"].tolist() == [0, 1, -1]


def test_without_segments_there_is_only_all() -> None:
    nothing = pd.DataFrame({"merchant_id": ["a"], "growth_stage": [None], "size_class": [None]})
    names, of_merchant = segments_of(nothing)
    assert names == ("all",)
    assert of_merchant.loc["a"].tolist() == [0, -1, -1]


def test_silent_days_have_no_residual(navigated: Day) -> None:
    rows = navigated.lake.read("forecast_residuals").to_pandas()
    assert "m09" not in set(rows["merchant_id"])  # silent for the last three months
    assert np.isfinite(rows["z"]).all()
