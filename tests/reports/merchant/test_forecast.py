"""The forecast's sentence, table, columns and spreadsheet."""

import csv
import io
import json
from dataclasses import replace

from reports.merchant.forecast import build_forecast, forecast_csv
from reports.merchant.reader import reader
from reports.merchant.route import build_event


def test_sentence_names_the_event_and_the_sum(facts, english):
    shop = facts.rich("en")
    part = build_forecast(shop, build_event(shop, english), english)
    assert (
        str(part.sentence)
        == "About <b>1,820</b> orders on Double 11, 4.3 times a normal day; <b>13,542</b> over 28 days."
    )


def test_without_an_event_only_the_sum(facts, english):
    part = build_forecast(replace(facts.rich("en"), events=()), None, english)
    assert str(part.sentence) == "About <b>13,542</b> orders over the next 28 days."


def test_last_day_against_what_came(facts, english):
    shop = facts.rich("en")
    part = build_forecast(shop, None, english)
    assert (part.held, part.yesterday) == (True, "30 Oct: forecast 417 (80%: 369–471), actual 381, inside the band.")
    low = replace(shop, outlook=shop.outlook._replace(yesterday=(417.0, 369.0, 471.0, 300.0)))
    assert build_forecast(low, None, english).yesterday.endswith("below the band.")
    assert build_forecast(low, None, english).held is False
    unknown = replace(shop, outlook=shop.outlook._replace(yesterday=None))
    assert build_forecast(unknown, None, english).yesterday == ""


def test_table_marks_the_event(facts, english):
    rows = build_forecast(facts.rich("en"), None, english).rows
    assert len(rows) == 28
    assert (rows[11].day, rows[11].event, rows[11].middle) == ("Wed 11 Nov", "Double 11", "1,820")
    assert rows[0].event == "warm-up"


def test_chart_is_compact_and_holds_no_markup(facts, english):
    chart = build_forecast(facts.hostile(), None, english).chart
    text = json.dumps(chart)
    assert len(text) < 6_000
    assert len(chart["actual"]) == 60
    assert len(chart["q50"]) == 28
    assert chart["events"][0]["name"] == facts.HOSTILE[5]  # raw: the template escapes it, the script writes it as text


def test_money_measure_is_written_as_money(facts):
    shop = replace(facts.rich(), outlook=facts.outlook("gmv"))
    read = reader("zh-CN", facts.CONTEXT)
    assert "¥1.4\u00a0万" in str(build_forecast(shop, None, read).sentence)


def test_spreadsheet_has_a_row_per_day(facts, english):
    rows = list(csv.reader(io.StringIO(forecast_csv(facts.rich("en"), english)[1:])))
    assert rows[0] == ["date", "mean", "2.5%", "10%", "25%", "50%", "75%", "90%", "97.5%"]
    assert len(rows) == 29
    assert rows[1][0] == "2026-10-31"


def test_no_forecast(facts, english):
    assert build_forecast(facts.empty("en"), None, english) is None
    assert forecast_csv(facts.empty("en"), english) is None
