"""The route's event, ruler and headline."""

from dataclasses import replace
from datetime import date

import pytest

from reports.merchant.facts import EventFact
from reports.merchant.legs import build_legs
from reports.merchant.reader import reader
from reports.merchant.route import build_event, headline, next_event, ruler


def test_headline_says_need_then_praise(facts):
    for locale, clauses in {
        "zh-CN": ["今天有 2 段要处理，", "另有 2 段很出色"],
        "zh-TW": ["今天有 2 段要處理，", "另有 2 段很出色"],
        "en": ["2 legs need you today,", "2 are excellent"],
    }.items():
        read = reader(locale, facts.CONTEXT)
        assert headline(build_legs(facts.rich(locale), read), read) == clauses


@pytest.mark.parametrize(
    ("lights", "text"),
    [
        (("amber", "green"), "1 leg needs a look soon"),
        (("green", "green"), "All is well today"),
        (("star", "grey"), "All is well today, 1 is excellent"),
        (("grey", "grey"), "Not enough data to judge yet"),
    ],
)
def test_headline_without_red(facts, english, lights, text):
    legs = [
        leg._replace(light=light) for leg, light in zip(build_legs(facts.empty("en"), english), lights, strict=False)
    ]
    assert " ".join(headline(legs, english)) == text


def test_event_ahead_with_its_ruler(facts, english):
    event = build_event(facts.rich("en"), english)
    assert (event.name, event.days, event.countdown, event.day) == ("Double 11", 12, "12 days to go", "Wed 11 Nov")
    assert [(point.label, point.state) for point in event.ruler] == [
        ("T−30", "past"),
        ("T−14", "past"),
        ("T−12", "today"),
        ("T−7", "ahead"),
        ("T−0", "event"),
        ("T+1", "ahead"),
        ("T+7", "ahead"),
    ]
    assert [point.label for point in event.ruler if point.phone] == ["T−14", "T−12", "T−7", "T−0", "T+7"]


def test_ruler_on_the_day_itself_has_one_mark_for_today(english):
    points = ruler(0, "Double 11", english)
    assert [point.state for point in points].count("today") == 1
    assert "event" not in [point.state for point in points]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 11, 11), "e"),  # running
        (date(2026, 11, 15), "e"),  # just over, returns
        (date(2026, 11, 30), None),
        (date(2026, 9, 1), "n"),  # the nearest one ahead
        (date(2026, 7, 1), None),  # too far away
    ],
)
def test_which_event_is_drawn(facts, as_of, expected):
    found = next_event(facts.rich(), as_of)
    assert (found.event_id if found else None) == expected


def test_events_of_other_categories_are_not_drawn(facts):
    other = EventFact("x", {"en": "Pet day"}, "peak", date(2026, 11, 1), date(2026, 11, 1), "Pets")
    shop = replace(facts.rich(), events=(other,))
    assert next_event(shop, facts.AS_OF) is None
    assert next_event(replace(shop, category="Pets"), facts.AS_OF) == other
