"""What counts as a right alert is policy: days of grace, chains of legs, families that are background.

Kept apart from the matching, so that a stricter or milder reading of the same backtest is a change of data.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.evaluation.intervals import Resampling

# Scopes whose trouble belongs to a group and should be one incident; every other scope is one merchant's own.
GROUP_SCOPES = frozenset({"platform", "category", "region", "carrier", "warehouse", "feed"})


class EvaluationPolicy(BaseModel):
    """How an alert is judged; see `data/policy/evaluation.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grace_days: Annotated[int, Field(ge=0)] = 10
    burn_in_days: Annotated[int, Field(ge=0)] = 0
    group_found_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    background_families: tuple[str, ...] = ()
    chains: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    intervals: Resampling = Resampling()

    def chain(self, root_leg: str) -> tuple[str, ...]:
        """Legs on which trouble of a root leg may rightly show; the root leg itself where nothing is said."""
        return self.chains.get(root_leg, (root_leg,))
