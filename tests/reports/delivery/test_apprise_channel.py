"""What really leaves for chats and mail: built by the real plugins, caught on loopback."""

import email
import email.policy
import json
import re

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.slack import NotifySlack
from apprise.plugins.wecombot import NotifyWeComBot

from reports.messages.message import MAIL_LIMIT_BYTES

HOSTILE = (
    '<!everyone> @all <at user_id="all">x</at> [免费](http://evil.example/a) *b* `c` \r\nBcc: x@evil.example\u202e'
)
PAGE = "https://gps.example.com/2026-10-30/abc.html"
URLS = {
    "dingtalk": "dingtalk://secret4711@token4711/",
    "wecombot": "wecombot://token4711",
    "feishu": "feishu://token4711",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#oncall",
}


@pytest.fixture
def vendors(http_receiver, monkeypatch):
    """The vendors' plugins, speaking to the receiver on loopback instead of their vendor."""
    base = f"http://127.0.0.1:{http_receiver.port}"
    monkeypatch.setattr(NotifyDingTalk, "notify_url", base + "/robot/send?access_token={token}")
    monkeypatch.setattr(NotifyWeComBot, "notify_url", base + "/cgi-bin/webhook/send?key={key}")
    monkeypatch.setattr(NotifyFeishu, "notify_url", base + "/open-apis/bot/v2/hook/{token}/")
    monkeypatch.setattr(NotifySlack, "webhook_url", base + "/services")
    http_receiver.usual = (200, {}, b"ok")
    return http_receiver


def text_of(schema, body):
    """The text that people see in the payload of a vendor."""
    if schema == "dingtalk":
        return body["text"]["content"]
    if schema == "slack":
        return body["attachments"][0]["text"]
    return (body["text"] if schema == "wecombot" else body["content"])["content" if schema == "wecombot" else "text"]


@pytest.mark.parametrize("schema", list(URLS))
@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("zh-CN", "【紧急】海纳家居（m1）：销售"),
        ("zh-TW", "【緊急】海纳家居（m1）：銷售"),
        ("en", "[Critical] 海纳家居 (m1): Sales"),
    ],
)
def test_a_chat_gets_title_and_text_in_its_language_and_the_link(post, vendors, schema, locale, title):
    facts = post.facts(merchant_name="海纳家居", page=PAGE)
    assert post.send(URLS[schema], "chat", facts, locale=locale).sent
    text = text_of(schema, vendors.requests[0][2])
    assert text.startswith(title)
    assert PAGE in text
    assert post.keys.idempotency in text


@pytest.mark.parametrize("schema", list(URLS))
def test_names_ring_nobody_and_make_no_link(post, vendors, schema):
    facts = post.facts(merchant_name=HOSTILE, first_actions={"en": HOSTILE})
    assert post.send(URLS[schema], "chat", facts).sent
    body = vendors.requests[0][2]
    text = text_of(schema, body)
    for harm in ("<", ">", "@", "](", "http://", "evil.example", "`", "*", "\u202e"):
        assert harm not in text, harm
    if schema == "dingtalk":
        assert body["at"] == {"atMobiles": [], "isAtAll": False}
        assert body["msgtype"] == "text"
    assert "mentioned_list" not in json.dumps(body)
    assert "file" not in json.dumps(sorted(body))


@pytest.mark.parametrize(
    ("schema", "measure", "most"),
    [
        ("dingtalk", lambda request: len(json.dumps(request)), 20000),
        ("wecombot", lambda request: len(request["text"]["content"].encode()), 2048),
        ("feishu", lambda request: len(json.dumps(request)), 20 * 1024),
        ("slack", lambda request: len(request["attachments"][0]["text"]), 3000),
    ],
)
def test_a_long_digest_is_cut_at_a_letter_and_says_where_the_rest_is(post, vendors, schema, measure, most):
    subjects = [
        post.subject(reference=f"R{number}", merchant_name="海纳家居👩‍👩‍👧旗舰店" * 6, first_actions={})
        for number in range(100)
    ]
    facts = post.facts("digest", subjects, kind="digest", more=40, page=PAGE)
    assert post.send(URLS[schema], "chat", facts, locale="zh-CN").sent
    request = vendors.requests[0][2]
    assert len(vendors.requests) == 1, "one message stays one message"
    assert most * 0.8 < measure(request) <= most
    text = text_of(schema, request)
    assert text.endswith("…\n内容已截短，完整内容：" + PAGE)
    assert "\ufffd" not in text
    assert not text.partition("…\n")[0].endswith("\u200d")


def test_a_short_text_is_not_cut(post, vendors):
    post.send(URLS["wecombot"], "chat", post.facts(page=PAGE))
    assert "Shortened" not in text_of("wecombot", vendors.requests[0][2])


@pytest.mark.parametrize(
    ("schema", "answer", "code"),
    [
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "310000"),
        ("wecombot", {"errcode": 45009, "errmsg": "api freq out of limit"}, "45009"),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "19024"),
    ],
)
def test_a_refusal_inside_of_a_good_answer_is_a_refusal(post, vendors, schema, answer, code):
    vendors.answers = [(200, {}, answer), (200, {}, {"errcode": 0, "code": 0}), (200, {}, b"ok")]
    outcome = post.send(URLS[schema], "chat")
    assert (outcome.sent, outcome.error) == (False, f"the receiver answered 200 with error code {code}")
    assert post.send(URLS[schema], "chat").sent
    assert post.send(URLS[schema], "chat").sent


def test_slack_that_answers_well_and_means_no(post, vendors):
    vendors.answers = [(200, {}, b"invalid_token")]
    outcome = post.send(URLS["slack"], "chat")
    assert (outcome.sent, outcome.error) == (False, "the receiver answered 200, but did not take the message")


def test_dingtalk_signs(post, vendors):
    post.send(URLS["dingtalk"], "chat")
    assert "&sign=" in vendors.requests[0][0]


def test_vendors_are_reached_over_tls_alone(post, http_receiver, monkeypatch):
    monkeypatch.setattr(NotifyWeComBot, "notify_url", "http://qyapi.weixin.qq.com/send?key={key}")
    outcome = post.send(URLS["wecombot"], "chat")
    assert (outcome.sent, outcome.counts) == (False, False)
    assert "not https" in outcome.error


def mail_of(mail_box):
    return email.message_from_bytes(mail_box.mails[0].content, policy=email.policy.default)


def test_a_mail_holds_no_foreign_header_script_or_attachment(post, mail_box):
    bad = HOSTILE + "<script>alert(1)</script>\nSubject: x\r\n\r\n<img src=x onerror=alert(1)>"
    facts = post.facts(merchant_name=bad, merchant_id=bad, first_actions={"en": bad}, page=PAGE)
    assert post.send(mail_box.url, "mail", facts).sent
    mail = mail_of(mail_box)
    assert mail_box.mails[0].rcpt_tos == ["oncall@example.com"]
    assert set(mail.keys()) <= {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Cc", "Date", "Message-ID", "X-Application",
        "X-Dedup-Key", "Idempotency-Key", "X-Mailer", "Reply-To", "X-Priority", "List-Unsubscribe",
    }  # fmt: skip
    assert len(mail.get_all("Subject")) == 1
    assert mail["Bcc"] is None
    assert list(mail.iter_attachments()) == []
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert "<script" not in html
    assert "<img" not in html
    assert "evil.example/a" in html, "the name is shown, as text"
    assert 'href="http://evil' not in html
    assert PAGE in html
    assert PAGE in text


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
def test_the_largest_mail_stays_below_what_readers_cut(post, mail_box, locale):
    subjects = [
        post.subject(
            reference=f"R{number}",
            merchant_name="海纳家居旗舰店" * 60,
            first_actions={locale: "今天补货" * 120},
            page=PAGE,
        )
        for number in range(100)
    ]
    facts = post.facts("digest", subjects, kind="digest", more=40, page=PAGE)
    assert post.send(mail_box.url, "mail", facts, locale=locale).sent
    size = len(mail_box.mails[0].content)
    assert MAIL_LIMIT_BYTES * 0.6 < size < MAIL_LIMIT_BYTES
    text = mail_of(mail_box).get_body(("plain",)).get_content()
    assert len(re.findall(r"\bR\d+", text)) > 5
    assert PAGE in text


def test_a_mail_server_that_refuses_is_heard(post, mail_box):
    async def refuse(*_):
        return "550 no such user secret-token-4711"

    mail_box.handle_DATA = refuse
    outcome = post.send(mail_box.url, "mail")
    assert not outcome.sent
    assert "secret" not in outcome.error
