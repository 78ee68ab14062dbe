"""Which alert belongs to which episode.

The idea: an alert is right when, on the day it opens, its merchant is inside an episode (from onset to end plus grace)
and the alert's leg lies on the chain of legs that starts at the episode's root leg. One alert may belong to several
episodes that overlap; it is right once.
"""

from __future__ import annotations

import pandas as pd

from models.evaluation.policy import GROUP_SCOPES, EvaluationPolicy

EPISODE_DAYS = ("onset_on", "first_observable_on", "harm_on", "ended_on")
PAIR_COLUMNS = ["alert_id", "episode_id", "merchant_id", "family", "benign", "is_group", "scope", "opened_on", "leg",
                "named_root", "metric", "opened_by", "root_leg", "harm_on", "incident_id"]  # fmt: skip
FAR_FUTURE = pd.Timestamp("2200-01-01")


def prepare_episodes(episodes: pd.DataFrame, policy: EvaluationPolicy) -> pd.DataFrame:
    """Type the truth's days, and add `last_on`: the last day on which an alert still belongs to the episode.

    Parameters
    ----------
    episodes
        The truth (contracts.md), one row per episode and merchant; an empty `ended_on` means still active.
    """
    rows = episodes.copy()
    for column in EPISODE_DAYS:
        rows[column] = pd.to_datetime(rows[column]).astype("datetime64[s]")
    last = rows["ended_on"] + pd.Timedelta(days=policy.grace_days)
    rows["last_on"] = last.fillna(FAR_FUTURE)
    rows["is_group"] = rows["scope"].isin(GROUP_SCOPES)
    rows["benign"] = rows["benign"].astype(bool)
    return rows


def seen_from(episodes: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """First day on which each prepared episode could be seen."""
    return episodes["first_observable_on"].fillna(episodes["onset_on"])


def within_days(episodes: pd.DataFrame, first_on: pd.Timestamp | None, last_on: pd.Timestamp | None) -> pd.DataFrame:
    """Prepared episodes that could be seen on the days judged; all of them where no days are known.

    An episode that has begun but shows only after the last day is left out: nobody could have found it.
    """
    if first_on is None or last_on is None or pd.isna(first_on) or pd.isna(last_on):
        return episodes
    return episodes[(episodes["last_on"] >= first_on) & (seen_from(episodes) <= last_on)]


def match_alerts(openings: pd.DataFrame, episodes: pd.DataFrame, policy: EvaluationPolicy) -> pd.DataFrame:
    """Pairs of alert and episode that belong together.

    Parameters
    ----------
    openings
        Result of `alert_openings` or `alert_appearances`.
    episodes
        Result of `prepare_episodes`.

    Returns
    -------
    DataFrame
        A row per pair: `alert_id`, `episode_id`, `merchant_id`, `family`, `benign`, `is_group`, `scope`, `opened_on`,
        `leg`, `named_root`, `metric`, `opened_by`, `root_leg` (the episode's), `harm_on`, `incident_id`.
    """
    pairs = openings.merge(episodes, on="merchant_id", how="inner")
    in_time = (pairs["opened_on"] >= pairs["onset_on"]) & (pairs["opened_on"] <= pairs["last_on"])
    pairs = pairs[in_time & _on_chain(pairs, policy)]
    return pairs[PAIR_COLUMNS].reset_index(drop=True)


def match_incidents(openings: pd.DataFrame, episodes: pd.DataFrame, policy: EvaluationPolicy) -> pd.DataFrame:
    """Pairs of incident and group episode that belong together.

    An incident belongs to a group episode when it opens in its time, on its chain of legs, and names the same group;
    a platform episode claims every group's incident, because all of them are its echo.

    Returns
    -------
    DataFrame
        A row per pair: `incident_id`, `episode_id`, `family`, `opened_on`, `leg`, `root_leg`, `harm_on`, and `named`:
        whether the incident names the episode's own group and is not only an echo of it.
    """
    groups = episodes[episodes["is_group"]].drop_duplicates("episode_id").rename(columns={"scope": "episode_scope"})
    pairs = openings.merge(groups.drop(columns=["merchant_id"]), how="cross")
    in_time = (pairs["opened_on"] >= pairs["onset_on"]) & (pairs["opened_on"] <= pairs["last_on"])
    same_group = (pairs["scope"] == pairs["episode_scope"]) & (pairs["group"] == pairs["scope_value"])
    of_platform = pairs["episode_scope"] == "platform"
    on_chain = _on_chain(pairs, policy) | (pairs["scope"] == "feed") & same_group
    pairs = pairs.assign(named=same_group)[in_time & on_chain & (same_group | of_platform)]
    # The incident of a feed names data, not a leg: it stands where the feed belongs.
    of_feed = pairs["scope"] == "feed"
    pairs = pairs.assign(leg=pairs["leg"].mask(of_feed, pairs["root_leg"]))
    columns = ["incident_id", "episode_id", "family", "opened_on", "leg", "root_leg", "harm_on", "named"]
    return pairs[columns].reset_index(drop=True)


def _on_chain(pairs: pd.DataFrame, policy: EvaluationPolicy) -> pd.Series:
    troubles = pairs[["root_leg", "family"]].drop_duplicates().itertuples(index=False, name=None)
    allowed = {(root, family, leg) for root, family in troubles for leg in policy.chain(root, family)}
    keys = pd.MultiIndex.from_frame(pairs[["root_leg", "family", "leg"]])
    inside = keys.isin(list(allowed)) if allowed else [False] * len(pairs)
    return pd.Series(inside, index=pairs.index, dtype=bool)
