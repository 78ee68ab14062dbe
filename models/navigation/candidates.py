"""Candidates: every situation that holds for a merchant, with its money, its due day and what it is about.

The idea: a situation is looked for over a whole table of facts at once; only rows that could be said in full (no value
missing that the words need) become candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.navigation.conditions import holds
from models.navigation.money import Rates, money_at_risk
from models.navigation.playbook import Due, Playbook, Situation
from models.navigation.sources import SUBJECT

COLUMNS = [
    "merchant_id",
    "situation",
    "row",
    "leg",
    "light",
    "leg_light",
    "kind",
    "turn",
    "answers",
    "subject",
    "money",
    "worth",
    "due_on",
]


@dataclass(frozen=True)
class Found:
    """Candidates of all situations.

    Parameters
    ----------
    table : DataFrame
        One row per candidate with `COLUMNS`; `row` is its position among the rows of its situation.
    rows : dict of DataFrame
        By situation id the facts of its candidates, with the columns of `OF_CANDIDATE`.
    """

    table: pd.DataFrame
    rows: dict[str, pd.DataFrame]


def find_candidates(playbook: Playbook, facts: Mapping[str, pd.DataFrame], rates: Rates, as_of: date) -> Found:
    """Look for every situation.

    Parameters
    ----------
    playbook : Playbook
    facts : mapping of DataFrame
        By source the rows of `models.navigation.sources`; those of sources other than `merchants` hold the merchant's
        columns too.
    rates : Rates
        Policy numbers of the formulas.
    as_of : date
        The day that is navigated; nothing is due before it.
    """
    rows: dict[str, pd.DataFrame] = {}
    for situation in playbook.situations:
        source = facts[situation.source]
        held = source[holds(source, situation.when)] if len(source) else source
        priced = _with_money(situation, held, rates, as_of)
        kept, others = _split(priced, situation.keep)
        rows[situation.id] = _sayable(situation, kept)
        if situation.rest is not None:
            about = situation.about_the_rest
            summed = _summed(about, others)
            rows[about.id] = _sayable(about, summed[summed["more"] >= playbook.settings.rest_from])
    tables = [_candidates(playbook.by_id[name], found) for name, found in rows.items() if len(found)]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    return Found(table, rows)


def _with_money(situation: Situation, rows: pd.DataFrame, rates: Rates, as_of: date) -> pd.DataFrame:
    money = money_at_risk(situation.formula, rows, rates)
    return rows.assign(
        money=money, worth=money * situation.recoverable_share, due_on=due_on(situation.due, rows, as_of)
    )


def due_on(due: Due, rows: pd.DataFrame, as_of: date) -> pd.Series[pd.Timestamp]:
    """Day by which each row is due; never before `as_of`."""
    today = pd.Timestamp(as_of)
    plus = pd.Timedelta(days=due.plus_days)
    latest = today + pd.Timedelta(days=due.at_most_days) if due.at_most_days is not None else None
    if due.column is None:
        day = pd.Series(today + plus, index=rows.index)
    else:
        # Where the date is not known, the latest day counts.
        day = pd.to_datetime(rows[due.column]) + plus
        day = day.fillna(latest if latest is not None else today + plus)
    day = day.where(day >= today, today)
    return (day if latest is None else day.where(day <= latest, latest)).astype("datetime64[s]")


def _split(rows: pd.DataFrame, keep: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide into the worthiest `keep` rows of each merchant (with the number of `more`) and the others."""
    ordered = rows.assign(_doubt=_urgency(rows)).sort_values(
        ["merchant_id", "worth", "_doubt"], ascending=[True, False, True], na_position="last", kind="stable"
    )
    place = ordered.groupby("merchant_id").cumcount()
    count = ordered.groupby("merchant_id")["merchant_id"].transform("size")
    ordered = ordered.drop(columns="_doubt").assign(more=(count - keep).clip(lower=0).astype(float))
    return ordered[place < keep], ordered[place >= keep]


def _urgency(rows: pd.DataFrame) -> pd.Series[float]:
    """Order among rows without money: what is likeliest or due first."""
    if "p_stock_out_14" in rows:
        missed = pd.to_numeric(rows["hours_out"]).fillna(0.0) / (28 * 24)
        chance = pd.to_numeric(rows["p_stock_out_14"]).fillna(0.0)
        return -(chance + missed) * pd.to_numeric(rows["forecast_daily"]).fillna(0.0)
    return pd.to_numeric(rows["p_value"]).fillna(1.0) if "p_value" in rows else pd.Series(0.0, index=rows.index)


def _summed(about: Situation, others: pd.DataFrame) -> pd.DataFrame:
    """One row per merchant: named numbers and money summed, the earliest due day, the merchant's own facts.

    Names, words and days are the first row's: the name of an event is not repeated once per product.
    """
    named = {param.column for param in about.params.values() if param.type in ("number", "money")} - {"due_on"}
    sums = {column: "sum" for column in (named | {"money", "worth"}) if column not in ("more",)}
    rest = {column: "first" for column in others.columns if column not in sums and column != "merchant_id"}
    grouped = others.groupby("merchant_id", as_index=False)
    result = grouped.agg(rest | {"due_on": "min"})
    for column in sums:
        result[column] = grouped[column].sum(min_count=1)[column]
    return result.assign(more=grouped.size()["size"].astype(float))


def _sayable(situation: Situation, rows: pd.DataFrame) -> pd.DataFrame:
    needed = [situation.params[name].column for name in situation.texts.required]
    known = np.ones(len(rows), dtype=bool)
    for column in needed:
        known &= rows[column].notna().to_numpy()
    return rows[known].reset_index(drop=True)


def _candidates(situation: Situation, rows: pd.DataFrame) -> pd.DataFrame:
    subject = SUBJECT[situation.source]
    leg = rows["leg"] if situation.leg == "row" else pd.Series(situation.leg, index=rows.index)
    about_one = subject is not None and not situation.id.endswith("-rest")
    own_light = "light" in rows.columns
    of_leg = light_of_leg(rows, leg)
    return pd.DataFrame(
        {
            "merchant_id": rows["merchant_id"],
            "situation": situation.id,
            "row": np.arange(len(rows)),
            "leg": leg,
            "light": rows["light"] if own_light else of_leg,
            "leg_light": of_leg,
            "kind": situation.kind,
            "turn": situation.turn,
            "answers": [situation.answers] * len(rows),
            "subject": rows[subject] if about_one and subject else situation.id,
            "money": rows["money"],
            "worth": rows["worth"],
            "due_on": rows["due_on"],
        }
    )


def light_of_leg(rows: pd.DataFrame, leg: pd.Series[str]) -> pd.Series[str]:
    """Light of each row's leg, from the merchant's columns `light_<leg>`."""
    result = pd.Series(None, index=rows.index, dtype=object)
    for name in leg.dropna().unique():
        if f"light_{name}" in rows.columns:
            mine = leg == name
            result[mine] = rows.loc[mine, f"light_{name}"].astype(object)
    return result
