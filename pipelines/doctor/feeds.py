"""What has been delivered: feeds that are missing or late, files put aside, rows that wait for their merchant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.contracts.feeds import feeds
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.newest_day import CARRYING

FILES_SHOWN = 5


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with the deliveries."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(patient.files, key=lambda row: row["delivery"]):
        newest[row["feed"], row["file"]] = row  # a corrected file stands for the one before it
    rows = list(newest.values())
    yield from _missing(patient, {row["feed"] for row in rows if row["accepted"]})
    yield from _late(patient, rows)
    yield from _put_aside(patient, rows)
    yield from _held(patient, rows)
    yield from _zones(patient)


def _missing(patient: Patient, delivered: set[str]) -> Iterator[Finding]:
    landing = patient.workspace.landing
    if "merchants" not in delivered:
        yield Finding(
            "feeds.missing",
            "error",
            "feed merchants has never been taken in: no run can start",
            str(landing / "merchants"),
            "deliver merchants/<YYYY-MM-DD>.csv and run: merchant-gps run",
        )
    if not delivered & set(CARRYING):
        yield Finding(
            "feeds.missing",
            "error",
            f"none of the feeds {', '.join(CARRYING)} has been taken in",
            str(landing),
            "deliver one of them and run: merchant-gps run",
        )
    read = {name for name, feed in feeds().items() if feed.legs}
    absent = sorted(read - delivered - {"merchants"})
    if delivered and absent:
        legs = sorted({leg for name in absent for leg in feeds()[name].legs})
        yield Finding(
            "feeds.absent",
            "hint",
            f"not delivered: {', '.join(absent)}; parts of {', '.join(legs)} are grey",
            str(landing),
            "deliver them where the platform has them; nothing else depends on it",
        )


def _late(patient: Patient, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    known: dict[str, date] = {}
    for row in rows:
        if row["known_on"] and row["accepted"]:
            known[row["feed"]] = max(known.get(row["feed"], row["known_on"]), row["known_on"])
    if not known:
        return
    latest = max(known.values())
    limits, landing = patient.policy.feeds, patient.workspace.landing
    if (patient.today - latest).days > limits.silent_days:
        yield Finding(
            "feeds.silent",
            "warning",
            f"nothing has been taken in since {latest}",
            str(landing),
            "see whether files still arrive in landing/, and run: merchant-gps run",
        )
    for name, day in sorted(known.items()):
        cadence = feeds()[name].cadence_hours if name in feeds() else None
        if cadence and (latest - day) > timedelta(hours=cadence * limits.stale_cadences):
            yield Finding(
                "feeds.stale",
                "warning",
                f"feed {name}: the newest file is of {day}, others go to {latest}",
                str(landing / name),
                f"ask whoever delivers {name}; it is promised every {cadence:g} hours",
            )


def _put_aside(patient: Patient, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    aside = sorted((row for row in rows if row["status"] == "quarantined"), key=lambda row: (row["feed"], row["file"]))
    for row in aside[:FILES_SHOWN]:
        yield Finding(
            "feeds.quarantined",
            "error",
            f"{row['feed']}/{row['file']} was put aside: {row['message']:.300}",
            str(patient.workspace.landing / row["feed"] / row["file"]),
            "mend the file as it says and deliver it again under the same name",
        )
    if len(aside) > FILES_SHOWN:
        yield Finding(
            "feeds.quarantined",
            "error",
            f"{len(aside) - FILES_SHOWN} more files were put aside",
            "table ingested_files",
            "read the column message where status is quarantined",
        )


def _held(patient: Patient, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    held = {row["feed"]: 0 for row in rows}
    for row in rows:
        held[row["feed"]] += row["held"] or 0
    many = {feed: count for feed, count in held.items() if count >= patient.policy.feeds.held_rows}
    for feed, count in sorted(many.items()):
        yield Finding(
            "feeds.held",
            "warning",
            f"{count:,} rows of {feed} wait for merchants that nobody has announced",
            f"landing/{feed}",
            "deliver these merchants in feed merchants; keep the files until then",
        )


def _zones(patient: Patient) -> Iterator[Finding]:
    zones = {row["timezone"] for row in patient.rows("merchants", ["timezone"]) if row["timezone"]}
    unknown = sorted(zone for zone in zones if not is_zone(zone))
    if unknown:
        yield Finding(
            "feeds.merchant_zone",
            "warning",
            f"unknown time zones of merchants: {', '.join(map(repr, unknown[:5]))}",
            "feed merchants, column timezone",
            "write IANA zones; they decide merchants' quiet hours",
        )


def is_zone(name: str) -> bool:
    """Whether a time zone is one of IANA's."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
