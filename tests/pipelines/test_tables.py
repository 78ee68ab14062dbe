from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from pipelines.tables import Column, Table, cast, tables

TABLE = Table(
    description="t",
    group="risk",
    layout="day",
    day_column="as_of",
    key=("as_of", "merchant_id"),
    columns={
        "as_of": Column(type="date", description="d"),
        "merchant_id": Column(type="text", description="m"),
        "size": Column(type="int", description="s"),
        "value": Column(type="float", description="v"),
    },
)


def test_frames_of_pandas_come_to_the_schema_and_nan_becomes_null_in_whole_numbers():
    frame = pd.DataFrame(
        {
            "as_of": pd.to_datetime(["2026-01-01", "2026-01-01"]),
            "merchant_id": pd.Series(["a", "b"], dtype="category"),
            "size": [3.0, float("nan")],
            "value": [1, 2],
            "scratch": ["x", "y"],
        }
    )
    result = cast(pa.Table.from_pandas(frame, preserve_index=False), TABLE, "t")
    assert result.schema.names == ["as_of", "merchant_id", "size", "value"]
    assert result.to_pylist()[1] == {"as_of": date(2026, 1, 1), "merchant_id": "b", "size": None, "value": 2.0}


def test_a_missing_column_and_a_wrong_type_are_named():
    with pytest.raises(ValueError, match=r"table t: columns \['size', 'value'\] are missing"):
        cast(pa.table({"as_of": [date(2026, 1, 1)], "merchant_id": ["a"]}), TABLE, "t")
    data = pa.table({"as_of": [date(2026, 1, 1)], "merchant_id": ["a"], "size": ["many"], "value": [1.0]})
    with pytest.raises(ValueError, match="table t, column size: cannot become int"):
        cast(data, TABLE, "t")


def test_every_table_has_its_key_and_day_among_its_columns():
    for name, table in tables().items():
        assert set(table.key) <= set(table.columns), name
        assert table.layout != "day" or table.day_column is not None, name  # a log may be kept by a day too
        assert table.day_column is None or table.day_column in table.columns, name
        assert all(column.description.strip() for column in table.columns.values()), name
