import pandas as pd

from models.risk.ringing import graver_before


def weights(*rows):
    return pd.DataFrame(list(rows), columns=["severity", "money_at_risk"])


def test_how_many_are_at_least_as_grave_before_an_alert(alert_policy):
    """By severity, then by money; among equals the earlier one comes first."""
    recent = weights(("warning", 900.0), ("critical", 10.0), ("critical", 50.0))
    today = weights(("critical", 50.0), ("critical", None), ("warning", 900.0), ("warning", 901.0))
    assert graver_before(today, recent, alert_policy).tolist() == [1, 3, 6, 4]


def test_without_days_before_the_order_of_today_counts(alert_policy):
    today = weights(("critical", 5.0), ("warning", 7.0))
    assert graver_before(today, weights(), alert_policy).tolist() == [0, 1]
