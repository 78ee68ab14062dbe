"""What Dagster shows of a day."""

from __future__ import annotations

from pipelines.day import Day
from pipelines.defs.forecasts.overview import details


def test_quality_plots_and_events_are_shown(navigated: Day) -> None:
    shown = details(navigated)
    assert "seasonal_naive" in str(shown["forecast_quality"]["quality"].value)
    for figure in ("WAPE", "inside"):
        plot = str(shown["forecast_quality"][f"units {figure}"].value)
        assert plot.startswith(f"![units, 7 days ahead: {figure}](data:image/svg+xml")
    assert set(shown["volume_forecast"]) == {"orders", "units", "gmv", "visitors"}
    assert str(shown["volume_forecast"]["orders"].value).startswith("![orders, whole platform](data:image/svg+xml")
    assert "2026-11-11" in str(shown["event_calendar"]["next events"].value)
