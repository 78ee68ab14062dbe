"""Incidents: trouble of a whole group, told once, with who has it and how to take it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from reports.merchant.reader import Reader
from reports.tower.facts import Rows

FEED = "feed"
OWN_NAMES = ("carrier", "warehouse")  # groups whose names are the platform's own


class Incident(NamedTuple):
    """Trouble of a group, told once."""

    incident_id: str
    light: str
    leg: str
    title: str
    facts: Sequence[str]
    money: str
    members: str
    folded: str
    owner: str
    command: str


def build_incidents(rows: Rows, reader: Reader) -> list[Incident]:
    """Incidents as cards."""
    return [_incident(row, reader) for row in rows]


def _incident(row: Mapping[str, Any], reader: Reader) -> Incident:
    t, text = reader.text, reader.metric(row["metric"])
    scope = t(f"scope.{row['scope']}") if reader.words.has(f"scope.{row['scope']}") else str(row["scope"])
    named = reader.label("category", row["group"]) or reader.label("region", row["group"])
    group = named or (str(row["group"]) if row["scope"] in OWN_NAMES else "")
    name = reader.of(text.name) if text else str(row["metric"])
    where = scope if row["scope"] == "platform" or not group else f"{scope} {group}"
    title = t("tower.incident.title", group=where, metric=name)
    if row["scope"] == FEED:
        title = t("tower.incident.feed_title", feed=reader.label("feed", row["group"]))
    told = [t("tower.incident.since", day=reader.day_short(row["opened_on"]))]
    if row["effect"] is not None:
        told.insert(0, _size(row, reader))
    if row["p_value"] is not None:
        told.append(t("tower.incident.chance", p=chance(row["p_value"], reader)))
    leg = reader.label("legs", row["leg"])
    return Incident(
        incident_id=row["incident_id"],
        light="red",
        leg=leg,
        title=title,
        facts=told,
        money=reader.money(row["money"]) if row["money"] else t("tower.incident.unpriced"),
        members=t("tower.incident.members", n=row["members"] or 0),
        folded=t("tower.incident.folded", n=row["alerts"]) if row["alerts"] else "",
        owner=t("tower.incident.has", who=row["acked_by"]) if row["acked_by"] else "",
        command=f"merchant-gps alerts ack {row['incident_id']}",
    )


def _size(row: Mapping[str, Any], reader: Reader) -> str:
    """How far a group has moved; of a feed, for how many of its merchants it has no news."""
    if row["scope"] == FEED:
        return reader.text("tower.incident.feed_share", share=reader.percent(row["effect"], 1))
    return reader.text("tower.incident.effect", effect=reader.number(abs(row["effect"]), 1))


def chance(value: float, reader: Reader) -> str:
    """A small probability without a row of noughts: ``< 0.01%``."""
    return "< " + reader.percent(0.0001, 2) if value < 0.0001 else reader.percent(value, 2)
