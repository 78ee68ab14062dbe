"""The legs in detail: a sentence for each, and its metrics as rows with their evidence."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup

from reports.merchant.bullet import Bullet, bullet
from reports.merchant.facts import LEGS, SEVERITY, LegFact, MerchantFacts, MetricFact, MetricText
from reports.merchant.reader import Reader, layout


class Row(NamedTuple):
    """A metric of a leg."""

    name: str
    window: str
    value: str
    light: str
    bullet: Bullet | None
    trend: str  # "up", "down" or ""
    notes: Sequence[str | Markup]


class Leg(NamedTuple):
    """A leg's card; `figure` is the one figure under its station on the route."""

    leg: str
    light: str
    sentence: str
    figure: str
    open: bool
    rows: Sequence[Row]


def build_legs(facts: MerchantFacts, reader: Reader) -> list[Leg]:
    """All seven legs in the order of the route; a leg without a row is grey."""
    known = {fact.leg: fact for fact in facts.legs}
    by_leg: dict[str, list[MetricFact]] = {leg: [] for leg in LEGS}
    for metric in facts.metrics:
        if metric.leg in by_leg and reader.metric(metric.metric):
            by_leg[metric.leg].append(metric)
    plain = [known.get(leg) or LegFact(leg, "grey", "not_connected") for leg in LEGS]
    order = sorted(range(len(LEGS)), key=lambda i: (SEVERITY.get(plain[i].light, 4), i))
    unfolded = {LEGS[i] for i in order[: layout()["open_legs"]] if plain[i].light in ("red", "amber")}
    return [_leg(fact, by_leg[fact.leg], fact.leg in unfolded, reader) for fact in plain]


def by_severity(legs: Sequence[Leg]) -> list[Leg]:
    """Legs as the cards lie: what needs work first, then what is good, grey last."""
    return sorted(legs, key=lambda leg: (SEVERITY.get(leg.light, 4), LEGS.index(leg.leg)))


def _leg(fact: LegFact, metrics: list[MetricFact], unfolded: bool, reader: Reader) -> Leg:
    def order(metric: MetricFact) -> tuple[int, bool, str]:
        text = reader.metric(metric.metric)
        place = (0, 1, 3, 2, 4)[SEVERITY.get(metric.light, 4)]  # a star is shown before a plain green
        return place, not (text and text.core), metric.metric

    metrics = sorted(metrics, key=order)
    sentence, figure = explain(fact, metrics, reader)
    rows = [_row(metric, reader) for metric in metrics[: layout()["metrics_per_leg"]]]
    return Leg(fact.leg, fact.light, sentence, figure, unfolded, rows)


def explain(fact: LegFact, metrics: Sequence[MetricFact], reader: Reader) -> tuple[str, str]:
    """The leg's sentence and its one short figure, from the machine code of leg_status.

    Returns
    -------
    tuple of str
        Sentence, and a figure of a few characters for the route.
    """
    code, _, detail = (fact.reason or "").partition(":")
    named = next((metric for metric in metrics if metric.metric == detail), None)
    if code == "stale":
        feed, _, since = detail.partition(":")
        return reader.text("leg.stale", feed=reader.label("feed", feed), since=_iso_day(since, reader)), reader.text(
            "leg.stale.short", feed=reader.label("feed", feed)
        )
    if code in ("metric", "star", "core_missing") and named is not None:
        return _about_metric(code, named, reader)
    if fact.light == "grey":
        key = code if code in ("not_connected", "small_sample") else "not_judged"
        return reader.text(f"leg.{key}"), reader.text(f"leg.{key}.short")
    best = next((metric for metric in metrics if metric.light in ("green", "star")), None)
    if best is None:
        return reader.text("leg.all_good"), ""
    return _about_metric("star", best, reader)


def _about_metric(code: str, metric: MetricFact, reader: Reader) -> tuple[str, str]:
    text = reader.metric(metric.metric)
    if text is None:
        return reader.text("leg.all_good"), ""
    if code == "core_missing":
        return reader.text("leg.core_missing", metric=reader.of(text.name)), reader.text("leg.not_judged.short")
    sentence = reader.sentence(metric, text, "bad" if code == "metric" else "good")
    figure = f"{reader.of(text.short)} {reader.value(metric.observed, text)}"
    return sentence, figure


def _iso_day(value: str, reader: Reader) -> str:
    try:
        return reader.day_short(date.fromisoformat(value))
    except ValueError:
        return reader.day_short(None)


def _row(fact: MetricFact, reader: Reader) -> Row:
    text = reader.metric(fact.metric)
    assert text is not None  # build_legs keeps only metrics that the profile knows
    drawn = bullet(fact, text)
    value = reader.value(fact.observed if fact.light != "grey" else None, text)
    notes = _grey_notes(fact, reader) if drawn is None else list(_notes(fact, text, reader))
    return Row(reader.of(text.name), reader.window(fact.window), value, fact.light, drawn, _trend(fact), notes)


def _trend(fact: MetricFact) -> str:
    if fact.previous is None or fact.observed is None or fact.light == "grey":
        return ""
    change = fact.observed - fact.previous
    if abs(change) < 0.01 * max(abs(fact.observed), abs(fact.previous)):
        return ""
    return "up" if change > 0 else "down"


def _grey_notes(fact: MetricFact, reader: Reader) -> list[str | Markup]:
    code = (fact.grey_reason or "").partition(":")[0]
    if code == "small_sample" and fact.sample is not None and fact.min_n is not None:
        return [reader.text("grey.sample", n=round(fact.sample), least=reader.number(fact.min_n))]
    return [reader.text(f"grey.{code}" if reader.words.has(f"grey.{code}") else "grey.unknown")]


def _notes(fact: MetricFact, text: MetricText, reader: Reader) -> Iterator[str | Markup]:
    """Footer of a row: counts, interval, limits, peers, since when, how far to the next colour."""
    if fact.kind == "rate" and fact.denominator:
        yield f"{reader.number(fact.numerator)} / {reader.number(fact.denominator)}"
    if fact.low is not None and fact.high is not None:
        key = "note.expected" if fact.kind == "break" else "note.interval"
        most = 1.0 if text.unit == "percent" else math.inf  # a bootstrap may step over the whole
        yield reader.text(key, low=_bare(fact.low, text, reader), high=reader.value(min(fact.high, most), text))
    yield from _limit_notes(fact, text, reader)
    if fact.peer_p25 is not None and fact.peer_p75 is not None:
        yield reader.html(
            "note.peers",
            low=_bare(fact.peer_p25, text, reader),
            middle=_bare(fact.peer_p50, text, reader),
            high=reader.value(fact.peer_p75, text),
        )
    if _trend(fact) and fact.previous is not None:
        yield reader.text("note.previous", value=reader.value(fact.previous, text))
    yield from _path_notes(fact, reader)


def _limit_notes(fact: MetricFact, text: MetricText, reader: Reader) -> Iterator[str | Markup]:
    amber, red = fact.limit_amber, None if text.red_elsewhere else fact.limit_red
    if amber is not None and amber != red:
        yield reader.text("note.amber", value=reader.value(amber, text))
    if red is not None:
        yield reader.text("note.red", value=reader.value(red, text))


def _path_notes(fact: MetricFact, reader: Reader) -> Iterator[str | Markup]:
    if fact.light in ("red", "amber") and fact.since is not None:
        yield reader.text("note.since", day=reader.day_short(fact.since))
    near = layout()["until_at_most"]
    if fact.light != "red" and fact.more_bad_until_red is not None and fact.more_bad_until_red <= near:
        yield reader.text("note.until_red", n=int(fact.more_bad_until_red))
    if fact.light in ("red", "amber") and fact.good_until_green is not None:
        yield reader.text("note.until_green", n=int(fact.good_until_green))
    yield from _review_notes(fact, reader)
    days = fact.days_to_breach
    if fact.light != "red" and days is not None and 0 < days <= layout()["projected_days"]:
        yield reader.text("note.breach", day=reader.day_short(reader.context.as_of + timedelta(days=round(days))))


def _review_notes(fact: MetricFact, reader: Reader) -> Iterator[str]:
    """How likely the figure is over its limit when the platform looks next."""
    chance = fact.breach_at_review
    if chance is None or fact.review_on is None:
        return
    if fact.light in ("red", "amber") or chance >= layout()["review_at_least"]:
        shown = chance if chance in (0, 1) else min(max(chance, 0.01), 0.99)  # what may still turn is never certain
        yield reader.text("note.review", day=reader.day_short(fact.review_on), chance=reader.percent(shown, 0))


def _bare(value: float | None, text: MetricText, reader: Reader) -> str:
    """A value without its unit, for the first figures of a range."""
    if text.unit == "percent" and value is not None:
        return reader.number(value * 100, text.decimals)
    return reader.money(value) if text.unit == "money" else reader.number(value, text.decimals)
