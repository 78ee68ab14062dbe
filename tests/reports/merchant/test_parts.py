"""How the forecast is made: lines that can be checked, in three languages, with nothing that says nothing."""

from datetime import timedelta

import pytest

from reports.merchant.facts import OutlookParts
from reports.merchant.forecast import build_forecast
from reports.merchant.parts import build_parts


def parts_of(facts, reader, **changed):
    shop = facts.rich(reader.locale)
    outlook = shop.outlook._replace(**changed)
    days = [outlook.made_on + timedelta(days=ahead + 1) for ahead in range(28)]
    return build_parts(outlook, days, [""] * 28, reader)


def test_a_usual_day_and_what_multiplies_it(facts, english):
    found = parts_of(facts, english)
    assert "<b>417</b> orders" in str(found.sentence)
    assert found.rows[11].factors == "weekday 0.97, event 4.50"
    assert found.rows[0].factors == "weekday 1.20"
    assert found.rows[0].mean == "500"
    assert found.models.endswith("gradient boosting 62%, level and shared factors 38%.")


def test_an_ordinary_day_and_a_closed_one_say_so(facts, english):
    parts = OutlookParts(3.25, {"weekday": [1.001] * 28, "mix": [1.0] * 27 + [0.0]})
    found = parts_of(facts, english, parts=parts)
    assert "<b>3.3</b>" in str(found.sentence) or "<b>3.2</b>" in str(found.sentence)
    assert found.rows[0].factors == "nothing special"
    assert found.rows[27].factors == "closed"
    assert found.models == ""


def test_a_model_without_words_keeps_its_name(facts, english):
    parts = OutlookParts(3.0, {"mix": [1.0] * 28}, (("arima", 0.6), ("boosted", 0.4)))
    assert "arima 60%, gradient boosting 40%" in parts_of(facts, english, parts=parts).models


def test_money_is_shown_as_money(facts, english):
    found = parts_of(facts, english, measure="gmv")
    assert "¥" in str(found.sentence)
    assert "¥" in found.rows[0].mean


@pytest.mark.parametrize("made", [None, OutlookParts(None, {})])
def test_a_forecast_that_came_whole_has_no_parts(facts, english, made):
    assert parts_of(facts, english, parts=made) is None


def test_the_forecast_part_carries_them_with_the_days_names(facts, english):
    part = build_forecast(facts.rich("en"), None, english)
    assert part.parts.rows[11].event == "Double 11"
