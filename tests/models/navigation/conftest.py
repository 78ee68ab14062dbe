"""A small playbook and the facts of a few merchants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from models.metrics.words import Words
from models.navigation.playbook import Playbook, Situation
from models.navigation.settings import PlaybookSettings
from models.navigation.sources import LEGS

TEXTS: dict[str, Any] = {"action": "Do {n}", "reason": ["Because of {n}."], "proof": "Done"}


def texts(**parts: Any) -> dict[str, Any]:
    """The same texts in the three languages."""
    return {locale: {**TEXTS, **parts} for locale in ("zh-CN", "zh-TW", "en")}


def make_situation(**parts: Any) -> Situation:
    """A situation over signals that are red, parts replaced by name."""
    row = {
        "id": "late", "leg": "fulfilment", "source": "signals", "who": "business",
        "when": [{"column": "light", "is": "red"}], "formula": "limit_breach", "recoverable_share": 0.5,
        "params": {"n": {"type": "number", "column": "observed"}}, "texts": texts(),
    }  # fmt: skip
    return Situation.model_validate({**row, **parts})


def words(text: str) -> Words:
    return Words.model_validate({"zh-CN": text, "zh-TW": text, "en": text})


@pytest.fixture
def situation() -> Callable[..., Situation]:
    """Return a function that makes a situation, parts replaced by name."""
    return make_situation


@pytest.fixture
def signals() -> Callable[..., pd.DataFrame]:
    """Return a function that makes rows of signals."""
    return make_signals


@pytest.fixture
def settings() -> PlaybookSettings:
    return PlaybookSettings(
        today=2, at_most=3, good_news=1, connect=1, rest_from=2, least_worth=1, holding_cost_year=0.365,
        event_stake=0.02, buying_share=0.1,
        formulas={name: words(name) for name in ("limit_breach", "stock_out", "none")},
        words={"legs": {leg: words(leg) for leg in LEGS}}, feed_legs={},
    )  # fmt: skip


@pytest.fixture
def playbook(settings: PlaybookSettings) -> Playbook:
    return Playbook(settings=settings, situations=(make_situation(),))


def make_signals(*rows: dict[str, Any]) -> pd.DataFrame:
    """Signals with the merchant's columns; what is not given is NULL except for a leg light of red."""
    from models.navigation.sources import columns_of

    base = {**dict.fromkeys(columns_of("signals")), "merchant_id": "m1", "metric": "fulfilment.late_dispatch",
            "leg": "fulfilment", "light": "red", "leg_light": "red", "light_fulfilment": "red", "observed": 0.1,
            "probability_over_limit": 0.9, "gmv_14": 1000.0, "p_value": 0.5}  # fmt: skip
    return pd.DataFrame([{**base, **row} for row in rows])
