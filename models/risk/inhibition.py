"""A graver trouble of a merchant speaks for the milder ones that follow from it.

The idea: whoever has been rung for a merchant's empty shelves needs no second ring for the slow parcels that come of
them. What is held waits for the digest, so that nothing is lost; which severities hold which, and how far down the
chain of legs, is policy.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from models.risk.chain import Chain, downstream
from models.risk.route_policy import InhibitionRule


def shown_on(chain: Chain, legs: Sequence[str]) -> pd.DataFrame:
    """Pairs of a leg (`over_leg`) and every leg on which its trouble may show (`leg`), itself included.

    Parameters
    ----------
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next.
    """
    pairs = [(leg, shown) for leg in legs for shown in sorted(downstream([leg], chain))]
    return pd.DataFrame(pairs, columns=["over_leg", "leg"], dtype=object)


def held_behind(
    alerts: pd.DataFrame, standing: pd.DataFrame, rules: Sequence[InhibitionRule], chain: Chain
) -> pd.Series:
    """Of each alert the graver one that speaks for it, None where it speaks for itself.

    Parameters
    ----------
    alerts : DataFrame
        alert_id, merchant_id, leg, severity of what would ring.
    standing : DataFrame
        The same columns of every alert that is not resolved; also what somebody has taken on, or let sleep, speaks.

    Returns
    -------
    Series of str or None, on the index of `alerts`
    """
    pairs = [_pairs(alerts, standing, rule, chain) for rule in rules]
    found = pd.concat(pairs, ignore_index=True) if pairs else pd.DataFrame({"alert_id": [], "behind": []})
    found = found[found["alert_id"] != found["behind"]].sort_values(["alert_id", "behind"])
    behind = alerts["alert_id"].map(found.drop_duplicates("alert_id").set_index("alert_id")["behind"]).astype(object)
    return behind.where(behind.notna(), None)


def _pairs(alerts: pd.DataFrame, standing: pd.DataFrame, rule: InhibitionRule, chain: Chain) -> pd.DataFrame:
    milder = alerts.loc[alerts["severity"].isin(rule.holds), ["alert_id", "merchant_id", "leg"]]
    graver = standing.loc[standing["severity"] == rule.over, ["alert_id", "merchant_id", "leg"]]
    graver = graver.rename(columns={"alert_id": "behind", "leg": "over_leg"})
    if milder.empty or graver.empty:  # columns of a day without alerts have no type to join by
        return pd.DataFrame({"alert_id": [], "behind": []}, dtype=object)
    both = milder.merge(graver, on="merchant_id")
    if rule.legs != "all":
        reach = shown_on(chain if rule.legs == "downstream" else {}, sorted(set(both["over_leg"])))
        both = both.merge(reach, on=["over_leg", "leg"])
    return both[["alert_id", "behind"]]
