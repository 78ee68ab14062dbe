"""What the peers have: quartiles of a group without the reader, rounded, and the reader's position among them.

The reader is left out exactly, for everybody at once: in the sorted values of a group, leaving one out shifts the ranks
above it by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PeerFigures:
    """Quartiles of each merchant's peers and the merchant's position; NaN where the group is too small."""

    p25: FloatArray
    p50: FloatArray
    p75: FloatArray
    position: FloatArray  # share of the peers with a smaller value
    size: IntArray


def round_figures(values: FloatArray, digits: int) -> FloatArray:
    """Round to significant digits, so that no single peer can be read off."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(values))))
        rounded: FloatArray = np.round(values * scale) / scale
    return np.where(values == 0, 0.0, rounded)


def peer_figures(value: FloatArray, groups: IntArray, frozen: FloatArray, minimum: int, digits: int) -> PeerFigures:
    """Compare each merchant's value with the frozen values of its group.

    Parameters
    ----------
    value : array (merchants,)
        Today's value of the reader; NaN has no position.
    groups : array of int
        Group of each merchant; -1 has none.
    frozen : array (merchants,)
        Values of the week's first day that peers are compared by; NaN is not counted.
    minimum : int
        Fewest peers without the reader.
    """
    counted = ~np.isnan(frozen) & (groups >= 0)
    order = np.lexsort((frozen[counted], groups[counted]))
    members = np.flatnonzero(counted)[order]
    values, of_group = frozen[members], groups[members]
    number = int(groups.max(initial=-1)) + 1
    sizes = np.bincount(of_group, minlength=max(number, 1))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rank = np.full(len(value), -1, dtype=np.int64)
    rank[members] = np.arange(len(members)) - starts[of_group]

    group = np.maximum(groups, 0)
    others = np.where(groups >= 0, sizes[group] - counted, 0)
    enough = others >= minimum
    quartiles = [
        np.where(enough, _quantile_without(values, starts[group], rank, others, share), np.nan)
        for share in (0.25, 0.5, 0.75)
    ]
    smaller = _smaller_peers(value, values, of_group, group, frozen)
    position = np.where(enough & ~np.isnan(value), smaller / np.maximum(others, 1), np.nan)
    rounded = [round_figures(quartile, digits) for quartile in quartiles]
    return PeerFigures(
        rounded[0], rounded[1], rounded[2], np.asarray(np.round(position, 2), dtype=np.float64), others.astype(np.int64)
    )


def _quantile_without(
    values: FloatArray, start: IntArray, rank: IntArray, others: IntArray, share: float
) -> FloatArray:
    """Linear quantile of a group's sorted values without the one at `rank` (-1: none to leave out)."""
    if not len(values):
        return np.full(len(start), np.nan)
    place = share * np.maximum(others - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(others - 1, 0))

    def at(index: IntArray) -> FloatArray:
        shifted = index + ((rank >= 0) & (index >= rank))
        found: FloatArray = values[np.minimum(start + shifted, len(values) - 1)]
        return found

    part = place - low
    result: FloatArray = at(low) * (1 - part) + at(high) * part
    return result


def _smaller_peers(
    value: FloatArray, values: FloatArray, of_group: IntArray, group: IntArray, frozen: FloatArray
) -> FloatArray:
    """Count, for each reader, how many peers of its group have a smaller frozen value (ties count half)."""
    if not len(values):
        return np.zeros(len(value))
    distinct, dense = np.unique(np.concatenate([values, np.nan_to_num(value)]), return_inverse=True)
    width = len(distinct) + 1
    keys = of_group * width + dense[: len(values)]
    asked = group * width + dense[len(values) :]
    first = np.searchsorted(of_group, group, side="left")
    below = np.searchsorted(keys, asked, side="left") - first
    equal = np.searchsorted(keys, asked, side="right") - first - below
    own_below = frozen < value
    own_equal = frozen == value
    result: FloatArray = below - own_below + 0.5 * (equal - own_equal)
    return result
