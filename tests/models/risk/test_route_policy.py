"""Routes: quiet hours, waits and what is refused."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.risk.route_policy import QuietHours, RetryPolicy, RoutePolicy

ROUTE = {"id": "chat", "url_variable": "CHAT_URL", "form": "chat"}


def hours(start, end):
    return QuietHours.model_validate({"from": start, "to": end, "timezone": "UTC"})


@pytest.mark.parametrize(
    ("start", "end", "at", "covered"),
    [
        ("22:00", "08:00", "23:00", True),
        ("22:00", "08:00", "07:59", True),
        ("22:00", "08:00", "08:00", False),
        ("22:00", "08:00", "12:00", False),
        ("12:00", "14:00", "12:00", True),
        ("12:00", "14:00", "14:00", False),
    ],
)
def test_quiet_hours(start, end, at, covered):
    assert hours(start, end).covers(time.fromisoformat(at)) is covered


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"url_variable": "https://example.com/token"}, "pattern"),
        ({"id": "No Spaces"}, "pattern"),
        ({"form": "fax"}, "Input should be"),
        ({"legs": ["logistics"]}, "Input should be"),
        ({"quiet_hours": {"from": "08:00", "to": "08:00", "timezone": "UTC"}}, "are the same"),
        ({"quiet_hours": {"from": "08:00", "to": "09:00", "timezone": "Beijing"}}, "IANA"),
        ({"sms": 1}, "Extra"),
    ],
)
def test_refused(change, reason):
    with pytest.raises(ValidationError, match=reason):
        RoutePolicy.model_validate({"cap_per_merchant_and_day": 1, "routes": [{**ROUTE, **change}]})


def test_found_by_name_among_all_routes():
    merchant = {"id": "brand", "url_variable": "BRAND_URL", "form": "mail"}
    policy = RoutePolicy.model_validate(
        {"cap_per_merchant_and_day": 1, "routes": [{**ROUTE, "active": False}], "merchant_routes": [merchant]}
    )
    assert policy.find("brand").url_variable == "BRAND_URL"
    assert policy.find("chat").active is False
    assert policy.find("nobody") is None
    assert policy.active_routes == ()


@given(st.integers(1, 200))
def test_waits_grow_and_stay_bounded(attempts):
    policy = RetryPolicy()
    assert policy.wait_seconds(1) == 60
    assert policy.wait_seconds(attempts) <= policy.wait_seconds(attempts + 1) <= 3600


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"url_variable": None}, "either url_variable or url_file"),
        ({"url_file": "oncall"}, "either url_variable or url_file"),
        ({"url_variable": None, "url_file": "https://example.com/token"}, "pattern"),
    ],
)
def test_a_route_has_one_place_for_its_address(change, reason):
    with pytest.raises(ValidationError, match=reason):
        RoutePolicy.model_validate({"cap_per_merchant_and_day": 3, "routes": [{**ROUTE, **change}]})


@pytest.mark.parametrize(
    ("form", "takes"), [("chat", True), ("webhook", True), ("pagerduty", False), ("alertmanager", False)]
)
def test_a_receiver_with_a_state_of_its_own_gets_no_digest(form, takes):
    route = RoutePolicy.model_validate({"cap_per_merchant_and_day": 3, "routes": [{**ROUTE, "form": form}]}).routes[0]
    assert route.takes_digests is takes


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            {
                "follow_up": {
                    "escalation": [{"severities": ["x"], "levels": [{"after_minutes": 1, "routes": ["boss"]}]}]
                }
            },
            "'boss', which is no route",
        ),
        ({"alertmanager": {"refresh_minutes": 60, "keep_firing_minutes": 100}}, "at least twice refresh_minutes"),
        ({"heartbeats": [{"id": "chat", "url_variable": "X_URL"}]}, "two routes are called 'chat'"),
        ({"merchant_routes": [{"id": "m", "url_variable": "X_URL", "form": "pagerduty"}]}, "Input should be"),
        ({"inhibition": [{"over": "critical", "holds": ["notice", "critical"]}]}, "'critical' cannot hold itself"),
        ({"inhibition": [{"over": "critical", "holds": []}]}, "at least 1 item"),
    ],
)
def test_what_leads_nowhere_is_refused(more, reason):
    with pytest.raises(ValidationError, match=reason):
        RoutePolicy.model_validate({"cap_per_merchant_and_day": 3, "routes": [ROUTE], **more})
