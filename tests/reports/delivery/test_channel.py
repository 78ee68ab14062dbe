"""Real receivers: what arrives, with which keys, and what a failure may tell."""

import email
import logging

import pytest

from reports.delivery.channel import Keys, Source, check


def test_a_webhook_gets_the_facts_and_both_keys(post, http_receiver):
    assert post.send(http_receiver.url).sent
    path, headers, body = http_receiver.requests[0]
    assert path == "/hook/secret-token-4711"
    assert headers["Idempotency-Key"] == post.keys.idempotency
    assert (body["dedup_key"], body["idempotency_key"]) == (post.keys.dedup, post.keys.idempotency)
    assert body["event"] == "trigger"
    assert body["facts"]["subjects"][0]["observed"] == 3.0
    assert "Haina" in body["title"]


def test_a_resolve_arrives_with_the_same_dedup_key(post, http_receiver):
    post.send(http_receiver.url)
    post.send(http_receiver.url, facts=post.facts("resolve"))
    first, second = (body for _, _, body in http_receiver.requests)
    assert first["dedup_key"] == second["dedup_key"]
    assert (second["event"], second["type"]) == ("resolve", "success")


def test_a_mail_arrives_with_text_html_and_keys_and_its_names_are_inert(post, mail_box):
    assert post.send(mail_box.url, "mail").sent
    mail = email.message_from_bytes(mail_box.mails[0].content)
    assert mail_box.mails[0].rcpt_tos == ["oncall@example.com"]
    assert mail["Idempotency-Key"] == post.keys.idempotency
    parts = {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in mail.walk()
        if not part.is_multipart()
    }
    assert set(parts) == {"text/plain", "text/html"}
    assert "Haina &lt;b&gt;Home&lt;/b&gt;" in parts["text/html"]
    assert "merchant-gps alerts ack ABC" in parts["text/plain"]


def test_a_refusal_tells_the_status_and_not_the_address(post, http_receiver):
    http_receiver.answers = [500]
    outcome = post.send(http_receiver.url)
    assert (outcome.sent, outcome.error, outcome.counts) == (False, "the receiver answered 500", True)
    assert not outcome.unreachable


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [("120", 120.0), ("Fri, 30 Oct 2026 09:10:00 GMT", 600.0), ("soon", None), ("-5", None), ("9999999999", 86400.0)],
)
def test_a_receiver_that_asks_to_wait_is_heard(post, http_receiver, wait, seconds):
    http_receiver.answers = [(429, {"Retry-After": wait}, b"")]
    outcome = post.send(http_receiver.url)
    assert (outcome.error, outcome.retry_after_seconds) == ("the receiver answered 429", seconds)


def test_a_redirect_is_not_followed(post, http_receiver):
    http_receiver.answers = [(307, {"Location": f"http://127.0.0.1:{http_receiver.port}/elsewhere"}, b"")]
    outcome = post.send(http_receiver.url)
    assert (outcome.sent, outcome.error) == (False, "the receiver answered 307")
    assert len(http_receiver.requests) == 1


def test_nobody_listens(post):
    outcome = post.send("json://127.0.0.1:9/secret-token-4711")
    assert (outcome.sent, outcome.unreachable, outcome.error) == (False, True, "the receiver could not be reached")


def test_a_receiver_that_is_silent(post, http_receiver):
    http_receiver.answers = [0.9]
    outcome = post.send(http_receiver.url, carrier=post.carrier(timeout=0.2))
    assert (outcome.sent, outcome.unreachable, outcome.error) == (False, True, "the receiver was silent for 0.2 s")


def test_a_certificate_that_nobody_vouches_for(post, https_receiver):
    outcome = post.send(https_receiver.url.replace("json://", "jsons://"))
    assert (outcome.sent, outcome.error) == (False, "the receiver's certificate was not accepted (TLS)")
    outcome = post.send(https_receiver.url.replace("json://", "jsons://") + "?verify=no")
    assert (outcome.sent, https_receiver.requests) == (False, []), "an address cannot switch the check off"


def test_a_certificate_of_an_authority_that_is_trusted(post, https_receiver, trusted):
    assert post.send(https_receiver.url.replace("json://", "jsons://")).sent


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "is not set"),
        ("no-url secret-token", "does not hold an Apprise URL"),
        ("unknown://secret-token", "does not hold an Apprise URL"),
        ("json://hooks.example.com/secret-token", "over TLS"),
        ("mailto://user:secret-token@smtp.example.com?mode=insecure", "over TLS"),
        ("jsons://hooks.example.com/secret-token", "delivery.hosts"),
        ("mailtos://user:secret-token@smtp.example.com?smtp=smtp.example.com", "delivery.hosts"),
        ("x" * 9000, "one address on one line"),
        ("json://127.0.0.1/a\nb", "one address on one line"),
    ],
)
def test_a_route_that_is_not_set_up_says_so_and_counts_no_attempt(post, url, reason):
    outcome = post.send(url)
    assert (outcome.sent, outcome.counts) == (False, False)
    assert reason in outcome.error
    assert post.variable in outcome.error
    assert "secret" not in outcome.error
    assert reason in check(Source(post.variable), "webhook", post.carrier(), {post.variable: url})


def test_loopback_is_refused_where_it_is_not_configured(post, http_receiver):
    outcome = post.send(http_receiver.url, carrier=post.carrier(loopback=False))
    assert (outcome.sent, outcome.counts) == (False, False)
    assert http_receiver.requests == []


def test_an_address_that_works_passes_the_check(post, http_receiver):
    carrier = post.carrier()
    assert check(Source(post.variable), "webhook", carrier, {post.variable: http_receiver.url}) is None
    assert check(Source(post.variable), "chat", carrier, {post.variable: "dingtalk://token4711/"}) is None
    assert check(Source(post.variable), "pagerduty", carrier, {post.variable: "a" * 32}) is None
    assert check(Source(post.variable), "alertmanager", carrier, {post.variable: "http://127.0.0.1:9093"}) is None
    assert "not https" in check(Source(post.variable), "alertmanager", carrier, {post.variable: "http://slack.com"})
    assert http_receiver.requests == []


def test_no_log_holds_the_address(post, http_receiver, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    http_receiver.answers = [403]
    post.send(http_receiver.url)
    post.send("json://user:planted-password@127.0.0.1:9/secret-token-4711")
    post.send("mailto://user:planted-password@127.0.0.1:9?to=a@example.com&mode=insecure&smtp=127.0.0.1", "mail")
    said = caplog.text + "".join(capfd.readouterr())
    assert "secret-token" not in said
    assert "planted-password" not in said
    assert logging.getLogger("apprise").propagate


def test_odd_letters_in_keys_break_no_header(post, http_receiver):
    keys = Keys(dedup="merchant-gps:事件\r\nX-Evil: 1", idempotency="merchant-gps:事件")
    assert post.send(http_receiver.url, keys=keys).sent
    headers = http_receiver.requests[0][1]
    assert "X-Evil" not in headers
    assert headers["Idempotency-Key"].startswith("merchant-gps:%E4")


def test_an_error_inside_of_a_channel_is_told_by_its_kind_alone(post, http_receiver, monkeypatch):
    def fail(*_):
        raise RuntimeError("secret-token-4711")

    monkeypatch.setattr("reports.delivery.channel._send", fail)
    assert post.send(http_receiver.url).error == "the channel of environment variable ONCALL_URL failed (RuntimeError)"
