"""What the chain remembers of the last weeks: yesterday's trouble is today's complaint, and a reputation is slow.

The idea: every lag of the chain is a look into a short history of arrays, so that a link downstream moves as many days
later as its customers need to notice.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats
from models.simulation.strain import Strain

LONGEST_LAG_DAYS = 40
MOST_LOST = 0.6  # of conversion, however bad the reputation


class Memory:
    """Histories of arrays (merchants,) by name, newest last."""

    def __init__(self) -> None:
        self._history: dict[str, deque[NDArray[Any]]] = defaultdict(lambda: deque(maxlen=LONGEST_LAG_DAYS + 1))

    def keep(self, **of_today: NDArray[Any]) -> None:
        """Append a day's arrays."""
        for name, values in of_today.items():
            self._history[name].append(values)

    def ago(self, name: str, days: float) -> Floats:
        """Return what was kept some days ago; the oldest entry before there was any."""
        history = self._history[name]
        return history[max(0, len(history) - 1 - round(days))].astype(np.float64)


class Reputation:
    """Bad words of late, beyond what the shop is known for: its visitors read them and buy less.

    `factor` (merchants,) on conversion; exactly 1 where nothing has happened.
    """

    def __init__(self, strain: Strain, merchants: int) -> None:
        self._strain = strain
        self._bad = np.zeros(merchants)

    @property
    def factor(self) -> Floats:
        """Part of those who would buy that still do."""
        return np.asarray(1 - np.minimum(self._strain.reputation_conversion * self._bad, MOST_LOST))

    def hear(self, bad: Floats) -> None:
        """Take the day's share of bad words beyond the usual into the reputation."""
        memory = self._strain.reputation_memory
        self._bad = memory * self._bad + (1 - memory) * bad
