"""Days: a clock that was set back, a day that was passed over between two days of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient


def check(patient: Patient) -> Iterator[Finding]:
    """Yield days that cannot be."""
    yield from _ahead(patient)
    yield from _gaps(patient)


def _ahead(patient: Patient) -> Iterator[Finding]:
    days = [row["known_on"] for row in patient.files if row["known_on"]]
    latest = max(days, default=None)
    if latest is None or latest <= patient.today + timedelta(days=patient.policy.clock.days_ahead):
        return
    beyond = latest > patient.today + timedelta(days=patient.config.partition_days_ahead)
    yield Finding(
        "clock.behind",
        "error" if beyond else "warning",
        f"the newest delivery is of {latest}, and today is {patient.today}: a clock set back, or misnamed files",
        "this machine",
        "set the clock, or rename the files; a platform simulated ahead is no fault",
    )


def _gaps(patient: Patient) -> Iterator[Finding]:
    days = sorted({row["as_of"] for row in patient.rows("alert_volume", ["as_of"])})
    for before, after in pairwise(days):
        if (after - before).days > 1:
            missing = before + timedelta(days=1)
            yield Finding(
                "clock.missing_day",
                "error",
                f"no alerts were made between {before} and {after}: alerts go on from the day before",
                "table alert_volume",
                f"run the days again in order, from: merchant-gps run --day {missing}",
            )
