"""What has been fitted: parameters in Prophet's own terms, series by series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.batched_prophet.histories import TOO_SHORT, Histories
from models.forecasting.panel import Floats, Ints


@dataclass(frozen=True)
class Fits:
    """Parameters of the maximum; values are divided by `histories.scale`, time runs from 0 to 1 over the history.

    Parameters
    ----------
    status : array (series,)
        FITTED, CONSTANT, UNBOUNDED or TOO_SHORT of `histories`.
    slope, level, sigma : arrays (series,)
        Prophet's k, m and sigma_obs.
    delta : array (series, changepoints)
        Changes of slope; the first `changes` of each row are used.
    changepoints : array (series, changepoints)
        Days after the first row at which the slope may change.
    beta : array (series, day columns)
        0 for seasons that a series does not have.
    own_beta, own_mean, own_sd : arrays (series, own columns)
    """

    histories: Histories
    status: Ints
    slope: Floats
    level: Floats
    sigma: Floats
    delta: Floats
    changepoints: Ints
    changes: Ints
    beta: Floats
    own_beta: Floats
    own_mean: Floats
    own_sd: Floats

    def __len__(self) -> int:
        return len(self.status)

    @property
    def mean_change(self) -> Floats:
        """Mean absolute change of slope, the scale of changes to come."""
        result: Floats = np.abs(self.delta).sum(axis=1) / np.maximum(self.changes, 1)
        return result

    @property
    def known(self) -> Ints:
        """Rows of series that have parameters."""
        return np.flatnonzero(self.status != TOO_SHORT)


def empty_fits(histories: Histories, changepoints: int, columns: int, own: int) -> Fits:
    """Fits with every parameter at 0; Prophet gives constant series these, with their own level."""
    series = len(histories.rows)
    status = histories.status
    return Fits(
        histories, status, np.zeros(series), np.zeros(series), np.full(series, np.nan),
        np.zeros((series, changepoints)), np.zeros((series, changepoints), dtype=np.int64),
        np.zeros(series, dtype=np.int64), np.zeros((series, columns)), np.zeros((series, own)), np.zeros((series, own)),
        np.ones((series, own)),
    )  # fmt: skip
