import math

import pandas as pd

from models.evaluation.intervals import Resampling
from models.evaluation.judged import JudgedDays
from models.evaluation.labels import label_table

DAYS = JudgedDays(pd.Series(10, pd.date_range("2026-10-01", periods=10)))
HOW = Resampling(draws=100)
SIZES = pd.Series({"A": "large", "B": "small"})


def table_of(verdicts):
    rows = [
        ("1", "A", "sales", "sales.x", "anomaly"), ("2", "B", "sales", "sales.x", "anomaly"),
        ("3", "B", "service", "service.x", "limit"), ("4", "C", "service", "service.y", "limit"),
    ]  # fmt: skip
    columns = ["alert_id", "merchant_id", "leg", "metric", "opened_by"]
    alerts = pd.DataFrame(rows, columns=columns).assign(as_of="2026-10-03", opened_on="2026-10-03", incident_id=None)
    return label_table(alerts, pd.Series(verdicts, dtype=object), SIZES, DAYS, HOW)


def test_precision_by_door_and_by_size_of_the_shop():
    table = table_of({"1": "true", "2": "false", "3": "fixed"})
    doors = table[(table["leg"] == "all") & (table["stratum"] == "all")].set_index("opened_by")
    assert doors["judged_alerts"].to_dict() == {"all": 3, "anomaly": 2, "limit": 1}
    assert doors["precision"].round(2).to_dict() == {"all": 0.67, "anomaly": 0.5, "limit": 1.0}
    assert doors.loc["limit", "precision_low"] < 0.3  # one verdict says little
    sizes = table[table["stratum"] != "all"].set_index(["stratum", "opened_by"])["precision"]
    assert sizes.to_dict() == {("large", "anomaly"): 1.0, ("small", "anomaly"): 0.0, ("small", "limit"): 1.0}


def test_rates_are_of_all_openings_labelled_or_not():
    row = table_of({"1": "true"}).iloc[0]
    assert (row.alerts, row.judged_alerts, row.per_1000_merchant_days) == (4, 1, 40.0)
    assert math.isnan(row.recall)


def test_what_nobody_labelled_has_no_row():
    table = table_of({"3": "true"})
    assert set(table["leg"]) == {"all", "service"}
    assert "service.y" not in set(table["metric"])


def test_without_verdicts_there_is_no_row():
    assert table_of({}).empty


def test_a_shop_of_unknown_size_is_said_to_be_one():
    table = table_of({"4": "false"})
    assert table.loc[table["stratum"] != "all", "stratum"].tolist() == ["unknown"]
