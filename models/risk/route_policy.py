"""Who is told of what, and how, as typed, frozen objects (`policy/routes.yaml`).

The idea: a route says for whom it is and names the environment variable that holds its address; the address itself, a
secret, never stands in policy.
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from models.metrics.catalogue import Leg
from models.metrics.words import Frozen

Locale = Literal["zh-CN", "zh-TW", "en"]
Event = Literal["trigger", "update", "ack", "resolve", "digest"]
RouteName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
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


class RouteBase(Frozen):
    """What every route says: where its address is, and in which language it speaks."""

    id: RouteName
    active: bool = True
    url_variable: VariableName
    form: Literal["mail", "chat", "webhook"]
    locale: Locale | None = None
    quiet_hours: QuietHours | None = None


class Route(RouteBase):
    """A route for people of the platform. Lists that are empty take everything."""

    severities: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = ()
    growth_stages: tuple[str, ...] = ()
    size_classes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    incidents: bool = True
    digest: bool = True
    events: tuple[Event, ...] = ("trigger", "update", "ack", "resolve", "digest")


class MerchantRoute(RouteBase):
    """A route to merchants: those whose `contact_route` names it get one digest a day, where there is work to do."""

    actions: Annotated[int, Field(ge=1, le=10)] = 5


class RetryPolicy(Frozen):
    """How long to wait before the next attempt: doubling from the first wait to the longest."""

    first_seconds: Annotated[float, Field(gt=0)] = 60
    factor: Annotated[float, Field(ge=1)] = 2
    longest_seconds: Annotated[float, Field(gt=0)] = 3600
    give_up_hours: Annotated[float, Field(gt=0)] = 72

    def wait_seconds(self, attempts: int) -> float:
        """Seconds to wait after so many failed attempts."""
        return min(self.first_seconds * self.factor ** max(attempts - 1, 0), self.longest_seconds)


class RoutePolicy(Frozen):
    """`policy/routes.yaml`."""

    cap_per_merchant_and_day: Annotated[int, Field(ge=1)]
    retry: RetryPolicy = RetryPolicy()
    routes: tuple[Route, ...] = ()
    merchant_routes: tuple[MerchantRoute, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> RoutePolicy:
        names = [route.id for route in (*self.routes, *self.merchant_routes)]
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
