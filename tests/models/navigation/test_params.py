from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.metrics.words import Words
from models.navigation.params import params_of
from models.navigation.playbook import Situation

Make = Callable[..., Situation]
SALES = Words.model_validate(dict.fromkeys(("zh-CN", "zh-TW", "en"), "sales"))


AS_OF = date(2026, 10, 30)


def value(situation: Make, param: dict[str, Any], **row: Any) -> dict[str, Any]:
    asks = situation(params={"n": {"column": next(iter(row)), **param}})
    rows = pd.DataFrame([{"unit": "percent", "decimals": 1, **row}])
    return params_of(asks, rows, {"legs": {"sales": SALES}}, AS_OF)[0]["n"]


@pytest.mark.parametrize(
    ("param", "row", "expected"),
    [
        ({"type": "number", "decimals": 1}, {"observed": 3.25}, {"type": "number", "value": 3.25, "decimals": 1}),
        ({"type": "number"}, {"observed": np.nan}, {"type": "number", "value": None, "decimals": 0}),
        ({"type": "money"}, {"observed": 1234567.8}, {"type": "money", "value": 1234568}),
        ({"type": "percent"}, {"observed": 1 / 3}, {"type": "percent", "value": 0.333333, "decimals": 0}),
        ({"type": "metric"}, {"observed": 0.04}, {"type": "metric", "value": 0.04, "decimals": 1, "unit": "percent"}),
        ({"type": "day"}, {"since": pd.Timestamp("2026-10-27")}, {"type": "day", "value": "2026-10-27"}),
        ({"type": "day"}, {"since": pd.NaT}, {"type": "day", "value": None}),
        ({"type": "when"}, {"due_on": pd.Timestamp("2026-10-30")},
         {"type": "when", "value": "2026-10-30", "today": "2026-10-30"}),
        ({"type": "text"}, {"metric": "<b>"}, {"type": "text", "value": "<b>"}),
        ({"type": "text"}, {"metric": None}, {"type": "text", "value": None}),
        ({"type": "words", "words": "legs"}, {"leg": "sales"},
         {"type": "words", "value": {"zh-CN": "sales", "zh-TW": "sales", "en": "sales"}}),
        ({"type": "words", "words": "legs"}, {"leg": "unheard"}, {"type": "words", "value": None}),
        ({"type": "words", "words": "json"}, {"event_name": '{"en": "618", "zh-CN": ""}'},
         {"type": "words", "value": {"zh-CN": "618", "zh-TW": "618", "en": "618"}}),
        ({"type": "words", "words": "json"}, {"event_name": "Summer {sale}"},
         {"type": "words", "value": dict.fromkeys(("zh-CN", "zh-TW", "en"), "Summer {sale}")}),
        ({"type": "words", "words": "json"}, {"event_name": "618"},
         {"type": "words", "value": dict.fromkeys(("zh-CN", "zh-TW", "en"), "618")}),
    ],
)  # fmt: skip
def test_values_keep_their_type(
    situation: Make, param: dict[str, Any], row: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert value(situation, param, **row) == expected


def test_texts_without_values_need_none(situation: Make) -> None:
    plain = {"action": "Go", "reason": ["So."], "proof": "Done"}
    silent = situation(params={}, texts=dict.fromkeys(("zh-CN", "zh-TW", "en"), plain))
    assert params_of(silent, pd.DataFrame({"a": [1, 2]}), {}, AS_OF) == [{}, {}]
