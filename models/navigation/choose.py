"""Which candidates become prompts, and in which order.

The idea: money decides. One thing is said once, though several situations saw it; every red leg keeps at least one
action, however small its money; feeds to connect come after what can be done today, praise after them.
"""

from __future__ import annotations

import pandas as pd

from models.navigation.settings import PlaybookSettings

KINDS = {"act": 0, "connect": 1, "praise": 2}
LIGHTS = {"red": 0, "amber": 1}
TURNS = {"first": 0, "fallback": 1, "last": 2}


def choose(candidates: pd.DataFrame, settings: PlaybookSettings) -> pd.DataFrame:
    """Choose and rank the prompts of every merchant.

    Parameters
    ----------
    candidates : DataFrame
        Rows of `models.navigation.candidates.COLUMNS`.
    settings : PlaybookSettings
        How many of each kind.

    Returns
    -------
    DataFrame
        The chosen rows with `rank` (from 1 within the merchant) and `today`, ordered by merchant and rank.
    """
    ordered = _in_order(candidates)
    single = _speak_once(ordered)
    chosen = single[_enough_of_each(single, settings)]
    rank = chosen.groupby("merchant_id").cumcount() + 1
    today = (rank <= settings.today) & (chosen["kind"] != "praise")
    return chosen.assign(rank=rank, today=today).drop(columns=["_kind", "_severity", "_turn"]).reset_index(drop=True)


def _in_order(candidates: pd.DataFrame) -> pd.DataFrame:
    """Put by merchant: kind, then money (not known last), then light, then the day it is due."""
    keyed = candidates.assign(
        _kind=candidates["kind"].map(KINDS).astype(int),
        _severity=candidates["light"].map(LIGHTS).fillna(2).astype(int),
        _turn=candidates["turn"].map(TURNS).astype(int),
    )
    return keyed.sort_values(
        ["merchant_id", "_kind", "worth", "_severity", "due_on", "situation", "subject"],
        ascending=[True, True, False, True, True, True, True],
        na_position="last",
        kind="stable",
    )


def _speak_once(ordered: pd.DataFrame) -> pd.DataFrame:
    """Keep the best prompt about each thing, and fallbacks only about what is not answered otherwise."""
    # Praise and warnings about one thing may stand side by side; two warnings may not.
    by_turn = ordered.sort_values("_turn", kind="stable")
    single = by_turn.drop_duplicates(["merchant_id", "kind", "subject"], keep="first")
    first = single["_turn"] == 0
    fallbacks = _unanswered(single[~first], single[first])
    # The worst metric of a leg speaks for it.
    fallbacks = fallbacks.sort_values(["_severity", "_turn"], kind="stable").drop_duplicates(["merchant_id", "leg"])
    return ordered.loc[ordered.index.isin(single.index[first].union(fallbacks.index))]


def _unanswered(fallbacks: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Fallbacks about metrics that no situation of the same leg answers."""
    answers = first[["merchant_id", "leg", "answers"]].explode("answers").dropna()
    answered = pd.MultiIndex.from_frame(answers)
    return fallbacks[~pd.MultiIndex.from_frame(fallbacks[["merchant_id", "leg", "subject"]]).isin(answered)]


def _enough_of_each(single: pd.DataFrame, settings: PlaybookSettings) -> pd.Series[bool]:
    place = single.groupby(["merchant_id", "kind"]).cumcount()
    limit = (
        single["kind"]
        .map({"act": settings.at_most, "connect": settings.connect, "praise": settings.good_news})
        .astype(int)
    )
    # Praise says one thing per leg; actions worth next to nothing are noise unless their leg is red.
    first_of_leg = ~single.duplicated(["merchant_id", "kind", "leg"])
    red = (single["kind"] == "act") & (single["leg_light"] == "red") & first_of_leg
    worthwhile = ~(single["worth"] < settings.least_worth)
    again = (single["kind"] == "praise") & ~first_of_leg
    return red | ((place < limit) & worthwhile & ~again)
