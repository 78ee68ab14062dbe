"""Messages in three languages: complete, harmless, and small enough for a mail."""

from datetime import date

import pytest

from reports.messages.facts import Action, MessageFacts, Subject
from reports.messages.lines import messages_catalogue
from reports.messages.message import MAIL_LIMIT_BYTES, render

LOCALES = ("zh-CN", "zh-TW", "en")
HOSTILE = '<script>alert(1)</script>\x1b[31m@all\r\nBcc: a@example.com\u202e"onload=x'


def subject(**values):
    return Subject(
        **{
            "reference": "ABCDEFGHIJKL",
            "merchant_id": "m1",
            "merchant_name": "Haina Home",
            "leg": "fulfilment",
            "metric": "fulfilment.late_dispatch",
            "metric_names": {"en": "Late dispatch", "zh-CN": "延迟发货率"},
            "unit": "percent",
            "decimals": 1,
            "observed": 0.06,
            "expected": 0.02,
            "opened_by": "limit",
            "level": 0.99,
            "severity": "critical",
            "since": date(2026, 10, 28),
            "money_at_risk": 90000.0,
            **values,
        }
    )


def facts(*subjects, **values):
    return MessageFacts(
        **{
            "kind": "alert",
            "event": "trigger",
            "as_of": date(2026, 10, 30),
            "platform": "Haina Mall",
            "currency": "CNY",
            "severity": "critical",
            "subjects": subjects or (subject(),),
            **values,
        }
    )


def test_says_all_that_on_call_needs():
    message = render(facts(subject(page="https://gps.example.com/p/1.html")), "en", "key-1")
    assert message.title == "[Critical] Haina Home (m1): Fulfilment, Late dispatch 6.0%, over its limit"
    for form in (message.text, message.html, message.chat):
        for part in (
            "6.0%",
            "2.0%",
            "Wed 28 Oct",
            "¥90.0k",
            "oldest orders",
            "https://gps.example.com/p/1.html",
            "merchant-gps alerts ack ABCDEFGHIJKL",
            "key-1",
        ):
            assert part in form, part


def test_speaks_the_readers_language():
    title = render(facts(), "zh-CN").title
    assert title == "【紧急】Haina Home（m1）：履约，延迟发货率 6.0%，已越过红线"
    assert "緊急" in render(facts(), "zh-TW").title


def test_every_language_has_the_same_keys():
    keys = {messages_catalogue(locale).keys for locale in LOCALES}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"opened_by": "projection", "leg": "stock_prep", "level": 0.85}, "85% likely to run out of stock"),
        ({"opened_by": "projection", "level": 0.9}, "90% likely to pass its limit within 14 days"),
        ({"opened_by": "anomaly"}, "far from what was expected"),
        ({"merchant_id": None, "scope": "region", "group": "north", "members": 1}, "1 merchant affected"),
        (
            {"merchant_id": None, "scope": "platform", "group": "", "members": 120},
            "The whole platform: Fulfilment, Late dispatch: 120 merchants affected",
        ),
    ],
)
def test_what_happened_depends_on_the_door(values, expected):
    assert expected in render(facts(subject(**values)), "en").title


def test_resolved_says_so_and_asks_for_nothing():
    message = render(facts(event="resolve", resolution="recovered"), "en")
    assert message.title.startswith("[Resolved] Haina Home")
    assert "calm for some days" in message.text
    assert "alerts ack" not in message.text
    assert "oldest orders" not in message.text


def test_unknown_figures_stay_unknown():
    message = render(facts(subject(observed=None, expected=None, money_at_risk=None, since=None)), "en")
    assert "Observed:" not in message.text
    assert "Money at risk" not in message.text
    assert "—" in message.title


@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_names_are_inert(locale):
    bad = subject(merchant_name=HOSTILE, merchant_id=HOSTILE, first_actions={locale: HOSTILE})
    message = render(facts(bad, platform=HOSTILE, event="ack", acked_by=HOSTILE), locale)
    assert "<script" not in message.html
    assert "&lt;script&gt;" in message.html
    assert not {"\n", "\r"} & set(message.title)
    for form in (message.title, message.text, message.html, message.chat):
        assert "\x1b" not in form
        assert "\u202e" not in form
    assert "\r" not in message.text
    assert not any(line.startswith("Bcc") for line in message.text.splitlines())
    assert "@all" not in message.chat
    assert "<" not in message.chat


def test_a_first_action_in_another_language_is_not_used():
    other = subject(first_actions={"zh-CN": "今天补货"})
    assert "今天补货" not in render(facts(other), "en").text
    assert "今天补货" in render(facts(other), "zh-CN").text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_digest_lists_and_counts(locale):
    ten = [subject(reference=f"R{number}") for number in range(10)]
    message = render(facts(*ten, kind="digest", event="digest", more=7), locale)
    assert "17" in message.title
    assert "R9" in message.text
    assert "7" in message.chat


def test_a_merchants_digest_has_actions_and_no_alert():
    action = Action(text="Order 480 sets", reason="Sold out on <b>Friday</b>", due_on=date(2026, 11, 3), worth=12000.0)
    digest = MessageFacts(
        kind="merchant",
        event="digest",
        as_of=date(2026, 10, 30),
        platform="Haina Mall",
        currency="CNY",
        severity="notice",
        subjects=(),
        actions=(action,),
        page="https://x.example/p",
    )
    message = render(digest, "en")
    assert message.title == "Haina Mall: 1 thing to do today"
    assert "Order 480 sets" in message.text
    assert "by Tue 3 Nov, worth ¥12.0k" in message.text
    assert "&lt;b&gt;" in message.html


def test_the_largest_mail_fits_and_holds_no_script():
    long = subject(merchant_name="长" * 500, first_actions={"en": "x" * 5000})
    message = render(facts(*[long] * 50, kind="digest", event="digest", more=100000), "en")
    assert len(message.html.encode()) < MAIL_LIMIT_BYTES
    assert "<script" not in message.html


def test_facts_survive_their_journey_through_the_outbox():
    made = facts(more=3, acked_by="Li")
    assert MessageFacts.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "[Much worse: Critical]"), ("zh-CN", "明显加重：紧急"), ("zh-TW", "明顯加重：緊急")]
)
def test_an_incident_that_became_much_worse_says_so_in_its_title(locale, said):
    outage = subject(merchant_id=None, merchant_name=None, scope="platform", group="all", members=600, leg="sales")
    assert said in render(facts(outage, kind="incident", event="update"), locale, "key-2").title
    assert said not in render(facts(outage, kind="incident"), locale, "key-3").title
    assert said not in render(facts(subject(), event="update"), locale, "key-4").title  # an alert has a new severity
