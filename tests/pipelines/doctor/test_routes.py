import logging
from datetime import time

import pytest

from pipelines.doctor.routes import is_apprise_url, is_web_address, length_of

SECRET = "xoxb-secret-7f3a-9d21"


@pytest.mark.parametrize(
    ("start", "end", "hours"), [("22:00", "08:00", 10), ("08:00", "22:00", 14), ("00:30", "00:00", 23.5)]
)
def test_quiet_hours_may_pass_over_midnight(start, end, hours):
    assert length_of(time.fromisoformat(start), time.fromisoformat(end)) == hours


@pytest.mark.parametrize(
    ("address", "good"),
    [("json://127.0.0.1/hook", True), ("mailto://user:pass@example.com", True), (SECRET, False), ("", False),
     ("nosuchthing://example.com", False)],
)  # fmt: skip
def test_an_apprise_url_is_one_that_apprise_can_use(address, good):
    assert is_apprise_url(address) is good


def test_web_addresses():
    assert is_web_address("https://alerts.example.com/api")
    assert not is_web_address("alerts.example.com")
    assert not is_web_address(SECRET)


def test_an_address_is_shown_nowhere(ward, caplog, capsys):
    ward.activate("oncall-chat")
    ward.activate("alertmanager")
    ward.equip(environment={"MERCHANT_GPS_ONCALL_CHAT_URL": SECRET, "MERCHANT_GPS_ALERTMANAGER_URL": SECRET})
    with caplog.at_level(logging.DEBUG):
        found = ward.of("routes")
    assert [one.id for one in found] == ["routes.bad_address"] * 2
    printed = capsys.readouterr()
    assert SECRET not in str(found) + caplog.text + printed.out + printed.err


def test_a_routing_key_is_no_url_and_is_let_pass(ward):
    ward.activate("oncall-pagerduty")
    ward.equip(environment={"MERCHANT_GPS_PAGERDUTY_ROUTING_KEY": "0" * 32})
    assert ward.of("routes") == []


def test_a_ladder_to_a_route_that_is_off_is_no_fault(ward):
    ward.activate("oncall-chat")
    ward.equip(environment={"MERCHANT_GPS_ONCALL_CHAT_URL": "json://127.0.0.1/hook"})
    assert ward.of("routes") == []
