"""Incidents as cards."""

from reports.tower.incidents import build_incidents, chance


def test_incident_says_what_since_when_and_who_has_it(tower_facts, english):
    (incident,) = build_incidents(tower_facts.incidents, english)
    assert incident.title == "Category Bedding: Late dispatch worse as a whole"
    assert incident.facts == ["mean shift of 2.1 standard deviations", "since 28 Oct", "chance of that by luck < 0.01%"]
    assert (incident.money, incident.members, incident.folded) == ("¥84.0k", "100 merchants", "31 alerts folded into 1")
    assert incident.owner == ""
    assert incident.command == "merchant-gps alerts ack inc-1"


def test_incident_that_somebody_has_and_nobody_priced(tower_facts, english):
    row = {
        **tower_facts.incidents[0],
        "acked_by": "Chen Yu",
        "money": None,
        "scope": "platform",
        "metric": "gone",
        "p_value": None,
    }
    (incident,) = build_incidents([row], english)
    assert incident.owner == "Chen Yu has it"
    assert incident.money == "Not priced"
    assert incident.title == "Whole platform: gone worse as a whole"


def test_small_chances_are_not_written_as_zero(english):
    assert chance(0.0, english) == "< 0.01%"
    assert chance(0.0123, english) == "1.23%"


def test_a_feed_without_news_is_told_by_its_name_and_the_share_of_its_merchants(tower_facts, english):
    row = {**tower_facts.incidents[0], "scope": "feed", "group": "after_sale", "leg": "data", "metric": "data.stale",
           "effect": 0.0184}  # fmt: skip
    (incident,) = build_incidents([row], english)
    assert incident.title == "No news from the after-sale feed"
    assert incident.facts[0] == "for 1.8% of its merchants"
    (unknown,) = build_incidents([{**row, "group": "weather"}], english)
    assert unknown.title == "No news from the weather feed"
