"""Facts of the platform's page from the lake."""

# ruff: noqa: E501 - rows of figures read better unbroken

from datetime import date, timedelta

from pipelines.defs.publishing.context import page_context
from pipelines.defs.publishing.naming import page_names
from pipelines.defs.publishing.tower import read_tower, render_tower


def test_merchants_in_the_order_of_their_rank_with_their_reason(published_day):
    names = page_names(published_day.workspace)
    facts = read_tower(published_day, names)
    assert facts.before is None
    assert facts.totals["merchants"] == 2
    assert facts.totals["red"] == 2
    assert facts.merchants.name == ["Mianyu <b>Home</b>", "棉嶼家紡"]
    assert facts.merchants.lights == ["xxrxxxx", "xxrxxxx"]
    assert facts.merchants.why == ["fulfilment.late_dispatch"] * 2
    assert facts.merchants.why_value == [0.09, 0.09]
    assert facts.merchants.page[0] == names.name("m-1")


def test_of_several_legs_the_worst_speaks_then_the_strongest_evidence_then_the_name(published_day, frames):
    frame, _ = frames
    leg = {"as_of": published_day.as_of, "light": "red", "reason": "metric:x"}
    late = {"leg": "fulfilment", "reason": "metric:fulfilment.late_dispatch"}
    found = []
    for others, own in (
        ({"p_value": 2e-13}, 2e-13 + 1e-25),
        ({"p_value": 1e-13}, 2e-13),
        ({"light": "amber", "p_value": 0.0}, 0.9),
    ):
        frame(published_day, "leg_status", [
            {**leg, "merchant_id": "m-1", "leg": "sales", **others}, {**leg, "merchant_id": "m-1", **late, "p_value": own},
        ])  # fmt: skip
        found.append(read_tower(published_day, page_names(published_day.workspace)).merchants.why[0])
    assert found == ["fulfilment.late_dispatch", None, "fulfilment.late_dispatch"]


def test_matrix_counts_by_category_and_compares_with_the_day_before(published_day, frames):
    frame, _ = frames
    before = published_day.as_of - timedelta(days=1)
    frame(
        published_day,
        "merchant_risk",
        [{"as_of": before, "merchant_id": "m-1", "money_at_risk": 50.0, "light": "green"}],
    )
    frame(published_day, "leg_status", [{"as_of": before, "merchant_id": "m-1", "leg": "fulfilment", "light": "green"}])
    facts = read_tower(published_day, page_names(published_day.workspace))
    assert facts.before == before
    bedding = next(row for row in facts.matrix if row["category"] == "Bedding")
    assert (bedding["merchants"], bedding["red"], bedding["merchants_before"], bedding["red_before"]) == (1, 1, 1, 0)
    assert facts.merchants.money_before == [50.0, None]


def test_alerts_incidents_feeds_and_quality(published_day, frames):
    frame, _ = frames
    today = {"as_of": published_day.as_of}
    frame(published_day, "alerts", [
        {**today, "alert_id": "a", "merchant_id": "m-1", "status": "open", "incident_id": "i", "money_at_risk": 5.0, "opened_on": date(2026, 10, 30)},
        {**today, "alert_id": "b", "merchant_id": "m-2", "status": "resolved", "incident_id": None},
    ])  # fmt: skip
    frame(published_day, "incidents", [
        {**today, "incident_id": "i", "scope": "platform", "group": "", "leg": "sales", "metric": "sales.traffic_drop", "members": 2, "opened_on": published_day.as_of, "status": "open"},
        {**today, "incident_id": "j", "scope": "platform", "group": "", "leg": "sales", "metric": "x", "members": 2, "opened_on": published_day.as_of, "status": "resolved"},
    ])  # fmt: skip
    frame(
        published_day,
        "alert_volume",
        [{**today, "leg": "all", "opened_by": "all", "opened": 1, "reopened": 1, "live": 2}],
    )
    frame(
        published_day,
        "forecast_quality",
        [
            {
                "made_on": published_day.as_of,
                "segment": "all",
                "measure": "orders",
                "model": "m",
                "horizon": 1,
                "wape": 0.2,
            }
        ],
    )
    facts = read_tower(published_day, page_names(published_day.workspace))
    (incident,) = facts.incidents
    assert (incident["incident_id"], incident["alerts"], incident["money"]) == ("i", 1, 5.0)
    assert facts.merchants.alerts_open == [1, 0]
    assert facts.alerts[0]["opened"] == 2
    assert facts.feeds[0]["fresh"] == 2
    assert facts.quality[0]["wape"] == 0.2


def test_files_of_the_tower(published_day):
    names = page_names(published_day.workspace)
    files = render_tower(published_day, names, page_context(published_day, {}))
    assert set(files) == {
        f"{names.tower}.html",
        f"{names.tower}.zh-TW.html",
        f"{names.tower}.en.html",
        f"{names.tower}-merchants.js",
    }
    assert '<html lang="zh-CN">' in files[f"{names.tower}.html"]


def test_the_newest_measurement_of_alerts_is_shown_by_door_and_by_family(published_day, frames):
    frame, _ = frames
    whole = {"stratum": "all", "family": "all", "leg": "all", "metric": "all", "opened_by": "all", "source": "truth"}
    older, newer = published_day.as_of - timedelta(days=2), published_day.as_of - timedelta(days=1)
    frame(published_day, "alert_quality", [{**whole, "as_of": older, "backtest": "old", "precision": 0.1}])
    frame(published_day, "alert_quality", [
        {**whole, "as_of": newer, "backtest": "new", "precision": 0.8},
        {**whole, "as_of": newer, "backtest": "new", "opened_by": "limit"},
        {**whole, "as_of": newer, "backtest": "new", "family": "stock_out"},
        {**whole, "as_of": newer, "backtest": "new", "family": "stock_out", "opened_by": "limit"},
        {**whole, "as_of": newer, "backtest": "new", "leg": "sales"},
        {**whole, "as_of": newer, "backtest": "new", "stratum": "key", "opened_by": "limit"},
    ])  # fmt: skip
    rows = read_tower(published_day, page_names(published_day.workspace)).alert_quality
    assert {row["backtest"] for row in rows} == {"new"}
    assert [(row["family"], row["opened_by"]) for row in rows] == [
        ("all", "all"),
        ("all", "limit"),
        ("stock_out", "all"),
    ]
