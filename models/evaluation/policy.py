"""What counts as a right alert is policy: days of grace, chains of legs, families that are background.

Kept apart from the matching, so that a stricter or milder reading of the same backtest is a change of data.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.evaluation.injection import Injection
from models.evaluation.intervals import Resampling
from models.evaluation.lasting import LastingMoves

# Scopes whose trouble belongs to a group and should be one incident; every other scope is one merchant's own.
GROUP_SCOPES = frozenset({"platform", "category", "region", "carrier", "warehouse", "feed"})


class InjectionPolicy(BaseModel):
    """What is put into real series, and at what price of false alarms it must be found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_1000: Annotated[float, Field(gt=0)] = 1.0
    apart_days: Annotated[int, Field(ge=0)] = 7
    least_per_day: Annotated[float, Field(ge=0)] = 100.0
    alternate_days: Annotated[int, Field(ge=1)] = 14
    waves: Annotated[int, Field(ge=1)] = 2
    merchants: Annotated[int, Field(ge=100)] = 2000
    least_of_day: Annotated[int, Field(ge=1)] = 200
    nominal: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = (1e-2, 1e-3, 1e-4)
    lasting: LastingMoves = LastingMoves()
    cases: tuple[Injection, ...] = ()

    @property
    def days_after(self) -> int:
        """Days after an onset that must be judged."""
        return max((day for case in self.cases for day in case.judged_on), default=1)


class EvaluationPolicy(BaseModel):
    """How an alert is judged; see `data/policy/evaluation.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grace_days: Annotated[int, Field(ge=0)] = 10
    burn_in_days: Annotated[int, Field(ge=0)] = 0
    mature_days: Annotated[int, Field(ge=1)] = 14
    group_found_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    echo_scopes: tuple[str, ...] = ()
    background_families: tuple[str, ...] = ()
    chains: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    chains_of_families: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    intervals: Resampling = Resampling()
    injection: InjectionPolicy = InjectionPolicy()

    def chain(self, root_leg: str, family: str = "") -> tuple[str, ...]:
        """Legs on which trouble may rightly show: those of its family, of its root leg, else the root leg alone."""
        return self.chains_of_families.get(family) or self.chains.get(root_leg, (root_leg,))
