"""The columns of the table belong together."""

from dataclasses import fields

from reports.tower.facts import TowerMerchants


def test_all_columns_have_one_length(tower_facts):
    lengths = {len(getattr(tower_facts.merchants, field.name)) for field in fields(TowerMerchants)}
    assert lengths == {120}


def test_lights_have_a_letter_for_every_leg(tower_facts):
    assert {len(lights) for lights in tower_facts.merchants.lights} == {7}
