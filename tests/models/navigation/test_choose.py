"""Choice and order of prompts, on candidates written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.navigation.candidates import COLUMNS
from models.navigation.choose import choose
from models.navigation.settings import PlaybookSettings

BASE: dict[str, Any] = {
    "merchant_id": "m1", "situation": "s", "row": 0, "leg": "sales", "light": "amber", "leg_light": "amber",
    "kind": "act", "turn": "first", "answers": (), "subject": "x", "money": 10.0, "worth": 10.0,
    "due_on": pd.Timestamp(date(2026, 11, 1)),
}  # fmt: skip
LIMITS = PlaybookSettings(
    today=2, at_most=3, good_news=1, connect=1, rest_from=2, least_worth=1, holding_cost_year=0.3, event_stake=0.02,
    buying_share=0.1, formulas={}, words={}, feed_legs={},
)  # fmt: skip


def candidates(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{**BASE, **row} for row in rows])[COLUMNS]


def subjects(*rows: dict[str, Any]) -> list[str]:
    return choose(candidates(*rows), LIMITS)["subject"].tolist()


def test_money_decides_and_what_has_none_follows() -> None:
    rows = [{"subject": "none", "worth": None}, {"subject": "small", "worth": 5.0}, {"subject": "big", "worth": 50.0}]
    chosen = choose(candidates(*rows), LIMITS)
    assert chosen["subject"].tolist() == ["big", "small", "none"]
    assert chosen["rank"].tolist() == [1, 2, 3]
    assert chosen["today"].tolist() == [True, True, False]


def test_without_money_the_worse_light_comes_first() -> None:
    assert subjects({"subject": "a", "worth": None}, {"subject": "r", "worth": None, "light": "red"}) == ["r", "a"]


def test_one_thing_is_said_once_by_the_worthiest() -> None:
    chosen = choose(candidates({"situation": "s1"}, {"situation": "s2", "worth": 20.0}), LIMITS)
    assert chosen["situation"].tolist() == ["s2"]


def test_every_red_leg_keeps_an_action_below_the_best() -> None:
    rows = [{"subject": f"s{place}", "worth": 100.0 - place} for place in range(4)]
    rows.append({"subject": "poor", "leg": "service", "leg_light": "red", "light": "red", "worth": 0.01})
    assert subjects(*rows) == ["s0", "s1", "s2", "poor"]


def test_what_is_worth_next_to_nothing_is_left_out_unless_its_leg_is_red() -> None:
    assert subjects({"worth": 0.5}) == []
    assert subjects({"worth": 0.5, "leg_light": "red"}) == ["x"]


def test_feeds_come_after_actions_and_praise_last() -> None:
    rows = [
        {"subject": "star", "kind": "praise", "worth": None},
        {"subject": "feed", "kind": "connect", "worth": None},
        {"subject": "act", "worth": 1.0},
        {"subject": "another feed", "kind": "connect", "worth": None},
    ]
    chosen = choose(candidates(*rows), LIMITS)
    assert chosen["kind"].tolist() == ["act", "connect", "praise"]
    assert chosen["today"].tolist() == [True, True, False]


def test_a_fallback_is_silent_where_its_metric_is_answered_in_its_leg() -> None:
    fallback = {"subject": "sales.m", "turn": "fallback", "worth": 99.0}
    assert subjects(fallback, {"subject": "x", "answers": ("sales.m",)}) == ["x"]
    assert subjects(fallback, {"subject": "x", "answers": ("sales.other",)}) == ["sales.m", "x"]
    assert subjects(fallback, {"subject": "x", "answers": ("sales.m",), "leg": "service"}) == ["sales.m", "x"]


def test_one_fallback_speaks_for_a_leg_the_worst_first() -> None:
    rows = [
        {"subject": "rich", "turn": "fallback", "worth": 99.0},
        {"subject": "worst", "turn": "fallback", "worth": 2.0, "light": "red"},
        {"subject": "last", "turn": "last", "worth": 500.0, "light": "red"},
    ]
    assert subjects(*rows) == ["worst"]


def test_a_specific_situation_goes_before_a_general_one_about_the_same_thing() -> None:
    assert choose(candidates({"situation": "general", "turn": "last", "worth": 99.0}, {"situation": "own"}), LIMITS)[
        "situation"
    ].tolist() == ["own"]


def test_merchants_do_not_mix() -> None:
    chosen = choose(candidates({}, {"merchant_id": "m2"}), LIMITS)
    assert chosen[["merchant_id", "rank"]].values.tolist() == [["m1", 1], ["m2", 1]]


@settings(deadline=None)  # pandas on a busy machine
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "merchant_id": st.sampled_from(["a", "b"]),
                "leg": st.sampled_from(["sales", "service"]),
                "leg_light": st.sampled_from(["red", "amber", "green"]),
                "subject": st.sampled_from(["x", "y", "z"]),
                "worth": st.one_of(st.none(), st.floats(0, 100)),
                "kind": st.sampled_from(["act", "connect", "praise"]),
                "turn": st.sampled_from(["first", "fallback", "last"]),
            }
        ),
        min_size=1,
        max_size=25,
    )
)
def test_ranks_count_up_from_one_and_nothing_is_said_twice(rows: list[dict[str, Any]]) -> None:
    chosen = choose(candidates(*rows), LIMITS)
    for _, mine in chosen.groupby("merchant_id"):
        assert mine["rank"].tolist() == list(range(1, len(mine) + 1))
        assert not mine.duplicated(["kind", "subject"]).any()
        assert mine["today"].sum() <= LIMITS.today
        acts = mine[mine["kind"] == "act"]["worth"].astype(float).dropna().tolist()
        assert acts == sorted(acts, reverse=True)
