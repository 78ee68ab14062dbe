"""The policy of alerts as typed, frozen objects: what opens one, how severe it is, when it ends.

The idea: a detector only measures; what is worth waking somebody for is decided here, in data that an analyst edits.
"""

from __future__ import annotations

from datetime import time
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.metrics.catalogue import Leg
from models.metrics.words import Frozen

Door = Literal["limit", "projection", "anomaly"]
Days = Annotated[int, Field(ge=0, le=400)]
Share = Annotated[float, Field(gt=0, lt=1)]
Money = Annotated[float, Field(ge=0)]


class LimitDoor(Frozen):
    """Red on a published or own limit."""

    kinds: tuple[Literal["rate", "mean", "ratio", "level", "break"], ...]
    never: tuple[str, ...] = ()
    threshold: Share


class StockOut(Frozen):
    """What an alert about stock that runs out before it can be replaced is called."""

    metric: str
    leg: Leg
    share_of_forecast: Share
    threshold: Share | None = None  # that of the door where none is named


class Evidence(Frozen):
    """What a projected breach rests on: the rate has surely risen, or is over the limit by now.

    `p_value` is the largest of the metric's surprise, `over_now` the smallest probability of being over the limit.
    """

    p_value: Share
    over_now: Share


class ProjectionDoor(Frozen):
    """Not yet over the limit or out of stock, but on the way; without `evidence` the probability of it is enough."""

    threshold: Share
    stock_out: StockOut
    evidence: Evidence | None = None

    @property
    def stock_threshold(self) -> float:
        """Probability of running out from which on it opens an alert."""
        return self.threshold if self.stock_out.threshold is None else self.stock_out.threshold


class AnomalyDoor(Frozen):
    """Merchants that pass the false-discovery control of the day."""

    never: tuple[str, ...] = ()


class Doors(Frozen):
    """The three doors through which an alert opens."""

    limit: LimitDoor
    projection: ProjectionDoor
    anomaly: AnomalyDoor


class Family(Frozen):
    """Metrics that tell of one trouble, and the leg where that trouble starts."""

    leg: Leg
    metrics: Annotated[tuple[str, ...], Field(min_length=1)]


class SeverityRule(Frozen):
    """A row of the severity table; the first that fits wins. What a rule does not name, it does not ask."""

    severity: str
    door: Door | None = None
    money_at_least: Money | None = None
    days_to_harm_at_most: Days | None = None


class SeverityTable(Frozen):
    """Severities from mild to grave, and the table that chooses among them."""

    levels: Annotated[tuple[str, ...], Field(min_length=1)]
    downgrade_after_days: Days
    rules: Annotated[tuple[SeverityRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> SeverityTable:
        if unknown := sorted({rule.severity for rule in self.rules} - set(self.levels)):
            raise ValueError(f"rules name a severity that is not among levels: {unknown[0]!r}")
        last = self.rules[-1]
        if last.door or last.money_at_least is not None or last.days_to_harm_at_most is not None:
            raise ValueError("the last rule must ask nothing, so that every alert gets a severity")
        return self

    @property
    def ranks(self) -> dict[str, int]:
        """Number of each severity, the mildest is 0."""
        return {name: rank for rank, name in enumerate(self.levels)}

    def rank(self, severity: str) -> int:
        """0 is the mildest."""
        return self.levels.index(severity)


class LifecyclePolicy(Frozen):
    """How long an alert must be calm, may sleep, and may come back."""

    resolve_after_calm_days: Annotated[int, Field(ge=1)]
    calm_share_of_threshold: Share
    reopen_within_days: Days
    expire_after_unknown_days: Annotated[int, Field(ge=1)]
    quiet_after_person_resolves_days: Days
    quiet_after_verdict_false_days: Days
    verdicts_that_resolve: tuple[Literal["true", "false", "fixed"], ...]
    apart_from_limit_days: Days = 7

    @property
    def memory_days(self) -> int:
        """How far back resolved alerts still matter."""
        return max(self.reopen_within_days, self.quiet_after_person_resolves_days, self.quiet_after_verdict_false_days)


class IncidentPolicy(Frozen):
    """Which alerts an incident takes in, and how severe it is."""

    opened_days_before_at_most: Days
    severity_of_scope: dict[str, str]


class LateDay(Frozen):
    """When on-call hears that the day before is not complete yet, in the platform's zone.

    `live_within_days`: a platform whose newest complete day is older is not live (a demo, an import), or has been told.
    """

    by: time
    severity: str
    live_within_days: Annotated[int, Field(ge=1, le=60)] = 7


class BudgetPolicy(Frozen):
    """How many alerts may be told one by one on a day, and how many may open before an analyst is warned.

    `over_days`: of so many days only as many are told singly as the share of the merchants allows, the gravest of them.
    """

    alerts_per_1000_merchants: Annotated[float, Field(ge=0)]
    at_least: Annotated[int, Field(ge=0)]
    over_days: Annotated[int, Field(ge=1, le=90)] = 1
    digest_items: Annotated[int, Field(ge=0, le=100)]
    openings_per_1000_merchants: Annotated[float, Field(ge=0)]

    def alerts(self, merchants: int) -> int:
        """Alerts that may be told singly on a day of a platform with so many merchants."""
        return max(self.at_least, round(self.alerts_per_1000_merchants * merchants / 1000))

    def over(self, merchants: int) -> int:
        """Alerts of `over_days` that are grave enough to be told singly."""
        return max(self.at_least, round(self.alerts_per_1000_merchants * merchants * self.over_days / 1000))


class AuditPolicy(Frozen):
    """How many merchants without an alert are looked at each week, to see what was missed."""

    share_per_week: Share = 0.01
    at_least_per_week: Annotated[int, Field(ge=0)] = 1
    at_most_per_week: Annotated[int, Field(ge=1)] = 50

    @model_validator(mode="after")
    def _ordered(self) -> AuditPolicy:
        if self.at_least_per_week > self.at_most_per_week:
            raise ValueError("at_least_per_week is more than at_most_per_week")
        return self

    def per_week(self, merchants: int) -> int:
        """Audits of a week on a platform with so many merchants."""
        wanted = max(round(self.share_per_week * merchants), self.at_least_per_week)
        return min(wanted, self.at_most_per_week)


class AlertPolicy(Frozen):
    """`policy/alerting.yaml`; `own_roots` are metrics that no trouble of another leg explains."""

    doors: Doors
    families: dict[str, Family]
    own_roots: tuple[str, ...] = ()
    severity: SeverityTable
    lifecycle: LifecyclePolicy
    incidents: IncidentPolicy
    budget: BudgetPolicy
    audit: AuditPolicy = AuditPolicy()
    late_day: LateDay | None = None

    @model_validator(mode="after")
    def _one_family_per_metric(self) -> AlertPolicy:
        seen: dict[str, str] = {}
        for name, family in self.families.items():
            if "/" in name:
                raise ValueError(f"family {name!r} must not contain '/'")
            for metric in family.metrics:
                if metric in seen:
                    raise ValueError(f"metric {metric} stands in the families {seen[metric]} and {name}")
                seen[metric] = name
        return self

    @model_validator(mode="after")
    def _incidents_have_known_severities(self) -> AlertPolicy:
        for scope, severity in self.incidents.severity_of_scope.items():
            if severity not in self.severity.levels:
                raise ValueError(f"incidents.severity_of_scope.{scope}: {severity!r} is not among severity.levels")
        if self.late_day and self.late_day.severity not in self.severity.levels:
            raise ValueError(f"late_day.severity: {self.late_day.severity!r} is not among severity.levels")
        return self

    @cached_property
    def family_of_metric(self) -> dict[str, str]:
        """Family by metric; a metric without a family is one of its own."""
        return {metric: name for name, family in self.families.items() for metric in family.metrics}

    @cached_property
    def place_of_metric(self) -> dict[str, int]:
        """Place of a metric in its family: the first one names an alert where several are equally grave."""
        return {metric: place for family in self.families.values() for place, metric in enumerate(family.metrics)}

    @cached_property
    def leg_of_metric(self) -> dict[str, str]:
        """Root leg by metric, for metrics with a family."""
        return {metric: family.leg for family in self.families.values() for metric in family.metrics}
