"""The severity table, and how slowly it goes down."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.severity import settle_severity, severities


@pytest.mark.parametrize(
    ("door", "money", "days", "severity"),
    [
        ("limit", 60_000, 0, "critical"),
        ("limit", 50_000, 0, "critical"),
        ("limit", 49_999, 0, "warning"),
        ("limit", 4_999, 0, "notice"),
        ("limit", None, 0, "notice"),
        ("anomaly", None, 0, "warning"),
        ("anomaly", 60_000, 0, "critical"),
        ("projection", 60_000, 7, "critical"),
        ("projection", 60_000, 8, "warning"),
        ("projection", 10, 3, "warning"),
        ("projection", 10, 4, "notice"),
        ("projection", None, None, "notice"),
    ],
)
def test_the_shipped_table(alert_policy, door, money, days, severity):
    row = pd.DataFrame({"door": [door], "money_at_risk": [money], "days_to_harm": [days]}).astype(
        {"money_at_risk": float, "days_to_harm": float}
    )
    assert alert_policy.severity.levels[severities(row, alert_policy.severity)[0]] == severity


def test_up_at_once_down_on_the_third_milder_day(alert_policy):
    rank, milder, seen = np.array([0]), np.array([0]), []
    for today in (2, 1, 1, 2, 1, 1, 1, 1):
        rank, milder = settle_severity(rank, np.array([today]), milder, alert_policy.severity)
        seen.append(int(rank[0]))
    assert seen == [2, 2, 2, 2, 2, 2, 1, 1]


@given(st.lists(st.integers(0, 2), min_size=1, max_size=30))
def test_never_below_what_the_table_says_today(alert_policy, days):
    rank, milder = np.array([0]), np.array([0])
    for today in days:
        rank, milder = settle_severity(rank, np.array([today]), milder, alert_policy.severity)
        assert rank[0] >= today
        assert 0 <= milder[0] < alert_policy.severity.downgrade_after_days
