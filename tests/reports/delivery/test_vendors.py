"""The shipped file of channels is read, and a bad one is refused."""

import pytest

from pipelines.yaml_file import PolicyFileError, load_yaml
from reports.delivery.egress import Egress
from reports.delivery.vendors import ChatLimit, Vendors


def test_the_shipped_file_knows_the_vendors(post):
    egress = Egress(hosts=post.vendors.hosts, never=post.vendors.never)
    for host in (
        "oapi.dingtalk.com",
        "qyapi.weixin.qq.com",
        "open.feishu.cn",
        "hooks.slack.com",
        "events.pagerduty.com",
    ):
        assert egress.knows(host)
    assert not egress.knows("hooks.example.com")
    assert egress.refuses_address("100.100.100.200")
    assert post.vendors.chat("WeComBot") == ChatLimit(most=2048, unit="bytes", error_field="errcode")
    assert post.vendors.chat("unheard-of") == post.vendors.other_chats


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hosts: ['https://x']", "pattern"),
        ("never: [10.0.0.1/8]", "IPv4 network"),
        ("chats: {slack: {most: 10, unit: bytes}}", "greater than or equal to 200"),
        ("pagerduty_severities: {critical: fatal}", "critical"),
        ("unheard_of: 1", "unheard_of"),
    ],
)
def test_a_bad_file_is_refused(tmp_path, text, reason):
    path = tmp_path / "channels.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFileError, match=reason):
        load_yaml(path, Vendors)
