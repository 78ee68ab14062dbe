"""A copy of the published pages on object storage, for a web server or a distribution network that reads there.

The idea: pages are made in the workspace's folder, where a file can be put in its place in one step, and then copied:
what a page needs first, the day's pages next, and what names the day last. A reader of the copy sees a whole day, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipelines.defs.publishing.files import shown_day
from pipelines.object_storage import listed, put, remove

POINTERS = ("index.html", "latest.json")


def copy_pages(pages: Path, root: str, day: date) -> int:
    """Copy a day, and whatever the pointers need; return how many objects were written.

    Days that are no longer kept are removed from the copy, after the pointers have been written.

    Parameters
    ----------
    root
        Bucket and prefix, such as ``s3://pages/gps``.

    Raises
    ------
    ObjectStorageError
        When the storage cannot be used; says what to set or to mend. The next run copies what is missing.
    """
    there = listed(root)
    days = {day, shown_day(pages) or day}
    written = 0
    for names in (_files_in(pages, "static"), *(_files_in(pages, one.isoformat()) for one in sorted(days)), POINTERS):
        changed = {name: pages / name for name in names if there.get(name) != _hash(pages / name)}
        put(root, changed)
        written += len(changed)
    remove(root, _outdated(pages, there))
    return written


def _files_in(pages: Path, folder: str) -> list[str]:
    """Finished files of a folder; drafts begin with a dot."""
    return sorted(f"{folder}/{path.name}" for path in (pages / folder).glob("[!.]*"))


def _hash(path: Path) -> str:
    """MD5, by which the storage names the content of an object that was written in one piece."""
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _outdated(pages: Path, there: Iterable[str]) -> list[str]:
    """Objects of days whose folder is gone from the workspace."""
    return [name for name in there if _is_day(name.partition("/")[0]) and not (pages / name.partition("/")[0]).exists()]


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False
