"""A series' own covariates, standardized as Prophet does: over the rows that are there, unless they are 0 and 1."""

from __future__ import annotations

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.panel import Floats, Ints


def standardize(own: Floats, values: Floats, members: Ints, first: int, last: int) -> tuple[Floats, Floats]:
    """Mean and standard deviation (members, columns) that covariates are shifted and divided by.

    Columns that are constant or hold only 0 and 1 on the rows of the history keep 0 and 1.

    Parameters
    ----------
    own : array (series, columns, days)
    values : array (series, days)
        NaN = no row on that day.
    members : array of int
        Series that are asked for.
    first, last : int
        Days of their history.

    Raises
    ------
    ValueError
        When a covariate is not known on a day that has a value; the message names the first.
    """
    shape = (len(members), own.shape[1])
    mean, sd = np.zeros(shape), np.ones(shape)
    series, column, day = _standardize(own, values, members, first, last, mean, sd)
    if series >= 0:
        raise ValueError(
            f"covariate {column} of series {series} is not a finite number on day {day} (all counted from 0), which "
            "has a value; fill it, or take the day out by a NaN value"
        )
    return mean, sd


@compiled
def _standardize(
    own: Floats, values: Floats, members: Ints, first: int, last: int, mean: Floats, sd: Floats
) -> tuple[int, int, int]:
    """Fill mean and sd; returns the place of the first number that is not known, or -1."""
    for i in range(len(members)):
        series = members[i]
        for column in range(own.shape[1]):
            rows, total, plain, constant, before = 0, 0.0, True, True, 0.0
            for day in range(first, last + 1):
                if values[series, day] != values[series, day]:
                    continue
                number = own[series, column, day]
                if not np.isfinite(number):
                    return series, column, day
                plain = plain and number in (0.0, 1.0)
                constant = constant and (rows == 0 or number == before)
                before = number
                rows += 1
                total += number
            if plain or constant:
                continue
            middle, squares = total / rows, 0.0
            for day in range(first, last + 1):
                if values[series, day] == values[series, day]:
                    squares += (own[series, column, day] - middle) ** 2
            mean[i, column], sd[i, column] = middle, (squares / (rows - 1)) ** 0.5
    return -1, -1, -1
