"""A policy profile: all metrics of a platform, and how sure one must be before a colour is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from pydantic import Field, model_validator

from models.metrics.catalogue import Break, Level, Mean, Metric, Probability, Rate, Ratio, WindowedMetric
from models.metrics.review import Review
from models.metrics.words import Frozen, Words


class Colouring(Frozen):
    """How sure one must be before a colour is shown (policy.md, "Kinds of limit")."""

    red_probability: Probability = 0.975
    amber_probability: Probability = 0.8
    amber_min_bad: int = Field(default=1, ge=0)
    peer_probability: Probability = 0.95
    star_probability: Probability = 0.95
    platform_amber_probability: Probability = 0.5
    breach_days: int = Field(default=14, ge=1, le=60)
    interval: Probability = 0.95
    control_q: Probability = 0.1


class PeerSettings(Frozen):
    """Size of a peer group, rounding of its figures, and the widths that are tried in turn."""

    minimum: int = Field(default=30, ge=2)
    digits: int = Field(default=2, ge=1, le=6)
    groupings: tuple[tuple[str, ...], ...] = ()


class LevelParameters(Frozen):
    """Numbers that the states of stock, supply and staffing are counted with (days, shares, hours)."""

    cover_days_amber: float = Field(default=15, gt=0)
    cover_days_red: float = Field(default=7, gt=0)
    excess_days_amber: float = Field(default=90, gt=0)
    excess_days_red: float = Field(default=180, gt=0)
    dead_days_amber: float = Field(default=60, gt=0)
    dead_days_red: float = Field(default=90, gt=0)
    open_hours: float = Field(default=24, gt=0, le=24)
    odd_price: float = Field(default=0.25, gt=0, description="Change of a price beyond which it is taken for a mistake")
    price_days: int = Field(default=28, ge=7, description="Days that a product's usual price is the median of")
    price_least_days: int = Field(default=3, ge=1, description="Fewest of them on which the product sold")
    staffing_days: int = Field(default=14, ge=1, le=60)
    staffing_history_days: int = Field(default=28, ge=7)
    occupancy: float = Field(default=0.85, gt=0, le=1)


class PriorSettings(Frozen):
    """Groups that a merchant's rate is shrunk to, and how many merchants a group needs."""

    groupings: tuple[tuple[str, ...], ...] = ()
    minimum: int = Field(default=20, ge=2)
    largest_strength: float = Field(default=2000, gt=0)
    smallest_strength: float = Field(default=2, gt=0)


class Profile(Frozen):
    """A whole policy profile."""

    id: str
    name: Words
    note: str = ""
    colouring: Colouring = Colouring()
    peers: PeerSettings = PeerSettings()
    priors: PriorSettings = PriorSettings()
    levels: LevelParameters = LevelParameters()
    review: Review | None = None
    metrics: tuple[Metric, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Profile:
        seen: set[str] = set()
        for metric in self.metrics:
            if metric.id in seen:
                raise ValueError(f"metric {metric.id} stands twice")
            seen.add(metric.id)
        return self

    @cached_property
    def by_id(self) -> dict[str, Metric]:
        """Metrics by id."""
        return {metric.id: metric for metric in self.metrics}

    def metric(self, metric_id: str) -> Metric:
        """Return a metric; KeyError says which are known."""
        try:
            return self.by_id[metric_id]
        except KeyError:
            raise KeyError(f"no metric {metric_id!r} in profile {self.id}; it has {sorted(self.by_id)}") from None

    def of_leg(self, leg: str) -> tuple[Metric, ...]:
        """Metrics of a leg, in the order of the file."""
        return tuple(metric for metric in self.metrics if metric.leg == leg)

    def windowed(self) -> Iterator[WindowedMetric]:
        """Rates, means and ratios."""
        return (metric for metric in self.metrics if isinstance(metric, (Rate, Mean, Ratio)))

    def levels_and_breaks(self) -> tuple[tuple[Level, ...], tuple[Break, ...]]:
        """Return the states of today, and the breaks against the forecast."""
        levels = tuple(metric for metric in self.metrics if isinstance(metric, Level))
        return levels, tuple(metric for metric in self.metrics if isinstance(metric, Break))

    @cached_property
    def day_columns(self) -> tuple[str, ...]:
        """Columns by merchant and day that the windowed metrics read, sorted."""
        return tuple(sorted({column for metric in self.windowed() for column in metric.columns}))
