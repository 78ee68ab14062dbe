"""Alert quality: shares with intervals and counts, and a grey line where nothing was measured."""

from dataclasses import replace

import pytest

from reports.formatting import LOCALES, UNKNOWN
from reports.tower.alert_quality import _number_of, build_alert_quality
from reports.tower.page import render


def test_doors_with_intervals_and_counts(tower_facts, english):
    found = build_alert_quality(tower_facts.alert_quality, english)
    first, limit = found.doors[:2]
    assert first.name == "All alerts"
    assert first.right == ("83%", "73%–93%", "176 of 212")
    assert first.found == ("83%", "73%–93%", "53 of 64")
    assert (limit.lead, limit.opened, limit.told) == ("−1.0", "0.8", "0.2")
    assert found.basis == "backtest “autumn” against what was simulated, 24 Sept to 28 Oct"


def test_a_door_through_which_nothing_came_is_left_out(tower_facts, english):
    names = [door.name for door in build_alert_quality(tower_facts.alert_quality, english).doors]
    assert names == ["All alerts", "Over a limit", "Heading for harm", "Unlike itself"]


def test_kinds_of_trouble_real_ones_first(tower_facts, english):
    kinds = build_alert_quality(tower_facts.alert_quality, english).kinds
    assert [(kind.name, kind.benign, kind.found.of) for kind in kinds] == [
        ("Carrier delay", False, "8 of 10"), ("Stock-out ahead", False, "10 of 12"),
        ("Planned promotion", True, "1 of 30"),
    ]  # fmt: skip
    assert (kinds[2].lead, kinds[2].root) == (UNKNOWN, UNKNOWN)


def test_verdicts_of_people_know_nothing_of_what_was_missed(tower_facts, english):
    row = {**tower_facts.alert_quality[0], "source": "labels", "backtest": "", "true_alerts": 9, "judged_alerts": 10,
           "precision": 0.9, "episodes": 0, "recall": None, "median_lead_days": None}  # fmt: skip
    found = build_alert_quality([row], english)
    assert found.basis == "by people’s verdicts, live days, 24 Sept to 28 Oct"
    assert (found.doors[0].right.of, found.doors[0].found) == ("9 of 10", (UNKNOWN, "", ""))
    assert found.kinds == []


@pytest.mark.parametrize("locale", LOCALES)
def test_not_measured_is_grey_and_says_what_is_missing(facts, tower_facts, locale):
    html = render(replace(tower_facts, alert_quality=()), facts.CONTEXT, locale, "t.js", {})
    part = html.split('id="alert-quality-title"')[1]
    assert 'class="reason grey"' in part
    assert "<table" not in part


def test_nothing_measured_is_none(english):
    assert build_alert_quality([], english) is None


def test_a_share_that_is_no_number_counts_nothing():
    assert _number_of(float("inf"), 3) == _number_of(float("nan"), 3) == _number_of(None, 3) == 0
    assert _number_of(0.5, 4) == 2
