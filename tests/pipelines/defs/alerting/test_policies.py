"""Policy files of alerting: the shipped ones are complete, a mistake names its place."""

import pytest

from pipelines.defs.alerting.policies import alert_policy, carrier, route_policy, source_of
from pipelines.workspace import Workspace
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
        ("routes.yaml", "{severities: [critical], every_hours: 4}", "{severities: [loud], every_hours: 4}", "'loud'"),
        ("routes.yaml", "routes: [oncall-lead-chat]", "routes: [boss]", "'boss', which is no route"),
        ("alerting.yaml", "by: '10:00'\n  severity: critical", "by: '10:00'\n  severity: loud", "late_day.severity"),
        ("routes.yaml", "MERCHANT_GPS_ONCALL_CHAT_URL", "https://example.com/token", r":\d+: .*url_variable"),
    ],
)
def test_a_mistake_names_its_place(platform, name, old, new, reason):
    own(platform, name, old, new)
    with pytest.raises(PolicyFileError, match=reason):
        (alert_policy if name == "alerting.yaml" else route_policy)(platform.workspace)


def test_settings_and_vendors_say_who_may_be_reached(platform):
    (platform.workspace.home / "config.yaml").write_text(
        "delivery:\n  hosts: [hooks.example.com, .mon.example.com]\n"
        "  private_networks: [10.20.0.0/16]\n  timeout_seconds: 3\n",
        encoding="utf-8",
    )
    workspace = Workspace.at(platform.workspace.home)
    sends = carrier(workspace)
    for host in ("hooks.example.com", "am.mon.example.com", "oapi.dingtalk.com"):
        assert sends.egress.knows(host)
    assert not sends.egress.knows("127.0.0.1")
    assert sends.egress.refuses_address("10.20.1.1") is None
    assert sends.egress.refuses_address("169.254.169.254")
    assert (sends.timeout_seconds, sends.levels[-1], sends.keep_firing_seconds) == (3.0, "critical", 240 * 60)


@pytest.mark.parametrize(
    "wrong", ["hosts: ['https://hooks.example.com/x']", "private_networks: [inside]", "loopback: maybe"]
)
def test_settings_that_are_none_are_refused(platform, wrong):
    (platform.workspace.home / "config.yaml").write_text(f"delivery: {{{wrong}}}\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match="delivery"):
        carrier(Workspace.at(platform.workspace.home))


def test_a_secret_file_lies_in_the_workspaces_folder_of_secrets(platform, helpers):
    helpers.routes(platform, {"id": "hook", "url_file": "oncall", "form": "webhook"})
    (route,) = route_policy(platform.workspace).routes
    assert source_of(platform.workspace, route).path == platform.workspace.secrets / "oncall"


def test_inhibition_names_severities_that_exist(platform, helpers):
    helpers.routes(platform, inhibition=[{"over": "fatal", "holds": ["warning"]}])
    with pytest.raises(PolicyFileError, match="inhibition: no severity 'fatal'"):
        route_policy(platform.workspace)
