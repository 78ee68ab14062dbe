"""What a policy of alerts refuses."""

import pytest
from pydantic import ValidationError

from models.risk.alert_policy import AlertPolicy


def changed(policy, path, value):
    values = policy.model_dump()
    part = values
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    return AlertPolicy.model_validate(values)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("families", "volume", "metrics"), ["stock.promo_gap"], "stands in the families"),
        (("families", "a/b"), {"leg": "sales", "metrics": ["x.y"]}, "must not contain '/'"),
        (("incidents", "severity_of_scope"), {"platform": "loud"}, "not among severity.levels"),
        (("severity", "rules"), [{"severity": "notice", "door": "limit"}], "last rule must ask nothing"),
        (("severity", "rules"), [{"severity": "loud"}], "not among levels"),
        (("doors", "projection", "threshold"), 1.5, "less than 1"),
        (("lifecycle", "reopen_within_days"), -1, "greater than or equal to 0"),
        (("lifecycle", "resolve_after_calm_days"), 0, "greater than or equal to 1"),
        (("audit", "at_least_per_week"), 60, "at_least_per_week is more than at_most_per_week"),
    ],
)
def test_refused(alert_policy, path, value, reason):
    with pytest.raises(ValidationError, match=reason):
        changed(alert_policy, path, value)


def test_families_and_memory(alert_policy):
    assert alert_policy.family_of_metric["sales.traffic_drop"] == "volume"
    assert alert_policy.leg_of_metric["replenishment.below_reorder_point"] == "stock_prep"
    assert alert_policy.lifecycle.memory_days == 28


@pytest.mark.parametrize(("merchants", "alerts"), [(0, 1), (500, 1), (100_000, 20), (1_000_000, 200)])
def test_the_budget_grows_with_the_platform(alert_policy, merchants, alerts):
    assert alert_policy.budget.alerts(merchants) == alerts


@pytest.mark.parametrize(("merchants", "audits"), [(0, 1), (120, 1), (500, 5), (100_000, 50)])
def test_audits_grow_with_the_platform_up_to_what_people_can_do(alert_policy, merchants, audits):
    assert alert_policy.audit.per_week(merchants) == audits


@pytest.mark.parametrize(("merchants", "alerts"), [(20, 1), (600, 3), (10_000, 56)])
def test_four_weeks_hold_as_many_single_alerts_as_the_share_of_merchants_allows(alert_policy, merchants, alerts):
    assert alert_policy.budget.over_days == 28
    assert alert_policy.budget.over(merchants) == alerts
