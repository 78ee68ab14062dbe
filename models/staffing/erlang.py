"""Erlang C: how many chats must be open at once, so that most customers are answered in time.

The idea: arrivals and handling times repeat a few thousand different loads over millions of hours, so each different
load is solved once, and all of them together, by the recursion of Erlang B.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS_PER_ERLANG = 50  # loads are rounded up to 0.02 erlangs before they are told apart


def waiting_probability(servers: NDArray[np.int64], load: Floats) -> Floats:
    """Probability that an arrival has to wait (Erlang C).

    Parameters
    ----------
    servers : (n,) array
        Servers, at least 1.
    load : (n,) array
        Offered load in erlangs (arrivals per hour * handling hours), >= 0.

    Returns
    -------
    (n,) array; 1 where the load is not below the servers.

    Notes
    -----
    C = B / (1 - rho (1 - B)) with Erlang B by B(k) = a B(k-1) / (k + a B(k-1)); Cooper, Introduction to Queueing
    Theory, 2nd ed., section 3.5.
    """
    blocked = np.ones(len(load))
    for count in range(1, int(servers.max(initial=0)) + 1):
        mine = servers >= count
        blocked[mine] = load[mine] * blocked[mine] / (count + load[mine] * blocked[mine])
    return _waits(blocked, servers, load)


def _waits(blocked: Floats, servers: NDArray[np.int64], load: Floats) -> Floats:
    utilisation = load / servers
    stable = utilisation < 1
    divisor = np.where(stable, 1 - utilisation * (1 - blocked), 1.0)
    return np.where(stable, blocked / divisor, 1.0)


def servers_needed(
    load: Floats, handle_seconds: Floats, share: float, seconds: float, occupancy: float
) -> NDArray[np.int64]:
    """Smallest number of servers that answers `share` of arrivals within `seconds` and keeps below `occupancy`.

    Parameters
    ----------
    load, handle_seconds : (n,) arrays
        Offered load in erlangs and mean handling time; no NaN.

    Returns
    -------
    (n,) array of int; 0 where there is no load. Loads are rounded up to 0.02 erlangs, handling times to whole
    half-minutes.
    """
    steps = np.ceil(load * STEPS_PER_ERLANG - 1e-9).astype(np.int64)
    half_minutes = np.maximum(np.round(handle_seconds / 30), 1).astype(np.int64)
    # Both in one whole number, because sorting pairs takes ten times as long.
    width = int(half_minutes.max(initial=0)) + 1
    unique, inverse = np.unique(steps * width + half_minutes, return_inverse=True)
    solved = _solve(unique // width / STEPS_PER_ERLANG, unique % width * 30.0, share, seconds, occupancy)
    return solved[inverse]


def _solve(load: Floats, handle: Floats, share: float, seconds: float, occupancy: float) -> NDArray[np.int64]:
    least = np.ceil(load / occupancy - 1e-9).astype(np.int64)
    answer = np.where(load > 0, 0, least)
    open_ = np.flatnonzero(load > 0)
    blocked = np.ones(len(load))
    count = 0
    while len(open_):
        count += 1
        a = load[open_]
        blocked[open_] = a * blocked[open_] / (count + a * blocked[open_])
        servers = np.full(len(open_), count)
        waits = _waits(blocked[open_], servers, a)
        in_time = 1 - waits * np.exp(-np.maximum(count - a, 0.0) * seconds / handle[open_])
        done = (count >= least[open_]) & (count > a) & (in_time >= share)
        answer[open_[done]] = count
        open_ = open_[~done]
    return answer
