"""People needed by day and hour: consultations expected, the part that people take, Erlang C, against the roster.

The idea: a merchant's hours follow its own recent profile (shrunk to the platform's while it is small), its days
follow the forecast of its orders, so that an event lifts consultations as it lifts sales.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.staffing.erlang import servers_needed
from models.staffing.policy import StaffingPolicy

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hours:
    """Consultations of n merchants in the past, by phase (p) and hour of the day (24).

    Parameters
    ----------
    sessions, human_sessions, handle_seconds : (n, p, 24) arrays
        Sums over the known days; people's sessions and seconds may be 0.
    days : (n,) array
        Days that are known.
    """

    sessions: Floats
    human_sessions: Floats
    handle_seconds: Floats
    days: Floats


def expected_sessions(hours: Hours, lift: Floats, policy: StaffingPolicy) -> Floats:
    """Consultations expected by merchant, phase, day ahead and hour.

    Parameters
    ----------
    lift : (n, d) array
        Forecast of a day over the mean of the known days; NaN counts as 1.

    Returns
    -------
    (n, p, d, 24) array
    """
    total = hours.sessions.sum(axis=2, keepdims=True)
    platform = hours.sessions.sum(axis=0, keepdims=True)
    usual = platform / np.maximum(platform.sum(axis=2, keepdims=True), 1.0)
    share = (hours.sessions + policy.prior_sessions * usual) / np.maximum(total + policy.prior_sessions, 1e-9)
    daily = total[:, :, 0] / np.maximum(hours.days, 1.0)[:, None]
    per_day = daily[:, :, None] * np.where(np.isnan(lift), 1.0, lift)[:, None, :]
    return per_day[:, :, :, None] * share[:, :, None, :]


def human_share(hours: Hours, policy: StaffingPolicy) -> Floats:
    """Share of consultations that people take, by merchant and phase, shrunk to the platform's; (n, p)."""
    sessions, human = hours.sessions.sum(axis=2), hours.human_sessions.sum(axis=2)
    usual = human.sum(axis=0) / np.maximum(sessions.sum(axis=0), 1.0)
    return np.minimum((human + policy.prior_sessions * usual) / (sessions + policy.prior_sessions), 1.0)


def handle_time(hours: Hours, policy: StaffingPolicy) -> Floats:
    """Seconds that people need for a consultation, by merchant and phase, shrunk to the platform's; (n, p)."""
    human, seconds = hours.human_sessions.sum(axis=2), hours.handle_seconds.sum(axis=2)
    all_human, all_seconds = human.sum(axis=0), seconds.sum(axis=0)
    usual = np.where(
        (all_human > 0) & (all_seconds > 0), all_seconds / np.maximum(all_human, 1.0), policy.handle_seconds
    )
    return (seconds + policy.prior_sessions * usual) / (human + policy.prior_sessions)


def agents_needed(
    sessions: Floats, share: Floats, handle: Floats, concurrency: Floats, policy: StaffingPolicy
) -> NDArray[np.int64]:
    """Agents needed by merchant, day and hour.

    Parameters
    ----------
    sessions : (n, p, d, 24) array
    share, handle : (n, p) arrays
        People's share and seconds per consultation.
    concurrency : (n,) array
        Chats one agent holds at once.

    Returns
    -------
    (n, d, 24) array of int
    """
    human = sessions * share[:, :, None, None]
    arrivals = human.sum(axis=1)
    work = (human * handle[:, :, None, None]).sum(axis=1)
    load = np.where(arrivals >= policy.least_sessions, work / 3600.0, 0.0)
    mean_handle = work / np.maximum(arrivals, 1e-9)
    chats = servers_needed(
        load.ravel(), mean_handle.ravel(), policy.answer_share, policy.answer_seconds, policy.occupancy
    ).reshape(load.shape)
    present = np.ceil(chats / concurrency[:, None, None] - 1e-9)
    # One person on duty stays one: breaks of few are covered among themselves, those of many need more people.
    return np.maximum(np.round(present / (1 - policy.shrinkage)), present).astype(np.int64)


def with_larger_bot(share: Floats, policy: StaffingPolicy) -> Floats:
    """People's share when the bot takes at least its larger share; never more than today's."""
    return np.minimum(share, 1 - policy.bot_share)
