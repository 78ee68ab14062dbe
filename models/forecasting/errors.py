"""Measures of forecast error, each from sums that add up over blocks.

Sources: Hyndman and Koehler (2006), International Journal of Forecasting 22, 679-688 (MASE); Gneiting (2011), JASA 106,
746-762 (pinball loss).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from models.forecasting.calibration import LEVELS
from models.forecasting.panel import Floats


@dataclass
class ErrorSums:
    """Sums over pairs of forecast and actual; floats, or arrays of one shape."""

    pairs: Floats
    actual: Floats
    absolute: Floats
    signed: Floats
    percent_squared: Floats
    percent_pairs: Floats
    scale: Floats
    pinball: Floats
    covered_80: Floats
    covered_95: Floats

    @classmethod
    def empty(cls, shape: tuple[int, ...] = ()) -> ErrorSums:
        """Sums before the first pair."""
        return cls(*(np.zeros(shape) for _ in fields(cls)))

    def add(self, other: ErrorSums) -> None:
        """Add other sums."""
        for entry in fields(self):
            setattr(self, entry.name, getattr(self, entry.name) + getattr(other, entry.name))

    def measures(self) -> dict[str, Floats]:
        """Error measures; NaN where a denominator is 0.

        Returns
        -------
        dict
            wape = sum |error| / sum actual; rmspe = root mean (error / actual)^2 over days with actual > 0;
            mase = sum |error| / sum of the merchants' in-sample naive errors; pinball = mean over quantiles and days;
            bias = sum error / sum actual, positive = too high; coverage_80 and coverage_95 = share of days inside.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            return {
                "wape": self.absolute / self.actual,
                "rmspe": np.sqrt(self.percent_squared / self.percent_pairs),
                "mase": self.absolute / self.scale,
                "pinball": self.pinball / self.pairs,
                "bias": self.signed / self.actual,
                "coverage_80": self.covered_80 / self.pairs,
                "coverage_95": self.covered_95 / self.pairs,
            }


def error_sums(actual: Floats, mean: Floats, quantiles: Floats | None, scale: Floats) -> ErrorSums:
    """Sums per merchant.

    Parameters
    ----------
    actual, mean : arrays (merchants, days)
        Pairs with a NaN are left out.
    quantiles : array (7, merchants, days), optional
        Without them pinball is that of a point forecast and coverage is NaN.
    scale : array (merchants,)
        In-sample mean absolute error of the seasonal naive.
    """
    known = np.isfinite(actual) & np.isfinite(mean)
    error = np.where(known, mean - actual, 0.0)
    positive = known & (actual > 0)
    percent = np.where(positive, error / np.where(positive, actual, 1.0), 0.0)
    pairs = known.sum(axis=1).astype(np.float64)
    if quantiles is None:
        pinball, inside_80, inside_95 = 0.5 * np.abs(error).sum(axis=1), np.full_like(pairs, np.nan), None
    else:
        pinball = np.where(known, pinball_loss(actual, quantiles), 0.0).sum(axis=1)
        inside_80 = (known & (actual >= quantiles[1]) & (actual <= quantiles[5])).sum(axis=1).astype(np.float64)
        inside_95 = (known & (actual >= quantiles[0]) & (actual <= quantiles[6])).sum(axis=1).astype(np.float64)
    return ErrorSums(
        pairs=pairs,
        actual=np.where(known, actual, 0.0).sum(axis=1),
        absolute=np.abs(error).sum(axis=1),
        signed=error.sum(axis=1),
        percent_squared=(percent**2).sum(axis=1),
        percent_pairs=positive.sum(axis=1).astype(np.float64),
        scale=np.nan_to_num(scale) * pairs,
        pinball=pinball,
        covered_80=inside_80,
        covered_95=inside_80 if inside_95 is None else inside_95,
    )


def pinball_loss(actual: Floats, quantiles: Floats) -> Floats:
    """Mean pinball loss over the seven quantiles (merchants, days)."""
    loss = np.zeros_like(actual)
    for level, quantile in zip(LEVELS, quantiles, strict=True):
        error = actual - quantile
        loss = loss + np.maximum(level * error, (level - 1.0) * error)
    return loss / len(LEVELS)


def by_label(sums: ErrorSums, label: np.ndarray, labels: int) -> ErrorSums:
    """Add sums of merchants up by label (labels,)."""
    parts = (getattr(sums, entry.name) for entry in fields(sums))
    return ErrorSums(*(np.bincount(label, part, labels).astype(np.float64) for part in parts))
