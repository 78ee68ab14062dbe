"""The control of a day: the policy's share without verdicts, each leg's own with them, and nothing from the future."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pytest

from models.risk.settings import ControlSettings, LastingSettings
from pipelines.day import Day
from pipelines.defs.risk.control import control_table, read_control, recent_legs
from pipelines.policy import load_profile

START = date(2026, 10, 1)
LEGS = ("sales", "service")
SETTINGS = ControlSettings(q=0.1, least_labels=5, step=2.0, q_least=0.05)
# Of 100 merchants the first has p = 2 x 0.0006 by sales, the second 2 x 0.0004 by service: 0.1 x 2 / 100 lets both
# pass. With 0.05 for sales the first would need 0.05 x 2 / 100.
LEG_P = np.full((2, 100), 0.5)
LEG_P[0, 0], LEG_P[1, 1] = 0.0006, 0.0004


@pytest.fixture
def platform(workspace, deliver):
    """Ten sales anomalies of the first day, all called false on the day after."""
    schema = workspace.lake.read("alerts").schema
    alert = {"leg": "sales", "metric": "sales.forecast_break", "opened_by": "anomaly", "opened_on": START}
    names = [f"A{number}" for number in range(10)]
    rows = [{**dict.fromkeys(schema.names), "as_of": START, "alert_id": name, **alert} for name in names]
    workspace.lake.replace_day("alerts", START, pa.Table.from_pylist(rows, schema=schema))
    said_on = START + timedelta(days=1)
    said = {"given_at": datetime.combine(said_on, time(9)), "action": "label", "verdict": "false"}
    deliver("feedback", said_on, *({"feedback_id": name, "alert_id": name, **said} for name in names))
    return workspace


def control_on(workspace, number):
    day = Day(workspace, START + timedelta(days=number))
    control = read_control(day, load_profile(workspace), SETTINGS, LEGS, LEG_P[None])
    return day, control


def test_without_verdicts_the_policy_holds(platform):
    day, control = control_on(platform, 0)
    assert control.level == 0.1
    assert control.flagged.tolist() == [True, True] + [False] * 98
    assert {row["weight"] for row in control_table(day, control).to_pylist()} == {1.0}


def test_verdicts_known_by_the_day_move_the_leg(platform):
    day, control = control_on(platform, 1)
    assert control.level == pytest.approx(0.075)
    assert control.flagged.tolist() == [False, True] + [False] * 98
    sales, service = control_table(day, control).to_pylist()
    assert (sales["q"], sales["moved_on"], sales["labels"]) == (0.05, day.as_of, 0)
    assert (service["q"], service["moved_on"], service["low"]) == (0.1, None, None)
    assert sales["weight"] == pytest.approx(0.05 / 0.075)


def test_rows_fit_their_table(platform):
    day, control = control_on(platform, 1)
    assert day.write("leg_control", control_table(day, control)) == 2


def test_who_stands_out_for_days_is_flagged_though_no_day_is_enough(platform):
    """p = 0.003 on 8 and on 7 of 10 days of sales, and on all ten of a leg that counts few cases."""
    leg_p = np.tile(LEG_P, (10, 1, 1))
    leg_p[2:, 0, 5], leg_p[3:, 0, 6], leg_p[:, 1, 7] = 0.003, 0.003, 0.003
    control = read_control(Day(platform, START), load_profile(platform), SETTINGS, LEGS, leg_p)
    assert np.flatnonzero(control.flagged).tolist() == [0, 1, 5]
    assert control.lasting[[0, 1, 5, 6, 7]].tolist() == [-1, -1, 0, -1, -1]  # the first two pass by today alone
    assert control.p_value[5] == pytest.approx(0.006)


def test_the_days_before_are_read_by_merchant_and_leg_and_nothing_later(workspace):
    schema = workspace.lake.read("leg_scores").schema
    for ago, p_value in ((-1, 0.1), (0, 0.2), (1, 0.3), (9, 0.4), (10, 0.5)):
        on = START - timedelta(days=ago)
        rows = [{"as_of": on, "merchant_id": "m2", "leg": leg, "p_value": p_value} for leg in ("service", "other")]
        made = [{**dict.fromkeys(schema.names), **row} for row in rows]
        workspace.lake.replace_day("leg_scores", on, pa.Table.from_pylist(made, schema=schema))
    day = Day(workspace, START)
    today = np.array([[0.6, 0.7], [0.8, 0.9]])
    settings = SETTINGS.model_copy(update={"lasting": LastingSettings(legs=("service",))})
    with day.connect("leg_scores") as connection:
        connection.register("day_merchants", pa.table({"merchant_id": ["m1", "m2"], "place": [0, 1]}))
        recent = recent_legs(day, connection, LEGS, today, settings)
        of_sales = recent_legs(day, connection, LEGS, today, SETTINGS)
    assert np.isnan(of_sales[:-1]).all()  # legs whose trouble cannot last are not read
    assert recent[-1].tolist() == today.tolist()
    expected = np.full((9, 2, 2), np.nan)
    expected[-1, 1, 1], expected[0, 1, 1] = 0.3, 0.4
    np.testing.assert_array_equal(recent[:-1], expected)
