"""Rows of many merchants, made into Python a few merchants at a time."""

from typing import NamedTuple

import pyarrow as pa

from pipelines.defs.publishing.in_order import InOrder, grouped, lists, plain, turns
from pipelines.engine import connect


class Fact(NamedTuple):
    leg: str
    value: float | None


ROWS = pa.table(
    {
        "merchant_id": ["A", "a", "a", "é", "店", "😀"],
        "leg": list("uvwxyz"),
        "value": [1.0, float("nan"), None, 2.0, 3.0, 4.0],
    }
)


def test_rows_between_two_merchants_both_included():
    rows = InOrder(ROWS)
    assert rows.ids == ["A", "a", "a", "é", "店", "😀"]
    assert rows.between("a", "é")["leg"].to_pylist() == ["v", "w", "x"]
    assert rows.between("b", "z").num_rows == 0
    assert InOrder(ROWS.slice(0, 0)).between("A", "店").num_rows == 0


def test_turns_leave_nobody_out_and_take_nobody_twice():
    ids = [f"m{number}" for number in range(7)]
    assert list(turns(ids, 3)) == [("m0", "m2"), ("m3", "m5"), ("m6", "m6")]
    assert list(turns([], 3)) == []


def test_rows_become_tuples_by_merchant_and_what_is_not_known_is_none():
    assert grouped(ROWS.slice(0, 3), Fact) == {"A": [Fact("u", 1.0)], "a": [Fact("v", None), Fact("w", None)]}
    assert grouped(ROWS.slice(0, 0), Fact) == {}  # a hundred merchants who are told nothing
    assert plain(ROWS, "leg") == list("uvwxyz")


def test_the_engine_orders_ids_as_python_does():
    strange = ["😀", "a", "A", "Z", "é", "店", "~", "", "ａ", "_", "0", "\u200b", "\ue000", "aa"]
    table = pa.table({"merchant_id": strange})
    with connect() as connection:
        connection.register("given", table)
        found = connection.sql("SELECT merchant_id FROM given ORDER BY merchant_id").fetchall()
    assert [row[0] for row in found] == sorted(strange)


def test_lists_keep_their_places_and_what_is_not_known_is_none():
    table = pa.table({"mean": pa.array([[1.0, float("nan")], [], None, [2.0, None]])})
    assert lists(table, "mean") == [[1.0, None], [], [], [2.0, None]]
    assert lists(table.slice(1, 3), "mean") == [[], [], [2.0, None]]
