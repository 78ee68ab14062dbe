"""Segments of small platforms one can count by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from models.segments.assign import assign_segments, growth_ratio, size_class, trailing_value
from models.segments.policy import SegmentPolicy
from pipelines.tables import tables

SHIPPED = Path(__file__).parents[3] / "data" / "policy" / "segments.yaml"
POLICY = SegmentPolicy.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))
STEADY: dict[str, Any] = {
    "account_manager": None, "age_days": 400.0, "trailing_gmv": 1000.0, "trailing_units": 1000.0,
    "recent_units": 300.0, "previous_units": 300.0, "recent_days": 28, "previous_days": 28,
    "dormant_units": 300.0, "dormant_known_days": 28,
}  # fmt: skip


def platform(*changes: dict[str, Any]) -> pd.DataFrame:
    """The first merchants as told, after them twenty steady ones that make the platform's own growth."""
    rows = [{**STEADY, **change} for change in changes] + [STEADY] * 20
    return pd.DataFrame(rows).assign(merchant_id=[f"m{place}" for place in range(len(rows))])


def stage(**change: Any) -> str | None:
    return assign_segments(platform(change), POLICY)["growth_stage"].iloc[0]


def test_columns_are_those_of_the_table() -> None:
    of_the_step = {"as_of", "main_carrier", "main_warehouse"}
    assert set(assign_segments(platform({}), POLICY).columns) | of_the_step == set(tables()["segments"].columns)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "mature"),
        ({"age_days": 89}, "new"),
        ({"age_days": 90}, "mature"),
        ({"recent_units": 600.0}, "growing"),
        ({"recent_units": 100.0}, "declining"),
        ({"recent_units": 0.0, "dormant_units": 0.0}, "dormant"),
        # Two sales after one are no growth.
        ({"recent_units": 2.0, "previous_units": 1.0}, "mature"),
        # Silence of the feed is not silence of the shop.
        ({"recent_units": np.nan, "recent_days": 0, "dormant_units": np.nan, "dormant_known_days": 0}, "mature"),
        ({"age_days": np.nan, "trailing_units": np.nan, "recent_days": 0, "previous_days": 0,
          "dormant_units": np.nan, "dormant_known_days": 0}, None),
    ],
)  # fmt: skip
def test_growth_stage(change: dict[str, Any], expected: str | None) -> None:
    found = stage(**change)
    assert (None if pd.isna(found) else found) == expected


def test_what_lifts_everybody_is_nobodys_growth() -> None:
    promotion = platform({}).assign(recent_units=900.0)
    assert set(assign_segments(promotion, POLICY)["growth_stage"]) == {"mature"}


def test_periods_with_missing_days_are_compared_by_day() -> None:
    ratio = growth_ratio(platform({"recent_units": 150.0, "recent_days": 14}), POLICY)
    assert ratio[0] == pytest.approx(1.0, abs=0.02)


def test_the_top_merchants_that_make_four_fifths_are_key() -> None:
    value = np.array([500.0, 300.0, 100.0, 60.0, 30.0, 10.0, 0.0, np.nan])
    assert size_class(value, POLICY).tolist() == ["key", "key", "mid", "mid", "small", "small", "small", None]


def test_units_stand_in_where_there_is_no_money() -> None:
    rows = platform({"trailing_gmv": np.nan, "trailing_units": 30.0}).head(2).assign()
    rows.loc[1, ["trailing_gmv", "trailing_units"]] = [500.0, 100.0]
    value, measure = trailing_value(rows)
    assert value.tolist() == [150.0, 500.0]  # 30 units at the platform's usual price of 5
    assert measure.tolist() == ["units", "gmv"]


def test_a_platform_without_money_is_sized_by_units() -> None:
    rows = platform({"trailing_units": 1e6}).assign(trailing_gmv=np.nan)
    found = assign_segments(rows, POLICY)
    assert found["size_class"].iloc[0] == "key"
    assert set(found["value_measure"]) == {"units"}


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=50))
def test_a_larger_merchant_is_never_in_a_smaller_class(values: list[float]) -> None:
    order = {"key": 0, "mid": 1, "small": 2}
    value = np.array(values)
    classes = [order[name] for name in size_class(value, POLICY)]
    for place, worth in enumerate(value):
        larger = value > worth
        assert all(classes[other] <= classes[place] for other in np.flatnonzero(larger))
