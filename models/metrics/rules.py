"""What platforms attach to their limits: dates, counts, grades, volumes from which they judge, and look-backs.

The idea: platforms write these rules in a handful of shapes, so that a new platform is rows of a profile, not code.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from models.metrics.expression import Expression, parse_expression
from models.metrics.words import Frozen


def _is_expression(text: str) -> str:
    parse_expression(text)
    return text


Columns = Annotated[str, AfterValidator(_is_expression)]
Days = Annotated[int, Field(ge=1, le=400)]


class CountRule(Frozen):
    """A number of events or buyers beside a rate: `at_most` of them are let pass.

    Parameters
    ----------
    of : str
        Columns that are counted; never more than the bad events of the rate.
    breach : str
        `both`: the platform acts when the rate and the count are over their limits (a floor for small shops);
        `either`: one of them is enough.
    """

    of: Columns
    at_most: Annotated[int, Field(ge=0)]
    breach: Literal["both", "either"] = "both"

    @property
    def expression(self) -> Expression:
        """The counted columns, parsed."""
        return parse_expression(self.of)


class Band(Frozen):
    """A grade that the platform gives by plain arithmetic, up to a value (included)."""

    grade: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=32)]
    up_to: float


class Limit(Frozen):
    """A limit, who set it and when it holds.

    `platform`: the platform's own arithmetic decides. `own`: the posterior decides. `peer`: the worst quarter of
    the peers, amber only, and only when the gap is at least `min_effect`.

    Parameters
    ----------
    at_limit : str
        Whether a figure that equals a platform's red limit is still `allowed` ("at most 2 %") or a `breach`
        ("under 1 %").
    count : CountRule or None
        A count of events or buyers that goes with the rate (platform limits of rates only).
    bands, beyond : tuple of Band, str
        The platform's own grades, best first, and the grade beyond the last of them.
    """

    kind: Literal["platform", "own", "peer"]
    amber: float | None = None
    red: float | None = None
    at_limit: Literal["allowed", "breach"] = "allowed"
    count: CountRule | None = None
    bands: tuple[Band, ...] = ()
    beyond: Annotated[str, Field(pattern=r"^[a-z_]+$", max_length=32)] | None = None
    min_effect: Annotated[float, Field(gt=0)] | None = None
    mark: Literal["O", "T", "P"]
    source: str = Field(min_length=1)
    valid_from: date | None = None
    valid_until: date | None = None

    @model_validator(mode="after")
    def _complete(self) -> Limit:
        if self.kind == "peer" and self.min_effect is None:
            raise ValueError("a peer limit needs min_effect, the smallest gap worth a colour")
        if self.kind == "peer" and (self.red is not None or self.amber is not None):
            raise ValueError("a peer limit has no amber or red value; the peers' worst quarter is the limit")
        if self.kind != "peer" and self.red is None and self.amber is None:
            raise ValueError(f"a limit of kind {self.kind} needs amber, red or both")
        if self.kind == "platform" and self.red is None:
            raise ValueError("a platform limit needs red, the value at which the platform acts")
        return self

    @model_validator(mode="after")
    def _platforms_only(self) -> Limit:
        named = [name for name in ("count", "bands", "beyond") if getattr(self, name)]
        if self.at_limit == "breach":
            named.append("at_limit")
        if self.kind != "platform" and named:
            raise ValueError(f"{named[0]} belongs to a platform limit; an {self.kind} limit is decided by probability")
        if bool(self.bands) != (self.beyond is not None):
            raise ValueError("bands and beyond go together: the grades, and the one beyond the last of them")
        return self

    @model_validator(mode="after")
    def _dates_in_order(self) -> Limit:
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError(f"valid_from {self.valid_from} is after valid_until {self.valid_until}")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the limit is in force on a day (both ends included)."""
        after_start = self.valid_from is None or day >= self.valid_from
        return after_start and (self.valid_until is None or day <= self.valid_until)


class LookBack(Frozen):
    """Which of two windows a platform looks at: the first when it holds `at_least` of the counted, else the second."""

    counts: Columns
    at_least: Annotated[float, Field(ge=1)]

    @property
    def expression(self) -> Expression:
        """The counted columns, parsed."""
        return parse_expression(self.counts)


class Needs(Frozen):
    """The volume from which on a platform judges at all: `at_least` of the counted in the last `days`; else grey."""

    counts: Columns
    at_least: Annotated[float, Field(ge=1)]
    days: Days

    @property
    def expression(self) -> Expression:
        """The counted columns, parsed."""
        return parse_expression(self.counts)
