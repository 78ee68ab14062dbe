"""Feed coverage: how many merchants have fresh data, and on which days they had none."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from reports.merchant.reader import Reader
from reports.tower.facts import Rows, TowerFacts


class FeedStrip(NamedTuple):
    """A feed: its share of fresh merchants and, where it comes daily, a cell per day."""

    name: str
    cells: Sequence[tuple[str, str]]
    share: str
    last: str


def build_feeds(facts: TowerFacts, layout: Mapping[str, Any], reader: Reader) -> list[FeedStrip]:
    """Feeds that the platform delivers, each with its last days."""
    strips = []
    for feed in facts.feeds:
        if not feed["connected"]:
            continue
        judged = feed["fresh"] + feed["behind"]
        share = feed["fresh"] / judged if judged else None
        strips.append(
            FeedStrip(
                name=reader.label("feed", feed["feed"]),
                cells=_cells(feed["feed"], facts.coverage, layout["coverage"], reader),
                share=reader.percent(share),
                last=reader.text("tower.feeds.last", day=reader.day_short(feed["last_on"])),
            )
        )
    return strips


def _cells(feed: str, coverage: Rows, limits: Mapping[str, float], reader: Reader) -> list[tuple[str, str]]:
    if not coverage or feed not in coverage[0]:
        return []
    most = max(_share(row, feed) for row in coverage) or 1.0  # not every merchant has every feed
    cells = []
    for row in coverage:
        share = _share(row, feed) / most
        state = "full" if share >= limits["full"] else "part" if share >= limits["half"] else "none"
        cells.append(
            (state, reader.text("tower.feeds.cell", day=reader.day_short(row["day"]), share=reader.percent(share)))
        )
    return cells


def _share(row: Mapping[str, Any], feed: str) -> float:
    return float(row[feed] / row["merchants"]) if row["merchants"] else 0.0
