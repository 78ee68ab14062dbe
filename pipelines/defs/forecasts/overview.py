"""What an analyst sees of a day's forecasts in Dagster: quality as a table, the platform's volume as a plot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from pipelines.day import Day
from pipelines.defs.forecasts.plot import picture
from pipelines.defs.forecasts.reading import MEASURES
from pipelines.defs.navigation.assets import as_markdown

LINES = {"actual": "actual", "day_before": "forecast the day before", "ahead": "ahead"}


def details(day: Day) -> Mapping[str, Mapping[str, Any]]:
    """Metadata per table for the newest day of a run."""
    tables = ("forecast_quality", "volume_forecast", "forecast_residuals", "event_calendar")
    with day.connect(*tables) as connection:
        quality = day.query(connection, __file__, "quality_overview.sql")
        events = day.query(connection, __file__, "events_overview.sql")
        curves = {
            measure: day.query(connection, __file__, "curve_overview.sql", measure=measure).to_pydict()
            for measure in MEASURES
        }
    plots = {
        measure: dg.MetadataValue.md(plot_of(measure, curve)) for measure, curve in curves.items() if curve["date"]
    }
    return {
        "forecast_quality": {"quality": dg.MetadataValue.md(as_markdown(quality))},
        "volume_forecast": plots,
        "event_calendar": {"next events": dg.MetadataValue.md(as_markdown(events))},
    }


def plot_of(measure: str, curve: Mapping[str, Any]) -> str:
    """Plot the platform's volume of a measure, past and ahead."""
    labels = [day.isoformat() for day in curve["date"]]
    return picture(f"{measure}, whole platform", labels, {name: curve[column] for column, name in LINES.items()})
