"""Policy files of alerting: the shipped ones are complete, a mistake names its place."""

import pytest

from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.yaml_file import PolicyFileError


def own(platform, name, old, new):
    path = platform.workspace.home / "policy" / name
    path.parent.mkdir(exist_ok=True)
    shipped = platform.workspace.policy_path(name).read_text(encoding="utf-8")
    assert old in shipped
    path.write_text(shipped.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_policies_are_complete_and_send_nothing(platform):
    assert alert_policy(platform.workspace).severity.levels[-1] == "critical"
    assert route_policy(platform.workspace).active_routes == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        (
            "alerting.yaml",
            "downgrade_after_days: 3",
            "downgrade_after_days: soon",
            r":\d+: severity\.downgrade_after_days",
        ),
        (
            "alerting.yaml",
            "levels: [notice, warning, critical]",
            "levels: [notice, warning]",
            r":\d+: .*not among levels",
        ),
        ("alerting.yaml", "    - {severity: notice}\n", "", "last rule must ask nothing"),
        ("alerting.yaml", "- stock.promo_gap", "- sales.traffic_drop", "stands in the families"),
        ("routes.yaml", "timezone: Asia/Shanghai", "timezone: Mars/Base", r":\d+: .*not an IANA time zone"),
        ("routes.yaml", "id: oncall-webhook", "id: oncall-chat", "two routes are called"),
        ("routes.yaml", "severities: [warning, critical]", "severities: [loud]", "no severity 'loud'"),
        ("routes.yaml", "MERCHANT_GPS_ONCALL_CHAT_URL", "https://example.com/token", r":\d+: .*url_variable"),
    ],
)
def test_a_mistake_names_its_place(platform, name, old, new, reason):
    own(platform, name, old, new)
    with pytest.raises(PolicyFileError, match=reason):
        (alert_policy if name == "alerting.yaml" else route_policy)(platform.workspace)
