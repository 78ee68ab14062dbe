"""What an analyst sees of a day's forecasts in Dagster: quality as a table, the platform's volume as a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from models.forecasting.quality import MODEL, NAIVE
from pipelines.day import Day
from pipelines.defs.forecasts.bars import bars
from pipelines.defs.forecasts.plot import picture
from pipelines.defs.forecasts.reading import MEASURES, forecast_policy
from pipelines.defs.navigation.assets import as_markdown

QUALITY = {"WAPE": {"ours": "ours", "best_single": "best single model", "naive": "seasonal naive"},
           "inside": {"inside_80": "80 % interval", "inside_95": "95 % interval"}}  # fmt: skip
MARKS = {"WAPE": (), "inside": (0.8, 0.95)}
LINES = {"actual": "actual", "day_before": "forecast the day before", "ahead": "ahead"}


def details(day: Day) -> Mapping[str, Mapping[str, Any]]:
    """Metadata per table for the newest day of a run."""
    tables = ("forecast_quality", "volume_forecast", "forecast_residuals", "event_calendar")
    least_pairs = forecast_policy(day).quality.least_pairs
    with day.connect(*tables) as connection:
        quality = day.query(connection, __file__, "quality_overview.sql")
        segments = day.query(
            connection, __file__, "quality_segments.sql", ours=MODEL, naive=NAIVE, least_pairs=least_pairs
        ).to_pylist()
        events = day.query(connection, __file__, "events_overview.sql")
        curves = {
            measure: day.query(connection, __file__, "curve_overview.sql", measure=measure).to_pydict()
            for measure in MEASURES
        }
    plots = {
        measure: dg.MetadataValue.md(plot_of(measure, curve)) for measure, curve in curves.items() if curve["date"]
    }
    return {
        "forecast_quality": {"quality": dg.MetadataValue.md(as_markdown(quality)), **by_segment(segments)},
        "volume_forecast": plots,
        "event_calendar": {"next events": dg.MetadataValue.md(as_markdown(events))},
    }


def by_segment(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One plot per measure and figure of the week ahead, a group of bars per segment."""
    plots = {}
    for measure in sorted({row["measure"] for row in rows}):
        of_measure = [row for row in rows if row["measure"] == measure]
        for figure, columns in QUALITY.items():
            values = {name: [row[column] for row in of_measure] for column, name in columns.items()}
            title = f"{measure}, 7 days ahead: {figure}"
            plot = bars(title, [row["segment"] for row in of_measure], values, MARKS[figure])
            plots[f"{measure} {figure}"] = dg.MetadataValue.md(plot)
    return plots


def plot_of(measure: str, curve: Mapping[str, Any]) -> str:
    """Plot the platform's volume of a measure, past and ahead."""
    labels = [day.isoformat() for day in curve["date"]]
    return picture(f"{measure}, whole platform", labels, {name: curve[column] for column, name in LINES.items()})
