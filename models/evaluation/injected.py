"""Every case of trouble, put into real series one merchant at a time, with the forecasts made anew.

The idea: what was learned of the platform stays, because one merchant of thousands does not move it; what is the
merchant's own (its level, its habits, the weights of its models) is made again from the series as it would have been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.evaluation.injection import draw_onsets, inject
from models.evaluation.policy import InjectionPolicy
from models.evaluation.walk import Errors, Injected, walked_errors
from models.forecasting.learned import Learned
from models.forecasting.panel import Panel
from models.forecasting.residuals import WEEK


def put_in(
    learned: Learned,
    panel: Panel,
    clean: Errors,
    policy: InjectionPolicy,
    first: int,
    whole: bool,
    seed: int,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, Injected]:
    """Put every case in, as many times as there are waves.

    Parameters
    ----------
    learned : Learned
        From the series as they are.
    panel : Panel
    clean : Errors
        Walked errors of the panel as it is; merchants that sell too little on their days get no onset.
    first : int
        First walked column that may be an onset.
    whole : bool
        The measure is in whole counts.
    told : callable
        Hears what is being made.

    Returns
    -------
    dict of "case/wave" to Injected
    """
    rng, days = np.random.default_rng(seed), clean.day.shape[1]
    values, history = panel.values[learned.measure], learned.setting.history
    walked = slice(history - days, history)
    large = np.nanmean(clean.mean, axis=1) >= policy.least_per_day
    known = np.isfinite(values[:, walked]) & np.isfinite(clean.day) & large[:, None]
    result = {}
    for case in policy.cases:
        for wave in range(policy.waves):
            told(f"{case.name}, wave {wave + 1}")
            onset = draw_onsets(known, slice(first, days - policy.days_after), rng)
            changed = values.copy()
            changed[:, walked] = inject(values[:, walked], onset, case, rng, whole)
            put = replace(panel, values={learned.measure: changed})
            result[f"{case.name}/{wave}"] = Injected(walked_errors(learned, put, days // WEEK, whole), onset)
    return result
