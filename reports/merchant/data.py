"""The data behind the page: how fresh each feed is, and how each figure is computed."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.merchant.facts import LEGS, MerchantFacts
from reports.merchant.reader import Reader


class Feed(NamedTuple):
    """A feed; `mark` is the shape beside it, `word` its state in words."""

    name: str
    mark: str
    word: str
    last: str


class Formula(NamedTuple):
    """How one figure is computed and who set its limit."""

    name: str
    window: str
    how: str
    source: str


class Data(NamedTuple):
    """The part."""

    feeds: Sequence[Feed]
    formulas: Sequence[tuple[str, Sequence[Formula]]]


_MARKS = {"fresh": "green", "late": "amber", "stale": "grey", "not_connected": "grey"}


def build_data(facts: MerchantFacts, reader: Reader) -> Data:
    """Feeds (connected ones first) and formulas by leg."""
    feeds = sorted(
        facts.feeds, key=lambda feed: (list(_MARKS).index(feed.status) if feed.status in _MARKS else 9, feed.feed)
    )
    lines = [
        Feed(
            reader.label("feed", feed.feed),
            _MARKS.get(feed.status, "grey"),
            reader.label("feed_status", feed.status),
            reader.day_short(feed.last_on) if feed.last_on else "",
        )
        for feed in feeds
    ]
    formulas: dict[str, list[Formula]] = {}
    for fact in facts.metrics:
        text = reader.metric(fact.metric)
        if text is not None:
            formulas.setdefault(fact.leg, []).append(
                Formula(reader.of(text.name), reader.window(fact.window), reader.of(text.how), fact.limit_source or "")
            )
    return Data(lines, [(leg, formulas[leg]) for leg in LEGS if leg in formulas])
