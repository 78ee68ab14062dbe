"""A lake with two merchants of which everything is known, for pages and tower."""

# ruff: noqa: E501 - rows of figures read better unbroken

from datetime import date, timedelta

import pandas as pd
import pytest

from pipelines.buckets import bucket_of
from pipelines.day import Day

AS_OF = date(2026, 10, 30)
SHOPS = {"m-1": ("en", "Mianyu <b>Home</b>", "Bedding"), "m-2": ("zh-TW", "棉嶼家紡", "Food")}


def frame(day, table, rows):
    """Rows of a made table, everything that is not given NULL."""
    from pipelines.tables import tables

    schema = tables()[table].schema
    filled = [{**dict.fromkeys(schema.names), **row} for row in rows]
    for row in filled:
        if "bucket" in schema.names:
            row["bucket"] = bucket_of(row["merchant_id"], 2)
    import pyarrow as pa

    day.lake.replace_day(
        table, next(iter(rows))[tables()[table].day_column], pa.Table.from_pylist(filled, schema=schema)
    )


@pytest.fixture
def published_day(workspace, deliver) -> Day:
    day = Day(workspace, AS_OF)
    for merchant, (locale, name, category) in SHOPS.items():
        deliver(
            "merchants",
            date(2026, 1, 1),
            {"merchant_id": merchant, "merchant_name": name, "locale": locale, "category": category, "status": "open"},
        )
    each = [{"as_of": AS_OF, "merchant_id": merchant} for merchant in SHOPS]
    frame(day, "segments", [{**row, "growth_stage": "growing", "size_class": "mid"} for row in each])
    frame(
        day,
        "merchant_risk",
        [{**row, "money_at_risk": 90_000.0 - i, "rank": i + 1, "light": "red"} for i, row in enumerate(each)],
    )
    frame(
        day,
        "leg_status",
        [{**row, "leg": "fulfilment", "light": "red", "reason": "metric:fulfilment.late_dispatch"} for row in each],
    )
    signal = {"metric": "fulfilment.late_dispatch", "window": "10d", "leg": "fulfilment", "kind": "rate", "numerator": 9.0,
              "denominator": 100.0, "observed": 0.09, "limit_amber": 0.03, "limit_red": 0.04, "low": float("nan"), "light": "red"}  # fmt: skip
    frame(day, "metric_signals", [{**row, **signal} for row in each])
    prompt = {"rank": 1, "prompt_id": "p", "leg": "fulfilment", "action": "Ship 9 orders", "reason": "Late.", "proof": "Fine.",
              "who": "business", "worth": 100.0, "today": True, "good_news": False, "light": "red"}  # fmt: skip
    frame(day, "prompts", [{**row, **prompt} for row in each])
    product = {
        "sku_id": "=s",
        "sku_name": "Quilt",
        "on_hand": 3.0,
        "order_qty": 10.0,
        "order_by": AS_OF,
        "days_of_cover": 2.0,
    }
    frame(day, "replenishment_plan", [{**each[0], **product}])
    frame(
        day,
        "feed_status",
        [
            {
                **row,
                "feed": "sales",
                "connected": True,
                "merchant_connected": True,
                "status": "fresh",
                "last_on": AS_OF,
                "feed_last_on": AS_OF,
            }
            for row in each
        ],
    )
    names = '{"en": "Double 11", "zh-CN": "双 11", "zh-TW": "雙 11"}'
    frame(
        day,
        "event_calendar",
        [
            {
                "as_of": AS_OF,
                "event_id": "e",
                "name": names,
                "phase": "peak",
                "starts_on": date(2026, 11, 11),
                "ends_on": date(2026, 11, 11),
                "scope": "",
                "source": "calendar",
            }
        ],
    )
    bands = dict.fromkeys(("mean", "q025", "q10", "q25", "q50", "q75", "q90", "q975"), 40.0)
    ahead = [AS_OF + timedelta(days=i + 1) for i in range(28)]
    frame(
        day,
        "volume_forecast",
        [
            {"made_on": AS_OF, "merchant_id": "m-1", "measure": measure, "target_date": target, **bands}
            for measure in ("units", "orders")
            for target in ahead
        ],
    )
    return day


@pytest.fixture
def frames():
    return frame, pd
