"""Groups of merchants of like kind, each merchant in the narrowest one that is large enough.

Used for priors (what a small merchant's rate is shrunk to) and for peers (whom a merchant is compared with).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Grouping:
    """One way of cutting the merchants: a group number per merchant, and a label per group."""

    codes: IntArray
    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.labels)


@dataclass(frozen=True)
class Membership:
    """The chosen group of each merchant, numbered over all groupings; -1 where none is large enough."""

    codes: IntArray
    labels: tuple[str, ...]
    others: IntArray  # eligible merchants of the chosen group, without the merchant itself


def make_groupings(attributes: Mapping[str, TextArray], ways: Sequence[Sequence[str]]) -> tuple[Grouping, ...]:
    """Cut the merchants in each of the given ways.

    Parameters
    ----------
    attributes : mapping of name to array (merchants,) of text
    ways : sequence of sequences of names
        An empty sequence is the one group of all.

    Raises
    ------
    KeyError
        When a way names an attribute that is not there.
    """
    count = len(next(iter(attributes.values())))
    groupings = []
    for way in ways:
        codes = np.zeros(count, dtype=np.int64)
        labels = [""]
        for name in way:
            values, own = np.unique(attributes[name].astype(str), return_inverse=True)
            pairs, codes = np.unique(codes * len(values) + own, return_inverse=True)
            labels = [f"{labels[pair // len(values)]}|{values[pair % len(values)]}".lstrip("|") for pair in pairs]
        groupings.append(Grouping(codes.astype(np.int64), tuple(label or "all" for label in labels)))
    return tuple(groupings)


def choose_groups(groupings: Sequence[Grouping], eligible: BoolArray, minimum: int) -> Membership:
    """Give each merchant the first grouping whose group has `minimum` eligible merchants besides itself."""
    count = len(eligible)
    codes = np.full(count, -1, dtype=np.int64)
    others = np.zeros(count, dtype=np.int64)
    labels: list[str] = []
    for grouping in groupings:
        sizes = np.bincount(grouping.codes[eligible], minlength=grouping.size)
        without_self = sizes[grouping.codes] - eligible
        taken = (codes < 0) & (without_self >= minimum)
        codes[taken] = grouping.codes[taken] + len(labels)
        others[taken] = without_self[taken]
        labels.extend(grouping.labels)
    return Membership(codes, tuple(labels), others)
