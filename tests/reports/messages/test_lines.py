"""One trouble in words."""

from datetime import date

from reports.messages.clean import plain
from reports.messages.facts import MessageFacts, Subject
from reports.messages.lines import line_of, messages_catalogue, severity_word


def line(event="trigger", **values):
    subject = Subject(
        **{
            "reference": "A",
            "merchant_id": "m1",
            "leg": "sales",
            "metric": "sales.x",
            "severity": "loud",
            "unit": "money",
            "decimals": 0,
            "observed": 12000.0,
            **values,
        }
    )
    facts = MessageFacts(
        kind="alert",
        event=event,
        as_of=date(2026, 10, 1),
        platform="P",
        currency="CNY",
        severity="loud",
        subjects=(subject,),
    )
    return line_of(subject, facts, "en", plain)


def test_units_and_unknown_figures():
    assert line().figures == (("Observed", "¥12.0k"),)
    told = line(unit="days", decimals=1, observed=2.5, limit=7.0, since=date(2026, 10, 1), money_at_risk=100.0)
    assert told.figures == (
        ("Observed", "2.5\u00a0d"),
        ("Limit", "7.0\u00a0d"),
        ("Since", "Thu 1 Oct"),
        ("Money at risk (14 days)", "¥100"),
    )


def test_a_merchant_without_a_name_is_its_id():
    assert line().who == "m1"
    assert line(merchant_name="Haina").who == "Haina (m1)"


def test_a_severity_and_a_leg_of_policy_that_no_catalogue_knows():
    assert severity_word("loud", messages_catalogue("en")) == "loud"
    assert line(leg="new_leg").leg == "new_leg"


def test_a_failed_run():
    told = line(scope="run", group="2026-10-01", merchant_id=None, metric="day 01234567: step risk failed", leg="data")
    assert (told.who, told.what) == ("The run of 2026-10-01", "day 01234567: step risk failed")
    assert "merchant-gps dev" in told.first
    assert line("resolve", scope="run", merchant_id=None, group="2026-10-01").what == "The day has been navigated"


def test_a_feed_has_no_figures_in_hours_and_says_for_how_many_it_has_no_news():
    feed = line(merchant_id=None, scope="feed", group="sales", leg="data", metric="data.stale", unit="hours",
                expected=900.0, members=11)  # fmt: skip
    assert (feed.who, feed.what, feed.figures) == ("Feed sales", "no new data for 11 merchants", ())
    assert line(merchant_id=None, scope="feed", group="sales", leg="data").what == "no new data"
    group = line(merchant_id=None, scope="region", group="North", members=11, metric="x")
    assert group.what == "x: 11 merchants affected"
    assert group.figures == (("Observed", "¥12.0k"),)
