"""Which sums are made for whom, and how old merchants are."""

from __future__ import annotations

from datetime import date

import numpy as np

from pipelines.day import Day
from pipelines.defs.forecasts.reading import Blocks, read_scene
from pipelines.defs.forecasts.volumes import ages_of, spans_of


def test_spans_are_weeks_and_the_event_ahead(platform: Day) -> None:
    scene = read_scene(platform)
    panel = next(iter(Blocks(scene)()))
    spans = {label: (days, names) for label, days, names in spans_of(scene, panel)}
    assert list(spans) == ["7", "14", "28", "event"]
    assert spans["7"][0][0].sum() == 7
    assert spans["28"][0].all()
    days, names = spans["event"]
    assert np.flatnonzero(days[0]).tolist() == [10, 11]  # 10 and 11 November
    assert set(names) == {"double_11"}


def test_ages_count_from_the_opening_day(platform: Day) -> None:
    ages = ages_of(read_scene(platform))
    assert ages["m10"] == 5
    assert ages["m01"] == 400 + 119
    scene = read_scene(platform)
    scene.merchants.loc[scene.merchants["merchant_id"] == "m01", "opened_on"] = None
    assert ages_of(scene)["m01"] == -1


def test_sums_name_their_days(navigated: Day) -> None:
    rows = navigated.lake.read("volume_forecast_sum").to_pandas().query("merchant_id == 'm05' and measure == 'units'")
    spans = rows.set_index("days")[["starts_on", "ends_on", "event"]]
    assert spans.loc["14", ["starts_on", "ends_on"]].tolist() == [date(2026, 10, 31), date(2026, 11, 13)]
    assert spans.loc["event", "event"] == "double_11"
    assert spans.loc[["7", "14", "28"], "event"].isna().all()
