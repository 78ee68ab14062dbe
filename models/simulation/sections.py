"""What every part of the simulation's settings is made of: a frozen section, ranges, and a merchant's lasting rate."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Range = tuple[float, float]
Days = tuple[Count, Count]


class Section(BaseModel):
    """Base of every section: frozen, and a key that nobody reads is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Trait(Section):
    """A lasting rate of each merchant: healthy ones around `mean`, a share `tail` from `tail_range`."""

    mean: Share
    spread: NotNegative = 0.3
    tail: Share = 0.0
    tail_range: tuple[Share, Share] = (0.0, 0.0)
    family: str = ""
    root_leg: str = ""
