"""Alert quality: how many alerts were right and how much trouble they found, by door and by kind of trouble.

The one idea: every share stands with its interval and the number it rests on, so that nine of ten is not read as a
promise; what was never measured is grey, not green.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from reports.formatting import UNKNOWN
from reports.merchant.reader import Reader
from reports.tower.facts import Rows

DOORS = ("all", "limit", "projection", "anomaly", "incident")
MANY = ("all", "slow", "benign")  # families that stand for many


class Share(NamedTuple):
    """A share, its interval, and "6 of 8"; empty texts where it is not known."""

    value: str
    interval: str
    of: str


class Door(NamedTuple):
    """Alerts that opened for one reason."""

    name: str
    right: Share
    found: Share
    lead: str
    opened: str
    told: str


class Kind(NamedTuple):
    """One family of trouble; of benign likenesses `found` is the share that opened an alert."""

    name: str
    benign: bool
    found: Share
    lead: str
    root: str


class AlertQuality(NamedTuple):
    """What was measured, on what, and by door and kind."""

    basis: str
    doors: Sequence[Door]
    kinds: Sequence[Kind]


def build_alert_quality(rows: Rows, reader: Reader) -> AlertQuality | None:
    """The newest measurement; None where there is none."""
    if not rows:
        return None
    doors = {row["opened_by"]: row for row in rows if row["family"] == "all"}
    kinds = [row for row in rows if row["opened_by"] == "all" and row["family"] not in MANY]
    kinds.sort(key=lambda row: (row["benign"], row["family"]))
    shown = [doors[name] for name in DOORS if name in doors and _says_something(doors[name])]
    return AlertQuality(
        basis=_basis(rows[0], reader),
        doors=[_door(row, reader) for row in shown],
        kinds=[_kind(row, reader) for row in kinds],
    )


def _says_something(row: Mapping[str, Any]) -> bool:
    return bool(row["opened_by"] == "all" or row["judged_alerts"] or row["found"])


def _basis(row: Mapping[str, Any], reader: Reader) -> str:
    name = row["backtest"] or reader.text("tower.alert_quality.live")
    first, last = reader.day_short(row["first_on"]), reader.day_short(row["as_of"])
    source = "labels" if row["source"] == "labels" else "truth"
    return reader.text(f"tower.alert_quality.{source}", name=name, first=first, last=last)


def _door(row: Mapping[str, Any], reader: Reader) -> Door:
    right = row["true_alerts"] if row["source"] == "labels" else _number_of(row["precision"], row["judged_alerts"])
    return Door(
        name=reader.text(f"tower.alert_quality.door.{row['opened_by']}"),
        right=_share(row, "precision", right, row["judged_alerts"], reader),
        found=_share(row, "recall", row["found"], row["episodes"], reader),
        lead=_days(row, reader),
        opened=reader.number(row["per_1000_merchant_days"], 1),
        told=reader.number(row["notified_per_1000"], 1),
    )


def _kind(row: Mapping[str, Any], reader: Reader) -> Kind:
    figure = "benign_alerted" if row["benign"] else "recall"
    return Kind(
        name=reader.label("trouble", row["family"]),
        benign=row["benign"],
        found=_share(row, figure, row["found"], row["episodes"], reader),
        lead=_days(row, reader),
        root=reader.percent(row["root_leg_right"], 0),
    )


def _number_of(share: float | None, of: int) -> int:
    return round(share * of) if share is not None and math.isfinite(share * of) else 0


def _share(row: Mapping[str, Any], figure: str, part: int, whole: int, reader: Reader) -> Share:
    if row[figure] is None or not whole:
        return Share(UNKNOWN, "", "")
    low, high = (reader.percent(row[f"{figure}_{end}"], 0) for end in ("low", "high"))
    counted = reader.text("tower.alert_quality.of", part=reader.number(part), whole=reader.number(whole))
    return Share(reader.percent(row[figure], 0), f"{low}–{high}", counted)


def _days(row: Mapping[str, Any], reader: Reader) -> str:
    return reader.number(row["median_lead_days"], 1)
