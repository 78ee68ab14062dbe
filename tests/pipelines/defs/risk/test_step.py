import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.day import Day
from pipelines.defs.risk.step import metric_signals, risk


def run(day):
    return {**metric_signals(day), **risk(day)}


def rows(day, table, where="true"):
    with day.connect(table) as connection:
        return connection.execute(f"SELECT * FROM {table} WHERE as_of = ? AND {where}", [day.as_of]).df()


def light(day, merchant, leg):
    return rows(day, "leg_status", f"merchant_id = '{merchant}' AND leg = '{leg}'")["light"].item()


def test_a_quiet_platform_is_quiet(platform):
    day = platform.write()
    written = run(day)
    assert written["metric_signals"] == 120 * 35
    assert written["leg_status"] == 120 * 7
    assert written["merchant_risk"] == 120
    assert rows(day, "incidents").empty
    legs = rows(day, "leg_status")
    assert (legs["light"] == "red").sum() <= 1  # the control lets one in ten days have a false one
    assert set(legs.loc[legs["leg"] == "service", "reason"]) == {"not_connected"}
    assert (legs.loc[legs["leg"] == "fulfilment", "light"].isin(["green", "star"])).mean() > 0.95
    risks = rows(day, "merchant_risk")
    assert risks["flagged"].sum() <= 2  # how often one is false is controlled, not how many
    assert sorted(risks["rank"]) == list(range(1, 121))


def test_a_late_warehouse_turns_its_leg_red_and_says_what_would_mend_it(platform):
    due = platform.columns["fulfilment_dispatch_due"][5, -12:]
    platform.columns["fulfilment_dispatched_late"][5, -12:] = np.round(due * 0.3)
    day = platform.write()
    run(day)
    assert light(day, "m00005", "fulfilment") == "red"
    signal = rows(day, "metric_signals", "merchant_id = 'm00005' AND metric = 'fulfilment.late_dispatch'").iloc[0]
    assert signal["observed"] == pytest.approx(signal["numerator"] / signal["denominator"])
    assert signal["low"] < signal["observed"] * 1.05
    assert signal["expected"] < 0.06
    assert signal["probability_over_limit"] > 0.99
    assert signal["p_value"] < 0.01
    assert signal["good_until_green"] > 0
    assert signal["more_bad_until_red"] == 0
    assert signal["since"].date() == day.as_of
    assert signal["money_at_risk"] > 0
    leg = rows(day, "leg_status", "merchant_id = 'm00005' AND leg = 'fulfilment'").iloc[0]
    assert leg["reason"] == "metric:fulfilment.late_dispatch"
    assert leg["metric"] == "fulfilment.late_dispatch"
    assert leg["top_metric"] == "fulfilment.late_dispatch"


def test_a_platform_outage_is_one_incident_and_its_members_stay_quiet(platform):
    for key in platform.z:
        platform.z[key][:, -1] = platform.z[key][:, -1] * 1.5 - 7
    day = platform.write()
    run(day)
    incidents = rows(day, "incidents")
    assert len(incidents) == 1
    incident = incidents.iloc[0]
    assert (incident["scope"], incident["group"], incident["status"]) == ("platform", "all", "open")
    assert set(json.loads(incident["metrics"])) == {"sales.forecast_break", "sales.traffic_drop"}
    assert incident["members"] == 120
    assert incident["observed"] < incident["expected"]
    assert rows(day, "merchant_risk")["flagged"].mean() <= 0.05
    assert (rows(day, "leg_status", "leg = 'sales'")["light"] == "red").mean() <= 0.05
    scopes = rows(day, "metric_signals", "metric = 'sales.forecast_break'")["incident_scope"]
    assert set(scopes) == {"platform:all"}


def test_a_stale_feed_greys_its_legs_and_is_a_data_incident(platform):
    platform.stale = {"fulfilment": platform.as_of - timedelta(days=4)}
    platform.columns["fulfilment_dispatched_late"][3, -30:] = platform.columns["fulfilment_dispatch_due"][3, -30:]
    day = platform.write()
    run(day)
    legs = rows(day, "leg_status", "leg = 'fulfilment'")
    assert set(legs["light"]) == {"grey"}
    assert set(legs["reason"]) == {f"stale:fulfilment:{platform.as_of - timedelta(days=3)}"}
    incidents = rows(day, "incidents")
    assert incidents[["scope", "group"]].values.tolist() == [["feed", "fulfilment"]]


def test_a_feed_whose_total_vanishes_is_a_data_incident(platform):
    platform.columns["storefront_visitors"][:, -2:] = 0
    platform.z["visitors", 7][:, -1] -= 4
    day = platform.write()
    run(day)
    assert [list(one) for one in rows(day, "incidents")[["scope", "group"]].values] == [["feed", "storefront"]]
    since = platform.as_of - timedelta(days=1)
    visitors = rows(day, "metric_signals", "metric = 'sales.traffic_drop'")
    assert set(visitors["grey_reason"]) == {f"stale:storefront:{since}"}  # nothing is no fall, and no health either


@pytest.mark.parametrize(("merchants", "expected"), [(7, []), (8, [["feed", "fulfilment"]])])
def test_a_few_merchants_without_sales_are_no_empty_feed(platform, merchants, expected):
    small = type(platform)(platform.home, merchants=merchants)
    for name, values in small.columns.items():
        if name.startswith("fulfilment_"):
            values[:, -1] = 0
    day = small.write()
    run(day)
    assert rows(day, "incidents")[["scope", "group"]].values.tolist() == expected
    reasons = set(rows(day, "leg_status", "leg = 'fulfilment'")["reason"])
    assert (reasons == {f"stale:fulfilment:{small.as_of}"}) == bool(expected)


def test_stock_levels_colour_from_the_plan(platform):
    common = {"lead_time_days": 5.0, "review_period_days": 7.0, "forecast_daily": 10.0, "reserved": 0.0, "inbound": 0.0,
              "reorder_point": 80.0, "stock_value": 1000.0, "listed_days": 200, "days_since_sale": 0,
              "money_at_risk": 0.0, "class": "B"}  # fmt: skip
    full = common | {"on_hand": 300.0, "inventory_position": 300.0, "days_of_cover": 30.0}
    frame = pd.DataFrame(
        [full | {"merchant_id": merchant, "sku_id": f"s{sku}"} for merchant in platform.ids for sku in range(5)]
    )
    first, second, third = (frame["merchant_id"] == platform.ids[number] for number in range(3))
    a_sku = frame["sku_id"] == "s0"
    frame.loc[first & a_sku, ["on_hand", "inventory_position", "days_of_cover"]] = 0.0
    frame.loc[first & a_sku, "class"] = "A"
    frame.loc[first & a_sku, "money_at_risk"] = 777.0
    frame.loc[second, ["days_of_cover", "on_hand", "inventory_position"]] = [11.0, 110.0, 110.0]
    frame.loc[third, ["days_since_sale"]] = 100
    platform.plan = frame
    day = platform.write()
    run(day)

    def signal(merchant, metric):
        found = rows(day, "metric_signals", f"merchant_id = '{platform.ids[merchant]}' AND metric = '{metric}'")
        return found.iloc[0]

    out = signal(0, "stock.stockout_now")
    assert (out["light"], out["numerator"], out["denominator"]) == ("red", 1, 5)
    assert signal(0, "replenishment.below_reorder_point")["light"] == "red"
    assert signal(0, "stock.days_of_cover")["observed"] == pytest.approx(0.2)
    short = signal(1, "stock.days_of_cover")
    assert (short["light"], short["observed"]) == ("amber", 1.0)  # 11 days: above the lead time, below lead + review
    assert signal(2, "replenishment.dead_stock")["light"] == "red"
    assert signal(3, "stock.stockout_now")["light"] == "green"
    risks = rows(day, "merchant_risk").set_index("merchant_id")
    assert risks.loc[platform.ids[0], "money_stock_out"] == 777.0


@pytest.mark.faults  # twice the whole step; a whole day is run twice by the road's tests
def test_the_same_day_twice_gives_the_same_rows(platform):
    day = platform.write()
    run(day)
    tables = ("metric_signals", "leg_status", "merchant_risk", "incidents", "peer_matches")

    def written():
        return {name: rows(day, name).sort_values(list(rows(day, name).columns[:4])) for name in tables}

    first = written()
    run(day)
    second = written()
    for name, before in first.items():
        pd.testing.assert_frame_equal(before.reset_index(drop=True), second[name].reset_index(drop=True))


@pytest.mark.faults  # three times the whole step; tests/road/test_no_future.py looks at every table
def test_what_comes_after_the_day_changes_nothing(platform):
    day = platform.write()
    run(day)
    before = rows(day, "metric_signals").sort_values(["merchant_id", "metric", "window"]).reset_index(drop=True)
    later = Day(day.workspace, day.as_of + timedelta(days=1))
    future = platform.day_rows().to_pandas()
    future = future[future["date"] == platform.as_of].assign(
        date=later.as_of, known_on=later.as_of, fulfilment_dispatched_late=50.0, fulfilment_dispatch_due=50.0
    )
    day.workspace.lake.append("merchant_day", future)
    later.write("feed_status", rows(day, "feed_status").assign(as_of=later.as_of, status="stale"))
    later.write("forecast_residuals", rows(day, "forecast_residuals").assign(as_of=later.as_of, z=-9.0))
    metric_signals(later)
    run(day)
    after = rows(day, "metric_signals").sort_values(["merchant_id", "metric", "window"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(before, after)


def test_the_light_remembers_since_when_and_peers_are_frozen_for_the_week(platform):
    due = platform.columns["fulfilment_dispatch_due"][5, -12:]
    platform.columns["fulfilment_dispatched_late"][5, -12:] = np.round(due * 0.3)
    platform.as_of = date(2026, 10, 26)  # a Monday
    day = platform.write()
    run(day)
    later = Day(day.workspace, date(2026, 10, 27))
    later.write("feed_status", rows(day, "feed_status").assign(as_of=later.as_of))
    later.write("segments", rows(day, "segments").assign(as_of=later.as_of))
    run(later)
    signal = rows(later, "metric_signals", "merchant_id = 'm00005' AND metric = 'fulfilment.late_dispatch'").iloc[1]
    assert signal["light"] == "red"
    assert signal["since"].date() == day.as_of
    leg = rows(later, "leg_status", "merchant_id = 'm00005' AND leg = 'fulfilment'").iloc[0]
    assert leg["light"] == "red"
    assert leg["since"].date() == day.as_of
    key = ["merchant_id", "metric", "window"]
    monday = rows(day, "metric_signals", "metric = 'fulfilment.late_dispatch'").set_index(key)["peer_p50"]
    tuesday = rows(later, "metric_signals", "metric = 'fulfilment.late_dispatch'").set_index(key)["peer_p50"]
    pd.testing.assert_series_equal(monday.sort_index(), tuesday.sort_index())


def test_a_metric_added_as_yaml_appears_in_the_tables(platform):
    folder = platform.home / "policy" / "profiles"
    folder.mkdir(parents=True)
    words = "{zh-CN: 名, zh-TW: 名, en: Name}"
    (folder / "own.yaml").write_text(
        "extends: neutral\nid: own\nmetrics:\n  - {id: fulfilment.undelivered, leg: fulfilment, kind: rate, "
        "feeds: [fulfilment], numerator: fulfilment_delivered_late, denominator: fulfilment_orders, windows: [14], "
        "min_n: 30, unit: percent, "
        f"limits: [{{kind: own, amber: 0.1, red: 0.2, mark: P, source: own}}], name: {words}, short: {words}, "
        f"how: {words}, good: {words}, bad: {words}}}\n",
        encoding="utf-8",
    )
    (platform.home / "config.yaml").write_text("profile: own\n", encoding="utf-8")
    day = platform.write()
    run(day)
    added = rows(day, "metric_signals", "metric = 'fulfilment.undelivered'")
    assert len(added) == 120
    assert set(added["light"]) == {"green"}


def test_a_profile_that_reads_no_column_is_refused(platform):
    folder = platform.home / "policy" / "profiles"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(
        "extends: neutral\nmetrics:\n  - {id: fulfilment.cancel_rate, numerator: fulfilment_canceled}\n",
        encoding="utf-8",
    )
    (platform.home / "config.yaml").write_text("profile: own\n", encoding="utf-8")
    day = platform.write()
    with pytest.raises(ValueError, match=r"fulfilment\.cancel_rate\.numerator: no column 'fulfilment_canceled'"):
        metric_signals(day)


def test_blocks_do_not_change_the_answer(platform):
    day = platform.write()
    run(day)
    together = rows(day, "metric_signals").sort_values(["merchant_id", "metric", "window"]).reset_index(drop=True)
    (platform.home / "config.yaml").write_text("block_merchants: 20\n", encoding="utf-8")
    apart_day = Day(type(day.workspace).at(platform.home), day.as_of)
    assert len(apart_day.blocks()) > 3
    run(apart_day)
    apart = rows(apart_day, "metric_signals").sort_values(["merchant_id", "metric", "window"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(together, apart, rtol=1e-9)


def test_hostile_names_are_only_names(platform):
    platform.ids[0] = "'; DROP TABLE metric_signals; --"
    platform.ids[1] = "<script>alert(1)</script>"
    platform.ids[2] = "店铺\u202e\x00x"
    day = platform.write()
    run(day)
    written = set(rows(day, "merchant_risk")["merchant_id"])
    assert set(platform.ids) == written


def test_late_parcels_after_a_run_on_the_shop_began_with_what_was_prepared(platform):
    platform.z["units", 1][5, -8:] = 7.0  # far more sold than was forecast
    due = platform.columns["fulfilment_dispatch_due"]
    for merchant in (5, 6):
        platform.columns["fulfilment_dispatched_late"][merchant, -6:] = np.round(due[merchant, -6:] * 0.3)
    day = platform.write()
    run(day)
    rises = rows(day, "leg_scores", "leg = 'rise:sales.forecast_break'").set_index("merchant_id")
    assert rises.loc["m00005", "p_value"] < 0.02
    legs = rows(day, "leg_status", "leg = 'fulfilment'").set_index("merchant_id")
    assert legs.loc[["m00005", "m00006"], "root_leg"].tolist() == ["stock_prep", "fulfilment"]
    sales = rows(day, "leg_status", "merchant_id = 'm00005' AND leg = 'sales'").iloc[0]
    assert (sales["light"], sales["root_leg"]) != ("red", "stock_prep")
    assert sales["p_value"] > 0.3
