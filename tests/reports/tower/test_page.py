"""The platform's page as a whole."""

import re
from dataclasses import replace

import pytest

from reports.formatting import LOCALES
from reports.tower.facts import TowerFacts
from reports.tower.page import render


@pytest.mark.parametrize("locale", LOCALES)
def test_page_is_written_in_each_language(facts, tower_facts, locale):
    html = render(tower_facts, facts.CONTEXT, locale, "table.js", {})
    assert f'<html lang="{locale}">' in html
    assert html.index('src="table.js"') < html.index("static/tower.js")  # data first, then what shows it
    assert "style=" not in html
    assert html.count("<tr>") > 50


def test_headline_counts_incidents_without_an_owner(facts, tower_facts):
    html = render(tower_facts, facts.CONTEXT, "en", "table.js", {})
    assert "<h1>1 incident has nobody on it</h1>" in html
    taken = [{**tower_facts.incidents[0], "acked_by": "Chen Yu"}]
    assert "<h1>21 merchants have a red leg</h1>" in render(
        replace(tower_facts, incidents=taken), facts.CONTEXT, "en", "t.js", {}
    )


def test_a_platform_without_anything_still_has_a_page(facts, tower_facts):
    none = TowerFacts(
        None,
        {"merchants": 0, "red": 0, "red_before": 0, "money": None, "money_before": None},
        replace(tower_facts.merchants, **{name: [] for name in tower_facts.merchants.__dataclass_fields__}),
        (),
        [],
        [],
        [],
        [],
        [],
        [],
    )
    html = render(none, facts.CONTEXT, "en", "t.js", {})
    assert "No incident is open" in html
    assert "No alerts so far." in html


def test_hostile_names_stay_text(facts, tower_facts):
    name = "<script>alert(1)</script>"
    shops = replace(tower_facts.merchants, name=[name] * 120, category=[name] * 120, manager=[name] * 120)
    incident = {**tower_facts.incidents[0], "group": name, "incident_id": name, "acked_by": name, "scope": name}
    html = render(replace(tower_facts, merchants=shops, incidents=[incident]), facts.CONTEXT, "en", "t.js", {})
    assert name not in html
    assert len(re.findall(r"<script", html)) == 3
