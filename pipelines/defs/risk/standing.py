"""How merchants and groups stand today: leg lights, incidents, the order of merchants, peers and mentors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.catalogue import LEGS
from models.metrics.legs import LegLight
from models.metrics.lights import LIGHT_NAMES, worst
from models.metrics.profile import Profile
from models.peers.matches import Match, match_leg
from models.risk.money import priority, ranks, total_money
from models.risk.scoring import ODDNESS
from models.risk.settings import RiskSettings
from pipelines.day import Day
from pipelines.defs.risk.control import Control, control_table, read_control, recent_legs
from pipelines.defs.risk.groups import incident_table, incidents_of
from pipelines.defs.risk.legs import LegScores, leg_tables, read_leg_scores
from pipelines.defs.risk.outlooks import Outlooks, read_outlooks
from pipelines.defs.risk.panel import Merchants, read_merchants
from pipelines.defs.risk.reading import scatter
from pipelines.defs.risk.rows import floats
from pipelines.defs.risk.signals import window_keys
from pipelines.defs.risk.written import WrittenSignals, leg_lights
from pipelines.policy import load_profile, load_risk_settings

FloatArray = npt.NDArray[np.float64]
TABLES = ("metric_signals", "leg_scores", "leg_status", "group_findings", "incidents", "feed_status",
          "volume_forecast_sum")  # fmt: skip


def risk(day: Day) -> dict[str, int]:
    """Write legs, incidents, control, outlooks, the order of merchants and their peers from the day's signals."""
    profile, settings = load_profile(day.workspace), load_risk_settings(day.workspace)
    merchants = read_merchants(day)
    with day.connect(*TABLES, "merchant_day", since=day.as_of - timedelta(days=settings.residuals.days)) as connection:
        connection.register("day_merchants", merchants.places())
        connection.register("day_metrics", metric_places(profile))
        signals = WrittenSignals.read(day, connection, merchants, profile)
        legs = leg_lights(signals)
        scores = read_leg_scores(day, connection, merchants, settings.root)
        before = day.query(connection, __file__, "sql/earlier_legs.sql")
        rows = incidents_of(day, connection, profile, settings)
        ahead = day.query(connection, __file__, "sql/gmv_ahead.sql", days=settings.money.horizon_days)
        gmv = scatter(ahead, "gmv", merchants.count)
        today = np.stack([scores[leg].p_value for leg in (*LEGS, ODDNESS)])
        leg_p = recent_legs(day, connection, (*LEGS, ODDNESS), today, settings.control)
    control = read_control(day, profile, settings.control, (*LEGS, ODDNESS), leg_p)
    outlooks = read_outlooks(day, merchants, profile, settings.outlook)
    told = day.write("merchant_outlook", outlooks.rows())  # fills what merchant_risk repeats of it
    return {
        "leg_status": day.write("leg_status", leg_tables(day, merchants, legs, scores, before, settings.root)),
        "incidents": day.write("incidents", incident_table(day, rows)),
        "leg_control": day.write("leg_control", control_table(day, control)),
        "merchant_outlook": told,
        "merchant_risk": day.write(
            "merchant_risk", merchant_table(day, merchants, settings, signals, legs, scores, control, outlooks, gmv)
        ),
        "peer_matches": day.write("peer_matches", _matches(day, merchants, signals, legs)),
    }


def metric_places(profile: Profile) -> pa.Table:
    """Metrics and windows with their places, for joins."""
    keys = window_keys(profile)
    return pa.table(
        {
            "metric": [metric for metric, _ in keys],
            "window": [window for _, window in keys],
            "position": list(range(len(keys))),
        }
    )


def merchant_table(
    day: Day,
    merchants: Merchants,
    settings: RiskSettings,
    signals: WrittenSignals,
    legs: dict[str, LegLight],
    scores: dict[str, LegScores],
    control: Control,
    outlooks: Outlooks,
    gmv: FloatArray,
) -> pa.Table:
    """Rows of `merchant_risk`, in the order of all arrays."""
    stacked, p_value = np.stack([scores[leg].p_value for leg in (*LEGS, ODDNESS)]), control.p_value
    smallest = np.array([*LEGS, ODDNESS], dtype=object)[np.where(np.isnan(stacked), np.inf, stacked).argmin(axis=0)]
    lasting = np.array([*LEGS, ODDNESS, None], dtype=object)[control.lasting]
    light = worst([found.light for found in legs.values()])
    parts = signals.money_parts()
    money = total_money(list(parts.values()))
    unknown = np.array([settings.money.p_bad_unknown[name] for name in LIGHT_NAMES])[light]
    p_bad = outlooks.p_bad(14)
    share = signals.recoverable(settings.money.recoverable_share)
    order = priority(np.where(np.isnan(p_bad), unknown, p_bad), money, share)
    return pa.table(
        {
            "as_of": pa.repeat(pa.scalar(day.as_of), merchants.count),
            "merchant_id": merchants.ids,
            "p_value": floats(p_value),
            "flagged": pa.array(control.flagged),
            "p_bad_14": floats(p_bad),
            "p_bad_28": floats(outlooks.p_bad(28)),
            "p_bad_healthy_14": floats(outlooks.p_bad_healthy(14)),
            "p_bad_reasons": pa.array(outlooks.reasons(), pa.string()),
            "money_at_risk": floats(money),
            "priority": floats(order),
            "rank": pa.array(ranks(order, p_value)),
            "light": pa.array(np.array(LIGHT_NAMES, dtype=object)[light], pa.string()),
            "odd_p": floats(scores[ODDNESS].p_value),
            "p_value_leg": pa.array(smallest, pa.string(), mask=np.isnan(p_value)),
            "lasting_leg": pa.array(lasting, pa.string()),
            "gmv_14": floats(gmv),
            "money_stock_out": floats(parts["level"]),
            "money_drop": floats(parts["break"]),
            "money_breach": floats(parts["rate"]),
        }
    )


def _matches(day: Day, merchants: Merchants, signals: WrittenSignals, legs: dict[str, LegLight]) -> Iterator[pa.Table]:
    for leg in LEGS:
        found: Match = match_leg(
            signals.peer_metrics(leg), legs[leg].light, merchants.mentor_opt_in, signals.group_of_leg(leg)
        )
        ids = merchants.ids.to_numpy(zero_copy_only=False)
        mentor = np.where(found.mentor >= 0, ids[np.maximum(found.mentor, 0)], None)
        yield pa.table(
            {
                "as_of": pa.repeat(pa.scalar(day.as_of), merchants.count),
                "merchant_id": merchants.ids,
                "leg": pa.repeat(leg, merchants.count),
                "peer_group": pa.array(found.group, pa.string()),
                "size": pa.array(found.size),
                "mentor": pa.array(mentor, pa.string()),
                "difference": pa.array(found.difference, pa.string()),
                "position": floats(found.position),
                "metric": pa.array(found.metric, pa.string()),
            }
        )
