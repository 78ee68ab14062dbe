"""What can go wrong, and the episodes in which it does: whose, from when to when, how strongly.

The idea: an episode is a strength between 0 and its magnitude that ramps up at its onset and fades over its recovery;
the parts of the chain ask for the strength of the effect they feel and know nothing of families or truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.metrics.catalogue import Leg
from models.simulation.draws import Floats, Ints
from models.simulation.sections import Count, Days, NotNegative, Section, Share

# Effects that a link of the chain feels as a strength, day by day.
Lever = Literal[
    "traffic", "surge", "conversion", "carrier", "dispatch", "reply", "bot", "refunds", "quality", "bad_reviews",
    "fake_orders",
]  # fmt: skip
# Effects on single products or on what is delivered.
Other = Literal["supply", "price_low", "price_high", "price_test", "launch", "silence", "promotion", "closure"]
Effect = Lever | Other
Scope = Literal["product", "merchant", "category", "region", "carrier", "platform", "feed"]
LEVERS: tuple[str, ...] = get_args(Lever)
# Strengths that are a factor or a number of usual days; all others are shares of 1.
BEYOND_ONE = ("surge", "bad_reviews", "fake_orders", "price_high", "price_test", "launch")


class Scenario(Section):
    """One kind of trouble (or of harmless likeness); see `data/policy/scenarios.yaml`."""

    family: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    effect: Effect
    root_leg: Leg
    scope: Scope
    onset_days_before_end: Days
    magnitude: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]
    benign: bool = False
    also: dict[Lever, Share] = Field(default_factory=dict)
    share: Share = 1.0
    groups: Annotated[int, Field(ge=1)] = 1
    values: tuple[str, ...] = ()
    feed: str = ""
    min_orders: NotNegative = 0.0
    demand_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    duration_days: Days | None = None
    ramp_days: Days = (0, 0)
    recovery_days: Days = (0, 0)
    observable_effect: NotNegative = 0.0
    observable_lag_days: Count = 0
    harm_after: Annotated[float, Field(gt=0)] | None = None
    harm_sum: Annotated[float, Field(gt=0)] | None = None
    harm_lag_days: Count = 0

    @model_validator(mode="after")
    def _in_order(self) -> Scenario:
        for name in ("onset_days_before_end", "duration_days", "ramp_days", "recovery_days", "magnitude"):
            pair = getattr(self, name)
            if pair is not None and pair[0] > pair[1]:
                raise ValueError(f"{name}: the least ({pair[0]}) is above the most ({pair[1]})")
        if self.effect == "silence" and not self.feed:
            raise ValueError("an effect 'silence' needs a feed")
        if self.harm_after is not None and self.harm_sum is not None:
            raise ValueError("harm comes after days of full effect (harm_after) or after a sum (harm_sum), not both")
        return self

    @model_validator(mode="after")
    def _fits_its_effect(self) -> Scenario:
        if self.effect not in BEYOND_ONE and self.magnitude[1] > 1:
            raise ValueError(f"magnitude of an effect {self.effect!r} is a share of at most 1, not {self.magnitude[1]}")
        if self.effect in ("launch", "price_low", "price_high", "price_test") and self.scope not in OWN:
            raise ValueError(f"an effect {self.effect!r} is one merchant's: its scope is product or merchant")
        if self.effect == "carrier" and self.scope == "product":
            raise ValueError("a carrier is late with parcels of all products: scope merchant, region, carrier, ...")
        return self

    def weights(self) -> dict[str, float]:
        """Effects and the part of the strength with which each is felt."""
        return {self.effect: 1.0, **{str(lever): part for lever, part in self.also.items()}}


OWN: tuple[Scope, ...] = ("merchant", "product")  # scopes of one merchant


class ScenarioFile(Section):
    """A file of scenarios."""

    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True)
class Episodes:
    """Placed episodes, one row per episode and merchant (rows,); `number` tells rows of one episode together.

    Days are numbers; `last` is the last day with any effect (recovery included), NEVER while still active at the end
    (of effects on supply see `Supply`). `carrier` is the code of the only carrier concerned, -1 for all; `part` is the
    part of the merchant's orders that is concerned.
    """

    kinds: tuple[Scenario, ...]
    number: Ints
    kind: Ints
    merchant: Ints
    value: NDArray[np.object_]
    onset: Ints
    last: Ints
    ramp: Ints
    recovery: Ints
    magnitude: Floats
    carrier: Ints
    part: Floats

    def weight_of(self, effect: str) -> Floats:
        """Part of its strength with which each row has an effect; 0 = not at all."""
        wanted = [kind.weights().get(effect, 0.0) for kind in self.kinds]
        return np.array(wanted, dtype=np.float64)[self.kind] if len(self.kind) else np.zeros(0)

    def rows_of(self, effect: str, feed: str = "") -> NDArray[np.bool_]:
        """Rows that have an effect."""
        wanted = [effect in kind.weights() and kind.feed == feed for kind in self.kinds]
        return np.array(wanted, dtype=bool)[self.kind] if len(self.kind) else np.zeros(0, dtype=bool)

    def strength_of_rows(self, day: int | Ints) -> Floats:
        """Strength of every row on a day: rises over `ramp` days to the magnitude, falls over `recovery`; 0 outside."""
        risen = np.clip((day - self.onset + 1) / (self.ramp + 1), 0.0, 1.0)
        falling = np.clip((self.last + 1 - day) / (self.recovery + 1), 0.0, 1.0)
        inside = (day >= self.onset) & (day <= self.last)
        return np.asarray(np.where(inside, np.minimum(risen, falling) * self.magnitude, 0.0))

    def strength(self, effect: str, day: int, merchants: int, feed: str = "") -> Floats:
        """Strength of an effect on each merchant; the strongest where episodes meet."""
        rows = self.rows_of(effect, feed)
        result = np.zeros(merchants)
        strength = self.strength_of_rows(day) * self.weight_of(effect) * self.part
        np.maximum.at(result, self.merchant[rows], strength[rows])
        return result
