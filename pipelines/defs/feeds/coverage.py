"""Which days of a feed have arrived, as a table that an analyst reads in Dagster.

One line per month, one sign per day: a gap, a refused file or a day with rejected rows is seen at a glance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from pipelines.contracts.manifest import Entry, read_manifest
from pipelines.lake import Lake

COMPLETE, PARTLY, ASIDE, MISSING = "█", "▒", "✗", "·"
LEGEND = f"{COMPLETE} complete, {PARTLY} some rows rejected or held, {ASIDE} put aside, {MISSING} nothing delivered"


@dataclass(frozen=True)
class Coverage:
    """The files of a feed by day of delivery.

    Attributes
    ----------
    entries : list of Entry
        Newest delivery of every file.
    missing : list of date
        Days between the first and the last delivery without any file.
    """

    entries: list[Entry]
    missing: list[date]

    @property
    def aside(self) -> list[Entry]:
        """Files that are put aside."""
        return [entry for entry in self.entries if entry.status == "quarantined"]

    @property
    def unbalanced(self) -> list[Entry]:
        """Files whose rows are not all accounted for, or that were never finished."""
        return [entry for entry in self.entries if not entry.balanced or entry.status == "started"]

    def total(self, kind: str) -> int:
        """Sum of a count over all files."""
        return sum(getattr(entry, kind) for entry in self.entries)

    def table(self) -> str:
        """Markdown: a line per month with a sign per day, files and rows."""
        by_day: dict[date, list[Entry]] = {}
        for entry in self.entries:
            if entry.known_on:
                by_day.setdefault(entry.known_on, []).append(entry)
        if not by_day:
            return f"{len(self.entries)} files without a day of delivery, {self.total('accepted'):,} rows accepted"
        lines = ["| month | days | files | accepted | rejected |", "|---|---|---:|---:|---:|"]
        days = _days_between(min(by_day), max(by_day))
        for month, of_month in groupby(days, key=lambda day: f"{day:%Y-%m}"):
            listed = list(of_month)
            signs = "".join(_sign(by_day.get(day, [])) for day in listed)
            entries = [entry for day in listed for entry in by_day.get(day, [])]
            accepted, rejected = (sum(getattr(entry, kind) for entry in entries) for kind in ("accepted", "rejected"))
            lines.append(f"| {month} | `{signs}` | {len(entries)} | {accepted:,} | {rejected:,} |")
        return "\n".join([*lines, "", LEGEND])


def coverage(lake: Lake, feed: str) -> Coverage:
    """Return what the manifest says of a feed."""
    entries = sorted(
        read_manifest(lake, feed).newest.values(), key=lambda entry: (entry.known_on or date.min, entry.file)
    )
    delivered = {entry.known_on for entry in entries if entry.known_on and entry.status == "accepted"}
    missing = (
        [day for day in _days_between(min(delivered), max(delivered)) if day not in delivered] if delivered else []
    )
    return Coverage(entries, missing)


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _sign(entries: Iterable[Entry]) -> str:
    entries = list(entries)
    if not entries:
        return MISSING
    if any(entry.status == "quarantined" for entry in entries):
        return ASIDE
    return PARTLY if any(entry.rejected or entry.held for entry in entries) else COMPLETE
