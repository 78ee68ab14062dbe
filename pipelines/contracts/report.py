"""What a run of `ingest` brought, in figures and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipelines.contracts.manifest import Entry
from pipelines.contracts.wording import visible


@dataclass(frozen=True)
class FeedReport:
    """What reading a feed brought.

    Attributes
    ----------
    files : int
        Files read in this run.
    quarantined : tuple of str
        Messages of the files that were put aside.
    dates : frozenset of date
        Dates (`row_date`) of rows that are new; marts of these days must be built again.
    balanced : bool
        read = accepted + unchanged + held + rejected, for every file.
    """

    feed: str
    files: int = 0
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    held: int = 0
    rejected: int = 0
    quarantined: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    dates: frozenset[date] = frozenset()
    balanced: bool = True

    def with_batch(self, entries: Sequence[Entry], dates: frozenset[date] = frozenset()) -> FeedReport:
        """Add the files of a batch."""
        sums = {kind: getattr(self, kind) + sum(getattr(entry, kind) for entry in entries)
                for kind in ("read", "accepted", "unchanged", "held", "rejected")}  # fmt: skip
        aside = tuple(entry.message for entry in entries if entry.status == "quarantined")
        noted = tuple(f"{entry.feed}/{visible(entry.file)}: {entry.message}"
                      for entry in entries if entry.status == "accepted" and entry.message)  # fmt: skip
        return replace(
            self, files=self.files + len(entries), quarantined=self.quarantined + aside, messages=self.messages + noted,
            dates=self.dates | dates, balanced=self.balanced and all(entry.balanced for entry in entries), **sums,
        )  # fmt: skip


@dataclass(frozen=True)
class IngestReport:
    """What a run of `ingest` brought, per feed, and what lies in the landing folder where no feed looks for it."""

    feeds: dict[str, FeedReport] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Records read in all feeds."""
        return sum(report.read for report in self.feeds.values())

    @property
    def quarantined(self) -> tuple[str, ...]:
        """Messages of all files that were put aside."""
        return tuple(message for report in self.feeds.values() for message in report.quarantined)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What somebody should mend: strangers, files put aside, rejected rows."""
        noted = tuple(message for report in self.feeds.values() for message in report.messages)
        return self.strangers + self.quarantined + noted

    @property
    def changed(self) -> bool:
        """Whether any row is new."""
        return any(report.accepted for report in self.feeds.values())
