"""How far days of the past lay from the corrected model, by kind of day: what a merchant does of its own accord.

Each known day is compared with the level that the days before it stood for. The difference is kept in log units, with
the precision of such a day (see `spread`), so that a small merchant's noise weighs less, and a cell's mean is shrunk
towards nothing by how much its days can say.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.boosted.layout import (
    OWN_BESIDE_CLOSED,
    OWN_CELL,
    OWN_WEEKDAY,
    RECENT_PROMOTION,
    RECENT_WEEKDAY,
    Features,
    step_of,
)
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Flags, Floats, Ints
from models.forecasting.policy import BoostedPolicy

WARM: Final = 7  # known days before the first one that is compared
CELLS: Final = (
    14 + 7 + 4 + 2 + 7 + 1
)  # weekday x promotion, weekday, beside closed; then recent: promotion, weekday, all
AT_WEEKDAY, AT_BESIDE, AT_RECENT_PROMOTION, AT_RECENT_WEEKDAY, AT_RECENT = 14, 21, 25, 27, 34


class OwnPast(NamedTuple):
    """Sums of weighted differences and of weights (merchants, CELLS)."""

    beyond: Floats
    weight: Floats

    def recent(self, prior: float) -> Floats:
        """Shrunk mean of all recent days (merchants,)."""
        result: Floats = self.beyond[:, AT_RECENT] / (self.weight[:, AT_RECENT] + prior)
        return result


def fill_own_past(out: Features, fit: BlockFit, known: int, factors: Floats, policy: BoostedPolicy) -> OwnPast:
    """Fill the features of the merchant's own past, of out (merchants, days, features); return the sums behind them.

    Parameters
    ----------
    factors : array (merchants, columns of the fit)
        Day factors that days are compared with.
    """
    days, first = out.shape[1], max(fit.start, known - policy.own_days)
    past, window = fit.columns(first, known), slice(first, known + days)
    panel, weekday = fit.panel, fit.labels.weekday[window]
    promotion = np.ascontiguousarray(panel.promotion[:, window])
    beside = beside_closed_cell(panel.open[:, window])
    shape = (out.shape[0], CELLS)
    sums = OwnPast(np.zeros(shape), np.zeros(shape))
    decays = [0.5 ** (1.0 / days) for days in (policy.own_level_days, policy.own_half_life, policy.recent_half_life)]
    gather(
        sums.beyond, sums.weight, np.ascontiguousarray(fit.values[:, past]), np.ascontiguousarray(factors[:, past]),
        promotion, beside, weekday, fit.unit, fit.dispersion, *decays,
    )  # fmt: skip
    spread(out, sums.beyond, sums.weight, promotion, beside, weekday, policy.own_sd**-2)
    return sums


def beside_closed_cell(is_open: Flags) -> np.ndarray:
    """Cell (merchants, days) of each day: 0 ordinary, 1 the day after a closed day, 2 the day before one, 3 both."""
    cell = np.zeros(is_open.shape, dtype=np.int8)
    cell[:, 1:] += ~is_open[:, :-1]
    cell[:, :-1] += 2 * (~is_open[:, 1:]).astype(np.int8)
    return cell


@compiled
def gather(
    beyond: Floats, weight: Floats, values: Floats, factors: Floats, promotion: Flags, beside: Ints, weekday: Ints,
    unit: Floats, dispersion: Floats, of_level: float, of_habit: float, of_recent: float,
) -> None:  # fmt: skip
    """Fill the sums of `OwnPast`; the last three are what a day keeps of its weight from one day to the next."""
    last = values.shape[1]
    for m in range(values.shape[0]):
        sold, promised, seen = 0.0, 0.0, 0
        root = np.sqrt(dispersion[m])
        for k in range(last):
            y, f = values[m, k], factors[m, k]
            is_known = y == y and f > 0
            if is_known and seen >= WARM and sold > 0:
                mean = sold / promised * f
                a, b = dispersion[m] * y / unit[m], dispersion[m] * mean / unit[m]
                # The difference of two values of `stabilise`, in one go: asinh x - asinh y = asinh(x ch - y sh).
                z = 2.0 / root * np.arcsinh(np.sqrt(a * (1 + b)) - np.sqrt(b * (1 + a)))
                precision = 1.0 / (unit[m] / mean + dispersion[m])
                pull = z * np.sqrt(precision)
                on = 1 if promotion[m, k] else 0
                slow, fast = of_habit ** (last - 1 - k), of_recent ** (last - 1 - k)
                _add(beyond[m], weight[m], weekday[k] * 2 + on, slow, pull, precision)
                _add(beyond[m], weight[m], AT_WEEKDAY + weekday[k], slow, pull, precision)
                _add(beyond[m], weight[m], AT_BESIDE + beside[m, k], slow, pull, precision)
                _add(beyond[m], weight[m], AT_RECENT_PROMOTION + on, fast, pull, precision)
                _add(beyond[m], weight[m], AT_RECENT_WEEKDAY + weekday[k], fast, pull, precision)
                _add(beyond[m], weight[m], AT_RECENT, fast, pull, precision)
            sold *= of_level
            promised *= of_level
            if is_known:
                sold, promised, seen = sold + y, promised + f, seen + 1


@compiled
def _add(beyond: Floats, weight: Floats, cell: int, share: float, pull: float, precision: float) -> None:
    beyond[cell] += share * pull
    weight[cell] += share * precision


@compiled
def spread(
    out: Features, beyond: Floats, weight: Floats, promotion: Flags, beside: Ints, weekday: Ints, prior: float
) -> None:
    """Give each day ahead the shrunk means of its cells."""
    before = promotion.shape[1] - out.shape[1]
    mean = np.empty(CELLS, np.int16)
    for m in range(out.shape[0]):
        for cell in range(CELLS):
            mean[cell] = step_of(beyond[m, cell] / (weight[m, cell] + prior))
        for h in range(out.shape[1]):
            k, o = before + h, out[m, h]
            on = 1 if promotion[m, k] else 0
            o[OWN_CELL] = mean[weekday[k] * 2 + on]
            o[OWN_WEEKDAY] = mean[AT_WEEKDAY + weekday[k]]
            o[OWN_BESIDE_CLOSED] = mean[AT_BESIDE + beside[m, k]]
            o[RECENT_PROMOTION] = mean[AT_RECENT_PROMOTION + on]
            o[RECENT_WEEKDAY] = mean[AT_RECENT_WEEKDAY + weekday[k]]
