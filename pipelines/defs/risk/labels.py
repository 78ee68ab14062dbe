"""Verdicts of people on alerts and on audited merchants, with what they were about."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from models.metrics.profile import Profile
from models.risk.verdicts import labels_of
from pipelines.day import Day
from pipelines.defs.alerting.previous import as_frame

SAID = ["feedback_id", "alert_id", "given_at", "verdict", "known_on"]
ALERTS = ["alert_id", "leg", "metric", "opened_by", "opened_on"]
AUDITS = ["audit_id", "leg", "stratum", "as_of"]


def labels_by(day: Day, profile: Profile, said: pd.DataFrame | None = None) -> pd.DataFrame:
    """Newest verdict on every subject as known on the day, `models.risk.verdicts.LABEL_COLUMNS`.

    Parameters
    ----------
    said : DataFrame, optional
        All that was said, where somebody wants to know before the next day takes it over; by default the feed
        `feedback` as of the day.
    """
    leg_of_metric = {metric.id: metric.leg for metric in profile.metrics}
    if said is None:
        with day.connect("feedback") as connection:
            said = as_frame(day.query(connection, __file__, "sql/verdicts.sql"))
    labelled = said[said["verdict"].notna()]
    if labelled.empty:  # nobody has said anything: alerts of many days need not be read
        return labels_of(labelled, pd.DataFrame(columns=ALERTS), pd.DataFrame(columns=AUDITS), leg_of_metric)
    with day.connect("alerts", "audit_sample") as connection:
        connection.register("labelled", pa.table({"subject_id": pa.array(sorted(set(labelled["alert_id"])))}))
        alerts = as_frame(day.query(connection, __file__, "sql/labelled_alerts.sql"))
        audits = as_frame(day.query(connection, __file__, "sql/labelled_audits.sql"))
    return labels_of(labelled, alerts, audits, leg_of_metric)
