"""What verdicts say about alerts, and about merchants that were looked at without one.

The idea: precision is seen in what was alerted, misses only in what was not; both are a share of people's verdicts with
an interval, and the newest verdict on a subject is the one that counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.metrics.rate import wilson_interval

REAL = ("true", "fixed")  # what was fixed had been there
LABEL_COLUMNS = ("subject_id", "audit", "leg", "door", "stratum", "happened_on", "real", "known_on")


def labels_of(
    feedback: pd.DataFrame, alerts: pd.DataFrame, audits: pd.DataFrame, leg_of_metric: Mapping[str, str]
) -> pd.DataFrame:
    """Newest verdict on every alert and audited merchant, one row each, `LABEL_COLUMNS`, in a stable order.

    Parameters
    ----------
    feedback : DataFrame
        feedback_id, alert_id, given_at, verdict, known_on; entries without a verdict are passed over.
    alerts : DataFrame
        alert_id, leg, metric, opened_by, opened_on.
    audits : DataFrame
        audit_id, leg, stratum, as_of.
    leg_of_metric : mapping
        Leg on which each metric is measured: an alert stands under the root of its family, evidence under this one.
    """
    said = feedback[feedback["verdict"].notna()].sort_values(["given_at", "feedback_id"], kind="stable")
    said = said.drop_duplicates("alert_id", keep="last")[["alert_id", "verdict", "known_on"]]
    said = said.rename(columns={"alert_id": "subject_id"})
    own_leg = alerts["metric"].map(dict(leg_of_metric)).fillna(alerts["leg"])
    of_alerts = pd.DataFrame(
        {
            "subject_id": alerts["alert_id"],
            "audit": False,
            "leg": own_leg,
            "door": alerts["opened_by"],
            "stratum": alerts["leg"],
            "happened_on": alerts["opened_on"],
        }
    )
    of_audits = pd.DataFrame(
        {
            "subject_id": audits["audit_id"],
            "audit": True,
            "leg": audits["leg"],
            "door": None,
            "stratum": audits["stratum"],
            "happened_on": audits["as_of"],
        }
    )
    both = [part.astype({"door": object}) for part in (of_alerts, of_audits) if len(part)] or [of_alerts]
    found = pd.concat(both, ignore_index=True).drop_duplicates("subject_id").merge(said, on="subject_id")
    for column in ("happened_on", "known_on"):
        found[column] = pd.to_datetime(found[column]).astype("datetime64[s]")
    found["real"] = found["verdict"].isin(REAL)
    found["audit"] = found["audit"].astype(bool)
    ordered = found.sort_values(["known_on", "subject_id"], ignore_index=True)
    return ordered[list(LABEL_COLUMNS)]


def real_shares(labels: pd.DataFrame, stratum: str, confidence: float) -> pd.DataFrame:
    """Share of the verdicts that found real trouble, per stratum and over all (`all`, last).

    Of alerts it is their precision; of audited merchants it is the share that was missed.

    Parameters
    ----------
    labels : DataFrame
        A column `stratum` (any name) and `real`; what has no stratum is counted as `unknown`.

    Returns
    -------
    DataFrame
        stratum, labelled, real, share, low, high (Wilson); no rows where nothing was labelled.
    """
    if labels.empty:
        return pd.DataFrame(columns=["stratum", "labelled", "real", "share", "low", "high"])
    named = labels.assign(stratum=labels[stratum].fillna("unknown").astype(str))
    whole = named.assign(stratum="all")
    counted = [part.groupby("stratum")["real"].agg(labelled="size", real="sum") for part in (named, whole)]
    shares = pd.concat(counted).reset_index()
    real, labelled = shares["real"].to_numpy(float), shares["labelled"].to_numpy(float)
    low, high = wilson_interval(real, labelled, confidence)
    return shares.assign(share=real / labelled, low=low, high=high).astype({"real": np.int64, "labelled": np.int64})
