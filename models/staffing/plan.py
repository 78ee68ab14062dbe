"""People needed by day and hour: the consultations that people take, by Erlang C, with breaks and a larger bot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.staffing.erlang import servers_needed
from models.staffing.policy import StaffingPolicy

Floats = NDArray[np.float64]


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
