"""Promotions of single shops: planned, announced, and so no surprise to anyone who reads the plans.

Depths lie in one matrix (days, merchants); the demand, the buyers, the prices and the feed `plans` all read it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Streams
from models.simulation.parameters import DemandParameters

Depths = NDArray[np.float32]


def own_promotions(parameters: DemandParameters, merchants: int, length: int, streams: Streams) -> Depths:
    """Depth of each merchant's own promotions, (length, merchants); 0 on ordinary days."""
    rng = streams.of("own promotions")
    shortest, longest = parameters.promotion_days
    rounds = int(length / parameters.promotion_gap_days * 2) + 4
    # A floor under the gap keeps promotions apart; the exponential rest makes their days unpredictable from history.
    gaps = parameters.promotion_gap_days * (0.4 + 0.6 * rng.exponential(size=(rounds, merchants)))
    duration = rng.integers(shortest, longest + 1, (rounds, merchants))
    starts = np.cumsum(gaps, axis=0).astype(np.int64) - int(parameters.promotion_gap_days)
    depth = np.round(rng.uniform(*parameters.promotion_depth, (rounds, merchants)), 2)
    depths = np.zeros((length, merchants), dtype=np.float32)
    columns = np.arange(merchants)
    for round_ in range(rounds):  # a few dozen rounds, never merchants
        for day in range(longest):
            at = starts[round_] + day
            inside = (at >= 0) & (at < length) & (day < duration[round_])
            depths[at[inside], columns[inside]] = depth[round_, inside]
    return depths


def add_promotions(
    depths: Depths,
    merchant: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    depth: NDArray[np.float64],
) -> None:
    """Write promotions over the matrix: merchant[i] gives depth[i] from start[i] to stop[i] (both included)."""
    for index in range(len(merchant)):
        depths[max(start[index], 0) : stop[index] + 1, merchant[index]] = np.round(depth[index], 2)
