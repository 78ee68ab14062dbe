"""Prophet itself as oracle: both fit the same days of the same merchants, and both are judged by the days after them.

The idea: a fit of our own that serves everybody must be held against the library on the platform's own data, again and
again, not once on data of the laboratory. One fit by Prophet costs a tenth of a second, so a few hundred merchants that
stand for all are asked, others every day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.calendar.event import Event
from models.forecasting.batched_prophet.agreement import Agreement, agreement
from models.forecasting.batched_prophet.columns import Event as EventDay
from models.forecasting.batched_prophet.columns import day_columns, event_columns
from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.reference import fit_prophet
from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import OraclePolicy


@dataclass(frozen=True)
class Verdict:
    """What both said of the held-out days.

    Parameters
    ----------
    agreement : Agreement
        Of the fits, and of the two forecasts.
    actual, ours, theirs : arrays (series, held-out days)
        Actual is NaN where not known.
    """

    agreement: Agreement
    actual: Floats
    ours: Floats
    theirs: Floats

    @property
    def wape_ours(self) -> float:
        """Sum of our absolute errors over the sum of what came; NaN where nothing came."""
        return _wape(self.actual, self.ours)

    @property
    def wape_theirs(self) -> float:
        """The same of Prophet."""
        return _wape(self.actual, self.theirs)

    def complaints(self, policy: OraclePolicy) -> list[str]:
        """What a limit of policy does not allow; a sentence each."""
        found, said = self.agreement, []
        if found.share < policy.least_share:
            said.append(
                f"the log posterior is at least Prophet's on {found.share:.1%} of {found.series} series; "
                f"{policy.least_share:.1%} are promised"
            )
        if found.wape > policy.most_wape:
            said.append(f"the two forecasts lie {found.wape:.2%} apart; at most {policy.most_wape:.2%} is promised")
        worse = self.wape_ours - self.wape_theirs
        if worse > policy.most_worse:
            said.append(
                f"our WAPE is {self.wape_ours:.4f}, Prophet's {self.wape_theirs:.4f}; "
                f"at most {policy.most_worse} more is promised"
            )
        return said


def _wape(actual: Floats, said: Floats) -> float:
    known = np.isfinite(actual)
    total = float(np.abs(actual[known]).sum())
    return float(np.abs(said[known] - actual[known]).sum()) / total if total > 0 else float("nan")


def stratified(ids: npt.NDArray[np.object_], stratum: Ints, size: int, day: date) -> Ints:
    """Places of at most `size` of the ids, every stratum by its share and, as far as there is room, at least once.

    Who is chosen follows from a hash of id and day, so that a day asked twice asks the same and another asks others.

    Parameters
    ----------
    ids : array of str (merchants,)
    stratum : array of int (merchants,)
    size : int
    day : date
    """
    hashed = pd.util.hash_array(np.array([f"{day} {name}" for name in ids], dtype=object), categorize=False)
    order = np.lexsort((ids.astype(str), hashed, stratum))
    ordered = stratum[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else np.zeros(0, np.int64)
    counts = np.diff(np.append(starts, len(ordered)))
    rank = np.arange(len(ordered)) - np.repeat(starts, counts)
    # The first of each stratum, then whoever keeps the shares even.
    turn = np.where(rank == 0, -1.0, (rank + 0.5) / np.repeat(counts, counts))
    chosen = order[np.lexsort((hashed[order], turn))[:size]]
    result: Ints = np.sort(chosen).astype(np.int64)
    return result


def ask_prophet(
    values: Floats, first_day: date, events: Sequence[Event], held_out: int, settings: ProphetSettings | None = None
) -> Verdict:
    """Fit all but the newest days both ways, and look at the newest ones.

    Parameters
    ----------
    values : array (series, days)
        NaN = not known.
    first_day : date
        Day of column 0.
    events : sequence of Event
        Those of the whole platform; each family and phase is a holiday.
    held_out : int
        Newest days, which neither sees.
    """
    settings = settings or ProphetSettings()
    past = values[:, :-held_out]
    days = event_days(events, first_day, values.shape[1])
    calendar = day_columns(first_day, event_columns(first_day, values.shape[1], days)[0], settings)
    fits = fit_many(past, calendar, settings)
    ours = predict(fits, calendar, np.arange(past.shape[1], values.shape[1]))[0]
    references = [fit_prophet(row, first_day, calendar, days, horizon=held_out) for row in past]
    found = agreement(past, fits, ours, references, calendar, settings)
    theirs = np.stack([one.mean for one in references])
    return Verdict(found, values[:, -held_out:], ours, theirs)


def event_days(events: Sequence[Event], first_day: date, days: int) -> list[EventDay]:
    """Each day of each phase of events that concern all, once."""
    last = first_day + timedelta(days=days - 1)
    found = {
        EventDay(f"{event.phase}/{event.family}", event.starts_on + timedelta(days=ahead))
        for event in events
        if not event.scope and event.touches(first_day, last)
        for ahead in range((event.ends_on - event.starts_on).days + 1)
    }
    return sorted(one for one in found if first_day <= one.day <= last)
