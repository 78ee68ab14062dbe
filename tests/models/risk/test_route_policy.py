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
