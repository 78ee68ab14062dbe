"""The numbers that staffing rests on, as one typed, frozen object (data/policy/staffing.yaml)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.metrics.words import Frozen

Share = Annotated[float, Field(gt=0, lt=1)]


class StaffingPolicy(Frozen):
    """Numbers of the staffing plan; `data/policy/staffing.yaml` says what each means."""

    history_days: Annotated[int, Field(ge=7, le=200)]
    horizon_days: Annotated[int, Field(ge=1, le=28)]
    answer_share: Share
    answer_seconds: Annotated[float, Field(gt=0)]
    occupancy: Share
    shrinkage: Annotated[float, Field(ge=0, lt=1)]
    concurrency: Annotated[float, Field(ge=1)]
    handle_seconds: Annotated[float, Field(gt=0)]
    least_sessions: Annotated[float, Field(ge=0)]
    prior_sessions: Annotated[float, Field(gt=0)]
    bot_share: Share
    sample_merchants: Annotated[int, Field(ge=1)] = 5000
    prior_merchants: Annotated[float, Field(gt=0)] = 20.0
    after_sale_days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(default=(1, 3, 7), min_length=1)
    # Read until version 1; the spread of an hour is estimated now.
    dispersion: Annotated[float, Field(ge=1)] | None = None
