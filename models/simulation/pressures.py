"""What each link of the chain feels on a day, once all episodes are laid over each other.

The idea: strengths are read off once a day, and where one link's trouble overloads the next (a surge the warehouse, a
dead bot the people) the overload is added here, so that the links themselves stay simple.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulation.draws import Floats, Ints
from models.simulation.fulfilment import Lanes
from models.simulation.scenarios import LEVERS, Episodes
from models.simulation.strain import Strain


@dataclass(frozen=True)
class Pressure:
    """Strengths of a day: `by_lever` has (merchants,) for each lever, `carrier_on_lane` is (lanes,).

    `dispatch` and `reply` are what reaches the warehouse and the people in the end, overload included.
    """

    by_lever: dict[str, Floats]
    carrier_on_lane: Floats
    dispatch: Floats
    reply: Floats

    def __getitem__(self, lever: str) -> Floats:
        return self.by_lever[lever]


class Pressures:
    """Reads the episodes day by day.

    Parameters
    ----------
    human_share : (merchants,)
        Of chats, the part that the bot usually leaves to people.
    """

    def __init__(self, episodes: Episodes, lanes: Lanes, strain: Strain, human_share: Floats, merchants: int) -> None:
        self._episodes, self._lanes, self._strain, self._size = episodes, lanes, strain, merchants
        self._human_share = np.maximum(human_share, 1e-3)
        self._rows: dict[str, Ints] = {lever: np.flatnonzero(episodes.rows_of(lever)) for lever in LEVERS}
        self._weight = {lever: episodes.weight_of(lever) for lever in LEVERS}
        self._of_carriers = np.unique(episodes.carrier[episodes.carrier >= 0])

    def of(self, day: int) -> Pressure:
        """Strengths of a day."""
        strength = self._episodes.strength_of_rows(day)
        levers = {lever: self._on_merchants(lever, strength) for lever in LEVERS}
        surge_dispatch = overload(1 + levers["surge"], self._strain.dispatch_slack)
        load = (1 + levers["surge"]) * (self._human_share + levers["bot"] * (1 - self._human_share)) / self._human_share
        return Pressure(
            by_lever=levers,
            carrier_on_lane=self._on_lanes(strength),
            dispatch=1 - (1 - levers["dispatch"]) * (1 - surge_dispatch),
            reply=1 - (1 - levers["reply"]) * (1 - overload(load, self._strain.reply_slack)),
        )

    def _on_merchants(self, lever: str, strength: Floats) -> Floats:
        rows, episodes = self._rows[lever], self._episodes
        result = np.zeros(self._size)
        if len(rows):
            felt = strength[rows] * self._weight[lever][rows] * episodes.part[rows]
            np.maximum.at(result, episodes.merchant[rows], felt)
        return result

    def _on_lanes(self, strength: Floats) -> Floats:
        """Strength of late carriers on each lane: of a carrier's episode only on the lanes it drives."""
        rows, episodes = self._rows["carrier"], self._episodes
        felt = strength[rows] * self._weight["carrier"][rows]
        result = np.zeros(len(self._lanes.merchant))
        for carrier in (-1, *self._of_carriers):
            chosen = episodes.carrier[rows] == carrier
            by_merchant = np.zeros(self._size)
            np.maximum.at(by_merchant, episodes.merchant[rows[chosen]], felt[chosen])
            on = np.ones(len(result), dtype=bool) if carrier < 0 else self._lanes.carrier == carrier
            result[on] = np.maximum(result[on], by_merchant[self._lanes.merchant[on]])
        return result


def overload(load: Floats, slack: float) -> Floats:
    """Share of the work (n,) that comes too late where the load is this many times the usual."""
    return np.asarray(np.maximum(0.0, 1 - (1 + slack) / np.maximum(load, 1e-9)))
