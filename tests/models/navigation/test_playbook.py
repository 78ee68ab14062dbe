"""A playbook that cannot work is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from models.navigation.playbook import Playbook, Situation
from models.navigation.settings import PlaybookSettings

Make = Callable[..., Situation]


def texts(**parts: Any) -> dict[str, Any]:
    """The same texts in the three languages."""
    said = {"action": "Do {n}", "reason": ["Because of {n}."], "proof": "Done", **parts}
    return dict.fromkeys(("zh-CN", "zh-TW", "en"), said)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"when": [{"column": "colour", "is": "red"}]}, "signals has no column 'colour'"),
        ({"params": {"n": {"type": "number", "column": "order_qty"}}}, "signals has no column 'order_qty'"),
        ({"params": {}}, r"texts name \['n'\], which are no params"),
        ({"params": {"n": {"type": "number", "column": "observed"}, "m": {"type": "number", "column": "low"}}},
         r"\['m'\] are named by no text"),
        ({"formula": "guess"}, "no formula 'guess'"),
        ({"formula": "stock_out"}, "signals has no column 'money_at_risk'"),
        ({"formula": "none"}, "go together"),
        ({"params": {"n": {"type": "words", "column": "metric"}}}, "needs `words`"),
        ({"texts": {**texts(), "en": {"action": "Do", "reason": ["Because of {n}."], "proof": "Done"}}},
         r"action: zh-CN names \['n'\], en names \[\]"),
        ({"texts": {**texts(), "en": {"action": "Do {n}", "reason": ["So.", "And {n}."], "proof": "Done"}}},
         "zh-CN has 1 clauses of reason, en has 2"),
        ({"texts": {"zh-CN": texts()["en"], "en": texts()["en"]}}, "zh-TW"),
        ({"due": {"column": "tomorrow"}}, "no column 'tomorrow'"),
    ],
)  # fmt: skip
def test_refusals(situation: Make, parts: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        situation(**parts)


def test_ids_are_unique_and_formulas_are_said_in_words(situation: Make, settings: PlaybookSettings) -> None:
    with pytest.raises(ValidationError, match="late stands twice"):
        Playbook(settings=settings, situations=(situation(), situation()))
    silent = settings.model_copy(update={"formulas": {}})
    with pytest.raises(ValidationError, match="does not say formula 'limit_breach'"):
        Playbook(settings=silent, situations=(situation(),))


def test_words_come_from_a_table_that_exists(situation: Make, settings: PlaybookSettings) -> None:
    asks = situation(params={"n": {"type": "words", "column": "leg", "words": "colours"}})
    with pytest.raises(ValidationError, match="asks for words 'colours'"):
        Playbook(settings=settings, situations=(asks,))


def test_what_must_be_known_before_anything_is_said(situation: Make) -> None:
    said = situation(
        params={"n": {"type": "number", "column": "observed"}, "m": {"type": "number", "column": "peer_p50"}},
        texts=texts(reason=["Because of {n}.", "Peers {m}."]),
    )
    assert said.texts.required == {"n"}
    assert said.texts.named == {"n", "m"}


def test_the_rest_is_a_situation_of_its_own(situation: Make, settings: PlaybookSettings) -> None:
    rest = {"params": {"n": {"type": "number", "column": "more"}}, "texts": texts()}
    products = situation(
        source="products", when=[{"column": "order_qty", "at_least": 1}], formula="stock_out",
        params={"n": {"type": "number", "column": "order_qty"}}, rest=rest,
    )  # fmt: skip
    playbook = Playbook(settings=settings, situations=(products,))
    assert list(playbook.by_id) == ["late", "late-rest"]
    assert playbook.by_id["late-rest"].params["n"].column == "more"
    with pytest.raises(ValueError, match="says nothing about the rest"):
        _ = playbook.by_id["late-rest"].about_the_rest
