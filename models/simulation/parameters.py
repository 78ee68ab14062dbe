"""Everything that shapes the simulated platform is data; these are its types.

The idea: a caller can draw a platform that no detector was ever tuned on, by changing a file.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from models.calendar.event import PHASES
from models.simulation.noise import NoiseShape
from models.simulation.sections import Count, Days, Positive, Range, Section, Share, Trait
from models.simulation.strain import Strain


class FeedShape(Section):
    """How much of each feed exists, and when it is delivered."""

    detail_days: Annotated[int, Field(ge=1)]
    plan_days_ahead: Annotated[int, Field(ge=0, le=90)]
    roster_days_back: Count
    roster_days_ahead: Annotated[int, Field(ge=0, le=90)]
    service_hour_days: Count
    consultation_days: Count
    consultation_share: Share
    fulfilment_ages: tuple[Count, ...]
    after_sale_ages: tuple[Count, ...]
    event_days_ahead: Count

    @model_validator(mode="after")
    def _ages_rise(self) -> FeedShape:
        for name in ("fulfilment_ages", "after_sale_ages"):
            ages = getattr(self, name)
            if not ages or ages[0] != 0 or list(ages) != sorted(set(ages)) or ages[-1] > 90:
                raise ValueError(f"{name} must begin with 0, rise, and end at 90 or before")
        return self


class Stage(Section):
    """A growth stage: share of merchants, and its range of growth per year."""

    share: Share
    growth: Range


class WorldParameters(Section):
    """Who the merchants are."""

    locales: dict[str, Share]
    timezones: dict[str, str]
    stages: dict[str, Stage]
    dormant_level: Share
    closed_share: Share
    new_within_days: Annotated[int, Field(ge=1)]
    new_ramp_days: Annotated[int, Field(ge=1)]
    orders_median: Positive
    orders_sigma: Positive
    products_median: Positive
    products_sigma: Positive
    products_most: Annotated[int, Field(ge=1, le=999)]
    products_by_size: Share
    mentor_share: Share
    managers_per_merchants: Annotated[int, Field(ge=1)]
    second_lane_share: Share


class PhaseLift(Section):
    """What a phase of an event does: factors, and the depth of discounts."""

    visitors: Positive = 1.0
    conversion: Positive = 1.0
    refunds: Positive = 1.0
    depth: Share = 0.0


class DemandParameters(Section):
    """How many come and buy."""

    conversion_median: Share
    conversion_sigma: Positive
    lines_per_order: Annotated[float, Field(ge=1)]
    extra_units_per_line: Annotated[float, Field(ge=0)]
    pages_per_visitor: Annotated[float, Field(ge=1)]
    carts_per_visitor: Share
    dispersion: tuple[Positive, Positive, Positive]
    dispersion_most: Positive
    slow_share: Share
    slow_memory: Share
    fast_share: Share
    fast_memory: Share
    noise: NoiseShape = NoiseShape()
    weekday: Annotated[tuple[Positive, ...], Field(min_length=7, max_length=7)]
    weekend_spread: Annotated[float, Field(ge=0)]
    event_power_spread: Annotated[float, Field(ge=0)]
    promotion_gap_days: Positive
    promotion_days: Days
    promotion_depth: tuple[Share, Share]
    promotion_visitors: Annotated[float, Field(ge=0)]
    promotion_conversion: Annotated[float, Field(ge=0)]
    events: dict[str, dict[str, PhaseLift]]

    @model_validator(mode="after")
    def _known_phases(self) -> DemandParameters:
        unknown = sorted({phase for lifts in self.events.values() for phase in lifts} - set(PHASES))
        if unknown:
            raise ValueError(f"no phase of an event is called {unknown}; known: {sorted(PHASES)}")
        return self


class StockParameters(Section):
    """How merchants buy and keep stock."""

    lead_time_spread: Positive
    lead_time_sd_share: Share
    promise_deviations: Annotated[float, Field(ge=0)]
    review_days: tuple[Annotated[int, Field(ge=1)], ...]
    safety_factor: Positive
    demand_noise: Positive
    order_cover_days: Positive
    feast_days: Count
    level_memory: Share
    ship_share: Share
    ran_out_share: Share
    poor_buyers: Trait
    overstock: Trait
    overstock_times: Range
    order_multiples: tuple[Annotated[int, Field(ge=1)], ...]


class FulfilmentParameters(Section):
    """What becomes of orders."""

    seller_cancel: Trait
    buyer_cancel: Trait
    late_dispatch: Trait
    untracked: Trait
    late_delivery: Trait
    missed_pickup: Share
    dispatched_same_day: Share
    dispatched_next_day: Share
    late_out_by_day_3: Share
    late_out_by_day_7: Share
    late_out_by_day_14: Share
    near_share: Share
    carrier_memory: Share
    carrier_spread: Annotated[float, Field(ge=0)]
    late_delivery_by_late_dispatch: Share


class ServiceParameters(Section):
    """Chats, bot and people."""

    pre_sale_per_visitor: Share
    after_sale_per_order: Share
    after_sale_per_late: Share
    after_sale_per_refund: Share
    bot_share: Trait
    bot_resolves: Share
    bot_uses: Share
    slow_reply: Trait
    slow_3min: Trait
    replied_within_day: Share
    replied_48h: Share
    handle_seconds: tuple[Positive, Positive]
    share_08_23: Share
    agent_hours_load: Share
    chats_per_agent_hour: Positive
    concurrency: Annotated[int, Field(ge=1)]
    roster_min_sessions: Positive
    lost_orders: Share
    roster_hours: tuple[Annotated[int, Field(ge=0, le=23)], Annotated[int, Field(ge=0, le=23)]]


class AfterSaleParameters(Section):
    """Refunds, claims, cases."""

    negative: Trait
    claim: Share
    chargeback: Share
    seller_refund: Trait
    intervention: Share
    revealed: tuple[Share, ...]
    negative_by_late: Share
    seller_refund_by_late: Share
    case_per_order: Share
    case_unresolved: Share
    refund_hours: Positive
    refund_lag_days: Positive


class ExperienceParameters(Section):
    """Reviews and surveys."""

    reviews_per_order: Share
    review_lag_days: Positive
    stars: Annotated[tuple[Share, ...], Field(min_length=5, max_length=5)]
    unhappy: Trait
    unhappy_by_late: Share
    unhappy_spread: Share
    text_share: Share
    nps_per_order: Share
    csat_per_session: Share
    csat_good: Share
    survey_text_share: Share


class Category(Section):
    """A category of goods."""

    weight: Positive
    price: tuple[Positive, Positive]
    refunds: Share
    lead_days: Positive
    event: Positive
    season: tuple[Annotated[int, Field(ge=1, le=12)], Share]
    shelf_life: Positive | None = None


class Region(Section):
    """A region, and the code of its warehouses."""

    weight: Positive
    code: str


class SimulationParameters(Section):
    """The whole platform; see `data/policy/simulation.yaml`."""

    feeds: FeedShape
    world: WorldParameters
    demand: DemandParameters
    stock: StockParameters
    fulfilment: FulfilmentParameters
    service: ServiceParameters
    after_sale: AfterSaleParameters
    experience: ExperienceParameters
    strain: Strain = Strain()
    categories: dict[str, Category]
    regions: dict[str, Region]
    carriers: dict[str, Positive]

    @model_validator(mode="after")
    def _one_share_per_age(self) -> SimulationParameters:
        if len(self.after_sale.revealed) != len(self.feeds.after_sale_ages):
            raise ValueError("after_sale.revealed needs one share per feeds.after_sale_ages")
        return self

    def traits(self) -> dict[str, Trait]:
        """Every trait of the platform, by name."""
        sections = (self.stock, self.fulfilment, self.service, self.after_sale, self.experience)
        named = [(name, getattr(section, name)) for section in sections for name in type(section).model_fields]
        return {name: value for name, value in named if isinstance(value, Trait)}
