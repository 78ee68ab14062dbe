"""A platform of a dozen shops over four months, delivered day by day, so that every step can be run on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import feeds
from pipelines.day import Day
from pipelines.defs.marts.step import update_mart
from pipelines.workspace import Workspace

AS_OF = date(2026, 10, 30)
DAYS, MERCHANTS, BUCKETS = 120, 12, 2
FIRST = AS_OF - timedelta(days=DAYS - 1)
WEEK = (1.2, 1.0, 1.0, 0.9, 1.0, 0.8, 1.1)
NEWCOMER, CLOSED_SHOP, SILENT = "m10", "m11", "m09"

Rows = list[dict[str, Any]]


def deliver(workspace: Workspace, feed: str, rows: Rows) -> None:
    """Append rows of a feed; each is known on its own date unless it says otherwise."""
    schema = feeds()[feed].lake_schema
    filled = []
    for line, row in enumerate(rows, start=2):
        known_on = row.get("known_on") or row.get("date") or FIRST
        own = {"known_on": known_on, "known_month": known_on.isoformat()[:7], "file": f"{known_on}.csv", "line": line}
        if "merchant_id" in row:
            own["bucket"] = bucket_of(row["merchant_id"], BUCKETS)
        filled.append({name: {**own, **row}.get(name) for name in schema.names})
    workspace.lake.append(feed, pa.Table.from_pylist(filled, schema=schema), partition_by=["known_month"])


def shops() -> Rows:
    """Merchants; the last but one is new, the last has given up."""
    return [
        {
            "merchant_id": f"m{place:02d}",
            "category": "food" if place % 2 else "toys",
            "region": "north",
            "opened_on": AS_OF - timedelta(days=5) if f"m{place:02d}" == NEWCOMER else FIRST - timedelta(days=400),
            "status": "closed" if f"m{place:02d}" == CLOSED_SHOP else "open",
        }
        for place in range(MERCHANTS)
    ]


def volumes(last: date = AS_OF, seed: int = 1) -> Iterator[tuple[dict[str, Any], Rows]]:
    """A storefront row and two sales rows per shop and day."""
    random = np.random.default_rng(seed)
    for ahead in range((last - FIRST).days + 1):
        day = FIRST + timedelta(days=ahead)
        for place in range(MERCHANTS):
            merchant = f"m{place:02d}"
            sold = random.poisson(random.gamma(12, 1 / 12) * (5 + 6 * place) * WEEK[day.weekday()], 2)
            if merchant == NEWCOMER or (merchant == SILENT and ahead > 30):
                continue
            key = {"date": day, "merchant_id": merchant}
            yield (
                {**key, "orders": int(sold.sum()), "visitors": int(sold.sum()) * 20},
                [
                    {**key, "sku_id": sku, "units": float(units), "gmv": float(units) * 50.0}
                    for sku, units in zip(("a", "b"), (int(sold[0]) * 3, int(sold[1])), strict=True)
                ],
            )


def build(
    home: Path,
    config: str = "",
    last: date = AS_OF,
    feeds_given: tuple[str, ...] = ("storefront", "sales"),
    announces: bool = True,
) -> Workspace:
    """Make a workspace with the platform's feeds and marts."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.yaml").write_text(f"buckets: {BUCKETS}\n{config}", encoding="utf-8")
    workspace = Workspace.at(home)
    deliver(workspace, "merchants", shops())
    products = [
        {"merchant_id": f"m{place:02d}", "sku_id": sku, "status": status}
        for place in range(MERCHANTS)
        for sku, status in (("a", "listed"), ("b", "listed"), ("c", "delisted"))
    ]
    deliver(workspace, "products", products)
    made = list(volumes(last))
    if "storefront" in feeds_given:
        deliver(workspace, "storefront", [front for front, _ in made])
    if "sales" in feeds_given:
        deliver(workspace, "sales", [row for _, sales in made for row in sales])
    closed = {"merchant_id": "m03", "sku_id": "", "date": AS_OF + timedelta(days=3), "open": False, "known_on": FIRST}
    deliver(workspace, "plans", [closed])
    if announces:
        days = {"starts_on": date(2026, 11, 10), "ends_on": date(2026, 11, 11)}
        deliver(workspace, "events", [{"event_id": "e1", "name": "Double 11 2026", "phase": "peak", **days}])
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    return workspace


@pytest.fixture(scope="session")
def make_platform() -> Callable[..., Workspace]:
    """Return the function that builds the platform."""
    return build


@pytest.fixture(scope="session")
def deliver_to() -> Callable[[Workspace, str, Rows], None]:
    """Return the function that appends rows of a feed and builds the marts anew."""

    def append(workspace: Workspace, feed: str, rows: Rows) -> None:
        deliver(workspace, feed, rows)
        for mart in ("merchant_day", "sku_day"):
            update_mart(workspace, mart)

    return append


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The platform on the day, before any step has run; not to be written to."""
    return Day(build(tmp_path_factory.mktemp("platform")), AS_OF)


@pytest.fixture(scope="session")
def navigated(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The platform on the day, after the step has run."""
    from pipelines.defs.forecasts.step import forecasts

    day = Day(build(tmp_path_factory.mktemp("navigated")), AS_OF)
    forecasts(day)
    return day
