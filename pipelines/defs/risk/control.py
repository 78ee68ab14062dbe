"""Who is flagged today: the false-discovery control with the shares that people's verdicts have left each leg.

Only verdicts known by the day count, so a replayed day flags the same merchants. Alerts and audits of earlier days are
read for what the verdicts were about; that they are made from this step's own tables of those days makes no circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.profile import Profile
from models.risk.combination import merchant_p
from models.risk.discovery import passes_control
from models.risk.feedback_control import LegShare, leg_shares, merchant_weights
from models.risk.lasting import lasting_leg
from models.risk.settings import ControlSettings
from pipelines.day import Day
from pipelines.defs.risk.labels import labels_by
from pipelines.defs.risk.rows import floats

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Control:
    """The control of a day, arrays (merchants,); `level` is the share of false alarms that it allows over all.

    `lasting` is the position of the leg by which a merchant is flagged whom the day alone would not have, else -1.
    """

    p_value: FloatArray
    flagged: npt.NDArray[np.bool_]
    lasting: npt.NDArray[np.int64]
    level: float
    shares: tuple[LegShare, ...]


def read_control(
    day: Day, profile: Profile, settings: ControlSettings, legs: Sequence[str], leg_p: FloatArray
) -> Control:
    """Control of a day.

    Parameters
    ----------
    leg_p : array (days, legs, merchants)
        p-values of the legs, in the order of `legs`, the last day today; NaN where a merchant has none.
    """
    shares = leg_shares(labels_by(day, profile), legs, settings)
    weights, level = merchant_weights(leg_p[-1], np.array([one.q for one in shares]))
    p_value = merchant_p(list(leg_p[-1]))
    passed = passes_control(p_value, level, weights, settings.least_p)
    leg_weights = np.array([one.q / level if one.leg in settings.lasting.legs else 0.0 for one in shares])
    lasting = lasting_leg(leg_p, leg_weights, settings.lasting)
    return Control(p_value, passed | (lasting >= 0), np.where(passed, -1, lasting), level, tuple(shares))


def recent_legs(
    day: Day, connection: duckdb.DuckDBPyConnection, legs: Sequence[str], leg_p: FloatArray, settings: ControlSettings
) -> FloatArray:
    """p-values (days, legs, merchants) of the days that trouble is seen to last over; today's (legs, merchants) last.

    Of the days before only legs whose trouble may last. `connection` knows the merchants by their place.
    """
    lasting = settings.lasting
    recent = np.full((lasting.of, *leg_p.shape), np.nan)
    recent[-1] = leg_p
    lasts = [leg for leg in legs if leg in lasting.legs]
    rows = day.query(connection, __file__, "sql/recent_legs.sql", days=lasting.of, legs=list(legs), lasting=lasts)
    ago, leg, place, p_value = (rows.column(name).to_numpy() for name in ("ago", "leg", "place", "p_value"))
    recent[-1 - ago, leg, place] = p_value
    return recent


def control_table(day: Day, control: Control) -> pa.Table:
    """Rows of `leg_control`."""
    rows = [asdict(one) for one in control.shares]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns |= {name: floats(np.array(columns[name], dtype=np.float64)) for name in ("low", "high")}
    return pa.table(
        {
            "as_of": pa.array([day.as_of] * len(rows), pa.date32()),
            **columns,
            "moved_on": pa.array(columns["moved_on"], pa.date32()),
            "level": [control.level] * len(rows),
            "weight": [row["q"] / control.level for row in rows],
        }
    )
