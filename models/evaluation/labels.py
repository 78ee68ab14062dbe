"""Precision where no truth is known: from what people said of alerts, by door, leg, metric and size of the shop.

The idea: the same table as from a truth, with the columns that only a truth could fill left empty. Verdicts are given
to alerts that somebody looked at, so they say how good those are; what was missed is seen in audits alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.evaluation.intervals import Resampling, rate_figure, share_figure
from models.evaluation.judged import JudgedDays
from models.evaluation.openings import alert_openings
from models.evaluation.quality import ALL, COUNTS, Cut, figure_columns
from models.risk.verdicts import REAL


def label_table(
    alerts: pd.DataFrame, verdicts: pd.Series[str], strata: pd.Series[str], days: JudgedDays, how: Resampling
) -> pd.DataFrame:
    """Figures of every cut that has a verdict, from the newest verdict on each alert.

    Parameters
    ----------
    alerts : DataFrame
        Table `alerts` over any number of days.
    verdicts : Series of str
        true, false or fixed, by alert_id.
    strata : Series of str
        Size class (or any other stratum) by merchant_id; `unknown` where it is missing.
    days : JudgedDays
        Navigated days, for the rates.

    Returns
    -------
    DataFrame
        `stratum`, then the columns of `quality_table`; no row where nothing was labelled.
    """
    openings = alert_openings(alerts)
    openings["verdict"] = openings["alert_id"].map(verdicts)
    openings["stratum"] = openings["merchant_id"].map(strata).astype(object).fillna("unknown")
    openings["backlog"] = openings["opened_on"] < days.settled_on
    rows = [_row(stratum, cut, part, days, how) for stratum, cut, part in _parts(openings)]
    return pd.DataFrame(rows, columns=["stratum", *COUNTS, *figure_columns({})])


def _parts(openings: pd.DataFrame) -> Iterator[tuple[str, Cut, pd.DataFrame]]:
    labelled = openings[openings["verdict"].notna()]
    if labelled.empty:
        return
    yield ALL, Cut(), openings
    for door in sorted(labelled["opened_by"].unique()):
        of_door = openings[openings["opened_by"] == door]
        yield ALL, Cut(opened_by=door), of_door
        for stratum in sorted(labelled.loc[labelled["opened_by"] == door, "stratum"].unique()):
            yield stratum, Cut(opened_by=door), of_door[of_door["stratum"] == stratum]
    for leg in sorted(labelled["leg"].unique()):
        of_leg = openings[openings["leg"] == leg]
        yield ALL, Cut(leg=leg), of_leg
        seen = labelled[labelled["leg"] == leg]
        for metric, door in sorted(set(zip(seen["metric"], seen["opened_by"], strict=True))):
            cut = Cut(leg=leg, metric=metric, opened_by=door)
            yield ALL, cut, of_leg[(of_leg["metric"] == metric) & (of_leg["opened_by"] == door)]


def _row(stratum: str, cut: Cut, part: pd.DataFrame, days: JudgedDays, how: Resampling) -> dict[str, object]:
    said = part[part["verdict"].notna()]
    real = said["verdict"].isin(REAL).to_numpy(dtype=bool)
    fresh = part[~part["backlog"]]
    figures = {"precision": share_figure(real, how, said["merchant_id"].to_numpy())}
    if stratum == ALL:  # the merchant-days of a stratum are not known here
        for name, rows, merchant_days in (
            ("per_1000_merchant_days", fresh, days.settled_merchant_days),
            ("with_backlog_per_1000", part, days.merchant_days),
        ):
            counts = np.unique(rows["merchant_id"], return_counts=True)[1].astype(np.float64)
            figures[name] = rate_figure(counts, merchant_days, how)
    return {
        "stratum": stratum,
        **cut._asdict(),
        "benign": False,
        "alerts": len(fresh),
        "backlog": int(part["backlog"].sum()),
        "true_alerts": int(real.sum()),
        "judged_alerts": len(said),
        "episodes": 0,
        "found": 0,
        "matured": 0,
        "lead_episodes": 0,
        "benign_by_chance": np.nan,
        **figure_columns(figures),
    }
