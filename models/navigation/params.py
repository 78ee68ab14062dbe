"""Values of a prompt's texts, typed, so that any page or message can write them in its reader's language later."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from models.metrics.words import Words
from models.navigation.playbook import Param, Situation

Value = dict[str, Any]
Vocabulary = Mapping[str, Mapping[str, Words]]


def params_of(situation: Situation, rows: pd.DataFrame, words: Vocabulary, as_of: date) -> list[dict[str, Value]]:
    """Typed values of each row, ready for JSON.

    Parameters
    ----------
    situation : Situation
    rows : DataFrame
        Its chosen rows.
    words : mapping
        By table (`legs`, `feeds`, `metrics`, ...) and code the words in three languages.
    as_of : date
        What "today" means.

    Returns
    -------
    list of dict
        Per row, by placeholder: `{"type": "percent", "value": 0.29, "decimals": 0}`; value None = not known.
    """
    if not situation.params:
        return [{} for _ in range(len(rows))]
    columns = [
        [_value(param, raw, unit, decimals, words, as_of) for raw, unit, decimals in _cells(param, rows)]
        for param in situation.params.values()
    ]
    return [dict(zip(situation.params, values, strict=True)) for values in zip(*columns, strict=True)]


def _cells(param: Param, rows: pd.DataFrame) -> zip[tuple[Any, Any, Any]]:
    raw = rows[param.column].astype(object).tolist()
    if param.type == "metric":
        return zip(raw, rows["unit"].tolist(), rows["decimals"].tolist(), strict=True)
    return zip(raw, [None] * len(raw), [param.decimals] * len(raw), strict=True)


def _value(param: Param, raw: Any, unit: str | None, decimals: Any, words: Vocabulary, as_of: date) -> Value:
    value: Value = {"type": param.type, "value": None}
    if param.type in ("money", "number", "percent", "metric"):
        value["value"] = _number(raw)
    elif param.type in ("day", "when"):
        value["value"] = None if pd.isna(raw) else pd.Timestamp(raw).date().isoformat()
    elif param.type == "words":
        value["value"] = _words(param.words or "", raw, words)
    else:
        value["value"] = None if raw is None or raw != raw else str(raw)
    if param.type in ("number", "percent", "metric"):
        value["decimals"] = 0 if decimals is None or decimals != decimals else int(decimals)
    if param.type == "metric":
        value["unit"] = unit
    if param.type == "when":
        value["today"] = as_of.isoformat()
    return value


def _number(raw: Any) -> float | None:
    if raw is None or pd.isna(raw) or not math.isfinite(raw):
        return None
    # Six digits are more than any reader sees, and keep the stored text short.
    return float(f"{float(raw):.6g}") if abs(float(raw)) < 1e6 else round(float(raw))


def _words(table: str, raw: Any, words: Vocabulary) -> dict[str, str] | None:
    if raw is None or raw != raw:
        return None
    if table == "json":
        return _named(str(raw))
    found = words.get(table, {}).get(str(raw))
    return None if found is None else found.model_dump(by_alias=True)


def _named(text: str) -> dict[str, str] | None:
    """A feed's own name (plain text), or a name with its languages as JSON."""
    try:
        names = json.loads(text)
    except ValueError:
        names = text
    if isinstance(names, dict):
        known = {locale: str(name) for locale, name in names.items() if name}
        fallback = next(iter(known.values()), None)
        return {locale: known.get(locale, fallback) for locale in ("zh-CN", "zh-TW", "en")} if fallback else None
    return {"zh-CN": text, "zh-TW": text, "en": text} if text else None
