"""Some merchants that stand for all: what the ensemble learns from them costs the same for ten thousand or a million.

Who is chosen follows from a hash of the id and the merchant's size alone, so that neither blocks nor order nor a
neighbour changes it; larger merchants, whose errors weigh more, are more likely to be chosen.
Source: Efraimidis and Spirakis (2006), Information Processing Letters 97, 181-185 (weighted sampling by keys).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.forecasting.panel import Floats, Panel, joined

RECENT_DAYS = 56
OF_SIZE = 0.5  # power of a merchant's volume that its chance grows with


@dataclass
class MerchantSample:
    """The merchants with the smallest keys among those seen so far.

    Parameters
    ----------
    size : int
        Merchants that are kept; all of them where the platform has fewer.
    """

    size: int
    _parts: list[Panel] = field(default_factory=list)
    _keys: list[Floats] = field(default_factory=list)

    def add(self, panel: Panel) -> None:
        """Look at a block."""
        keys = sampling_keys(panel)
        chosen = np.sort(np.argsort(keys, kind="stable")[: self.size])
        self._parts.append(panel.rows(chosen))
        self._keys.append(keys[chosen])
        if sum(len(part) for part in self._keys) > 2 * self.size:
            self._shrink()

    def panel(self) -> Panel | None:
        """Return the sample in order of ids; None where there are no merchants at all."""
        if not self._parts:
            return None
        self._shrink()
        return self._parts[0]

    def _shrink(self) -> None:
        whole, keys = joined(self._parts), np.concatenate(self._keys)
        chosen = np.lexsort((whole.merchants.astype(str), keys))[: self.size]
        chosen = chosen[np.argsort(whole.merchants[chosen].astype(str), kind="stable")]
        self._parts, self._keys = [whole.rows(chosen)], [keys[chosen]]


def sampling_keys(panel: Panel) -> Floats:
    """Exponential key of each merchant (merchants,): the smaller, the sooner chosen; infinite without any volume."""
    hashed = pd.util.hash_array(panel.merchants.astype(object), categorize=False)
    uniform = (hashed.astype(np.float64) + 1.0) / (2.0**64 + 2.0)
    weight = np.zeros(len(panel.merchants))
    for values in panel.values.values():
        recent = np.nan_to_num(values[:, -RECENT_DAYS:])
        weight = np.where(weight > 0, weight, recent.mean(axis=1) if recent.shape[1] else 0.0)
    with np.errstate(divide="ignore"):
        keys: Floats = -np.log(uniform) / weight**OF_SIZE
    return keys
