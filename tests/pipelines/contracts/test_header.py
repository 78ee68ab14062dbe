"""Columns are checked before a row is read, and the answer says how to mend them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.header import header_problem
from pipelines.contracts.look import Look

FEED = feeds()["storefront"]
NAMES = tuple(FEED.columns)


def problem(*columns, schema=None):
    return header_problem(FEED, Look(columns, schema=schema))


def test_all_columns_in_any_order_with_more_beside_them_are_fine():
    assert problem(*NAMES) == ""
    assert problem("extra", *reversed(NAMES)) == ""


def test_missing_columns_are_named_each_with_its_remedy():
    columns = [name for name in NAMES if name not in ("visitors", "orders")]
    assert problem(*columns, "Visitor", "zzz") == (
        "columns 'visitors', 'orders' missing; rename 'Visitor' to 'visitors'; add column 'orders' (it may be empty)"
    )


def test_a_column_twice_is_refused():
    assert problem(*NAMES, "date") == "column 'date' stands twice in the header; keep one of them"


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators_are_recognized(sign, word):
    assert problem(sign.join(NAMES)) == f"columns are divided by {word}; write commas"


@pytest.mark.parametrize(
    ("column", "kind", "fine"),
    [
        ("date", pa.date32(), True),
        ("date", pa.timestamp("us"), True),
        ("date", pa.string(), True),
        ("date", pa.int64(), False),
        ("date", pa.timestamp("us", "Asia/Shanghai"), False),
        ("merchant_id", pa.int64(), True),
        ("merchant_id", pa.float64(), False),
        ("merchant_id", pa.dictionary(pa.int32(), pa.string()), True),
        ("merchant_id", pa.large_string(), True),
        ("merchant_id", pa.binary(), False),
        ("visitors", pa.float64(), True),
        ("visitors", pa.decimal128(18, 2), True),
        ("visitors", pa.null(), True),
        ("visitors", pa.date32(), False),
        ("visitors", pa.struct([("a", pa.int64())]), False),
    ],
)
def test_types_of_parquet(column, kind, fine):
    schema = pa.schema([(name, kind if name == column else FEED.schema.field(name).type) for name in NAMES])
    found = problem(*NAMES, schema=schema)
    assert (found == "") == fine
    assert fine or f"column '{column}'" in found


def test_names_that_the_reader_needs_are_refused_in_parquet():
    schema = pa.schema([*FEED.schema, pa.field("filename", pa.string())])
    assert "column 'filename' has a name that the reader needs" in problem(*schema.names, schema=schema)
