import logging
from datetime import time

import pytest

from pipelines.doctor.routes import length_of

SECRET = "xoxb-secret-7f3a-9d21"
GOOD = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#oncall"


@pytest.mark.parametrize(
    ("start", "end", "hours"), [("22:00", "08:00", 10), ("08:00", "22:00", 14), ("00:30", "00:00", 23.5)]
)
def test_quiet_hours_may_pass_over_midnight(start, end, hours):
    assert length_of(time.fromisoformat(start), time.fromisoformat(end)) == hours


@pytest.mark.parametrize(
    ("route", "variable", "address", "good"),
    [
        ("oncall-chat", "MERCHANT_GPS_ONCALL_CHAT_URL", GOOD, True),
        ("oncall-chat", "MERCHANT_GPS_ONCALL_CHAT_URL", SECRET, False),
        ("oncall-chat", "MERCHANT_GPS_ONCALL_CHAT_URL", "json://127.0.0.1/hook", False),  # without TLS
        ("oncall-webhook", "MERCHANT_GPS_ONCALL_WEBHOOK_URL", "jsons://elsewhere.example/hook", False),  # not listed
        ("oncall-pagerduty", "MERCHANT_GPS_PAGERDUTY_ROUTING_KEY", "0" * 32, True),
        ("oncall-pagerduty", "MERCHANT_GPS_PAGERDUTY_ROUTING_KEY", SECRET, False),
        ("alertmanager", "MERCHANT_GPS_ALERTMANAGER_URL", SECRET, False),
        ("heartbeat", "MERCHANT_GPS_HEARTBEAT_URL", SECRET, False),
    ],
)
def test_an_address_is_judged_as_the_delivery_will(ward, route, variable, address, good):
    ward.activate(route)
    ward.equip(environment={variable: address})
    assert [one.id for one in ward.of("routes")] == ([] if good else ["routes.bad_address"])


def test_an_address_is_shown_nowhere(ward, caplog, capsys):
    ward.activate("oncall-chat")
    ward.activate("alertmanager")
    ward.equip(environment={"MERCHANT_GPS_ONCALL_CHAT_URL": SECRET, "MERCHANT_GPS_ALERTMANAGER_URL": SECRET})
    with caplog.at_level(logging.DEBUG):
        found = ward.of("routes")
    assert [one.id for one in found] == ["routes.bad_address"] * 2
    printed = capsys.readouterr()
    assert SECRET not in str(found) + caplog.text + printed.out + printed.err


def test_what_channels_take_is_wrong_elsewhere(ward):
    (ward.home / "policy" / "channels.yaml").write_text("hosts: 7\n", encoding="utf-8")
    assert ward.of("routes") == []  # the check of policy says so
    assert [one.id for one in ward.of("policy")] == ["policy.invalid"]


def test_a_ladder_to_a_route_that_is_off_is_no_fault(ward):
    ward.activate("oncall-chat")
    ward.equip(environment={"MERCHANT_GPS_ONCALL_CHAT_URL": GOOD})
    assert ward.of("routes") == []
