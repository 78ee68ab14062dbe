"""All detectors of one metric, made comparable and put together: one p-value a day, and since when.

Each detector's scores become p-values by their ranks in the pooled past; the clipped Cauchy combination splits the
alarm level among them by their weights, and what comes out is ranked once more, because detectors of the same days are
not independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.risk.change_start import change_start
from models.risk.combination import detectors_score
from models.risk.detectors import cusum, ewma, one_day, two_of_three
from models.risk.ranks import calibrate
from models.risk.settings import CalibrationSettings, DetectorSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Detection:
    """What the detectors say of one metric.

    Parameters
    ----------
    p_value : array (merchants, days)
        Calibrated over all detectors; NaN where there is no score.
    loudest : array (merchants,) of str
        Detector with today's smallest p-value.
    changed : array (merchants,)
        Days ago on which the trouble that stands today began, -1 where nothing stands out.
    """

    p_value: FloatArray
    loudest: npt.NDArray[np.object_]
    changed: IntArray


def detect(
    z: FloatArray,
    strata: IntArray,
    day_types: IntArray,
    trimmed: BoolArray,
    calibration: CalibrationSettings,
    settings: DetectorSettings,
    overlapping: Mapping[str, FloatArray] | None = None,
) -> Detection:
    """Judge the days of one metric.

    Parameters
    ----------
    z : array (merchants, days)
        Directed residuals, high is bad, the last day today.
    strata, day_types, trimmed
        As `ranks.calibrate` asks for them.
    overlapping : mapping of name to array (merchants, days)
        Directed scores of the same metric over several days, such as errors of seven-day sums, which join as they are.
    """
    names, p_values = [], []
    for name, scores in _scores(z, overlapping or {}, settings):
        names.append(name)
        p_values.append(calibrate(scores, strata, day_types, calibration, trimmed))
    weights = [settings.weights.get(name, 1.0) for name in names]
    together = calibrate(detectors_score(p_values, weights), strata, day_types, calibration, trimmed)
    today = np.stack([np.where(np.isnan(one[:, -1]), np.inf, one[:, -1]) for one in p_values])
    loudest = np.array(names, dtype=object)[today.argmin(axis=0)]
    since = change_start(z, settings.change_days, settings.clip, settings.change_least)
    return Detection(together, loudest, since)


def _scores(
    z: FloatArray, overlapping: Mapping[str, FloatArray], settings: DetectorSettings
) -> Iterator[tuple[str, FloatArray]]:
    yield "one_day", one_day.scores(z)
    yield "two_of_three", two_of_three.scores(z)
    yield "ewma", _settled(ewma.scores(z, settings.ewma_share, settings.clip), settings)
    yield "cusum", _settled(cusum.scores(z, settings.cusum_slack, settings.clip, settings.cusum_days), settings)
    yield from overlapping.items()


def _settled(scores: FloatArray, settings: DetectorSettings) -> FloatArray:
    """Without the first days, whose sums had no time to gather and would make today's look rare."""
    start = min(settings.settling_days, scores.shape[1] - 1)
    scores[:, :start] = np.nan
    return scores
