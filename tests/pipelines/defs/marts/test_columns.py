import pyarrow as pa

from pipelines.contracts.feeds import feeds
from pipelines.defs.marts.build import FEEDS_OF_MART
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.tables import tables
from pipelines.views import SQL_TYPES

SCHEMA = merchant_day_schema()
COLUMNS = 83  # a change of this number is a change of what analysts read: say it in CHANGELOG.md


def test_the_mart_has_its_columns_once():
    assert len(SCHEMA.names) == len(set(SCHEMA.names)) == COLUMNS
    assert "month" not in SCHEMA.names  # a partition of the lake, not a fact


def test_every_column_has_a_type_that_the_lake_and_pandas_know():
    wide = [field.name for field in SCHEMA if pa.types.is_decimal(field.type) or pa.types.is_null(field.type)]
    assert wide == []
    assert {str(field.type) for field in SCHEMA} <= set(SQL_TYPES)
    counts = {name: str(SCHEMA.field(name).type) for name in ("sales_units", "reviews_count", "known_on")}
    assert counts == {"sales_units": "double", "reviews_count": "int64", "known_on": "date32[day]"}


def test_columns_that_tables_yaml_promises_are_there_with_their_types():
    for field in tables()["merchant_day"].schema:
        assert SCHEMA.field(field.name).type == field.type, field.name


def test_every_other_column_is_named_after_the_feed_it_comes_from():
    fixed = set(tables()["merchant_day"].columns)
    for name in set(SCHEMA.names) - fixed:
        assert any(name.startswith(f"{feed}_") for feed in feeds()), name
    for feed in FEEDS_OF_MART["merchant_day"]:
        assert any(name.startswith(f"{feed}_") for name in SCHEMA.names), feed
