"""`merchant-gps check prophet`: the night's comparison with Prophet, at any time and for any day that was forecast."""

from __future__ import annotations

from datetime import date

from pipelines.day import Day
from pipelines.defs.forecasts.oracle import Asked, compare, days_forecast
from pipelines.workspace import Workspace


def check_prophet(workspace: Workspace, day: date | None) -> Asked:
    """Compare on a day; the newest one that was forecast if none is named.

    Raises
    ------
    FileNotFoundError
        When nothing has been forecast yet, or not on that day.
    """
    days = days_forecast(workspace)
    if not days:
        raise FileNotFoundError(f"nothing has been forecast in {workspace.home} yet; run: merchant-gps run")
    if day is not None and day not in days:
        raise FileNotFoundError(f"{day} has not been forecast; days with a forecast: {days[0]} to {days[-1]}")
    return compare(Day(workspace, day or days[-1]))
