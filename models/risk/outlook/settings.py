"""Settings of the outlook (`outlook:` of `policy/risk.yaml`): what counts as bad, who is judged, how it is learned."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from models.metrics.words import Frozen

Probability = Annotated[float, Field(gt=0, lt=1)]


class DormancySettings(Frozen):
    """No sale at all within the horizon, of a merchant that sold in the trailing days."""

    healthy_days: int = Field(default=7, ge=1, le=28, description="Still healthy: sold within so many days")


class RatingSettings(Frozen):
    """Reviews of the horizon that are worse on average than the merchant's own before."""

    fall: float = Field(default=0.3, gt=0, description="Stars by which the mean must fall")
    days: int = Field(default=56, ge=14, le=112, description="Days before that it is held against")
    least_before: int = Field(default=10, ge=1, description="Fewest reviews before")
    least_ahead: int = Field(
        default=5, ge=1, description="Fewest reviews of the horizon, else nothing is learned of it"
    )
    healthy_fall: float = Field(
        default=0.15, gt=0, description="Still healthy: the last 14 days have not fallen so far"
    )


class BreachSettings(Frozen):
    """A rate that is inside its red limit today and over it on some day of the horizon."""

    healthy_share: Probability = Field(
        default=0.75, description="Still healthy: the rate is below this part of the limit"
    )
    merchants: int = Field(default=600, ge=50, description="Merchants that are learned from; each has a dozen rates")


class TreeSettings(Frozen):
    """Boosted trees. Shallow and few: there are hundreds of events to learn from, not thousands."""

    iterations: int = Field(default=40, ge=10, le=500)
    leaves: int = Field(default=8, ge=2, le=32)
    learning_rate: float = Field(default=0.15, gt=0, le=1)
    least_rows: int = Field(default=50, ge=5, description="Fewest rows of a leaf")
    shrinkage: float = Field(default=5.0, ge=0)
    feature_share: float = Field(default=0.4, gt=0, le=1, description="Features that each split may choose from")
    bins: int = Field(default=63, ge=15, le=255)
    seed: int = 20171111


class LearningSettings(Frozen):
    """What is learned from."""

    history_days: int = Field(default=365, ge=60, description="Days before the month's start that origins lie in")
    origin_step: int = Field(
        default=9, ge=1, description="Days between origins; no multiple of 7, so that all weekdays come"
    )
    merchants: int = Field(default=1000, ge=100, description="Merchants that stand for all")
    rows: int = Field(
        default=12000, ge=500, description="Rows that a model is fitted to; harmless ones are thinned out"
    )
    least_origins: int = Field(default=2, ge=1)
    least_events: int = Field(default=20, ge=5, description="With fewer events in the past there is no probability")
    held_out: Probability = Field(default=0.34, description="Share of the origins, the latest, that calibrate")
    strength: float = Field(
        default=0.02, gt=0, description="Inverse penalty of the logistic regression on all features"
    )
    strength_few: float = Field(default=0.1, gt=0, description="The same of the one on a few figures")
    known_share: float = Field(default=0.25, ge=0, le=1, description="Features known for fewer rows are left out")


class ReasonSettings(Frozen):
    """What is told of a probability."""

    most: int = Field(default=3, ge=1, le=8)
    least_effect: float = Field(default=0.1, ge=0, description="Log odds below which nothing is told")
    from_base: float = Field(default=1.0, ge=0, description="Told from this multiple of the platform's usual share on")


class OutlookSettings(Frozen):
    """Volume collapse and further outcomes: what they are, who is judged, how they are learned."""

    collapse_below: Probability = 0.5
    trailing_days: int = Field(default=28, ge=14, le=56)
    recent_days: int = Field(default=7, ge=3)
    least_age_days: int = Field(default=56, ge=28)
    least_mean: float = Field(default=20, ge=0)
    healthy_ratio: float = Field(default=0.8, gt=0)
    horizons: tuple[int, ...] = (14, 28)
    look_back_days: int = Field(default=112, ge=28, le=400, description="Days that features look back on")
    learning: LearningSettings = LearningSettings()
    trees: TreeSettings = TreeSettings()
    reasons: ReasonSettings = ReasonSettings()
    dormancy: DormancySettings = DormancySettings()
    rating: RatingSettings = RatingSettings()
    breach: BreachSettings = BreachSettings()

    @model_validator(mode="after")
    def _windows_in_order(self) -> OutlookSettings:
        if self.recent_days >= self.trailing_days:
            raise ValueError(
                f"recent_days ({self.recent_days}) must be fewer than trailing_days ({self.trailing_days})"
            )
        if 14 not in self.horizons or 28 not in self.horizons:
            raise ValueError(f"horizons must hold 14 and 28, which merchant_risk tells; got {list(self.horizons)}")
        return self

    @property
    def panel_days(self) -> int:
        """Days up to as_of that today's features and standing need."""
        return max(self.look_back_days, self.least_age_days + 1, self.rating.days)

    @property
    def history_days(self) -> int:
        """Days up to as_of that learning needs: the month so far, the origins, and what the first one looks back on."""
        return 31 + self.learning.history_days + self.panel_days
