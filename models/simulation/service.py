"""Chats: how many come, who answers, how fast.

Visitors ask before they buy; orders, late parcels and refunds bring people back. A shop that answers slowly shows it in
every share at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.simulation.draws import Floats, Ints, Streams, thin
from models.simulation.parameters import ServiceParameters
from models.simulation.world import World

PHASES = ("pre_sale", "after_sale")
COLUMNS = (
    "sessions", "sessions_08_23", "replied_3min_08_23", "first_messages", "replied_24h", "replied_48h", "bot_sessions",
    "bot_resolved", "human_sessions", "handle_seconds",
)  # fmt: skip
# Share of a day's chats by hour, 0 to 23: quiet nights, a noon and a large evening peak.
HOURS = np.array(
    [
        1.2,
        0.6,
        0.4,
        0.3,
        0.3,
        0.5,
        1.2,
        2.2,
        3.6,
        5.0,
        6.0,
        5.8,
        5.2,
        5.4,
        5.8,
        5.8,
        5.6,
        5.2,
        5.2,
        6.6,
        8.4,
        9.0,
        7.0,
        3.7,
    ]
)
HOUR_SHARES = HOURS / HOURS.sum()


@dataclass(frozen=True)
class ServiceDay:
    """One phase of a day, (merchants,) per column; `first` as known that day,
    `second` a day later, `final` after two."""

    first: dict[str, Ints | Floats]
    second: dict[str, Ints | Floats]
    final: dict[str, Ints | Floats]


def sessions_wanted(
    shape: ServiceParameters, visitors: Ints, orders: Ints, late: Floats, refunds: Floats
) -> dict[str, Floats]:
    """Chats to expect by phase, (merchants,); `late` and `refunds` in orders per day."""
    return {
        "pre_sale": np.asarray(visitors * shape.pre_sale_per_visitor, dtype=np.float64),
        "after_sale": orders * shape.after_sale_per_order
        + late * shape.after_sale_per_late
        + refunds * shape.after_sale_per_refund,
    }


def service_of_day(
    shape: ServiceParameters,
    world: World,
    phase: str,
    wanted: Floats,
    backlog: Floats,
    day: int,
    streams: Streams,
    bot_lost: Floats | float = 0.0,
) -> ServiceDay:
    """Draw one phase of a day.

    Parameters
    ----------
    wanted : (merchants,) chats to expect
    backlog : (merchants,) share of chats that a backlog leaves unanswered for a day
    bot_lost : (merchants,) share of the bot's answers that fail
    """
    rng = streams.of(f"service {phase}", day)
    rates = world.traits.rates
    sessions = rng.poisson(wanted)
    in_hours = thin(rng, sessions, shape.share_08_23)
    quick = thin(rng, in_hours, (1 - rates["slow_3min"]) * (1 - backlog))
    in_day = thin(rng, sessions, (1 - rates["slow_reply"]) * (1 - backlog))
    same_day = np.maximum(thin(rng, in_day, shape.replied_within_day), np.minimum(quick, in_day))
    in_two = in_day + thin(rng, sessions - in_day, shape.replied_48h * (1 - backlog))
    bot = thin(rng, sessions, shape.bot_uses)
    # `bot_share` is the part of all chats that needs no person; the bot's own share of success follows.
    answers = np.minimum(rates["bot_share"] / shape.bot_uses, shape.bot_resolves) * (1 - bot_lost)
    resolved = thin(rng, bot, answers)
    human = sessions - resolved
    seconds = shape.handle_seconds[PHASES.index(phase)]
    handle = np.round(rng.gamma(np.maximum(human, 1e-9) * 2.0) * seconds / 2.0)
    common: dict[str, Ints | Floats] = {
        "sessions": sessions,
        "sessions_08_23": in_hours,
        "replied_3min_08_23": quick,
        "first_messages": sessions,
        "bot_sessions": bot,
        "bot_resolved": resolved,
        "human_sessions": human,
        "handle_seconds": np.where(human > 0, handle, 0.0),
    }
    return ServiceDay(
        {**common, "replied_24h": same_day, "replied_48h": same_day},
        {**common, "replied_24h": in_day, "replied_48h": in_day},
        {**common, "replied_24h": in_day, "replied_48h": in_two},
    )


def by_hour(service: ServiceDay, phase: str, day: int, streams: Streams) -> dict[str, Ints | Floats]:
    """Chats by hour, (merchants, 24) per column; they sum to the day's."""
    rng = streams.of(f"service hour {phase}", day)
    human = rng.multinomial(np.asarray(service.first["human_sessions"], dtype=np.int64), HOUR_SHARES)
    alone = np.asarray(service.first["sessions"] - service.first["human_sessions"], dtype=np.int64)
    sessions = human + rng.multinomial(alone, HOUR_SHARES)
    total = human.sum(axis=1, keepdims=True)
    seconds = np.asarray(service.first["handle_seconds"], dtype=np.float64)[:, None]
    handle = np.divide(human * seconds, total, out=np.zeros(human.shape), where=total > 0)
    return {"sessions": sessions, "human_sessions": human, "handle_seconds": np.round(handle)}


def roster_of_day(shape: ServiceParameters, people_chats: Floats) -> tuple[Ints, Ints]:
    """Agents planned for a day ahead.

    Parameters
    ----------
    people_chats : (merchants,) chats with people that the shop expects on the day

    Returns
    -------
    keeps : (k,) merchants that keep a roster
    agents : (k, 24) agents by hour; 0 outside the roster's hours
    """
    keeps = np.flatnonzero(people_chats >= shape.roster_min_sessions)
    first, last = shape.roster_hours
    need = people_chats[keeps, None] * HOUR_SHARES / (shape.chats_per_agent_hour * shape.agent_hours_load)
    agents = np.maximum(np.ceil(need), 1.0).astype(np.int64)
    hours = np.arange(24)
    agents[:, (hours < first) | (hours > last)] = 0
    return keeps, agents
