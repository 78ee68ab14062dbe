"""The numbers that stock planning rests on, as one typed, frozen object (data/policy/replenishment.yaml)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.metrics.words import Frozen

Share = Annotated[float, Field(gt=0, lt=1)]
ValueClass = Literal["A", "B", "C"]
Variability = Literal["X", "Y", "Z"]


class Defaults(Frozen):
    """What is taken for a product that does not say."""

    lead_time_days: Annotated[float, Field(gt=0, le=365)]
    lead_time_sd_share: Annotated[float, Field(ge=0, le=2)]
    review_period_days: Annotated[float, Field(gt=0, le=365)]
    order_multiple: Annotated[float, Field(gt=0)]
    min_order_qty: Annotated[float, Field(ge=0)]
    max_cover_days: Annotated[float, Field(gt=0)]


class Classes(Frozen):
    """Borders of the ABC (value) and XYZ (variability) classes."""

    value_a: Share
    value_b: Share
    variability_x: Annotated[float, Field(gt=0)]
    variability_y: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> Classes:
        if self.value_a >= self.value_b:
            raise ValueError(f"value_a {self.value_a} must be below value_b {self.value_b}")
        if self.variability_x >= self.variability_y:
            raise ValueError(f"variability_x {self.variability_x} must be below variability_y {self.variability_y}")
        return self


class Arrival(Frozen):
    """When a line on its way arrives, out of what the merchant's own lines took of their promised time."""

    shares_of_lines: Annotated[tuple[Share, ...], Field(min_length=1, max_length=20)]
    lines_as_promised: Annotated[int, Field(ge=1, le=1000)]


class ReplenishmentPolicy(Frozen):
    """All numbers of the plan; `data/policy/replenishment.yaml` says what each means."""

    defaults: Defaults
    classes: Classes
    arrival: Arrival
    service_levels: dict[ValueClass, dict[Variability, Share]]
    error_correlation: Annotated[float, Field(ge=0, le=1)]
    least_dispersion: Annotated[float, Field(ge=0)]
    event_quantile: Share
    history_days: Annotated[int, Field(ge=28, le=400)]
    price_days: Annotated[int, Field(ge=1, le=400)]
    stock_age_days: Annotated[int, Field(ge=1, le=30)]
    risk_days: Annotated[int, Field(ge=1, le=28)]
    late_receipt_days: Annotated[int, Field(ge=1)]
    lost_receipt_days: Annotated[int, Field(ge=1)]
    excess_days: Annotated[float, Field(gt=0)]
    dead_days: Annotated[int, Field(ge=1)]
    longest_cover_days: Annotated[float, Field(gt=28)]

    @model_validator(mode="after")
    def _every_class_has_a_level(self) -> ReplenishmentPolicy:
        for value in ("A", "B", "C"):
            missing = {"X", "Y", "Z"} - set(self.service_levels.get(value, {}))
            if missing:
                raise ValueError(f"service_levels: class {value} lacks {', '.join(sorted(missing))}")
        return self
