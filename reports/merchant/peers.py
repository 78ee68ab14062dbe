"""Where the merchant stands among merchants like it, figure by figure.

The one idea: a position is told per figure, with the size of the group, best and worst first, so that praise and work
stand side by side. Groups below the policy's minimum have no figures at all, so nothing here can reveal a peer.
"""

from collections.abc import Sequence
from typing import NamedTuple

from reports.merchant.facts import MerchantFacts, MetricFact
from reports.merchant.reader import Reader, layout


class Position(NamedTuple):
    """One figure: the share of peers that are worse, and both values."""

    name: str
    light: str
    at: str
    better_than: str
    mine: str
    peers: str


class Peers(NamedTuple):
    """The part; `size` is the largest group compared with."""

    size: str
    like: str
    positions: Sequence[Position]


def build_peers(facts: MerchantFacts, reader: Reader) -> Peers | None:
    """The part, or None when no figure has a peer group large enough."""
    ranked = [
        m for m in facts.metrics if m.peer_percentile is not None and m.peer_group_size and reader.metric(m.metric)
    ]
    ranked = list({m.metric: m for m in reversed(ranked)}.values())
    if not ranked:
        return None
    ranked.sort(key=lambda m: (-(m.peer_percentile or 0.0), m.metric))
    most = layout()["peer_rows"]
    shown = ranked if len(ranked) <= most else [*ranked[: most // 2], *ranked[-(most - most // 2) :]]
    like = [
        reader.label("category", facts.category),
        reader.label("stage", facts.growth_stage),
        reader.label("size", facts.size_class),
    ]
    return Peers(
        size=reader.number(max(m.peer_group_size or 0 for m in ranked)),
        like=reader.text("list.comma").join(word for word in like if word),
        positions=[_position(metric, reader) for metric in shown],
    )


def _position(fact: MetricFact, reader: Reader) -> Position:
    text = reader.metric(fact.metric)
    assert text is not None  # build_peers keeps only metrics that the profile knows
    share = min(1.0, max(0.0, fact.peer_percentile or 0.0))
    return Position(
        name=f"{reader.of(text.name)}",
        light=fact.light,
        at=f"{2 + 96 * share:.1f}%",
        better_than=reader.percent(share, 0),
        mine=reader.value(fact.observed, text),
        peers=reader.value(fact.peer_p50, text),
    )
