"""One alert per trouble: what shows on a leg downstream is folded under the alert of the leg where it began.

A stock-out that turns the sales red and then the reviews is one trouble and one person's work. The alert of its root
leg says on which legs it shows by now; legs downstream open nothing of their own while that alert stands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd


class Folded(NamedTuple):
    """Rows that still open, and the keys that do not: merchant_id, leg, root_leg of each."""

    opening: pd.DataFrame
    folded: pd.DataFrame


def with_root_leg(rows: pd.DataFrame, roots: pd.DataFrame, own_roots: Sequence[str] = ()) -> pd.DataFrame:
    """Add `root_leg` to rows with merchant_id and leg; the leg itself where nothing else is said.

    Parameters
    ----------
    roots : DataFrame
        merchant_id, leg, root_leg: only rows whose root is another leg are needed.
    own_roots : sequence of str, optional
        Metrics that no trouble of another leg explains; they are read from the rows' metric.
    """
    known = roots.drop_duplicates(["merchant_id", "leg"]).set_index(["merchant_id", "leg"])["root_leg"]
    found = known.reindex(pd.MultiIndex.from_frame(rows[["merchant_id", "leg"]])).to_numpy(dtype=object)
    root_leg = pd.Series(found, index=rows.index, dtype=object).fillna(rows["leg"])
    if own_roots:
        root_leg = root_leg.mask(rows["metric"].isin(own_roots), rows["leg"])
    return rows.assign(root_leg=root_leg)


def fold(opening: pd.DataFrame, live: pd.DataFrame) -> Folded:
    """Take out what shows downstream of an alert that stands, or that opens today.

    Parameters
    ----------
    opening : DataFrame
        A row per key that would open today: key, merchant_id, leg, root_leg.
    live : DataFrame
        Alerts that stand: key, merchant_id, leg. A key that stands already goes on by itself.
    """
    own = opening["root_leg"] == opening["leg"]
    anchors = pd.concat([live[["merchant_id", "leg"]], opening.loc[own, ["merchant_id", "leg"]]])
    under = pd.MultiIndex.from_frame(opening[["merchant_id", "root_leg"]]).isin(pd.MultiIndex.from_frame(anchors))
    folds = ~own.to_numpy(bool) & under & ~opening["key"].isin(live["key"]).to_numpy(bool)
    return Folded(opening[~folds], opening.loc[folds, ["merchant_id", "leg", "root_leg"]])


def symptoms(alerts: pd.DataFrame, folded: pd.DataFrame) -> pd.Series:
    """Legs that are folded under each alert today, as JSON, on the index of `alerts`."""
    legs = folded.groupby(["merchant_id", "root_leg"])["leg"].agg(lambda one: json.dumps(sorted(set(one))))
    found = legs.reindex(pd.MultiIndex.from_frame(alerts[["merchant_id", "leg"]])).to_numpy(dtype=object)
    return pd.Series(found, index=alerts.index, dtype=object).fillna("[]")
