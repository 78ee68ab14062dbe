"""Days grouped by what happens on them, so that one Double 11 can teach the next.

A day of an event belongs to a chain of groups: phase of any sale (or holiday) -> phase of this family -> day of that
phase, counted from the climax. A lift is estimated along the chain and shrunk towards the link above, so that a day
never seen before takes what is known of its phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from models.calendar.event import PHASES, Event

ORDINARY = 0
DAYS_BEFORE_CLIMAX = 14  # days further from the climax than this share one group
DAYS_AFTER_CLIMAX = 7


@dataclass(frozen=True)
class DayGroups:
    """Groups of days.

    Parameters
    ----------
    keys : tuple of str
        Name of each group; entry 0 is the ordinary day. `peak`, `peak/double_11` and `peak/double_11/-1` are a chain.
    parent : array (groups,)
        Group above each; -1 at the top.
    depth : array (groups,)
        1 for phases, 2 for phases of a family, 3 for days of those; 0 for the ordinary day.
    of_day : array (scopes, days)
        Deepest group of each day for each scope.
    """

    keys: tuple[str, ...]
    parent: npt.NDArray[np.int32]
    depth: npt.NDArray[np.int32]
    of_day: npt.NDArray[np.int32]

    def at_depth(self, depth: int) -> npt.NDArray[np.int32]:
        """Group above (or at) each group that has this depth; ORDINARY for the ordinary day."""
        above = np.arange(len(self.keys), dtype=np.int32)
        for _ in range(3):
            above = np.where(self.depth[above] > depth, self.parent[above], above).astype(np.int32)
        return above

    @property
    def is_event(self) -> npt.NDArray[np.bool_]:
        """Whether a day is one of an event, per scope and day."""
        return self.of_day != ORDINARY


def scopes_of(
    categories: Sequence[str], regions: Sequence[str], events: Sequence[Event]
) -> tuple[list[tuple[str, str]], npt.NDArray[np.int32]]:
    """Return the distinct scopes of merchants, and the scope of each merchant.

    Scopes are categories; regions tell merchants apart only where an event is one of a region.
    """
    scoped = {event.scope for event in events if event.scope}
    by_region = bool(scoped & set(regions))
    pairs = [(category, region if by_region else "") for category, region in zip(categories, regions, strict=True)]
    distinct = sorted(set(pairs))
    position = {pair: index for index, pair in enumerate(distinct)}
    return distinct, np.fromiter((position[pair] for pair in pairs), dtype=np.int32, count=len(pairs))


def build_day_groups(events: Sequence[Event], scopes: Sequence[tuple[str, str]], first: date, days: int) -> DayGroups:
    """Group the days from `first` on.

    Parameters
    ----------
    events : sequence of Event
        All that are known, past ones included.
    scopes : sequence of (category, region)
        See `scopes_of`.
    first : date
        First day of the window.
    days : int
        Length of the window.
    """
    tree = _Tree()
    last = first + timedelta(days=days - 1)
    of_day = np.zeros((len(scopes), days), dtype=np.int32)
    rank = np.full((len(scopes), days), -1, dtype=np.int32)
    for event in sorted(events, key=lambda event: event.event_id):
        if not event.touches(first, last):
            continue
        concerned = np.array([event.concerns(*scope) for scope in scopes], dtype=bool)
        start, end = max((event.starts_on - first).days, 0), min((event.ends_on - first).days, days - 1)
        for day in range(start, end + 1):
            group = tree.add(event, first + timedelta(days=day))
            chosen = concerned & (rank[:, day] < PHASES.index(event.phase))
            of_day[chosen, day] = group
            rank[chosen, day] = PHASES.index(event.phase)
    return DayGroups(tuple(tree.keys), np.array(tree.parents, np.int32), np.array(tree.depths, np.int32), of_day)


class _Tree:
    """Groups as they are met."""

    def __init__(self) -> None:
        self.keys = ["ordinary"]
        self.parents = [-1]
        self.depths = [0]
        self._index = {"ordinary": 0}

    def add(self, event: Event, day: date) -> int:
        phase = event.phase if event.kind == "sale" else f"{event.kind} {event.phase}"
        family = f"{phase}/{event.family}"
        above = self._node(family, self._node(phase, -1, 1), 2)
        return self._node(f"{family}/{_day_of_phase(event, day)}", above, 3)

    def _node(self, key: str, parent: int, depth: int) -> int:
        if key not in self._index:
            self._index[key] = len(self.keys)
            self.keys.append(key)
            self.parents.append(parent)
            self.depths.append(depth)
        return self._index[key]


def _day_of_phase(event: Event, day: date) -> int:
    """Day counted from the climax, else from the first day of the phase."""
    distance = (day - (event.anchor or event.starts_on)).days
    return min(max(distance, -DAYS_BEFORE_CLIMAX), DAYS_AFTER_CLIMAX)
