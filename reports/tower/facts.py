"""What the platform's page is made from: plain rows, already read and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.merchant.facts import EventFact

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class TowerMerchants:
    """All merchants as columns of one length, dearest first; `rank` is the order of urgency.

    `lights` holds seven letters in the order of the route: r(ed), a(mber), g(reen), s(tar), x (grey).
    """

    page: Sequence[str]
    merchant_id: Sequence[str]
    name: Sequence[str]
    category: Sequence[str | None]
    growth_stage: Sequence[str | None]
    size_class: Sequence[str | None]
    manager: Sequence[str | None]
    rank: Sequence[int | None]
    lights: Sequence[str]
    money: Sequence[float]
    money_before: Sequence[float | None]
    why: Sequence[str | None]
    why_value: Sequence[float | None]
    alerts_open: Sequence[int]
    alerts_acked: Sequence[int]


@dataclass(frozen=True)
class TowerFacts:
    """Everything the page says. `before` is the day compared with; None when there is none."""

    before: date | None
    totals: Mapping[str, Any]
    merchants: TowerMerchants
    events: Sequence[EventFact]
    matrix: Rows
    incidents: Rows
    alerts: Rows
    feeds: Rows
    coverage: Rows
    quality: Rows
    alert_quality: Rows = ()
