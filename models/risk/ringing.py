"""Which new alerts ring one by one, and which wait for the digest and why.

The idea: people can take a few rings a day. A member of an incident is told with it, a graver alert speaks for what
follows from it, and of the rest the gravest ring.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.risk.alert_policy import AlertPolicy
from models.risk.day_news import DayNews
from models.risk.inhibition import held_behind
from models.risk.route_policy import RoutePolicy

GRAVER = " of the merchant is graver; in the digest"


def with_freed(news: DayNews, routes: RoutePolicy) -> pd.DataFrame:
    """Release the alerts that waited behind a graver one which stands no longer; the others go on waiting."""
    waits = (news.alerts["event"] == "") & news.alerts["alert_id"].isin(news.waiting)
    behind = held_behind(news.alerts[waits], news.standing, routes.inhibition, news.chain)
    freed = news.alerts.index.isin(behind.index[behind.isna()])
    return news.alerts.assign(event=news.alerts["event"].mask(freed, "released"))


def hold_back(rows: pd.DataFrame, news: DayNews, policy: AlertPolicy, routes: RoutePolicy) -> pd.DataFrame:
    """Suppress members of incidents, what a graver alert speaks for, and what is over a cap or the day's budget."""
    rows = rows.assign(told=rows["alert_id"].isin(news.told_today)).sort_values(
        ["told", "rank", "money_at_risk", "alert_id"],
        ascending=[False, False, False, True],
        na_position="last",
        ignore_index=True,
    )
    new = rows["alert_id"].notna() & (rows["event"] == "trigger")
    member = new & rows["incident_id"].notna()
    rows.loc[member, "error"] = "told with incident " + rows.loc[member, "incident_id"].astype(str)
    ringing = rows[new & ~member].assign(leg=rows["alert_id"].map(news.alerts.set_index("alert_id")["leg"]))
    behind = held_behind(ringing, news.standing, routes.inhibition, news.chain).dropna()
    rows.loc[behind.index, "error"] = "alert " + behind + GRAVER
    distinct = ringing.drop(behind.index).drop_duplicates("alert_id")
    of_merchant = distinct.groupby("merchant_id").cumcount()
    over_cap = distinct.loc[of_merchant >= routes.cap_per_merchant_and_day, "alert_id"]
    within_cap = distinct.loc[~distinct["alert_id"].isin(over_cap), "alert_id"]
    over_budget = within_cap.iloc[policy.budget.alerts(news.merchants) :]
    ordinary = within_cap[
        graver_before(distinct.loc[within_cap.index], news.recent, policy) >= policy.budget.over(news.merchants)
    ]
    for held, said in (
        (rows["alert_id"].isin(over_cap), "over the merchant's cap of the day; in the digest"),
        (rows["alert_id"].isin(over_budget), "over the budget of the day; in the digest"),
        (
            rows["alert_id"].isin(ordinary) & ~rows["told"],
            f"graver ones opened within {policy.budget.over_days} days; in the digest",
        ),
    ):
        rows.loc[new & rows["error"].isna() & held, "error"] = said
    rows["status"] = rows["status"].mask(rows["error"].notna(), "suppressed")
    return rows.drop(columns="told")


def graver_before(today: pd.DataFrame, recent: pd.DataFrame, policy: AlertPolicy) -> npt.NDArray[np.int64]:
    """How many of the days before, and of today's before it, are at least as grave as each alert of today.

    Parameters
    ----------
    today : DataFrame
        severity and money_at_risk, the gravest first.
    recent : DataFrame
        The same of what opened on the days before, in any order.
    """
    ranks = policy.severity.ranks
    both = pd.concat([recent[["severity", "money_at_risk"]], today[["severity", "money_at_risk"]]], ignore_index=True)
    both = both.assign(rank=both["severity"].map(ranks), place=np.arange(len(both)))
    # Equals keep their order: what was there first comes first.
    order = both.sort_values(["rank", "money_at_risk", "place"], ascending=[False, False, True], na_position="last")
    before = pd.Series(np.arange(len(order)), index=order.index).sort_index()
    return before.to_numpy(np.int64)[len(recent) :]
