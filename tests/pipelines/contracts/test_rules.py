"""Rules as SQL conditions: the first that a row breaks names it."""

from __future__ import annotations

import duckdb

from pipelines.contracts.feeds import feeds
from pipelines.contracts.rules import DUPLICATE, rules_of


def broken(feed, **values):
    """Return column and rule that a row of parsed values breaks."""
    rules = rules_of(feeds()[feed])
    names = list(feeds()[feed].columns)
    kinds = {"count": "DOUBLE", "decimal": "DOUBLE", "date": "DATE", "timestamp": "TIMESTAMP", "flag": "BOOLEAN"}
    columns = ", ".join(
        f'CAST($v_{name} AS {kinds.get(column.type, "VARCHAR")}) AS "{name}", CAST($v_{name} AS VARCHAR) AS raw_{name}'
        for name, column in feeds()[feed].columns.items()
    )
    parameters = {f"v_{name}": values.get(name) for name in names} | rules.parameters
    sql = f"SELECT {rules.sql} FROM (SELECT {columns}, DATE '2026-10-01' AS delivered_on)"
    number = duckdb.connect().execute(sql, parameters).fetchall()[0][0]
    return None if number is None else rules.names[number]


def test_a_good_row_breaks_none():
    assert broken("storefront", date="2026-10-01", merchant_id="m1", orders=2, buyers=2) is None


def test_the_first_broken_rule_is_named():
    assert broken("storefront", merchant_id="m1", visitors=-1) == ("date", "missing")
    assert broken("storefront", date="2026-10-01", merchant_id="m1", visitors=-1) == ("visitors", "negative")
    assert broken("storefront", date="2026-10-01", merchant_id="m1", visitors=0.5, carts=-1) == (
        "visitors",
        "not_whole",
    )


def test_parts_and_ranges():
    day = {"date": "2026-10-01", "merchant_id": "m1"}
    assert broken("after_sale", **day, orders=2, defective_orders=3) == (
        "defective_orders",
        "defective_orders above orders",
    )
    assert broken("after_sale", **day, orders=2, claims=3) is None  # one order may bring several claims
    assert broken("service_hour", **day, hour=24, phase="pre_sale") == ("hour", "above 23")
    assert broken("surveys", **day, response_id="r", kind="nps", score=0) is None
    assert broken("surveys", **day, response_id="r", kind="csat", score=0) == ("score", "outside 1 to 5 for csat")


def test_unknown_values_break_nothing():
    assert broken("after_sale", date="2026-10-01", merchant_id="m1", defective_orders=3) is None


def test_words_of_sql_may_be_columns():
    row = {"feedback_id": "f", "alert_id": "a", "given_at": "2026-10-01 10:00:00", "action": "ack", "by": "ann"}
    assert broken("feedback", **row) is None
    assert broken("feedback", **row | {"verdict": "maybe"}) == ("verdict", "not one of true, false, fixed")


def test_plans_may_lie_ahead_by_ninety_days():
    row = {"merchant_id": "m1", "sku_id": ""}
    assert broken("plans", date="2026-12-30", **row) is None
    assert broken("plans", date="2026-12-31", **row) == ("date", "more than 90 days after delivery")


def test_the_last_rule_is_the_one_that_needs_other_rows():
    assert rules_of(feeds()["sales"]).names[-1] == ("sku_id", DUPLICATE)
