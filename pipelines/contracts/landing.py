"""The landing folder: which files of a feed have arrived, and what their names say about the day of delivery.

A file is named after the day of its delivery, because that day decides which past days may use it; only `history*`
files come without one.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SUFFIXES = (".parquet", ".csv.gz", ".csv")
DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})(?=[._-]|$)")
CHUNK = 1 << 20


@dataclass(frozen=True)
class LandingFile:
    """A file of a feed as it lies in the landing folder.

    Attributes
    ----------
    delivered_on : date or None
        Day of delivery by the file's name; None for history files and for names that are neither.
    is_history : bool
        Rows count as known some days after their own date, because nobody noted when they arrived.
    modified : int
        Time of the last change in nanoseconds; with the size, it spares hashing every file on every run.
    """

    feed: str
    path: Path
    delivered_on: date | None
    is_history: bool
    size: int
    modified: int

    @property
    def name(self) -> str:
        """Name of the file inside its feed's folder."""
        return self.path.name

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet; else it is CSV."""
        return self.name.endswith(".parquet")

    @property
    def problem(self) -> str:
        """What is wrong with the name, and how to mend it; empty when nothing is."""
        if self.delivered_on or self.is_history:
            return ""
        return (
            f"the name does not begin with the day of delivery; rename it to YYYY-MM-DD{self._suffix} "
            f"(or history{self._suffix} for rows without a day of delivery)"
        )

    @property
    def _suffix(self) -> str:
        return next(suffix for suffix in SUFFIXES if self.name.endswith(suffix))

    def sha256(self) -> str:
        """Hash of the content."""
        digest = hashlib.sha256()
        with self.path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def landing_files(landing: Path, feed: str, until: date | None = None) -> list[LandingFile]:
    """Return the files of a feed in the order in which they became known: history first, then by day.

    Hidden files, temporary names (a writer renames when it is done) and foreign suffixes are passed over.

    Parameters
    ----------
    until
        Files delivered after this day are not seen.
    """
    found = [_landing_file(feed, item) for item in _data_files(landing / feed)]
    seen = [file for file in found if until is None or file.delivered_on is None or file.delivered_on <= until]
    return sorted(seen, key=lambda file: (file.delivered_on or date.min, file.name))


def newest_delivery(landing: Path, feeds: list[str], until: date | None = None) -> date | None:
    """Return the newest day of delivery of any feed, which is the landing folder's own clock."""
    days = [_day_of(item.name) for feed in feeds for item in _data_files(landing / feed)]
    return max((day for day in days if day and (until is None or day <= until)), default=None)


def _data_files(folder: Path) -> list[os.DirEntry[str]]:
    """Files by name alone; nothing is asked of each, because thousands of days lie in a folder."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as items:
        return [item for item in items if _is_data(item.name) and item.is_file()]


def _is_data(name: str) -> bool:
    return name.endswith(SUFFIXES) and not name.startswith((".", "_", "~"))


def _landing_file(feed: str, item: os.DirEntry[str]) -> LandingFile:
    status = item.stat()
    path, history = Path(item.path), item.name.startswith("history")
    return LandingFile(feed, path, _day_of(item.name), history, status.st_size, status.st_mtime_ns)


def _day_of(name: str) -> date | None:
    matched = DATED.match(name)
    if not matched:
        return None
    try:
        return date.fromisoformat(matched.group(1))
    except ValueError:
        return None
