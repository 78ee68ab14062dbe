"""Where the alerts of a day go on from: the day before, and no other.

The idea: an alert counts calm days, sleeps and comes back, so a day that is left out would change all that follow it.
A missing day is replayed or refused, never passed over in silence. Every navigated day leaves a row in `alert_volume`,
also when nothing was open.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from models.risk.alert_state import no_alerts
from pipelines.day import Day
from pipelines.lake import Lake


class MissingDayError(RuntimeError):
    """The alerts of the day before are missing."""


def navigated_days(lake: Lake, before: date) -> list[date]:
    """Days before `before` whose alerts were made, oldest first."""
    where = f"as_of < DATE '{before.isoformat()}' AND leg = 'all'"
    return sorted(lake.read("alert_volume", ["as_of"], where).column("as_of").to_pylist())


def is_past(lake: Lake, as_of: date) -> bool:
    """Whether a later day has already been navigated."""
    later = lake.read("alert_volume", ["as_of"], f"as_of > DATE '{as_of.isoformat()}'")
    return bool(later.num_rows)


def missing_days(day: Day) -> list[date]:
    """Days that must be navigated before this one, oldest first; empty on a platform's first day."""
    known = navigated_days(day.lake, day.as_of)
    if not known:
        return []
    gap = (day.as_of - known[-1]).days
    return [known[-1] + timedelta(days=step) for step in range(1, gap)]


def previous_day(day: Day) -> date | None:
    """The day to go on from; None on the first day.

    A backtest goes on from the day one stride before, and starts empty where that one was not navigated: what an
    earlier backtest of the same name left behind does not count.

    Raises
    ------
    MissingDayError
        When an earlier day has alerts but the day before has none.
    """
    missing = missing_days(day)
    if missing and day.kind == "live":
        days = "; ".join(f"merchant-gps run --day {one.isoformat()}" for one in missing[:3])
        more = f" ... up to {missing[-1].isoformat()}" if len(missing) > 3 else ""
        raise MissingDayError(
            f"alerts of {day.as_of} need those of the day before, but {len(missing)} day(s) since "
            f"{missing[0] - timedelta(days=1)} were not navigated. Replay them in order: {days}{more}"
        )
    before = day.as_of - timedelta(days=day.step_days)
    return before if before in navigated_days(day.lake, day.as_of) else None


def previous_state(day: Day, memory_days: int) -> pd.DataFrame:
    """Alerts that live on from the day before, and those resolved within the policy's memory."""
    previous_on = previous_day(day)
    if previous_on is None:
        return no_alerts()
    with day.connect("alerts") as connection:
        found = day.query(
            connection,
            __file__,
            "previous.sql",
            previous_on=previous_on,
            memory_from=day.as_of - timedelta(days=memory_days),
        )
    return as_frame(found)


def as_frame(table: object) -> pd.DataFrame:
    """Arrow rows as the models read them: dates as datetime64, text as objects."""
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)  # type: ignore[attr-defined]
    return frame.astype({name: object for name, dtype in frame.dtypes.items() if isinstance(dtype, pd.StringDtype)})
