"""Precision of what was alerted, misses among what was not."""

import pandas as pd
import pytest
from scipy import stats

from models.risk.verdicts import labels_of, real_shares

LEGS = {"replenishment.late_inbound": "replenishment", "sales.forecast_break": "sales"}


def said(*rows):
    columns = ["feedback_id", "alert_id", "given_at", "verdict", "known_on"]
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)


def alerts(*rows):
    columns = ["alert_id", "leg", "metric", "opened_by", "opened_on"]
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)


def audits(*rows):
    columns = ["audit_id", "leg", "stratum", "as_of"]
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)


def test_the_newest_verdict_counts_and_evidence_stands_under_its_own_leg():
    feedback = said(
        ("f1", "A", "2026-10-02", "false", "2026-10-03"),
        ("f2", "A", "2026-10-05", "fixed", "2026-10-06"),
        ("f3", "B", "2026-10-02", None, "2026-10-03"),
        ("f4", "AUDIT-1", "2026-10-02", "true", "2026-10-03"),
        ("f5", "unknown", "2026-10-02", "true", "2026-10-03"),
    )
    labels = labels_of(
        feedback,
        alerts(
            ("A", "stock_prep", "replenishment.late_inbound", "anomaly", "2026-10-01"),
            ("B", "sales", "sales.forecast_break", "anomaly", "2026-10-01"),
        ),
        audits(("AUDIT-1", "service", "small", "2026-10-01")),
        LEGS,
    )
    assert labels[["subject_id", "audit", "leg", "stratum", "real"]].values.tolist() == [
        ["AUDIT-1", True, "service", "small", True],
        ["A", False, "replenishment", "stock_prep", True],
    ]
    assert labels["known_on"].dt.strftime("%m-%d").tolist() == ["10-03", "10-06"]


def test_nothing_said_or_nothing_alerted():
    nothing = labels_of(said(), alerts(), audits(), LEGS)
    assert nothing.empty
    assert real_shares(nothing, "leg", 0.95).empty
    only = labels_of(
        said(("f", "AUDIT-1", "2026-10-02", "false", "2026-10-03")), alerts(),
        audits(("AUDIT-1", None, None, "2026-10-01")), LEGS,
    )  # fmt: skip
    assert real_shares(only, "stratum", 0.95)["stratum"].tolist() == ["unknown", "all"]


def test_shares_have_wilsons_interval():
    labels = pd.DataFrame({"leg": ["sales"] * 10 + ["service"] * 2, "real": [True] * 8 + [False] * 2 + [True, False]})
    shares = real_shares(labels, "leg", 0.95).set_index("stratum")
    known = stats.binomtest(8, 10).proportion_ci(0.95, method="wilson")
    assert shares.loc["sales", ["labelled", "real", "share"]].tolist() == [10, 8, 0.8]
    assert shares.loc["sales", "low"] == pytest.approx(known.low)
    assert shares.loc["sales", "high"] == pytest.approx(known.high)
    assert shares.loc["all", ["labelled", "real"]].tolist() == [12, 9]
