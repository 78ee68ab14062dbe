"""What lies ahead of a rate with a red limit: how much is left until red, what brings back green, where it is going.

The idea: one recent rate answers every question about days to come, so that the page, the alert and the review never
tell three futures of one merchant.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.metrics.catalogue import Rate
from models.metrics.exposure import Posterior, Prior
from models.metrics.platform import PlatformRule
from models.metrics.profile import Colouring
from models.metrics.projection import WindowDays, breach_probability, days_to_breach, recent_posterior
from models.metrics.rules import Limit
from models.metrics.until import good_under_own_limit, more_bad_over_own_limit

FloatArray = npt.NDArray[np.float64]
RECENT_SHARE = 4  # the recent rate is that of the last quarter of the window, at least a week


def ahead_of(
    metric: Rate,
    limit: Limit,
    days: WindowDays,
    now: Posterior,
    prior: Prior,
    counts: tuple[FloatArray, FloatArray, FloatArray],
    colouring: Colouring,
    review_ahead: int | None,
) -> dict[str, FloatArray]:
    """Figures of the days ahead by their name in `Estimate`, arrays (merchants,).

    Parameters
    ----------
    limit : Limit
        The limit that decides; it has a red value.
    counts : tuple of arrays (merchants,)
        Bad events, all events (or the exposure), and what the platform counts, of the window.
    review_ahead : int or None
        Days ahead that the next review will see; None where nobody reviews.
    """
    rule = PlatformRule.of(limit, metric.better == "higher", metric.per == "exposure")
    recent = recent_posterior(days, now, max(days.bad.shape[1] // RECENT_SHARE, 7))
    platform = limit.kind == "platform"
    found = {}
    if platform:
        found["more_bad_until_red"] = rule.more_bad_until_breach(*counts)
        found["good_until_green"] = rule.good_until_allowed(*counts)
        half, whole = colouring.breach_days // 2, colouring.breach_days
        found["breach"] = np.maximum(*(breach_probability(days, recent, rule, ahead) for ahead in (half, whole)))
    else:
        red = rule.limit
        found["more_bad_until_red"] = more_bad_over_own_limit(
            now, counts[0], red, colouring.red_probability, metric.min_bad
        )
        found["good_until_green"] = _good_until_green(metric, limit, now, red, colouring)
        found["breach"] = recent.probability_over(red)
    followed = None if platform else prior
    found["days_to_breach"] = days_to_breach(days, recent, rule, 2 * colouring.breach_days, followed)
    if review_ahead is not None:
        found["breach_at_review"] = breach_probability(days, recent, rule, review_ahead, followed)
    return found


def _good_until_green(metric: Rate, limit: Limit, now: Posterior, red: float, colouring: Colouring) -> FloatArray:
    rules = [(red, colouring.red_probability)]
    if limit.amber is not None:
        amber = 1 - limit.amber if metric.better == "higher" else limit.amber
        rules.append((amber, colouring.amber_probability))
    asked = np.any([now.probability_over(at) >= probability for at, probability in rules], axis=0)
    return good_under_own_limit(now, rules, asked)
