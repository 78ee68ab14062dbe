"""An explanation as lines for a terminal: the merchant, the control, incidents, alerts, then leg by leg.

The idea: a line per metric with all its figures, and below it a line per door with the comparison, so that a search for
a metric or an alert finds everything about it. What is not known is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.metrics.catalogue import LEGS
from models.risk.scoring import ODDNESS
from pipelines.cli_context import short
from pipelines.explain.reading import Explained

Row = Mapping[str, Any]


def page(explained: Explained, leg: str = "") -> Iterator[str]:
    """Lines of an explanation; with `leg` only that leg's metrics."""
    chapters = explained.chapters
    yield from _head(explained)
    for incident in chapters["incidents"]:
        yield _line(f"incident {incident['incident_id']}", incident, skip=("incident_id",))
    for alert in chapters["alerts"]:
        yield alert_line(alert)
    for message in chapters["messages"]:
        yield message_line(message)
    known = {row["leg"]: row for row in chapters["legs"]}
    names = {row["leg"] for row in (*chapters["legs"], *chapters["signals"], *chapters["reasons"])}
    for name in (one for one in (*LEGS, *sorted(names - set(LEGS))) if one in names and leg in ("", one)):
        yield ""
        yield _line(name, known.get(name, {}), skip=("leg", "level"))
        yield from leg_lines(chapters, name)


def _head(explained: Explained) -> Iterator[str]:
    merchant, control = explained.chapters["merchant"][0], explained.chapters["control"][0]
    name = short(merchant["merchant_name"] or "")
    yield f"{short(merchant['merchant_id'])} {name} on {explained.as_of}".replace("  ", " ")
    yield _line(
        "stands", merchant, skip=("merchant_id", "merchant_name", "p_value", "p_value_leg", "lasting_leg", "odd_p")
    )
    yield control_line(control, merchant["flagged"] and merchant["lasting_leg"] is None)
    if merchant["lasting_leg"] is not None:
        yield f"lasting: flagged, {merchant['lasting_leg']} has stood out for longer than a week"
    if merchant["odd_p"] is not None:
        yield f"{ODDNESS}: p {short(merchant['odd_p'])} of its whole pattern over all metrics"
    for row in (one for one in explained.chapters["outlook"] if one["p"] is not None):
        yield _line(f"outlook {row['outcome']} within {row['horizon']} days", row, skip=("outcome", "horizon"))
    for row in explained.chapters["stock"]:
        if row["level"] is not None:
            yield _line("stock plan, probability of running out before the next receipt", row)


def control_line(control: Row, flagged: bool) -> str:
    """How the merchant stood in the day's false-discovery control."""
    if control["p_value"] is None:
        return "control: the merchant has no p-value"
    sign, verdict = ("<=", "flagged") if flagged else (">", "not flagged")
    weight = "" if control["weight"] == 1 else f", weight {short(control['weight'])}"
    needed = f"{short(control['needed'])} needed among {control['merchants']} merchants, {control['passed']} passed"
    own = f"p {short(control['p_value'])} (smallest leg {control['leg']}, {control['legs']} legs{weight})"
    return f"control: {own} {sign} {needed}, q {short(control['level'])}: {verdict}"


def leg_lines(chapters: Mapping[str, Any], leg: str) -> Iterator[str]:
    """Metrics of a leg with their figures, each followed by its doors, then the leg's own door."""
    reasons = [row for row in chapters["reasons"] if row["leg"] == leg]
    told: set[tuple[str, str]] = set()
    for signal in (row for row in chapters["signals"] if row["leg"] == leg):
        place = (signal["metric"], signal["window"])
        told.add(place)
        yield f"  {signal_line(signal)}"
        yield from _doors([row for row in reasons if (row["metric"], row["window"]) == place])
    yield from _doors([row for row in reasons if (row["metric"], row["window"]) not in told], "  ")


def _doors(reasons: Sequence[Row], indent: str = "    ") -> Iterator[str]:
    for row in reasons:
        what = row["door"] if row["window"] != "stock plan" else f"{row['door']} of stock"
        yield f"{indent}{what}: {row['text']}"


def signal_line(signal: Row) -> str:
    """All figures of a metric in a window, in the order in which they follow from one another."""
    count = _of(signal["numerator"], signal["denominator"])
    interval = _between(signal["low"], signal["high"], "interval")
    limits = _between(signal["limit_amber"], signal["limit_red"], f"{signal['limit_kind'] or ''} limits".strip())
    peers = _peers(signal)
    figures = {
        "expected": signal["expected"],
        "before": signal["previous"],
    }
    evidence = {
        "P(over limit)": signal["probability_over_limit"],
        "p": signal["p_value"],
        "by": signal["detector"],
        "changed on": signal["changed_on"],
        "z": signal["z"],
        "explained by": signal["incident_scope"],
    }
    ahead = {
        "P(breach)": signal["breach_probability"],
        "P(breach at review)": signal.get("breach_at_review"),
        "days to breach": signal["days_to_breach"],
        "more bad until red": signal["more_bad_until_red"],
        "good until green": signal["good_until_green"],
        "money at risk": signal["money_at_risk"],
    }
    since = f" since {signal['since']}" if signal["since"] else ""
    name = f"{signal['metric']} {signal['window']}: {signal['light']}{since}"
    observed = "" if signal["observed"] is None else f"{count}{short(signal['observed'])}"
    parts = [name, observed, interval, _figures(figures), limits, _figures(evidence), peers, _figures(ahead)]
    return ", ".join(part for part in parts if part)


def alert_line(alert: Row) -> str:
    """An alert as it stood on the day."""
    return _line(f"alert {alert['alert_id']}", alert, skip=("alert_id", "merchant_id", "as_of"))


def message_line(message: Row) -> str:
    """What became of a message."""
    subject = f"{message['event']} of alert {message['alert_id']} to {message['route']}"
    if message["status"] == "suppressed":
        return f"not told: {subject}: {short(message['error'] or '?')}"
    return f"message: {subject}: {message['status']} {short(message['error'] or '')}".rstrip()


def _of(numerator: Any, denominator: Any) -> str:
    return "" if numerator is None or denominator is None else f"{short(numerator)} of {short(denominator)} = "


def _between(low: Any, high: Any, name: str) -> str:
    if low is None and high is None:
        return ""
    return f"{name} {'-' if low is None else short(low)} to {'-' if high is None else short(high)}"


def _peers(signal: Row) -> str:
    if signal["peer_percentile"] is None:
        return ""
    return f"better than {signal['peer_percentile']:.0%} of {signal['peer_group_size']} peers"


def _figures(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {short(value)}" for name, value in values.items() if value is not None)


def _line(title: str, row: Row, skip: Sequence[str] = ()) -> str:
    known = {name: value for name, value in row.items() if name not in skip and value not in (None, "", "[]")}
    return f"{title}: {_figures(known)}" if known else title
