"""The table `alert_quality`: how good the alerts were, all together, by family, by door, by leg and metric.

The idea: one row per cut, the same columns in each. Recall, lead and root leg are counted over episodes, precision and
rates over alerts. An alert names a leg and no family, so that the precision of a family is that of all alerts on its
root legs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.evaluation.intervals import UNKNOWN, Figure, Resampling, median_figure, rate_figure, share_figure
from models.evaluation.judged import INCIDENT, Judged, JudgedDays

ALL, SLOW, BENIGN = "all", "slow", "benign"  # families that stand for many
FIGURES = ("precision", "recall", "recall_matured", "before_harm", "median_lead_days", "root_leg_right",
           "benign_alerted", "per_1000_merchant_days", "with_backlog_per_1000", "false_per_1000",
           "notified_per_1000")  # fmt: skip
COUNTS = ("family", "leg", "metric", "opened_by", "benign", "alerts", "backlog", "true_alerts", "judged_alerts",
          "episodes", "found", "matured", "lead_episodes", "benign_by_chance")  # fmt: skip


class Cut(NamedTuple):
    """Which alerts and episodes a row is about; `all` = whatever."""

    family: str = ALL
    leg: str = ALL
    metric: str = ALL
    opened_by: str = ALL


def quality_table(judged: Judged, notified: pd.DataFrame, how: Resampling) -> pd.DataFrame:
    """Figures of every cut.

    Parameters
    ----------
    judged : Judged
    notified : DataFrame
        `alert_id` and `told_on` of alerts that would have been told one by one.
    how : Resampling

    Returns
    -------
    DataFrame
        `COUNTS` and, for each of `FIGURES`, its value, `_low` and `_high`; figures that do not apply to a cut are NaN.
        Families `all` (without benign and background ones), `slow` (of those, episodes that ramp) and `benign` stand
        for many. `judged_alerts`, `matured` and `lead_episodes` are the numbers that precision, `recall_matured` and
        lead rest on; `benign_by_chance` is the share of benign units that false alerts would have hit anyhow.
    """
    told = notified.merge(judged.openings[["alert_id", "merchant_id", "leg", "metric", "opened_by"]], on="alert_id")
    table = pd.DataFrame([_row(cut, judged, told, how) for cut in cuts(judged)])
    return table[[*COUNTS, *figure_columns({})]]


def cuts(judged: Judged) -> Iterator[Cut]:
    """All cuts that have an alert or an episode in them."""
    doors = sorted(set(judged.openings["opened_by"].dropna()) | {INCIDENT})
    for family in (ALL, SLOW, BENIGN, *sorted(judged.units["family"].unique())):
        yield Cut(family)
        yield from (Cut(family, opened_by=door) for door in doors)
    for leg in sorted(set(judged.openings["leg"].dropna()) | set(judged.units["root_leg"])):
        yield Cut(leg=leg)
        here = judged.openings[judged.openings["leg"] == leg]
        for metric, door in sorted(set(zip(here["metric"], here["opened_by"], strict=True))):
            yield Cut(leg=leg, metric=metric, opened_by=door)


def _row(cut: Cut, judged: Judged, told: pd.DataFrame, how: Resampling) -> dict[str, object]:
    units = _units_of(cut, judged)
    found = judged.found(_of(judged.hits, cut, "metric", "opened_by")).loc[units.index]
    benign = bool(units["benign"].all()) and len(units) > 0
    opened, on_legs = _openings_of(cut, judged, units)
    figures = _episode_figures(found, benign, how) | _alert_figures(opened, on_legs, judged.days, told, how)
    return {
        **cut._asdict(),
        "benign": benign,
        "alerts": int((~opened["backlog"]).sum()),
        "backlog": int(opened["backlog"].sum()),
        "true_alerts": int((opened["right"] & ~opened["backlog"]).sum()),
        "episodes": len(found),
        "found": int(found["found"].sum()),
        "judged_alerts": figures["precision"].n,
        "matured": int(found["mature"].sum()),
        "lead_episodes": figures["median_lead_days"].n,
        "benign_by_chance": float(units["by_chance"].mean()) if benign else np.nan,
        **figure_columns(figures),
    }


def figure_columns(figures: Mapping[str, Figure]) -> dict[str, float]:
    """Value and interval of every figure; NaN where it is not known."""
    ends = (("value", ""), ("low", "_low"), ("high", "_high"))
    return {f"{name}{end}": getattr(figures.get(name, UNKNOWN), field) for name in FIGURES for field, end in ends}


def _of(rows: pd.DataFrame, cut: Cut, *columns: str) -> pd.DataFrame:
    for column in columns:
        if getattr(cut, column) != ALL:
            rows = rows[rows[column] == getattr(cut, column)]
    return rows


def _units_of(cut: Cut, judged: Judged) -> pd.DataFrame:
    units = judged.units
    headline = ~units["benign"] & ~units["background"]
    chosen = {ALL: headline, SLOW: headline & units["slow"], BENIGN: units["benign"]}
    units = units[chosen.get(cut.family, units["family"] == cut.family)]
    return units if cut.leg == ALL else units[units["root_leg"] == cut.leg]


def _openings_of(cut: Cut, judged: Judged, units: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Alerts of the cut, and those that its precision is taken of."""
    openings = _of(judged.openings, cut, "leg", "metric", "opened_by")
    if cut.family == ALL:
        return openings, openings
    families = set(units["family"])
    mine = np.array([not families.isdisjoint(known) for known in openings["families"]], dtype=bool)
    return openings[mine], openings[openings["leg"].isin(units["root_leg"].unique())]


def _episode_figures(found: pd.DataFrame, benign: bool, how: Resampling) -> dict[str, Figure]:
    hit = found["found"].to_numpy(dtype=bool)
    if benign:
        nothing = dict.fromkeys(
            ("recall", "recall_matured", "before_harm", "median_lead_days", "root_leg_right"), UNKNOWN
        )
        return nothing | {"benign_alerted": share_figure(hit, how)}
    harmed = found[found["harm_on"].notna() & found["began_inside"]]
    right = found.loc[found["found"], "root_right"].to_numpy(dtype=bool)
    return {
        "recall": share_figure(hit, how),
        "recall_matured": share_figure(hit[found["mature"].to_numpy(dtype=bool)], how),
        "before_harm": share_figure((harmed["lead_days"] > 0).to_numpy(dtype=bool), how),
        "median_lead_days": median_figure(found["lead_days"].to_numpy(dtype=np.float64), how),
        "root_leg_right": share_figure(right, how),
        "benign_alerted": UNKNOWN,
    }


def _alert_figures(
    opened: pd.DataFrame, on_legs: pd.DataFrame, days: JudgedDays, told: pd.DataFrame, how: Resampling
) -> dict[str, Figure]:
    fresh, judged = opened[~opened["backlog"]], on_legs[~on_legs["backlog"]]
    told = told[told["alert_id"].isin(opened["alert_id"]) & (told["told_on"] >= days.settled_on)]

    def rate(rows: pd.DataFrame, merchant_days: int) -> Figure:
        return rate_figure(np.unique(rows["merchant_id"], return_counts=True)[1].astype(np.float64), merchant_days, how)

    return {
        "precision": share_figure(judged["right"].to_numpy(dtype=bool), how, judged["merchant_id"].to_numpy()),
        "per_1000_merchant_days": rate(fresh, days.settled_merchant_days),
        "with_backlog_per_1000": rate(opened, days.merchant_days),
        "false_per_1000": rate(judged[~judged["right"]], days.settled_merchant_days),
        "notified_per_1000": rate(told, days.settled_merchant_days),
    }
