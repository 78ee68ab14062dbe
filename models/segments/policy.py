"""The numbers that segments rest on, as one typed, frozen object (data/policy/segments.yaml)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.metrics.words import Frozen

GrowthStage = Literal["new", "growing", "mature", "declining", "dormant"]
SizeClass = Literal["key", "mid", "small"]


class SegmentPolicy(Frozen):
    """Thresholds of growth stage and size; `data/policy/segments.yaml` says what each means."""

    new_days: Annotated[int, Field(ge=1)]
    trailing_days: Annotated[int, Field(ge=28, le=400)]
    compare_days: Annotated[int, Field(ge=7, le=200)]
    growing_above: Annotated[float, Field(gt=1)]
    declining_below: Annotated[float, Field(gt=0, lt=1)]
    doubt_units: Annotated[float, Field(ge=0)]
    dormant_days: Annotated[int, Field(ge=7)]
    min_known_days: Annotated[int, Field(ge=1)]
    key_share: Annotated[float, Field(gt=0, lt=1)]
    mid_share: Annotated[float, Field(gt=0, lt=1)]
    main_way_share: Annotated[float, Field(ge=0.5, lt=1)] = 0.6

    @model_validator(mode="after")
    def _in_order(self) -> SegmentPolicy:
        if self.key_share >= self.mid_share:
            raise ValueError(f"key_share {self.key_share} must be below mid_share {self.mid_share}")
        return self

    @property
    def days_needed(self) -> int:
        """Days of history that are read."""
        return max(self.trailing_days, 2 * self.compare_days, self.dormant_days)
