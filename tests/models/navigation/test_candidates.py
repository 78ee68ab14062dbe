from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from models.navigation.candidates import COLUMNS, due_on, find_candidates, light_of_leg
from models.navigation.money import Rates
from models.navigation.playbook import Due, Playbook, Situation
from models.navigation.settings import PlaybookSettings


def texts(**parts: Any) -> dict[str, Any]:
    """The same texts in the three languages."""
    said = {"action": "Do {n}", "reason": ["Because of {n}."], "proof": "Done", **parts}
    return dict.fromkeys(("zh-CN", "zh-TW", "en"), said)


AS_OF = date(2026, 10, 30)


def find(playbook: Playbook, facts: pd.DataFrame, source: str = "signals") -> pd.DataFrame:
    found = find_candidates(playbook, {source: facts}, Rates(playbook.settings, 0.3), AS_OF)
    assert list(found.table.columns) == COLUMNS
    return found.table


def test_a_situation_that_holds_becomes_a_candidate_with_its_money(
    playbook: Playbook, signals: Callable[..., pd.DataFrame]
) -> None:
    table = find(playbook, signals({}, {"merchant_id": "m2", "light": "amber"}))
    assert table["merchant_id"].tolist() == ["m1"]
    assert table["money"].tolist() == [pytest.approx(0.9 * 1000 * 0.3)]
    assert table["worth"].tolist() == [pytest.approx(0.9 * 1000 * 0.3 * 0.5)]
    assert table["subject"].tolist() == ["fulfilment.late_dispatch"]


def test_what_could_not_be_said_in_full_is_no_candidate(
    playbook: Playbook, signals: Callable[..., pd.DataFrame]
) -> None:
    assert len(find(playbook, signals({"observed": None}))) == 0


def test_no_facts_give_no_candidates(playbook: Playbook, signals: Callable[..., pd.DataFrame]) -> None:
    assert len(find(playbook, signals({}).head(0))) == 0


def test_the_worthiest_rows_are_kept_and_the_rest_is_summed(
    settings: PlaybookSettings, situation: Callable[..., Situation]
) -> None:
    rest = {"params": {"n": {"type": "number", "column": "order_qty"}, "m": {"type": "number", "column": "more"}},
            "texts": texts(action="Order {n}, {m} products")}  # fmt: skip
    products = situation(
        source="products", when=[{"column": "order_qty", "at_least": 1}], formula="stock_out", keep=1,
        params={"n": {"type": "number", "column": "order_qty"}}, rest=rest,
    )  # fmt: skip
    playbook = Playbook(settings=settings, situations=(products,))
    facts = pd.DataFrame(
        {
            "merchant_id": ["m1", "m1", "m1", "m2", "m2"],
            "sku_id": ["a", "b", "c", "d", "e"],
            "order_qty": [1.0, 2.0, 4.0, 8.0, 16.0],
            "money_at_risk": [10.0, 30.0, 20.0, None, 5.0],
            "p_stock_out_14": [0.5] * 5,
            "hours_out": [None] * 5,
            "forecast_daily": [1.0] * 5,
            "light_fulfilment": ["red"] * 5,
        }
    )
    found = find_candidates(playbook, {"products": facts}, Rates(settings, 0.3), AS_OF)
    best = found.table[found.table["situation"] == "late"].set_index("merchant_id")
    assert best["subject"].to_dict() == {"m1": "b", "m2": "e"}
    # Two more of m1 are summed; the single one of m2 is not worth a sentence.
    others = found.rows["late-rest"]
    assert others[["merchant_id", "order_qty", "more", "money"]].values.tolist() == [["m1", 5.0, 2.0, 30.0]]


@pytest.mark.parametrize(
    ("due", "day", "expected"),
    [
        (Due(plus_days=2), None, "2026-11-01"),
        (Due(column="d"), "2026-11-05", "2026-11-05"),
        (Due(column="d", plus_days=-3), "2026-11-05", "2026-11-02"),
        (Due(column="d", at_most_days=3), "2026-11-05", "2026-11-02"),
        (Due(column="d"), "2026-10-01", "2026-10-30"),
        (Due(column="d", at_most_days=7), None, "2026-11-06"),
        (Due(column="d"), None, "2026-10-30"),
    ],
)
def test_due_days_are_never_past(due: Due, day: str | None, expected: str) -> None:
    rows = pd.DataFrame({"d": pd.to_datetime(pd.Series([day]))})
    assert due_on(due, rows, AS_OF).dt.strftime("%Y-%m-%d").tolist() == [expected]


def test_the_light_of_a_leg_comes_from_the_merchant() -> None:
    rows = pd.DataFrame({"light_sales": ["red", "green"], "light_service": ["star", None]})
    found = light_of_leg(rows, pd.Series(["sales", "service"]))
    assert found[0] == "red"
    assert pd.isna(found[1])
