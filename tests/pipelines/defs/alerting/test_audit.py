"""The audit sample over a real lake: a week of a small platform, lived through once for all tests."""

import shutil

import pytest

from pipelines.defs.alerting.step import alerts
from pipelines.workspace import Workspace

WEEK = range(4, 11)  # Monday to Sunday
ALERTED, QUIET = [f"red{number}" for number in range(9)], "calm"


@pytest.fixture(scope="module")
def week_home(tmp_path_factory, delivering, platform_of):
    """Nine merchants in trouble and a quiet one; chance alone would look at the quiet one in a week of ten."""
    home = tmp_path_factory.mktemp("week")
    (home / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    workspace = Workspace.at(home)
    platform = platform_of(workspace, delivering(workspace))
    everyone = [*ALERTED, QUIET]
    platform.merchants(*everyone)
    for number in WEEK:
        day = platform.day(number).as_of
        platform.signals(day, red=ALERTED, calm=[QUIET])
        platform.put("merchant_risk", day, *({"merchant_id": one, "p_value_leg": "sales"} for one in everyone))
        platform.put("segments", day, *({"merchant_id": one, "size_class": "small"} for one in everyone))
        platform.put("leg_scores", day, {"merchant_id": QUIET, "leg": "sales", "p_value": 0.4})
        alerts(platform.day(number))
    return home


@pytest.fixture
def lived(week_home, platform):
    """A copy of the platform after that week."""
    shutil.copytree(week_home, platform.workspace.home, dirs_exist_ok=True)
    return platform


def day_of(platform, sample):
    """The day on which the week's only audit was drawn, and another."""
    days = [platform.day(number) for number in WEEK]
    (drawn,) = [day for day in days if day.as_of == sample["as_of"]]
    return drawn, next(day for day in days if day is not drawn)


def test_a_small_platform_looks_at_one_quiet_merchant_a_week_and_at_none_with_an_alert(lived):
    (sample,) = lived.rows("audit_sample")
    assert sample["merchant_id"] == QUIET
    assert (sample["stratum"], sample["leg"], sample["p_value"]) == ("small", "sales", 0.4)
    assert sample["audit_id"].startswith("AUDIT-")
    assert {row["merchant_id"] for row in lived.rows("alerts", as_of=lived.day(WEEK[-1]).as_of)} == set(ALERTED)


def test_a_day_run_again_draws_the_same(lived):
    (before,) = lived.rows("audit_sample")
    for day in day_of(lived, before):
        alerts(day)
    assert lived.rows("audit_sample") == [before]


def test_who_gets_an_alert_after_all_is_not_looked_at(lived):
    (sample,) = lived.rows("audit_sample")
    drawn, _ = day_of(lived, sample)
    lived.signals(drawn.as_of, red=[*ALERTED, QUIET])
    alerts(drawn)
    assert lived.rows("audit_sample") == []
