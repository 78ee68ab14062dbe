"""Which light follows from a limit: the platform's, our own, or the peers' worst quarter (policy.md).

Each kind has its own idea of doubt. A platform acts on the plain figure, so the plain figure is red whatever chance had
to do with it. Our own limit waits until one can be nearly sure. Peers alone never make a red light.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.metrics.lights import BoolArray, LightArray, light
from models.metrics.profile import Colouring

FloatArray = npt.NDArray[np.float64]


def at_least(values: FloatArray, least: float) -> BoolArray:
    """Whether values reach a threshold; not known does not."""
    return np.nan_to_num(values, nan=-np.inf) >= least


def platform_light(
    breach_now: BoolArray,
    over_amber: BoolArray,
    undecided: BoolArray,
    breach: FloatArray,
    known: BoolArray,
    colouring: Colouring,
) -> LightArray:
    """Red by plain arithmetic; amber over its own amber limit, or when a breach is likely within the breach days.

    Parameters
    ----------
    breach_now, over_amber : arrays of bool
        Whether the platform acts on today's figure, and whether that is over the platform's amber limit.
    undecided : array of bool
        Whether the platform may act, as it counts what no feed delivers: amber, as nobody can be sure of red.
    breach : array
        Probability of a breach within `colouring.breach_days`.
    """
    likely = at_least(breach, colouring.platform_amber_probability)
    return light(breach_now, over_amber | undecided | likely, known)


def own_light(
    over_amber: FloatArray,
    over_red: FloatArray,
    bad: FloatArray | None,
    min_bad: int,
    known: BoolArray,
    colouring: Colouring,
) -> LightArray:
    """Red when surely over the red limit with enough bad events; amber when probably over the amber one.

    Parameters
    ----------
    over_amber, over_red : arrays
        Posterior probability of being worse than each limit; NaN where there is no such limit.
    bad : array or None
        Number of bad events; None for means and ratios, which have none.
    """
    enough_red = at_least(bad, min_bad) if bad is not None else np.ones(len(over_red), dtype=bool)
    enough_amber = at_least(bad, colouring.amber_min_bad) if bad is not None else np.ones(len(over_red), dtype=bool)
    sure = at_least(over_red, colouring.red_probability)
    probable = at_least(over_amber, colouring.amber_probability) | sure
    return light(sure & enough_red, probable & enough_amber, known)


def peer_light(
    worse_than_quarter: FloatArray, gap: FloatArray, min_effect: float, known: BoolArray, colouring: Colouring
) -> LightArray:
    """Amber when surely worse than the peers' worst quarter by a gap that matters.

    Parameters
    ----------
    worse_than_quarter : array
        Probability of being worse than the peers' worst quartile; NaN without peers.
    gap : array
        How much worse the observed value is than that quartile, positive = worse, in the metric's unit.
    """
    amber = at_least(worse_than_quarter, colouring.peer_probability) & at_least(gap, min_effect)
    return light(np.zeros(len(gap), dtype=bool), amber, known)


def level_light(
    amber_value: FloatArray,
    red_value: FloatArray,
    amber: float | None,
    red: float | None,
    higher_is_better: bool,
    known: BoolArray,
) -> LightArray:
    """Compare a state with its limits: over them is worse (under them where higher is better)."""
    sign = -1.0 if higher_is_better else 1.0

    def beyond(value: FloatArray, limit: float | None) -> BoolArray:
        if limit is None:
            return np.zeros(len(value), dtype=bool)
        return np.nan_to_num(sign * value, nan=-np.inf) > sign * limit + 1e-12

    return light(beyond(red_value, red), beyond(amber_value, amber), known)
