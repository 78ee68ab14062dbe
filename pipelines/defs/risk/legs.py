"""Rows of `leg_status`: each leg's light, its evidence, since when, and where its trouble began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.catalogue import LEGS
from models.metrics.legs import LegLight
from models.metrics.lights import LIGHT_NAMES, LIGHT_OF, RED
from models.risk.root_leg import Rise, root_legs, steps_upstream
from models.risk.scoring import ODDNESS
from models.risk.settings import RootRise, RootSettings
from pipelines.day import Day
from pipelines.defs.risk.panel import Merchants
from pipelines.defs.risk.reading import EPOCH, to_floats
from pipelines.defs.risk.rows import days_before, floats

IntArray = npt.NDArray[np.int64]


class LegScores(NamedTuple):
    """Evidence of one leg, arrays (merchants,): p-value, metric that says most, days ago it began to move (-1: not)."""

    p_value: npt.NDArray[np.float64]
    metric: npt.NDArray[np.object_]
    changed: IntArray


def rise_row(metric: str) -> str:
    """What stands in the place of a leg in `leg_scores` where a row tells of a metric's rise."""
    return f"rise:{metric}"


def read_leg_scores(
    day: Day, connection: duckdb.DuckDBPyConnection, merchants: Merchants, settings: RootSettings
) -> dict[str, LegScores]:
    """Evidence of every leg, of the whole pattern and of rises, as the first part of the step wrote it."""
    rows = day.query(connection, __file__, "sql/leg_scores_of_day.sql")
    legs = rows.column("leg").to_numpy(zero_copy_only=False).astype(object)
    place, p_value = rows.column("place").to_numpy(), to_floats(rows.column("p_value"))
    metric = rows.column("metric").to_numpy(zero_copy_only=False).astype(object)
    changed = rows.column("changed").to_numpy().astype(np.int64)
    result = {}
    for leg in (*LEGS, ODDNESS, *(rise_row(rise.metric) for rise in settings.rises)):
        inside = legs == leg
        scores = LegScores(
            np.full(merchants.count, np.nan),
            np.full(merchants.count, None, dtype=object),
            np.full(merchants.count, -1, dtype=np.int64),
        )
        for values, found in zip(scores, (p_value, metric, changed), strict=True):
            values[place[inside]] = found[inside]
        result[leg] = scores
    return result


def leg_tables(
    day: Day,
    merchants: Merchants,
    legs: Mapping[str, LegLight],
    scores: Mapping[str, LegScores],
    before: pa.Table,
    settings: RootSettings,
) -> Iterator[pa.Table]:
    """Rows of `leg_status`, a table per leg.

    Parameters
    ----------
    before : Table
        place, leg, light, since of the newest earlier day.
    """
    since = {leg: _since(day, found, before, leg) for leg, found in legs.items()}
    roots = _roots(day, legs, scores, since, settings)
    for leg, found in legs.items():
        decided = np.array([text.partition(":")[2] if ":" in text else None for text in found.reason], dtype=object)
        yield pa.table(
            {
                "as_of": pa.repeat(pa.scalar(day.as_of), merchants.count),
                "merchant_id": merchants.ids,
                "leg": pa.repeat(leg, merchants.count),
                "light": pa.array(np.array(LIGHT_NAMES, dtype=object)[found.light], pa.string()),
                "p_value": floats(scores[leg].p_value),
                "reason": pa.array(found.reason, pa.string()),
                "metric": pa.array(decided, pa.string()),
                "top_metric": pa.array(scores[leg].metric, pa.string()),
                "changed_on": days_before(scores[leg].changed, day),
                "root_leg": pa.array(roots[leg], pa.string()),
                "since": pa.array(since[leg].astype(np.int32), pa.int32()).cast(pa.date32()),
            }
        )


def _since(day: Day, found: LegLight, before: pa.Table, leg: str) -> IntArray:
    """First day of each merchant's present light, in days since 1970."""
    today = (day.as_of - EPOCH).days
    earlier = before.filter(pa.compute.equal(before.column("leg"), leg))
    since = np.full(len(found.light), today, dtype=np.int64)
    place = earlier.column("place").to_numpy()
    codes = np.array([LIGHT_OF.get(name, -1) for name in earlier.column("light").to_pylist()], dtype=np.int64)
    first = earlier.column("since").cast(pa.int32()).fill_null(today).to_numpy()
    same = found.light[place] == codes
    since[place[same]] = first[same]
    return since


def _roots(
    day: Day,
    legs: Mapping[str, LegLight],
    scores: Mapping[str, LegScores],
    since: Mapping[str, IntArray],
    settings: RootSettings,
) -> dict[str, npt.NDArray[np.object_]]:
    """Root leg of every merchant by leg."""
    names = list(legs)
    today = (day.as_of - EPOCH).days
    red = np.stack([np.where(legs[leg].light == RED, today - since[leg], -1) for leg in names], axis=1)
    p_value = np.stack([scores[leg].p_value for leg in names], axis=1)
    changed = np.stack([scores[leg].changed for leg in names], axis=1)
    chain = {cause: [leg for leg in shown if leg in names] for cause, shown in settings.chain.items() if cause in names}
    rises = [rise_of(one, names, scores) for one in settings.rises if one.root in names]
    found = root_legs(p_value, changed, red, steps_upstream(names, chain), settings, rises)
    return {leg: np.array(names, dtype=object)[found[:, number]] for number, leg in enumerate(names)}


def rise_of(one: RootRise, names: Sequence[str], scores: Mapping[str, LegScores]) -> Rise:
    """A metric's rise as a possible root; no leg is explained whose leading metric such trouble never moves."""
    rose = scores[rise_row(one.metric)]
    shown = [leg for leg in one.shows_on if leg in names]
    other_causes = np.array(one.never_moves, dtype=str)
    may_explain = [~np.isin(scores[leg].metric.astype(str), other_causes) for leg in shown]
    stacked = np.stack(may_explain, axis=1) if shown else np.zeros((len(rose.p_value), 0), dtype=bool)
    return Rise(names.index(one.root), [names.index(leg) for leg in shown], rose.p_value, rose.changed, stacked)
