"""What is kept of an answer, and what is said of an error."""

from datetime import UTC, datetime

import pytest
import requests

from reports.delivery.answers import Heard, Requests, heard_by, trouble_of, wait_seconds
from reports.delivery.egress import Egress

NOW = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("30", 30.0),
        ("  7 ", 7.0),
        ("Fri, 30 Oct 2026 09:02:00 GMT", 120.0),
        ("Fri, 30 Oct 2026 08:00:00 GMT", 0.0),
        ("Sat, 30 Oct 2027 08:00:00 GMT", 86400.0),
        ("", None),
        ("later", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after(value, seconds):
    assert wait_seconds(value, NOW) == seconds


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (requests.exceptions.SSLError("https://secret"), "certificate"),
        (requests.exceptions.ConnectTimeout("https://secret"), "silent for 3 s"),
        (requests.exceptions.ReadTimeout("https://secret"), "silent for 3 s"),
        (requests.exceptions.ProxyError("https://secret"), "proxy"),
        (requests.exceptions.ConnectionError("https://secret"), "not be reached"),
        (requests.exceptions.InvalidURL("https://secret"), "InvalidURL"),
    ],
)
def test_troubles_are_told_in_our_words(error, said):
    assert said in trouble_of(error, 3)
    assert "secret" not in trouble_of(error, 3)


def test_only_a_refusal_keeps_how_long_to_wait():
    heard = Heard(NOW)
    heard.answer(200, "60")
    assert (heard.retry_after_seconds, heard.refused) == (None, None)
    heard.answer(503, "60")
    assert (heard.retry_after_seconds, heard.refused) == (60.0, "the receiver answered 503")


@pytest.mark.parametrize(("body", "refused"), [({"code": 0}, False), ({"code": 9}, True), ({}, False), ([1], False)])
def test_a_refusal_inside_of_a_good_answer(body, refused):
    heard = Heard(NOW)
    heard.answer(200, None, body, "code")
    assert (heard.refused is not None) is refused


def test_the_stand_in_is_there_for_the_time_of_a_message_only():
    import apprise.plugins.custom_json as module

    heard = Heard(NOW)
    stand_in = Requests(heard, Egress(loopback=True), 1.0)
    plugin = module.NotifyJSON(host="127.0.0.1")
    with heard_by(plugin, stand_in):
        assert module.requests is stand_in
        assert module.requests.codes.ok == 200
    assert module.requests is requests
    with pytest.raises(ZeroDivisionError), heard_by(plugin, stand_in):
        raise ZeroDivisionError
    assert module.requests is requests


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_no_method_goes_where_it_may_not(method):
    heard = Heard(NOW)
    with pytest.raises(requests.ConnectionError):
        getattr(Requests(heard, Egress(), 1.0), method)("https://evil.example/x")
    assert "delivery.hosts" in heard.guard
