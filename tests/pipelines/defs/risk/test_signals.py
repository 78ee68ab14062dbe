from datetime import date

from pipelines.defs.risk.signals import window_keys
from pipelines.defs.risk.step import metric_signals
from pipelines.policy import load_profile
from pipelines.workspace import Workspace


def signals(day, metric):
    with day.connect("metric_signals") as connection:
        found = connection.execute("SELECT * FROM metric_signals WHERE as_of = ? AND metric = ?", [day.as_of, metric])
        return found.df().set_index("merchant_id")


def test_every_window_is_a_signal_of_its_own(tmp_path):
    keys = window_keys(load_profile(Workspace.at(tmp_path)))
    assert ("fulfilment.late_dispatch", "10d") in keys
    assert ("fulfilment.late_dispatch", "30d") in keys
    assert len(keys) == len(set(keys)) == 35


def test_two_of_three_days_below_the_forecast_are_amber(platform):
    platform.z["units", 1][4, -3:] = [-1.5, 0.0, -1.5]
    platform.z["units", 1][5, -3:] = [-1.5, 0.0, 0.5]
    day = platform.write()
    metric_signals(day)
    found = signals(day, "sales.forecast_break")
    assert found.loc[platform.ids[4], "light"] == "amber"
    assert found.loc[platform.ids[5], "light"] == "green"
    assert found.loc[platform.ids[4], "money_at_risk"] > 0
    assert found.loc[platform.ids[5], "money_at_risk"] == 0


def test_a_total_stop_passes_the_control_and_is_red(platform):
    platform.z["units", 1][4, -1] = -9
    day = platform.write()
    metric_signals(day)
    found = signals(day, "sales.forecast_break").loc[platform.ids[4]]
    assert found["light"] == "red"
    assert found["p_value"] < 1e-4
    assert 7 < found["z"] < 11  # 9, relative to how all moved on the day


def test_small_samples_are_grey(platform):
    platform.columns["fulfilment_dispatch_due"][8] = 0
    platform.columns["fulfilment_dispatch_due"][8, -3:] = 5
    platform.columns["fulfilment_dispatched_late"][8] = 0
    platform.columns["fulfilment_dispatched_late"][8, -3:] = 5
    day = platform.write()
    metric_signals(day)
    found = signals(day, "fulfilment.late_dispatch").loc[[platform.ids[8]]]
    assert set(found["light"]) == {"grey"}
    assert set(found["grey_reason"]) == {"small_sample"}
    assert set(found["observed"]) == {1.0}


def test_amazons_own_arithmetic_is_red_where_our_limit_would_wait(platform):
    due = platform.columns["fulfilment_dispatch_due"]
    late = platform.columns["fulfilment_dispatched_late"]
    late[6], due[6] = 0, 1
    late[6, -1] = 1
    late[6, -20] = 1
    platform.home.joinpath("config.yaml").write_text("profile: amazon_us\n", encoding="utf-8")
    day = platform.write()
    metric_signals(day)
    found = signals(day, "fulfilment.late_dispatch").loc[platform.ids[6]].set_index("window")
    assert found.loc["10d", "observed"] == 0.1
    assert found.loc["10d", "light"] == "red"
    assert found.loc["10d", "limit_kind"] == "platform"
    assert found.loc["10d", "low"] < 0.04  # and the evidence beside it: it may be chance


def test_rates_know_the_next_review_and_other_kinds_do_not(platform):
    late, due = platform.columns["fulfilment_dispatched_late"], platform.columns["fulfilment_dispatch_due"]
    late[4, -5:] = (due[4, -5:] * 0.4).round()
    day = platform.write()  # 28 October: the review of 1 November sees three days more
    metric_signals(day)
    found = signals(day, "fulfilment.late_dispatch")
    assert set(found["review_on"].dt.date) == {date(2026, 11, 1)}
    assert found.loc[platform.ids[4], "breach_at_review"].min() > 0.9
    assert found.loc[platform.ids[5], "breach_at_review"].max() < 0.5
    assert signals(day, "sales.forecast_break")["review_on"].isna().all()
    assert signals(day, "experience.rating")["breach_at_review"].isna().all()


def test_a_platform_without_review_dates_names_none(platform):
    (platform.home / "config.yaml").write_text("profile: amazon_us\n", encoding="utf-8")
    day = platform.write()
    metric_signals(day)
    assert signals(day, "fulfilment.late_dispatch")["review_on"].isna().all()
