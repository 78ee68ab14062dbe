"""Values of databases as text that the reader takes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.importers.sql_rows import as_text, check_columns, day_of, text_of

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "text", None),
        ("中文", "text", "中文"),
        (True, "flag", "true"),
        (3, "count", "3"),
        (0.1, "decimal", "0.1"),
        (1e20, "decimal", "1e+20"),
        (float("nan"), "decimal", None),
        (Decimal("12.3400"), "decimal", "12.3400"),
        (Decimal("1E+3"), "count", "1000"),
        (Decimal("NaN"), "decimal", None),
        (date(2026, 10, 1), "date", "2026-10-01"),
        (datetime(2026, 10, 1, 23, 30), "date", "2026-10-01"),
        (datetime(2026, 10, 1, 23, 30), "timestamp", "2026-10-01 23:30:00"),
        (datetime(2026, 10, 1, 23, 30, tzinfo=UTC), "date", "2026-10-02"),  # a day later on the platform
        (datetime(2026, 10, 1, 23, 30, tzinfo=UTC), "timestamp", "2026-10-02 07:30:00"),
        (UUID(int=1), "id", "00000000-0000-0000-0000-000000000001"),
        (memoryview(b"x"), "text", b"x"),
    ],
)
def test_values_as_text(value, kind, text):
    assert text_of(value, kind, ZONE) == text


def test_rows_have_all_columns_of_the_feed_and_no_other():
    table = as_text(feeds()["sales"], ["merchant_id", "date", "units"], [("m", date(2026, 10, 1), 2)], ZONE)
    assert table.column_names == list(feeds()["sales"].columns)
    assert table.to_pylist()[0] | {"gmv": None} == table.to_pylist()[0]
    assert table.to_pylist()[0]["units"] == "2"
    with pytest.raises(ValueError, match="column 'sku_id' holds bytes"):
        as_text(feeds()["sales"], ["sku_id"], [(b"\xff",)], ZONE)
    with pytest.raises(ValueError, match="column 'sku_id' holds .* not Unicode"):
        as_text(feeds()["sales"], ["sku_id"], [("\udcff",)], ZONE)


def test_columns_are_checked_before_any_row():
    sales = feeds()["sales"]
    assert check_columns("sales", sales, ["date", "merchant_id", "delivered_on"]) == ""  # sku_id has a default
    assert check_columns("sales", sales, ["date", "merchantid"]) == (
        "column 'merchant_id' is missing: write merchantid AS merchant_id"
    )
    assert "column 'date' is missing" in check_columns("sales", sales, ["merchant_id"])


def test_days_of_delivery():
    assert day_of("2026-10-01", ZONE) == date(2026, 10, 1)
    assert day_of(datetime(2026, 10, 1, 20, tzinfo=UTC), ZONE) == date(2026, 10, 2)
    for nonsense in (None, "soon", 3):
        with pytest.raises(ValueError, match="give the day of delivery"):
            day_of(nonsense, ZONE)
