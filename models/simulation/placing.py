"""Who is struck by what and when: drawn before the first day.

The idea: a merchant has at most one episode of its own, so that truth and cause stay one to one; episodes of groups
come on top.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams
from models.simulation.fulfilment import Lanes
from models.simulation.scenarios import OWN, Episodes, Scenario
from models.simulation.sections import Days
from models.simulation.world import NEVER, World

LAUNCH_PRODUCTS = 3  # a shop with fewer has no range into which a new product comes


@dataclass(frozen=True)
class Group:
    """Merchants that are struck together: their name, who, which carrier (-1 = any), and the part of their orders."""

    name: str
    merchants: Ints
    carrier: int = -1
    part: Floats | None = None


def place_episodes(kinds: tuple[Scenario, ...], world: World, streams: Streams, lanes: Lanes | None = None) -> Episodes:
    """Draw who is touched and when.

    Parameters
    ----------
    lanes
        Needed for scenarios whose scope is a carrier.
    """
    free = streams.of("scenario merchants").permutation(world.size)
    taken = np.zeros(world.size, dtype=bool)
    parts: list[tuple[NDArray[np.generic], ...]] = []
    numbers = 0
    for position, kind in enumerate(kinds):
        rng = streams.of(f"scenario {kind.family}", position)
        if kind.scope in OWN:
            members = _eligible(kind, world, free[~taken[free]])
            taken[members] = True
            part = np.array([kind.demand_share])
            groups = [Group(str(world.ids[member]), np.array([member]), part=part) for member in members]
        else:
            groups = _groups(kind, world, lanes, rng)
        parts.append(_rows(kind, position, groups, numbers, world, rng))
        numbers += len(groups)
    return _joined(kinds, parts)


def _rows(
    kind: Scenario, position: int, groups: list[Group], numbers: int, world: World, rng: np.random.Generator
) -> tuple[NDArray[np.generic], ...]:
    """Columns of `Episodes` for all groups of a scenario."""
    size = len(groups)
    onset = np.maximum(0, world.days - 1 - rng.integers(*_closed(kind.onset_days_before_end), size))
    lasting = rng.integers(*_closed(kind.duration_days or (0, 0)), size)
    ramp = rng.integers(*_closed(kind.ramp_days), size)
    magnitude = rng.uniform(*kind.magnitude, size)
    recovery = rng.integers(*_closed(kind.recovery_days), size)
    last = onset + lasting - 1 + recovery if kind.duration_days else np.full(size, NEVER)
    # What is still at full strength at the end is still active; so is what has no end.
    last = np.where(last - recovery >= world.days - 1, NEVER, last)
    recovery = np.where(last < NEVER, recovery, 0)
    own = np.repeat(np.arange(size), [len(group.merchants) for group in groups])
    names = np.array([group.name for group in groups], dtype=object)
    carriers = np.array([group.carrier for group in groups], dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    merchant = np.concatenate([group.merchants for group in groups]) if groups else none
    part = [np.ones(len(group.merchants)) if group.part is None else group.part for group in groups]
    return (
        numbers + own, np.full(len(own), position), merchant, names[own], onset[own], last[own], ramp[own],
        recovery[own], magnitude[own], carriers[own], np.concatenate(part) if part else np.zeros(0),
    )  # fmt: skip


def _closed(pair: Days) -> tuple[int, int]:
    return pair[0], pair[1] + 1


def _joined(kinds: tuple[Scenario, ...], parts: list[tuple[NDArray[np.generic], ...]]) -> Episodes:
    if not parts:
        none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Episodes(
            kinds, none, none, none, np.zeros(0, dtype=object), none, none, none, none, nothing, none, nothing
        )
    return Episodes(kinds, *(np.concatenate(column) for column in zip(*parts, strict=True)))  # type: ignore[arg-type]


def _eligible(kind: Scenario, world: World, candidates: Ints) -> Ints:
    """The first merchants of a random order that are old and large enough, as many as the share asks for."""
    span = kind.onset_days_before_end[1]
    well = (
        (world.orders >= kind.min_orders) & (world.opens < world.days - span - 60) & (world.closes == NEVER)
        & (world.dormant_from == NEVER)
    )  # fmt: skip
    if kind.effect == "launch":
        well &= world.products >= LAUNCH_PRODUCTS
    wanted = max(1, round(kind.share * world.size))
    return candidates[well[candidates]][:wanted]


def _groups(kind: Scenario, world: World, lanes: Lanes | None, rng: np.random.Generator) -> list[Group]:
    """Members and names of the groups that a scenario strikes."""
    everyone = np.arange(world.size)
    if kind.scope == "platform":
        return [Group("all", everyone)] * kind.groups
    if kind.scope == "feed":
        return [Group(kind.feed, everyone[rng.random(world.size) < kind.share]) for _ in range(kind.groups)]
    if kind.scope == "carrier":
        if lanes is None:
            raise ValueError(f"scenario {kind.family}: a scope 'carrier' needs the lanes of the platform")
        chosen = _chosen(kind, lanes.carriers, rng)
        return [_of_carrier(lanes, lanes.carriers.index(name), world.size) for name in chosen]
    names, codes = (world.categories, world.category) if kind.scope == "category" else (world.regions, world.region)
    return [Group(name, everyone[codes == names.index(name)]) for name in _chosen(kind, names, rng)]


def _chosen(kind: Scenario, names: list[str], rng: np.random.Generator) -> list[str]:
    """The named groups, or as many as asked for, drawn."""
    unknown = sorted(set(kind.values) - set(names))
    if unknown:
        raise ValueError(f"scenario {kind.family}: no {kind.scope} is called {unknown}; known: {names}")
    if kind.values:
        return list(kind.values)
    return [names[int(i)] for i in rng.choice(len(names), min(kind.groups, len(names)), replace=False)]


def _of_carrier(lanes: Lanes, carrier: int, merchants: int) -> Group:
    """Merchants that ship with a carrier, and the part of their orders that it takes."""
    on = lanes.carrier == carrier
    part = np.asarray(np.bincount(lanes.merchant[on], lanes.share[on], merchants), dtype=np.float64)
    members = np.flatnonzero(part > 0)
    return Group(lanes.carriers[carrier], members, carrier, part[members])
