import json

import numpy as np
import pandas as pd
import pytest

from models.risk.outlook.outcomes import COLLAPSE
from pipelines.defs.risk.outlooks import read_outlooks
from pipelines.defs.risk.panel import read_merchants
from pipelines.policy import load_profile, load_risk_settings


@pytest.fixture
def collapsing(platform):
    """Sixty shops that slid and fell at different times, one that slides now."""
    platform.size[:] = 60
    units = platform.rng.poisson(60.0, platform.columns["sales_units"].shape).astype(float)
    for number in range(60):
        start = 60 + 2 * number
        units[number, start : start + 7] *= 0.5
        units[number, start + 7 :] *= 0.02
    units[100, -7:] *= 0.5
    platform.columns["sales_units"] = np.round(units)
    return platform


def told(day):
    merchants = read_merchants(day)
    settings = load_risk_settings(day.workspace).outlook
    outlooks = read_outlooks(day, merchants, load_profile(day.workspace), settings)
    rows = pd.concat([one.to_pandas() for one in outlooks.rows()], ignore_index=True)
    return merchants, outlooks, rows


def test_a_sliding_merchant_has_the_larger_outlook_with_its_reasons(collapsing):
    merchants, outlooks, rows = told(collapsing.write())
    sliding, steady = (merchants.ids.to_pylist().index(collapsing.ids[number]) for number in (100, 101))
    assert outlooks.p_bad(14)[sliding] > 2 * outlooks.p_bad(14)[steady]
    assert np.isnan(outlooks.p_bad_healthy(14)[sliding])
    assert json.loads(outlooks.reasons()[sliding])[0]["code"] == "falling_volume"
    mine = rows[(rows["merchant_id"] == collapsing.ids[100]) & (rows["outcome"] == COLLAPSE)].set_index("horizon")
    assert mine.loc[14, "p"] == outlooks.p_bad(14)[sliding]
    assert mine.loc[28, "p"] == outlooks.p_bad(28)[sliding]


def test_every_merchant_is_told_each_outcome_or_why_not(collapsing):
    _, _, rows = told(collapsing.write())
    per_outcome = rows.groupby(["outcome", "horizon"])["merchant_id"].nunique()
    for outcome in (COLLAPSE, "dormancy", "rating_fall"):
        assert per_outcome[outcome].tolist() == [120, 120]
    assert (rows["p"].isna() == rows["note"].notna()).all()
    assert not rows.duplicated(["merchant_id", "outcome", "horizon"]).any()


def test_rates_are_told_under_the_name_of_their_metric(platform):
    late = platform.columns["fulfilment_dispatched_late"]
    due = platform.columns["fulfilment_dispatch_due"]
    for number in range(0, 120, 2):
        start = 40 + number
        late[number, start : start + 20] = np.round(due[number, start : start + 20] * 0.1)
    _, _, rows = told(platform.write())
    found = rows[rows["outcome"] == "limit_breach:fulfilment.late_dispatch"]
    assert set(found["horizon"]) == {14, 28}
    assert found["p"].between(0, 1).sum() > 100
    assert not (rows["note"] == "few_orders").any()


def test_a_platform_that_has_sold_nothing_is_told_so(platform):
    for name in platform.columns:
        platform.columns[name][:] = np.nan
    _, outlooks, rows = told(platform.write())
    assert set(rows["note"]) == {"short_history"}
    assert np.isnan(outlooks.p_bad(14)).all()


def test_a_short_history_leaves_the_order_to_the_rules(platform):
    for name, values in platform.columns.items():
        platform.columns[name] = values[:, -70:]
    platform.days = 70
    _, outlooks, rows = told(platform.write())
    assert np.isnan(outlooks.p_bad(14)).all()
    assert outlooks.reasons().tolist() == [None] * 120
    assert "short_history" in set(rows["note"])
