"""Who is told of what, and how, as typed, frozen objects (`policy/routes.yaml`).

The idea: a route says for whom it is and names the environment variable or the file that holds its address; the address
itself, a secret, never stands in policy.
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from models.metrics.catalogue import Leg
from models.metrics.words import Frozen
from models.risk.follow_up_policy import FollowUpPolicy
from models.segments.policy import GrowthStage, SizeClass

Locale = Literal["zh-CN", "zh-TW", "en"]
Event = Literal["trigger", "update", "ack", "resolve", "remind", "digest"]
Form = Literal["mail", "chat", "webhook", "pagerduty", "alertmanager"]
# Receivers that keep a state of their own; a digest would tell them nothing.
STATEFUL_FORMS = frozenset({"pagerduty", "alertmanager"})
# What people read; after quiet hours it comes as one message.
READ_BY_PEOPLE = frozenset({"mail", "chat"})
RouteName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
SecretFile = Annotated[str, Field(pattern=r"^[^:\x00-\x1f]{1,400}$")]  # a colon would make it an address
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,80}$")]


def _is_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not an IANA time zone such as Asia/Shanghai")
    return name


class QuietHours(Frozen):
    """Local hours in which only grave news is sent; they may pass over midnight."""

    start: time = Field(alias="from")
    end: time = Field(alias="to")
    timezone: Annotated[str, AfterValidator(_is_zone)]
    severities_that_pass: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _not_all_day(self) -> QuietHours:
        if self.start == self.end:
            raise ValueError("`from` and `to` are the same; leave quiet_hours out for none")
        return self

    def covers(self, local: time) -> bool:
        """Whether a local time lies in the quiet hours (the end is not quiet)."""
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


class Addressed(Frozen):
    """Whatever has an address: a variable or a file holds it."""

    id: RouteName
    active: bool = True
    url_variable: VariableName | None = None
    url_file: SecretFile | None = None

    @model_validator(mode="after")
    def _one_address(self) -> Addressed:
        if (self.url_variable is None) == (self.url_file is None):
            raise ValueError(f"{self.id}: give either url_variable or url_file")
        return self


class RouteBase(Addressed):
    """What every route says besides: its form, and in which language it speaks."""

    form: Form
    locale: Locale | None = None
    quiet_hours: QuietHours | None = None


class Route(RouteBase):
    """A route for people of the platform. Lists that are empty take everything."""

    severities: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()
    growth_stages: tuple[GrowthStage, ...] = ()
    size_classes: tuple[SizeClass, ...] = ()
    categories: tuple[str, ...] = ()
    incidents: bool = True
    digest: bool = True
    events: tuple[Event, ...] = ("trigger", "update", "ack", "resolve", "remind", "digest")

    @property
    def takes_digests(self) -> bool:
        """Whether what was held back is told to it in one message."""
        return self.digest and "digest" in self.events and self.form not in STATEFUL_FORMS


class MerchantRoute(RouteBase):
    """A route to merchants: those whose `contact_route` names it get one digest a day, where there is work to do."""

    form: Literal["mail", "chat", "webhook"]
    actions: Annotated[int, Field(ge=1, le=10)] = 5


class Heartbeat(Addressed):
    """A sign of life at an interval; whoever watches it is alarmed when it stays away.

    `url` asks a URL, `alertmanager` keeps an alert `Watchdog` firing, the others send a message. It stays away also
    while a message has been due for `silent_when_stuck_minutes` and was not tried: then nobody would be told.
    """

    form: Literal["url", "alertmanager", "mail", "chat", "webhook"] = "url"
    locale: Locale | None = None
    every_minutes: Annotated[float, Field(ge=1, le=7 * 24 * 60)] = 15
    silent_when_stuck_minutes: Annotated[float, Field(ge=5)] = 60


class RetryPolicy(Frozen):
    """How long to wait before the next attempt: doubling from the first wait to the longest."""

    first_seconds: Annotated[float, Field(gt=0)] = 60
    factor: Annotated[float, Field(ge=1)] = 2
    longest_seconds: Annotated[float, Field(gt=0)] = 3600
    give_up_hours: Annotated[float, Field(gt=0)] = 72

    @model_validator(mode="after")
    def _waits_grow(self) -> RetryPolicy:
        if self.longest_seconds < self.first_seconds:
            said = f"longest_seconds {self.longest_seconds:g} is shorter than first_seconds {self.first_seconds:g}"
            raise ValueError(f"{said}; the first wait is doubled up to the longest")
        return self

    def wait_seconds(self, attempts: int) -> float:
        """Seconds to wait after so many failed attempts."""
        return min(self.first_seconds * self.factor ** max(attempts - 1, 0), self.longest_seconds)


class AlertmanagerPolicy(Frozen):
    """How Alertmanagers are kept informed: an alert that is not told again ends by itself."""

    refresh_minutes: Annotated[float, Field(ge=1)] = 30
    keep_firing_minutes: Annotated[float, Field(ge=5)] = 240
    silence_hours: Annotated[float, Field(gt=0)] = 24

    @model_validator(mode="after")
    def _told_again_in_time(self) -> AlertmanagerPolicy:
        if self.keep_firing_minutes < 2 * self.refresh_minutes:
            raise ValueError("keep_firing_minutes must be at least twice refresh_minutes, or open alerts would end")
        return self


class InhibitionRule(Frozen):
    """While an alert of severity `over` stands, what opens milder (`holds`) at the merchant waits for the digest.

    `legs`: on the same leg, there and on the legs downstream of it, or on all.
    """

    over: str
    holds: Annotated[tuple[str, ...], Field(min_length=1)]
    legs: Literal["same", "downstream", "all"] = "downstream"

    @model_validator(mode="after")
    def _not_itself(self) -> InhibitionRule:
        if self.over in self.holds:
            raise ValueError(f"inhibition: {self.over!r} cannot hold itself")
        return self


class RoutePolicy(Frozen):
    """`policy/routes.yaml`."""

    cap_per_merchant_and_day: Annotated[int, Field(ge=1)]
    inhibition: tuple[InhibitionRule, ...] = ()
    retry: RetryPolicy = RetryPolicy()
    routes: tuple[Route, ...] = ()
    merchant_routes: tuple[MerchantRoute, ...] = ()
    follow_up: FollowUpPolicy = FollowUpPolicy()
    alertmanager: AlertmanagerPolicy = AlertmanagerPolicy()
    heartbeats: tuple[Heartbeat, ...] = ()

    @model_validator(mode="after")
    def _ladders_lead_somewhere(self) -> RoutePolicy:
        known = {route.id for route in self.routes}
        for ladder in self.follow_up.escalation:
            for name in (name for level in ladder.levels for name in level.routes):
                if name not in known:
                    raise ValueError(f"follow_up.escalation names {name!r}, which is no route")
        return self

    @model_validator(mode="after")
    def _names_are_unique(self) -> RoutePolicy:
        names = [route.id for route in (*self.routes, *self.merchant_routes, *self.heartbeats)]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two routes are called {twice[0]!r}")
        return self

    @property
    def active_routes(self) -> tuple[Route, ...]:
        """Routes for people of the platform that are switched on."""
        return tuple(route for route in self.routes if route.active)

    def find(self, name: str) -> RouteBase | None:
        """The route of a name, active or not."""
        return next((route for route in (*self.routes, *self.merchant_routes) if route.id == name), None)

    def find_route(self, name: str) -> Route | None:
        """The route for people of the platform of a name, active or not."""
        return next((route for route in self.routes if route.id == name), None)
