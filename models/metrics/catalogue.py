"""The metric catalogue: what a policy profile says, as typed, frozen objects.

The idea: a metric is a row of data. Its kind decides the arithmetic and the statistics, its limits the colours; a new
metric of a known kind needs no code. Whatever cannot work is refused when the file is loaded.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from models.metrics.expression import Expression, parse_expression
from models.metrics.rules import Columns, Days, Limit, LookBack, Needs
from models.metrics.words import Frozen, Sentences, Words

__all__ = [
    "LEGS",
    "Break",
    "BreakRule",
    "Level",
    "Limit",
    "Mean",
    "Metric",
    "MetricBase",
    "Rate",
    "Ratio",
    "WindowedMetric",
]

Leg = Literal["stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment", "data"]
Unit = Literal["percent", "count", "hours", "days", "score", "units", "money", "times"]
Probability = Annotated[float, Field(gt=0, lt=1)]

LEGS: tuple[str, ...] = ("stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment")


class MetricBase(Frozen):
    """What every metric says, whatever its kind.

    `surprise`: whether a turn for the worse against the merchant's own past is evidence of trouble. `incident`:
    whether a whole group that turns for the worse is an incident (else the group's effect is only taken off).
    """

    id: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=64)]
    leg: Leg
    feeds: Annotated[tuple[str, ...], Field(min_length=1)]
    core: bool = False
    better: Literal["lower", "higher"] = "lower"
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=3)] = 1
    surprise: bool = True
    incident: bool = True
    limits: tuple[Limit, ...] = ()
    name: Words
    short: Words
    how: Words
    good: Sentences
    bad: Sentences

    @model_validator(mode="after")
    def _limits_in_order(self) -> MetricBase:
        for limit in self.limits:
            if limit.amber is None or limit.red is None or self.reads_red_elsewhere:
                continue
            worse = limit.red >= limit.amber if self.better == "lower" else limit.red <= limit.amber
            if not worse:
                raise ValueError(
                    f"{self.id}: red {limit.red} must be worse than amber {limit.amber} ({self.better} is better)"
                )
        return self

    @model_validator(mode="after")
    def _counts_of_rates(self) -> MetricBase:
        if getattr(self, "kind", "") != "rate" and any(limit.count for limit in self.limits):
            raise ValueError(f"{self.id}: only a rate has bad events that a limit may count")
        return self

    @property
    def reads_red_elsewhere(self) -> bool:
        """Whether red looks at another figure than amber, so that the two limits cannot be compared."""
        return False

    def limit_of(self, kind: str, day: date) -> Limit | None:
        """Limit of a kind that holds on a day; the one listed last wins."""
        found = [limit for limit in self.limits if limit.kind == kind and limit.holds_on(day)]
        return found[-1] if found else None


class WindowedMetric(MetricBase):
    """A quotient of sums over days in (as_of - lag - length, as_of - lag].

    With `look_back` a merchant is judged in one of two windows; with `needs` only from a volume on. Days on which the
    column `counts_while` is 0 (a shop closed by plan) are no part of it; where it is not known they are.
    """

    numerator: Columns
    denominator: Columns
    windows: Annotated[tuple[Days, ...], Field(min_length=1)]
    lag: Annotated[int, Field(ge=0, le=120)] = 0
    min_n: Annotated[float, Field(ge=1)]
    look_back: LookBack | None = None
    needs: Needs | None = None
    counts_while: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None

    @model_validator(mode="after")
    def _two_windows_to_look_back(self) -> WindowedMetric:
        if self.look_back and not (len(self.windows) == 2 and self.windows[0] < self.windows[1]):
            raise ValueError(f"{self.id}: look_back chooses between two windows, the shorter first; got {self.windows}")
        return self

    @cached_property
    def numerator_expression(self) -> Expression:
        """The numerator, parsed."""
        return parse_expression(self.numerator)

    @cached_property
    def denominator_expression(self) -> Expression:
        """The denominator, parsed."""
        return parse_expression(self.denominator)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of merchant_day (or of a daily source) that the metric reads."""
        conditions = [one.expression for one in (self.look_back, self.needs) if one is not None]
        conditions += [limit.count.expression for limit in self.limits if limit.count is not None]
        named = [self.numerator_expression, self.denominator_expression, *conditions]
        while_column = () if self.counts_while is None else (self.counts_while,)
        return tuple(dict.fromkeys((*(column for one in named for column in one.columns), *while_column)))

    @property
    def window_labels(self) -> tuple[str, ...]:
        """Windows as the tables name them."""
        return tuple(f"{length}d" for length in self.windows)

    @property
    def days_needed(self) -> int:
        """Days up to as_of that the longest window, or the volume it asks for, reaches back."""
        return max(max(self.windows) + self.lag, self.needs.days if self.needs else 0)


class Rate(WindowedMetric):
    """sum(numerator) / sum(denominator) of whole orders or sessions.

    `per`: a `share` counts bad ones among all (beta-binomial); an `exposure` counts events that may come several times
    to one of the denominator, such as contacts per order (gamma-Poisson).
    """

    kind: Literal["rate"]
    per: Literal["share", "exposure"] = "share"
    min_bad: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _events_are_bad(self) -> Rate:
        if self.per == "exposure" and self.better == "higher":
            raise ValueError(f"{self.id}: per: exposure counts bad events, so lower is better; use a ratio or a mean")
        return self

    @model_validator(mode="after")
    def _limits_are_shares(self) -> Rate:
        if self.per == "exposure":
            return self
        for limit in self.limits:
            for name, value in (("amber", limit.amber), ("red", limit.red)):
                if value is not None and not 0 <= value <= 1:
                    raise ValueError(f"{name} {value:g} is no share; write parts of 1, such as 0.03 for 3 %")
        return self


class Mean(WindowedMetric):
    """sum / n with the sum of squares."""

    kind: Literal["mean"]
    sum_of_squares: Columns

    @cached_property
    def squares_expression(self) -> Expression:
        """The sum of squares, parsed."""
        return parse_expression(self.sum_of_squares)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of merchant_day that the metric reads."""
        return (*super().columns, *self.squares_expression.columns)


class Ratio(WindowedMetric):
    """A weighted or non-binomial quotient; its doubt comes from the days themselves.

    `min_n` counts the denominator, or the columns named by `size` (summed, or the mean per day) where that says more.
    `per_window` multiplies by the window's length (units sold in 90 days over the mean stock).
    """

    kind: Literal["ratio"]
    size: Columns | None = None
    size_is: Literal["sum", "mean"] = "sum"
    per_window: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of merchant_day that the metric reads."""
        more = parse_expression(self.size).columns if self.size else ()
        return (*super().columns, *more)


class StateMetric(MetricBase):
    """A metric whose window is named, not counted."""

    window: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]

    @property
    def window_labels(self) -> tuple[str, ...]:
        """The one window, as the tables name it."""
        return (self.window,)


class Level(StateMetric):
    """A state of today: a column of the level table; its limits may look at other columns of it."""

    kind: Literal["level"]
    observed: str
    amber_column: str | None = None
    red_column: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    money: str | None = None

    @property
    def reads_red_elsewhere(self) -> bool:
        """Whether red looks at another column than amber."""
        return self.red_column is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the level table that the metric reads."""
        named = (self.observed, self.amber_column, self.red_column, self.numerator, self.denominator, self.money)
        return tuple(dict.fromkeys(name for name in named if name))


class BreakRule(Frozen):
    """`days` of the last `of` days, today among them, below a quantile, and (if `control`) past the day's control."""

    quantile: Literal["q025", "q10"] | None = None
    days: Annotated[int, Field(ge=1)] = 1
    of: Annotated[int, Field(ge=1)] = 1
    control: bool = False

    @model_validator(mode="after")
    def _asks_something(self) -> BreakRule:
        if self.quantile is None and not self.control:
            raise ValueError("a break rule needs a quantile, control: true, or both")
        if self.days > self.of:
            raise ValueError(f"{self.days} of {self.of} days can never be met")
        return self


class Break(StateMetric):
    """What came against what was forecast before it."""

    kind: Literal["break"]
    measure: Literal["orders", "units", "gmv", "visitors"]
    horizon: Literal[1, 7]
    min_n: Annotated[int, Field(ge=1)]
    amber: BreakRule
    red: BreakRule
    mark: Literal["O", "T", "P"]
    source: str


Metric: TypeAlias = Annotated[Rate | Mean | Ratio | Level | Break, Field(discriminator="kind")]
