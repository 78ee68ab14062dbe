"""The landing folder: which files of a feed have arrived, and what their names say about the day of delivery.

A file is named after the day of its delivery, because that day decides which past days may use it; only `history*`
files come without one. What looks like a delivery and cannot be read (a folder, a broken link, a spreadsheet, a day far
in the future) is told; passed over is only what a writer has not finished, and what is no delivery at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

SUFFIXES = (".parquet", ".csv.gz", ".csv")
# Formats in which platforms do deliver, and which nobody here reads; such a file is put aside with a word.
FOREIGN = (
    ".xlsx", ".xls", ".ods", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml", ".orc", ".avro", ".arrow",
    ".feather", ".zip", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".tgz",
)  # fmt: skip
DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})(?=[._-]|$)")
FIRST_YEAR, LAST_YEAR = 1900, 2199  # beyond these a date is a slip of the pen
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
    unreadable : str
        Why it must not even be opened (a folder, a pipe, a broken link, another format), and how to mend it.
    """

    feed: str
    path: Path
    delivered_on: date | None
    is_history: bool
    size: int
    modified: int
    unreadable: str = ""

    @property
    def name(self) -> str:
        """Name of the file inside its feed's folder; bytes that are no UTF-8 are written out."""
        return os.fsencode(self.path.name).decode("utf-8", "backslashreplace")

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet; else it is CSV."""
        return self.name.endswith(".parquet")

    @property
    def problem(self) -> str:
        """What is wrong with the name, and how to mend it; empty when nothing is."""
        if self.unreadable or self.delivered_on or self.is_history:
            return self.unreadable
        return (
            f"the name does not begin with the day of delivery; rename it to YYYY-MM-DD{self._suffix} "
            f"(or history{self._suffix} for rows without a day of delivery)"
        )

    @property
    def _suffix(self) -> str:
        return next(suffix for suffix in SUFFIXES if self.name.endswith(suffix))

    def sha256(self) -> str:
        """Hash of the content; empty where the file must not or cannot be opened, as its problem or the look says."""
        try:
            return "" if self.unreadable else self._digest()
        except OSError:
            return ""

    def _digest(self) -> str:
        digest = hashlib.sha256()
        with self.path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def landing_files(landing: Path, feed: str, until: date | None = None, latest: date | None = None) -> list[LandingFile]:
    """Return the files of a feed in the order in which they became known: history first, then by day.

    Hidden files, temporary names (a writer renames when it is done) and what is no delivery are passed over.

    Parameters
    ----------
    until
        Files delivered after this day are not seen.
    latest
        A file named after a later day is told and not read: it is misnamed, or the clock is wrong.
    """
    entries = (item for item in _scan(landing / feed) if _is_data(item.name) or _is_foreign(item.name))
    found = [_not_after(file, latest) for item in entries if (file := _landing_file(feed, item)) is not None]
    seen = [file for file in found if until is None or file.delivered_on is None or file.delivered_on <= until]
    return sorted(seen, key=lambda file: (file.delivered_on or date.min, file.name))


def _not_after(file: LandingFile, latest: date | None) -> LandingFile:
    if latest is None or file.delivered_on is None or file.delivered_on <= latest or file.unreadable:
        return file
    reason = (
        f"is named after {file.delivered_on}, later than any day that can be navigated; rename it to the day of its "
        "delivery; if this machine's clock is behind, set it; for days further ahead raise partition_days_ahead in "
        "config.yaml"
    )
    return replace(file, delivered_on=None, unreadable=reason)


def newest_delivery(
    landing: Path, feeds: list[str], until: date | None = None, latest: date | None = None
) -> date | None:
    """Return the newest day of delivery of any feed, which is the landing folder's own clock.

    Files delivered after `until`, and those named after a day beyond `latest`, do not move it.
    """
    items = (item for feed in feeds for item in _scan(landing / feed) if _is_data(item.name) and _is_file(item))
    days = [_day_of(item.name) for item in items]
    last = min((day for day in (until, latest) if day is not None), default=None)
    return max((day for day in days if day and (last is None or day <= last)), default=None)


def strangers(landing: Path, feeds: Iterable[str]) -> list[str]:
    """Return what lies in the landing folder where no feed looks for it, and how to mend it."""
    known = set(feeds)
    listed = ", ".join(sorted(known))
    found = []
    for item in sorted(_scan(landing), key=lambda item: item.name):
        folder = item.is_dir()
        if item.name.startswith((".", "_", "~")) or (folder and item.name in known):
            continue
        if item.name in known:
            found.append(f"landing/{item.name} is no folder; make it one and put the feed's files into it")
        elif folder or _is_data(item.name) or _is_foreign(item.name):
            found.append(f"landing/{item.name} is read by nobody; put files into the folder of their feed: {listed}")
    return found


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    """Names of a folder; nothing is asked of each, because thousands of days lie in one."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as items:
        return list(items)


def _is_data(name: str) -> bool:
    return name.endswith(SUFFIXES) and not name.startswith((".", "_", "~"))


def _is_foreign(name: str) -> bool:
    """Whether a name says that data of a day are meant, in a format or a spelling that is not read."""
    small = name.lower()
    named = DATED.match(name) is not None or small.startswith("history")
    return named and not _is_data(name) and (small.endswith((*SUFFIXES, *FOREIGN)) or "." not in name)


def _is_file(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_file()
    except OSError:  # a link that leads to itself
        return False


def _landing_file(feed: str, item: os.DirEntry[str]) -> LandingFile | None:
    path, history = Path(item.path), item.name.startswith("history")
    try:
        status = item.stat()
    except OSError:
        if not item.is_symlink():
            return None  # taken away since the folder was listed
        return LandingFile(
            feed, path, _day_of(item.name), history, 0, 0, "is a link that leads nowhere; deliver the file"
        )
    unreadable = _unreadable(item.name, status.st_mode)
    return LandingFile(feed, path, _day_of(item.name), history, status.st_size, status.st_mtime_ns, unreadable)


def _unreadable(name: str, mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a folder; deliver one file (files of one day may be told apart as YYYY-MM-DD-1.parquet, -2 ...)"
    if not stat.S_ISREG(mode):
        return "is no plain file (a pipe, socket or device); deliver a file"
    if not name.isascii() and os.fsencode(name).decode("utf-8", "replace") != name:
        return "has a name that is not UTF-8; rename it"
    if _is_foreign(name):
        return f"is of a kind that is not read; deliver {', '.join(SUFFIXES)} (in small letters)"
    return ""


def _day_of(name: str) -> date | None:
    matched = DATED.match(name)
    if not matched:
        return None
    try:
        day = date.fromisoformat(matched.group(1))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
