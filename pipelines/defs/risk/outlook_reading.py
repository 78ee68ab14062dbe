"""Merchants' days for the outlook: a sample's long past to learn from, and each block's last months to judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from models.metrics.catalogue import Rate
from models.metrics.day_counts import bad_counts, day_counts, decisive_limit
from models.metrics.profile import Profile
from models.risk.outlook.breach import RateSeries
from models.risk.outlook.chain_features import CHAIN_COLUMNS
from models.risk.outlook.history import History, Plans
from models.risk.outlook.learn import Sample
from models.risk.outlook.settings import OutlookSettings
from pipelines.day import Day
from pipelines.defs.risk.panel import LONG_WINDOW_DAYS, Panel
from pipelines.sampling import sample_of

PLAN_DAYS = 28
NEVER = np.iinfo(np.int64).max
WORST_DAYS = 28  # a rate's worst value is looked for in so many days before


def rates_of(profile: Profile, day: Day) -> list[tuple[Rate, float]]:
    """Rates with a red limit on the day, and that limit of their bad events; windows of a year are left out."""
    found = []
    for metric in profile.metrics:
        limit = decisive_limit(metric, day.as_of) if isinstance(metric, Rate) else None
        if not isinstance(metric, Rate) or limit is None or limit.red is None or limit.count is not None:
            continue
        red = limit.red if metric.better == "lower" else 1 - limit.red
        if 0 < red < 1 and max(metric.windows) <= LONG_WINDOW_DAYS:
            found.append((metric, red))
    return found


def read_sample(day: Day, profile: Profile, settings: OutlookSettings) -> Sample | None:
    """Read the merchants that stand for all; None where nothing was ever sold.

    One sample is fair among all merchants, one among those of a size that is judged for volume collapse; both are
    chosen by a hash of the id, so that nobody's fate has a say.
    """
    first = day.as_of - timedelta(days=settings.history_days - 1)
    rates, learning = rates_of(profile, day), settings.learning
    with day.connect("merchant_day", "plans", since=first) as connection:
        least = settings.least_mean * settings.trailing_days / 2
        known = day.query(connection, __file__, "sql/outlook_merchants.sql", first=first, least_units=least).to_pandas()
        if known.empty:
            return None
        everyone = sample_of(known, learning.merchants)
        large = sample_of(known[known["large"]], learning.merchants)
        chosen = pd.concat([everyone, large]).drop_duplicates("merchant_id").sort_values("merchant_id")
        ids = pa.array(chosen["merchant_id"], pa.string())
        panel = _panel(day, connection, ids, CHAIN_COLUMNS, settings.history_days)
        history, since = _history(day, connection, ids, panel)
        rated = _within(chosen, sample_of(everyone, settings.breach.merchants))
        names = sorted({column for metric, _ in rates for column in metric.columns})
        of_rates = _panel(day, connection, ids.filter(pa.array(rated)), names, settings.history_days)
    series = [rate_series(one, of_rates, since) for one in rates]
    return Sample(history, _within(chosen, large), _within(chosen, everyone), rated, series)


def read_block(
    day: Day, merchants: pa.Array, buckets: Sequence[int], profile: Profile, settings: OutlookSettings
) -> tuple[History, list[RateSeries]]:
    """Read a block's last months: its history, and its rates."""
    rates = rates_of(profile, day)
    days = max([settings.panel_days, *(max(one.windows) + one.lag + WORST_DAYS for one, _ in rates)])
    names = sorted({*CHAIN_COLUMNS, *(column for metric, _ in rates for column in metric.columns)})
    first = day.as_of - timedelta(days=days - 1)
    with day.connect("merchant_day", "plans", buckets=buckets, since=first) as connection:
        panel = _panel(day, connection, merchants, names, days)
        history, _ = _history(day, connection, merchants, panel, trimmed=False)
    return history, [rate_series(one, panel, 0) for one in rates]


def rate_series(rate: tuple[Rate, float], panel: Panel, since: int) -> RateSeries:
    """Bad events of a rate by day, from column `since` of a panel on, with the limit that holds."""
    metric, red = rate
    above, below = day_counts(metric, panel.column)
    bad = bad_counts(metric, above, below)
    return RateSeries(
        metric.id,
        bad[:, since:],
        below[:, since:],
        red,
        max(metric.windows),
        metric.lag,
        metric.min_n,
        metric.min_bad,
    )


def _panel(day: Day, connection: duckdb.DuckDBPyConnection, ids: pa.Array, columns: Sequence[str], days: int) -> Panel:
    places = pa.table({"merchant_id": ids, "place": pa.array(np.arange(len(ids)), pa.int64())})
    connection.register("block_merchants", places)
    first = day.as_of - timedelta(days=days - 1)
    rows = day.query(connection, __file__, "sql/panel.sql", columns=list(columns), first=first)
    return Panel(0, len(ids), days, rows)


def _history(
    day: Day, connection: duckdb.DuckDBPyConnection, ids: pa.Array, panel: Panel, trimmed: bool = True
) -> tuple[History, int]:
    """History of a panel, and the column that it starts from: with `trimmed`, that of the first day anybody sold."""
    columns: dict[str, npt.NDArray[Any]] = {name: panel.column(name).astype(np.float32) for name in CHAIN_COLUMNS}
    sold = (columns["sales_units"] > 0).any(axis=0)
    since = int(sold.argmax()) if trimmed and sold.any() else 0
    plans = _plans(day, connection, len(ids), panel.days)
    history = History(
        ids.to_numpy(zero_copy_only=False),
        day.as_of.toordinal(),
        {name: values[:, since:] for name, values in columns.items()},
        Plans(plans.closed[:, since:], plans.promotion[:, since:], plans.known_on[:, since:]),
    )
    return history, since


def _plans(day: Day, connection: duckdb.DuckDBPyConnection, merchants: int, days: int) -> Plans:
    first, last = day.as_of - timedelta(days=days - 1), day.as_of + timedelta(days=PLAN_DAYS)
    rows = day.query(connection, __file__, "sql/outlook_plans.sql", first=first, last=last)
    shape = (merchants, days + PLAN_DAYS)
    closed, promotion = np.zeros(shape), np.zeros(shape)
    known_on = np.full(shape, NEVER, dtype=np.int64)
    at = (rows.column("place").to_numpy(), rows.column("day").to_numpy())
    closed[at], promotion[at] = rows.column("closed").to_numpy(), rows.column("promotion").to_numpy()
    epoch = pd.Timestamp("1970-01-01").toordinal()
    known_on[at] = rows.column("known_on").cast(pa.int32()).to_numpy() + epoch
    return Plans(closed, promotion, known_on)


def _within(chosen: pd.DataFrame, part: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return np.asarray(chosen["merchant_id"].isin(part["merchant_id"]))
