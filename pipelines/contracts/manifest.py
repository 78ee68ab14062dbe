"""The manifest `ingested_files`: which files were read, and what became of each of their rows.

The idea: a file is announced (`started`) before its rows are written and closed after, so a run that was killed between
the two finds the open announcement, removes what the file may have left behind, and reads it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pyarrow as pa

from pipelines.contracts.landing import LandingFile
from pipelines.lake import Lake
from pipelines.tables import tables

TABLE = "ingested_files"


@dataclass(frozen=True)
class Entry:
    """A delivery of a file.

    Attributes
    ----------
    delivery : int
        1 for the first content under this name, 2 for a corrected file, and so on.
    known_on : date or None
        Day from which its rows may be used; None for history, whose rows each have their own.
    first_on, last_on : date or None
        Earliest and latest date among its accepted rows.
    """

    feed: str
    file: str
    delivery: int
    sha256: str
    size: int
    modified: int
    status: str = "started"
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    held: int = 0
    rejected: int = 0
    message: str = ""
    known_on: date | None = None
    first_on: date | None = None
    last_on: date | None = None
    seen_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def label(self) -> str:
        """How rows of the lake name this delivery in their column `file`."""
        return self.file if self.delivery == 1 else f"{self.file}#{self.delivery:02d}"

    @property
    def previous_label(self) -> str:
        """Label of the delivery that this one corrects."""
        return replace(self, delivery=max(self.delivery - 1, 1)).label

    @property
    def balanced(self) -> bool:
        """Whether every row is accounted for."""
        return self.read == self.accepted + self.unchanged + self.held + self.rejected


@dataclass(frozen=True)
class Work:
    """A file to read, with its place in the manifest."""

    file: LandingFile
    entry: Entry
    seen_before: bool


class Manifest:
    """Entries of one feed, by file name: the newest delivery of each."""

    def __init__(self, lake: Lake, feed: str, entries: Iterable[Entry] = ()) -> None:
        self._lake = lake
        self.feed = feed
        self.newest: dict[str, Entry] = {}
        self.keep(entries)

    def keep(self, entries: Iterable[Entry]) -> None:
        """Remember entries; a later delivery stands before an earlier one."""
        for entry in entries:
            known = self.newest.get(entry.file)
            if known is None or known.delivery <= entry.delivery:
                self.newest[entry.file] = entry

    def work(self, files: Iterable[LandingFile], today: date | None) -> list[Work]:
        """Return the files that are new, corrected, or were left half-read by a killed run.

        Parameters
        ----------
        today
            Newest day of delivery in the landing folder: a corrected file became known then, whatever its name says.
        """
        found = (self._work(file, today) for file in files)
        return [work for work in found if work is not None]

    def again(self, files: Iterable[LandingFile], names: set[str]) -> list[Work]:
        """Return files that are already in the lake, to be read a second time as the same delivery."""
        return [
            Work(file, replace(self.newest[file.name], status="started"), seen_before=True)
            for file in files
            if file.name in names and self._same(file, self.newest[file.name])
        ]

    def write(self, entries: Iterable[Entry]) -> None:
        """Replace the entries of these deliveries in one commit."""
        stamped = _stamped(entries)
        if stamped:
            predicate = f"feed = '{self.feed}' AND ({_deliveries(stamped)})"
            self._lake.replace(TABLE, predicate, _table(stamped))
            self.keep(stamped)

    def _work(self, file: LandingFile, today: date | None) -> Work | None:
        known = self.newest.get(file.name)
        closed = known is not None and known.status != "started"
        # A file that could not be opened has no hash; nothing but trying again tells whether it can be by now.
        if known and closed and known.sha256 and (known.size, known.modified) == (file.size, file.modified):
            return None
        digest = file.sha256()
        if known and closed and known.sha256 == digest:
            return None
        if known and not closed:
            entry = replace(known, sha256=digest, size=file.size, modified=file.modified)
            return Work(file, entry, seen_before=True)
        delivery = known.delivery + 1 if known else 1
        known_on = file.delivered_on
        if known and known_on and today:
            known_on = max(known_on, today)
        entry = Entry(self.feed, file.name, delivery, digest, file.size, file.modified, known_on=known_on)
        return Work(file, entry, seen_before=False)

    def _same(self, file: LandingFile, entry: Entry) -> bool:
        return (file.size, file.modified) == (entry.size, entry.modified) or file.sha256() == entry.sha256


def quoted(text: str) -> str:
    """Return a text literal for a Delta predicate, which takes no bound values."""
    return "'" + text.replace("'", "''") + "'"


def read_manifests(lake: Lake, feeds: Iterable[str]) -> dict[str, Manifest]:
    """Read the manifests of several feeds at once."""
    feeds = list(feeds)
    where = f"feed IN ({', '.join(quoted(feed) for feed in feeds)})" if feeds else "false"
    rows = lake.read(TABLE, list(Entry.__dataclass_fields__), where=where).to_pylist()
    by_feed: dict[str, list[Entry]] = {feed: [] for feed in feeds}
    for row in rows:
        by_feed[row["feed"]].append(Entry(**row))
    return {feed: Manifest(lake, feed, entries) for feed, entries in by_feed.items()}


def read_manifest(lake: Lake, feed: str) -> Manifest:
    """Read the manifest of a feed."""
    return read_manifests(lake, [feed])[feed]


def announce(lake: Lake, manifests: Mapping[str, Manifest], entries: Iterable[Entry]) -> None:
    """Write that files of several feeds are about to be read, in one commit."""
    stamped = _stamped(entries)
    if not stamped:
        return
    by_feed: dict[str, list[Entry]] = {}
    for entry in stamped:
        by_feed.setdefault(entry.feed, []).append(entry)
    parts = [f"(feed = '{feed}' AND ({_deliveries(listed)}))" for feed, listed in by_feed.items()]
    lake.replace(TABLE, " OR ".join(parts), _table(stamped))
    for feed, listed in by_feed.items():
        manifests[feed].keep(listed)


def _stamped(entries: Iterable[Entry]) -> list[Entry]:
    now = datetime.now(UTC)
    return [replace(entry, seen_at=now) for entry in entries]


def _table(entries: Iterable[Entry]) -> pa.Table:
    return pa.Table.from_pylist([vars(entry) for entry in entries], schema=tables()[TABLE].schema)


def _deliveries(entries: Iterable[Entry]) -> str:
    """Select these deliveries; a list per number of delivery, because long chains of OR overflow the parser."""
    files: dict[int, list[str]] = {}
    for entry in entries:
        files.setdefault(entry.delivery, []).append(quoted(entry.file))
    parts = [f"(delivery = {delivery} AND file IN ({', '.join(names)}))" for delivery, names in files.items()]
    return " OR ".join(parts)
