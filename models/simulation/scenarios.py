"""What goes wrong, for whom, from when to when: placed before the first day, applied day by day.

The idea: an episode is a strength between 0 and its magnitude that ramps up at its onset and ends at its end; the parts
of the chain ask for the strength of the effect they feel and know nothing of families or truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.metrics.catalogue import Leg
from models.simulation.draws import Floats, Ints, Streams
from models.simulation.parameters import Days, Section, Share
from models.simulation.world import NEVER, World

Effect = Literal["supply", "traffic", "dispatch", "reply", "silence", "promotion"]
Scope = Literal["product", "merchant", "category", "region", "platform", "feed"]


class Scenario(Section):
    """One kind of trouble (or of harmless likeness); see `data/policy/scenarios.yaml`."""

    family: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    effect: Effect
    root_leg: Leg
    scope: Scope
    onset_days_before_end: Days
    magnitude: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]
    benign: bool = False
    share: Share = 1.0
    values: tuple[str, ...] = ()
    feed: str = ""
    min_orders: Annotated[float, Field(ge=0)] = 0.0
    duration_days: Days | None = None
    ramp_days: Days = (0, 0)
    observable_effect: Annotated[float, Field(ge=0)] = 0.0
    harm_after: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Scenario:
        for name in ("onset_days_before_end", "duration_days", "ramp_days", "magnitude"):
            pair = getattr(self, name)
            if pair is not None and pair[0] > pair[1]:
                raise ValueError(f"{name}: the least ({pair[0]}) is above the most ({pair[1]})")
        if self.effect == "silence" and not self.feed:
            raise ValueError("an effect 'silence' needs a feed")
        return self


class ScenarioFile(Section):
    """A file of scenarios."""

    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True)
class Episodes:
    """Placed episodes, one row per episode and merchant (rows,); `number` tells rows of one episode together.

    Days are numbers; `last` is the last day with any effect, NEVER while still active at the end (of effects on
    supply see `Supply`).
    """

    kinds: tuple[Scenario, ...]
    number: Ints
    kind: Ints
    merchant: Ints
    value: NDArray[np.object_]
    onset: Ints
    last: Ints
    ramp: Ints
    magnitude: Floats

    def rows_of(self, effect: str, feed: str = "") -> NDArray[np.bool_]:
        """Rows that have an effect."""
        wanted = [kind.effect == effect and kind.feed == feed for kind in self.kinds]
        return np.array(wanted, dtype=bool)[self.kind] if len(self.kind) else np.zeros(0, dtype=bool)

    def strength_of_rows(self, day: int | Ints) -> Floats:
        """Strength of every row on a day: linear over `ramp` days, then the magnitude; 0 outside."""
        risen = np.clip((day - self.onset + 1) / (self.ramp + 1), 0.0, 1.0)
        return np.asarray(np.where((day >= self.onset) & (day <= self.last), risen * self.magnitude, 0.0))

    def strength(self, effect: str, day: int, merchants: int, feed: str = "") -> Floats:
        """Strength of an effect on each merchant; the strongest where episodes meet."""
        rows = self.rows_of(effect, feed)
        result = np.zeros(merchants)
        np.maximum.at(result, self.merchant[rows], self.strength_of_rows(day)[rows])
        return result


def place_episodes(kinds: tuple[Scenario, ...], world: World, streams: Streams) -> Episodes:
    """Draw who is touched and when.

    Merchants get at most one episode of their own, so that truth and cause stay one to one; episodes of
    groups come on top.
    """
    free = streams.of("scenario merchants").permutation(world.size)
    taken = np.zeros(world.size, dtype=bool)
    parts: list[tuple[NDArray[np.generic], ...]] = []
    numbers = 0
    for position, kind in enumerate(kinds):
        rng = streams.of(f"scenario {kind.family}", position)
        alone = kind.scope in ("merchant", "product")
        if alone:
            members = _eligible(kind, world, free[~taken[free]])
            taken[members] = True
            groups, values = [members[i : i + 1] for i in range(len(members))], [str(i) for i in world.ids[members]]
        else:
            groups, values = _groups(kind, world, rng)
        size = len(groups)
        onset = np.maximum(0, world.days - 1 - rng.integers(*_closed(kind.onset_days_before_end), size))
        lasting = rng.integers(*_closed(kind.duration_days or (0, 0)), size)
        last = onset + lasting - 1 if kind.duration_days else np.full(size, NEVER)
        last = np.where(last >= world.days - 1, NEVER, last)
        ramp = rng.integers(*_closed(kind.ramp_days), size)
        magnitude = rng.uniform(*kind.magnitude, size)
        lengths = np.array([len(group) for group in groups], dtype=np.int64)
        merchant = np.concatenate(groups) if groups else np.zeros(0, dtype=np.int64)
        own = np.repeat(np.arange(size), lengths)
        parts.append(
            (numbers + own, np.full(len(own), position), merchant, np.array(values, dtype=object)[own],
             onset[own], last[own], ramp[own], magnitude[own])
        )  # fmt: skip
        numbers += size
    return _joined(kinds, parts)


def _closed(pair: Days) -> tuple[int, int]:
    return pair[0], pair[1] + 1


def _joined(kinds: tuple[Scenario, ...], parts: list[tuple[NDArray[np.generic], ...]]) -> Episodes:
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Episodes(kinds, none, none, none, np.zeros(0, dtype=object), none, none, none, np.zeros(0))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    number, kind, merchant, value, onset, last, ramp, magnitude = columns
    return Episodes(kinds, number, kind, merchant, value, onset, last, ramp, magnitude)  # type: ignore[arg-type]


def _eligible(kind: Scenario, world: World, candidates: Ints) -> Ints:
    """The first merchants of a random order that are old and large enough, as many as the share asks for."""
    span = kind.onset_days_before_end[1]
    well = (
        (world.orders >= kind.min_orders) & (world.opens < world.days - span - 60) & (world.closes == NEVER)
        & (world.dormant_from == NEVER)
    )  # fmt: skip
    wanted = max(1, round(kind.share * world.size))
    return candidates[well[candidates]][:wanted]


def _groups(kind: Scenario, world: World, rng: np.random.Generator) -> tuple[list[Ints], list[str]]:
    """Members and names of the groups that a scenario strikes."""
    everyone = np.arange(world.size)
    if kind.scope == "platform":
        return [everyone], ["all"]
    if kind.scope == "feed":
        chosen = rng.random(world.size) < kind.share
        return [everyone[chosen]], [kind.feed]
    names, codes = (world.categories, world.category) if kind.scope == "category" else (world.regions, world.region)
    values = list(kind.values) or [names[int(rng.integers(len(names)))]]
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise ValueError(f"scenario {kind.family}: no {kind.scope} is called {unknown}; known: {names}")
    return [everyone[codes == names.index(value)] for value in values], values
