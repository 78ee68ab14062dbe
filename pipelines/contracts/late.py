"""What else must be read again when something comes late: a merchant whose rows are held, or a file out of order.

The idea: a late arrival leaves the same tables as one in time, so the files that it concerns are read again as the
deliveries they were.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from pipelines.contracts.feeds import Feed
from pipelines.contracts.manifest import Entry, Manifest
from pipelines.lake import Lake
from pipelines.views import open_views

DELIVERY = re.compile(r"#\d+$")


def files_with_rows_to_replay(lake: Lake) -> dict[str, set[str]]:
    """Files, by feed, with held rows of merchants that have appeared since."""
    files: dict[str, set[str]] = {}
    if lake.files("held_rows"):
        sql = Path(__file__).with_name("replay.sql").read_text(encoding="utf-8")
        with open_views(lake, ["held_rows", "merchants"]) as connection:
            for feed, file in connection.execute(sql).fetchall():
                files.setdefault(feed, set()).add(DELIVERY.sub("", file))
    return files


def to_compare_again(feed: Feed, manifest: Manifest, just_read: set[str]) -> set[str]:
    """Files read before whose rows may follow another version now that an earlier file came late."""
    late = [entry for name, entry in manifest.newest.items() if name in just_read and entry.accepted]
    others = [entry for name, entry in manifest.newest.items() if name not in just_read and entry.status == "accepted"]
    return {old.file for old in others if any(_comes_between(feed, new, old) for new in late)}


def _comes_between(feed: Feed, new: Entry, old: Entry) -> bool:
    """Whether rows of `new` may have become known before rows of `old` with the same keys."""
    if new.first_on is None or new.last_on is None or old.first_on is None or old.last_on is None:
        return True
    maturity = timedelta(days=feed.maturity_days)
    order_of_new = (new.known_on or new.first_on + maturity, new.label)
    order_of_old = (old.known_on or old.last_on + maturity, old.label)
    known_before = order_of_new < order_of_old
    return known_before and (not feed.dated or (new.first_on <= old.last_on and old.first_on <= new.last_on))
