import pandas as pd
import pytest

from models.evaluation.openings import alert_openings, incident_appearances, incident_openings

COLUMNS = ["as_of", "alert_id", "merchant_id", "leg", "metric", "opened_by", "opened_on", "incident_id"]


def test_first_state_and_newest_incident_win_in_any_order_of_rows():
    rows = [
        ("2026-10-04", "1", "A", "sales", "m", "anomaly", "2026-10-03", "i1"),
        ("2026-10-03", "1", "A", "stock_prep", "m", "limit", "2026-10-03", ""),
        ("2026-10-05", "1", "A", "sales", "m", "anomaly", "2026-10-05", None),
    ]
    opening = alert_openings(pd.DataFrame(rows, columns=COLUMNS)).iloc[0]
    assert opening.leg == "stock_prep"
    assert opening.opened_on == pd.Timestamp("2026-10-03")
    assert opening.incident_id == "i1"


def test_incident_on_many_days_is_one():
    rows = [(day, "i1", "platform", "all", "sales", "m", "2026-10-03") for day in ("2026-10-04", "2026-10-03")]
    columns = ["as_of", "incident_id", "scope", "group", "leg", "metric", "opened_on"]
    assert len(incident_openings(pd.DataFrame(rows, columns=columns))) == 1


def test_an_incident_appears_again_on_the_day_on_which_it_is_much_worse():
    columns = ["as_of", "incident_id", "scope", "group", "leg", "metric", "opened_on", "worsened_on"]
    rows = [
        ("2026-10-03", "i1", "platform", "all", "sales", "visitors", "2026-10-03", None),
        ("2026-10-04", "i1", "platform", "all", "sales", "orders", "2026-10-03", "2026-10-04"),
        ("2026-10-05", "i1", "platform", "all", "sales", "visitors", "2026-10-03", "2026-10-04"),
    ]
    found = incident_appearances(pd.DataFrame(rows, columns=columns))
    days = pd.to_datetime(["2026-10-03", "2026-10-04"]).astype("datetime64[s]")
    assert found["opened_on"].tolist() == list(days)
    assert found["metric"].tolist() == ["visitors", "orders"]
    older = pd.DataFrame(rows, columns=columns).drop(columns="worsened_on")
    assert len(incident_appearances(older)) == 1


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="opened_on"):
        alert_openings(pd.DataFrame(columns=COLUMNS).drop(columns="opened_on"))


def test_the_root_is_what_the_alert_said_when_it_opened():
    rows = [
        ("2026-10-04", "1", "A", "fulfilment", "m", "limit", "2026-10-03", None, "fulfilment"),
        ("2026-10-03", "1", "A", "fulfilment", "m", "limit", "2026-10-03", None, "sales"),
        ("2026-10-03", "2", "A", "service", "m", "limit", "2026-10-03", None, None),
    ]
    openings = alert_openings(pd.DataFrame(rows, columns=[*COLUMNS, "root_leg"])).set_index("alert_id")
    assert openings["named_root"].to_dict() == {"1": "sales", "2": "service"}
