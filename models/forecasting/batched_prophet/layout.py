"""Rows of series that are their own, laid side by side: what is there, the scaled values, standardized covariates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.panel import Flags, Floats, Ints


class Layout(NamedTuple):
    """Presence (members, rows); own columns, then values (members, columns + 1, rows), 0 where there is no row.

    `places` (members, changepoints) are the days after the first at which the slope may change.
    """

    present: Flags
    extra: Floats
    places: Ints


def lay_out(
    values: Floats,
    own: Floats,
    members: Ints,
    first: int,
    last: int,
    scale: Floats,
    mean: Floats,
    sd: Floats,
    changes: Ints,
    counts: Ints,
) -> Layout:
    """Lay out members of values (series, days) and own (series, columns, days) over the days `first` to `last`.

    Parameters
    ----------
    scale, mean, sd : arrays (members,), (members, columns), (members, columns)
        What values are divided by; what covariates are shifted and divided by.
    changes : array (members, changepoints)
        Rows, counted from 0, at which the slope may change; the first `counts` are used.
    """
    rows = last - first + 1
    present = np.zeros((len(members), rows), dtype=np.bool_)
    extra = np.zeros((len(members), own.shape[1] + 1, rows))
    places = np.zeros(changes.shape, dtype=np.int64)
    _lay_out(values, own, members, first, scale, mean, sd, changes, counts, present, extra, places)
    return Layout(present, extra, places)


@compiled
def _lay_out(
    values: Floats, own: Floats, members: Ints, first: int, scale: Floats, mean: Floats, sd: Floats, changes: Ints,
    counts: Ints, present: Flags, extra: Floats, places: Ints,
) -> None:  # fmt: skip
    columns = own.shape[1]
    for i in range(len(members)):
        series, by, row, change = members[i], 1.0 / scale[i], 0, 0
        for t in range(present.shape[1]):
            value = values[series, first + t]
            if value != value:
                continue
            present[i, t] = True
            extra[i, columns, t] = value * by
            while change < counts[i] and changes[i, change] == row:
                places[i, change] = t
                change += 1
            row += 1
        for column in range(columns):
            middle, factor = mean[i, column], 1.0 / sd[i, column]
            for t in range(present.shape[1]):
                if present[i, t]:
                    extra[i, column, t] = (own[series, column, first + t] - middle) * factor
