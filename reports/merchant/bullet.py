"""A metric as a row: where the value stands between limits and peers, on its natural axis.

The one idea: geometry is percent along the track, computed here and written as SVG attributes, so the row needs
neither JavaScript nor inline style (which the page's security policy forbids). The axis is never flipped: more is
always to the right, and the zones say which side is bad.
"""

from typing import NamedTuple

from reports.merchant.facts import MetricFact, MetricText

_HEADROOM = 1.25  # of the largest figure on the axis, so that no mark sits on its end


class Zone(NamedTuple):
    """A stretch of the track, in percent of its length."""

    x: str
    width: str


class Bullet(NamedTuple):
    """Everything that is drawn on a track; None is not drawn."""

    marker: str
    amber: Zone | None
    red: Zone | None
    limit: str | None
    peers: Zone | None
    median: str | None
    band: Zone | None


def _known(*values: float | None) -> list[float]:
    return [value for value in values if value is not None and value == value]


def axis(fact: MetricFact, text: MetricText) -> tuple[float, float]:
    """Ends of the track: from zero where less is better, up to the natural end where more is.

    Returns
    -------
    tuple of float
        Low and high end; high > low.
    """
    figures = _known(fact.observed, fact.limit_amber, fact.limit_red, fact.peer_p25, fact.peer_p75)
    if fact.kind == "break":
        figures += _known(fact.low, fact.high, fact.expected)
    smallest, largest = min(figures), max(figures)
    if text.better == "lower" or fact.kind == "break":
        low, high = min(0.0, smallest * _HEADROOM), largest * _HEADROOM
        if text.unit == "percent":
            high = min(high, max(1.0, largest))
    else:
        high = max(1.0, largest) if text.unit == "percent" and largest > 0.5 else largest + 0.15 * abs(largest)
        low = smallest - 0.45 * (high - smallest)
        low = max(0.0, low) if smallest >= 0 else low
    return (low, high) if high > low else (low, low + max(1.0, abs(low) * 0.1))  # 1e17 + 1 would be 1e17


def bullet(fact: MetricFact, text: MetricText) -> Bullet | None:
    """Geometry of a metric's row; None for a metric without a value (grey shows no track)."""
    if not _known(fact.observed) or fact.light == "grey":
        return None
    low, high = axis(fact, text)

    def at(value: float) -> float:
        return 100.0 * min(1.0, max(0.0, (value - low) / (high - low)))

    def zone(start: float, end: float) -> Zone | None:
        left, right = at(start), at(end)
        return Zone(f"{left:.1f}%", f"{right - left:.1f}%") if right - left > 0.05 else None

    amber, red = _zones(fact, text, low, high)
    limit = None if text.red_elsewhere else fact.limit_red
    peers = _known(fact.peer_p25, fact.peer_p75)
    band = _known(fact.low, fact.high) if fact.kind == "break" else []
    return Bullet(
        marker=f"{min(98.0, max(2.0, at(fact.observed or 0.0))):.1f}%",
        amber=zone(*amber) if amber else None,
        red=zone(*red) if red else None,
        limit=f"{at(limit):.1f}%" if limit is not None else None,
        peers=zone(*peers) if len(peers) == 2 else None,
        median=f"{at(fact.peer_p50):.1f}%" if fact.peer_p50 is not None and len(peers) == 2 else None,
        band=zone(*band) if len(band) == 2 else None,
    )


def _zones(
    fact: MetricFact, text: MetricText, low: float, high: float
) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Amber and red stretches in the metric's own unit."""
    amber, red = fact.limit_amber, None if text.red_elsewhere else fact.limit_red
    worst = high if text.better == "lower" else low
    red_zone = None if red is None else (min(red, worst), max(red, worst))
    if amber is None:
        return None, red_zone
    other = worst if red is None else red
    return (min(amber, other), max(amber, other)), red_zone
