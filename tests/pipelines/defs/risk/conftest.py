"""A small platform written straight into a lake: marts and made tables as the steps before this one leave them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import lake_schema
from pipelines.day import Day
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.tables import tables
from pipelines.workspace import Workspace

AS_OF = date(2026, 10, 28)
DAYS = 180
CATEGORIES = ("shoes", "toys", "home")
REGIONS = ("north", "south")


def filled(table: str, frame: pd.DataFrame) -> pa.Table:
    """Rows with every column of a table; what the frame does not hold is not known."""
    schema = tables()[table].schema
    given = pa.Table.from_pandas(frame, preserve_index=False)
    columns = [
        given.column(one.name).cast(one.type) if one.name in given.column_names else pa.nulls(len(frame), one.type)
        for one in schema
    ]
    return pa.table(columns, schema=schema)


@dataclass
class Platform:
    """Arrays (merchants, days) of a quiet platform; tests disturb them before it is written."""

    home: Path
    merchants: int = 120
    seed: int = 1
    as_of: date = AS_OF
    days: int = DAYS
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    z: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        shape = (self.merchants, self.days)
        self.size = self.rng.lognormal(4, 0.7, self.merchants)
        units = self.rng.poisson(self.size[:, None], shape).astype(float)
        self.ids = [f"m{number:05d}" for number in range(self.merchants)]
        draw = lambda share: self.rng.binomial(units.astype(int), share).astype(float)  # noqa: E731
        self.columns = {
            "sales_units": units,
            "sales_gmv": units * 50.0,
            "storefront_visitors": units * 20,
            "storefront_orders": units.copy(),
            "fulfilment_orders": units.copy(),
            "fulfilment_cancelled_by_seller": draw(0.004),
            "fulfilment_dispatch_due": units.copy(),
            "fulfilment_dispatched_late": draw(0.008),
            "fulfilment_dispatched": units.copy(),
            "fulfilment_tracked_valid": units - draw(0.005),
            "fulfilment_delivery_due": units.copy(),
            "fulfilment_delivered_late": draw(0.01),
            "reviews_count": draw(0.2),
            "stock_skus": np.full(shape, 12.0),
            "stock_on_hand": np.tile(900.0 + np.arange(self.days) % 90, (self.merchants, 1)),
        }
        self.columns["reviews_negative"] = np.minimum(draw(0.005), self.columns["reviews_count"])
        good = self.columns["reviews_count"] - self.columns["reviews_negative"]
        self.columns["reviews_rating_sum"] = 4.9 * good + self.columns["reviews_negative"]
        self.columns["reviews_rating_sum_of_squares"] = 24.2 * good + self.columns["reviews_negative"]
        for key in (("units", 1), ("visitors", 7)):
            self.z[key] = self.rng.normal(size=(self.merchants, 56))
        # Not all visitors buy: a share that never varied would be rare at the slightest.
        self.columns["storefront_visitors"] = self.rng.poisson(units * 20).astype(float)
        self.plan = pd.DataFrame({"merchant_id": [], "sku_id": []})
        self.stale: dict[str, date] = {}
        self.silent: dict[str, dict[str, date]] = {}  # by feed, the last day of those merchants that are silent

    def residuals(self) -> pd.DataFrame:
        frames = []
        for (measure, horizon), z in self.z.items():
            mean = np.repeat(self.size[:, None] * (1 if measure == "units" else 140), 56, axis=1)
            spread = np.sqrt(mean) * 1.2
            frames.append(
                pd.DataFrame(
                    {
                        "as_of": self.as_of, "merchant_id": np.repeat(self.ids, 56), "measure": measure,
                        "horizon": horizon,
                        "date": np.tile(pd.date_range(end=self.as_of, periods=56).date, self.merchants),
                        "actual": np.maximum(mean + z * spread, 0).ravel(), "mean": mean.ravel(),
                        "q025": (mean - 1.96 * spread).ravel(), "q10": (mean - 1.2816 * spread).ravel(),
                        "q90": (mean + 1.2816 * spread).ravel(), "q975": (mean + 1.96 * spread).ravel(),
                        "z": z.ravel(),
                    }
                )
            )  # fmt: skip
        return pd.concat(frames)

    def feed_rows(self) -> pa.Table:
        schema = lake_schema("merchants")
        values = {
            "merchant_id": self.ids, "merchant_name": self.ids, "status": ["open"] * self.merchants,
            "category": [CATEGORIES[n % 3] for n in range(self.merchants)],
            "region": [REGIONS[n % 2] for n in range(self.merchants)],
            "mentor_opt_in": [n % 4 == 0 for n in range(self.merchants)],
            "bucket": [bucket_of(one, 8) for one in self.ids],
            "known_on": [self.as_of - timedelta(days=self.days)] * self.merchants,
            "known_month": ["2026-01"] * self.merchants, "known_on_assumed": [False] * self.merchants,
            "file": ["merchants.csv"] * self.merchants, "line": list(range(self.merchants)),
        }  # fmt: skip
        return pa.table(
            [pa.array(values.get(one.name, [None] * self.merchants), one.type) for one in schema], schema=schema
        )

    def day_rows(self) -> pa.Table:
        dates = pd.date_range(end=self.as_of, periods=self.days)
        frame = pd.DataFrame(
            {
                "date": np.tile(dates.date, self.merchants), "merchant_id": np.repeat(self.ids, self.days),
                "bucket": np.repeat([bucket_of(one, 8) for one in self.ids], self.days).astype("int16"),
                "month": np.tile(dates.strftime("%Y-%m"), self.merchants),
            }
        )  # fmt: skip
        frame["known_on"] = frame["date"]
        given = {name: pa.array(values.ravel(), from_pandas=True) for name, values in self.columns.items()}
        keys = pa.Table.from_pandas(frame, preserve_index=False)
        arrays = [
            keys.column(one.name).cast(one.type) if one.name in keys.column_names
            else given[one.name].cast(one.type, safe=False) if one.name in given
            else pa.nulls(len(frame), one.type)
            for one in merchant_day_schema()
        ]  # fmt: skip
        return pa.table([*arrays, keys.column("month")], names=[*merchant_day_schema().names, "month"])

    def feed_status(self) -> pd.DataFrame:
        rows = []
        for feed in ("sales", "storefront", "fulfilment", "service", "after_sale", "cases", "reviews", "surveys",
                     "stock", "products", "inbound", "roster", "service_hour"):  # fmt: skip
            connected = feed in ("sales", "storefront", "fulfilment", "reviews", "stock", "products")
            for one in self.ids:
                last = self.silent.get(feed, {}).get(one, self.stale.get(feed, self.as_of))
                status = "not_connected" if not connected else "stale" if last < self.as_of else "fresh"
                rows.append(
                    {
                        "as_of": self.as_of, "merchant_id": one, "feed": feed, "connected": connected,
                        "merchant_connected": connected, "last_on": last, "feed_last_on": last,
                        "hours_late": 24.0 * (self.as_of - last).days, "status": status,
                        "since": last + timedelta(days=1) if status == "stale" else None,
                    }
                )  # fmt: skip
        return pd.DataFrame(rows)

    def write(self) -> Day:
        """Write the platform and return its day."""
        workspace = Workspace.at(self.home)
        day = Day(workspace, self.as_of)
        workspace.lake.append("merchants", self.feed_rows(), partition_by=["known_month"])
        workspace.lake.append("merchant_day", self.day_rows())
        self.write_made(day)
        return day

    def write_made(self, day: Day) -> None:
        """Write what the steps before this one make on a day."""
        day.write("feed_status", filled("feed_status", self.feed_status()))
        segments = {
            "as_of": self.as_of, "merchant_id": self.ids, "growth_stage": "mature",
            "size_class": np.where(self.size > np.median(self.size), "key", "small"),
        }  # fmt: skip
        day.write("segments", filled("segments", pd.DataFrame(segments)))
        day.write("forecast_residuals", filled("forecast_residuals", self.residuals()))
        ahead = {
            "made_on": self.as_of,
            "merchant_id": self.ids,
            "measure": "gmv",
            "days": "14",
            "mean": self.size * 700,
        }
        day.write("volume_forecast_sum", filled("volume_forecast_sum", pd.DataFrame(ahead)))
        if len(self.plan):
            day.write("replenishment_plan", filled("replenishment_plan", self.plan.assign(as_of=self.as_of)))

    def write_products(self, day: Day, rows: list[dict[str, object]], forecast: dict[str, float]) -> None:
        """Write days of products of the first merchant, and a plan that holds their forecast."""
        frame = pd.DataFrame(rows).assign(bucket=bucket_of(self.ids[0], 8), status="listed", known_on=self.as_of)
        month = pa.array([one.isoformat()[:7] for one in frame["date"]])
        day.workspace.lake.append("sku_day", filled("sku_day", frame).append_column("month", month))
        plan = {"merchant_id": self.ids[0], "sku_id": list(forecast), "forecast_daily": list(forecast.values())}
        day.write("replenishment_plan", filled("replenishment_plan", pd.DataFrame(plan).assign(as_of=self.as_of)))

    def write_rows(self, day: Day, table: str, frame: pd.DataFrame) -> None:
        """Write rows of a made table; columns that are not given are not known."""
        day.write(table, filled(table, frame))

    def write_feed(self, day: Day, feed: str, frame: pd.DataFrame) -> None:
        """Write rows of a feed as if they had been delivered on their date."""
        frame = frame.assign(file="feed.csv", line=range(len(frame)), known_on_assumed=False)
        frame["known_month"] = [one.isoformat()[:7] for one in frame["known_on"]]
        given = pa.Table.from_pandas(frame, preserve_index=False)
        schema = lake_schema(feed)
        columns = [
            given.column(one.name).cast(one.type) if one.name in given.column_names else pa.nulls(len(frame), one.type)
            for one in schema
        ]
        day.workspace.lake.append(feed, pa.table(columns, schema=schema), partition_by=["known_month"])

    def write_staffing(self, day: Day, load_seconds: float, agents: float) -> None:
        """Write four weeks of one hour a day of the first merchant, and a roster of two weeks."""
        common = {"merchant_id": self.ids[0], "bucket": bucket_of(self.ids[0], 8), "hour": 10}
        past = [self.as_of - timedelta(days=back) for back in range(28)]
        chats = pd.DataFrame(
            {"date": past, "known_on": past, "phase": "pre_sale", "sessions": 20, "human_sessions": 10}
        )
        self.write_feed(day, "service_hour", chats.assign(handle_seconds=load_seconds, **common))
        ahead = [self.as_of + timedelta(days=one) for one in range(1, 15)]
        roster = pd.DataFrame({"date": ahead, "known_on": self.as_of, "agents": agents, "concurrency": 2.0})
        self.write_feed(day, "roster", roster.assign(**common))


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """Return a quiet platform of 120 merchants."""
    return Platform(tmp_path)
