"""What a merchant's page is made from: plain values, already read, nothing computed here.

Tuples with names, so that a block of merchants can be filled straight from columns (``Class._make`` over zipped
columns) and a page costs microseconds before its HTML is written. None means not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

LEGS = ("stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment")
SEVERITY = {"red": 0, "amber": 1, "green": 2, "star": 3, "grey": 4}


class MetricText(NamedTuple):
    """A metric of the policy profile; texts by locale."""

    metric: str
    leg: str
    kind: str
    unit: str
    decimals: int
    better: str  # lower or higher
    core: bool
    red_elsewhere: bool  # red looks at another figure than the one shown, so its limit is not drawn
    name: Mapping[str, str]
    short: Mapping[str, str]
    how: Mapping[str, str]
    good: Mapping[str, str]
    bad: Mapping[str, str]


class PromptText(NamedTuple):
    """A situation of the playbook in one language; reason is a list of clauses."""

    action: str
    reason: Sequence[str]
    proof: str


class LegFact(NamedTuple):
    """A row of leg_status; `reason` is a machine code."""

    leg: str
    light: str
    reason: str | None


class MetricFact(NamedTuple):
    """A row of metric_signals."""

    metric: str
    window: str
    leg: str
    kind: str
    numerator: float | None
    denominator: float | None
    observed: float | None
    expected: float | None
    low: float | None
    high: float | None
    limit_amber: float | None
    limit_red: float | None
    limit_source: str | None
    peer_group_size: int | None
    peer_p25: float | None
    peer_p50: float | None
    peer_p75: float | None
    peer_percentile: float | None
    days_to_breach: float | None
    light: str
    more_bad_until_red: float | None
    good_until_green: float | None
    since: date | None
    previous: float | None
    grey_reason: str | None
    sample: float | None
    min_n: float | None
    review_on: date | None = None
    breach_at_review: float | None = None


class PromptFact(NamedTuple):
    """A row of prompts; its texts are in `locale` and can be said in another language from `situation` and `params`."""

    prompt_id: str
    leg: str
    action: str
    reason: str
    due_on: date | None
    worth: float | None
    proof: str
    good_news: bool
    today: bool = True
    light: str | None = None
    situation: str | None = None
    params: str | None = None
    locale: str | None = None


class StockFact(NamedTuple):
    """A row of replenishment_plan with the product's name."""

    sku_id: str
    sku_name: str | None
    size_class: str | None
    on_hand: float | None
    inbound: float | None
    days_of_cover: float | None
    p_stock_out_14: float | None
    stock_out_on: date | None
    stock_out_on_early: date | None
    stock_out_on_late: date | None
    order_qty: float | None
    order_by: date | None
    excess_units: float | None
    event_gap: float | None
    next_receipt_on: date | None


class FeedFact(NamedTuple):
    """A row of feed_status."""

    feed: str
    status: str
    last_on: date | None
    since: date | None


class EventFact(NamedTuple):
    """An event of the calendar; the name by locale."""

    event_id: str
    name: Mapping[str, str]
    phase: str
    starts_on: date
    ends_on: date
    scope: str | None


class OutlookParts(NamedTuple):
    """What a forecast is made of: a usual day, factors by name as columns, models with their weights of the week."""

    level: float | None
    factors: Mapping[str, Sequence[float | None]]
    models: Sequence[tuple[str, float]] = ()


class Outlook(NamedTuple):
    """Actuals and forecast of one measure as columns; days follow each other without gaps.

    `yesterday` is the forecast made the day before for the last actual day: (mean, q10, q90, actual).
    """

    measure: str
    actual_from: date
    actual: Sequence[float | None]
    made_on: date
    mean: Sequence[float | None]
    q025: Sequence[float | None]
    q10: Sequence[float | None]
    q25: Sequence[float | None]
    q50: Sequence[float | None]
    q75: Sequence[float | None]
    q90: Sequence[float | None]
    q975: Sequence[float | None]
    yesterday: tuple[float, float, float, float] | None = None
    parts: OutlookParts | None = None


@dataclass(frozen=True)
class MerchantFacts:
    """Everything one page says."""

    merchant_id: str
    name: str
    locale: str
    category: str | None = None
    region: str | None = None
    growth_stage: str | None = None
    size_class: str | None = None
    light: str = "grey"
    money_at_risk: float | None = None
    money_before: float | None = None
    legs: Sequence[LegFact] = ()
    metrics: Sequence[MetricFact] = ()
    prompts: Sequence[PromptFact] = ()
    stock: Sequence[StockFact] = ()
    feeds: Sequence[FeedFact] = ()
    events: Sequence[EventFact] = ()
    outlook: Outlook | None = None


@dataclass(frozen=True)
class PageContext:
    """What all pages of a day share."""

    as_of: date
    platform_name: str
    currency: str
    policy_name: Mapping[str, str]
    metrics: Mapping[str, MetricText]
    playbook: Mapping[str, Mapping[str, PromptText]] = field(default_factory=dict)  # situation -> locale -> texts
    assets: Mapping[str, str] = field(default_factory=dict)  # file name -> version, for the address of static files
