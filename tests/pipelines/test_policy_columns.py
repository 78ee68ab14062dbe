"""Metrics may name only what exists."""

from __future__ import annotations

import pytest

from pipelines.policy import load_profile
from pipelines.policy_columns import day_columns, level_columns, unknown_names
from pipelines.workspace import Workspace


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    return load_profile(Workspace.at(tmp_path_factory.mktemp("home")))


def test_the_shipped_profile_names_only_what_exists(profile):
    assert [list(unknown_names(metric)) for metric in profile.metrics] == [[] for _ in profile.metrics]


def test_columns_are_those_of_the_tables():
    assert {"fulfilment_dispatch_due", "stock_weighted_hours_open"} <= day_columns()
    assert {"skus_out", "hours_since_last_row"} <= level_columns()
    assert "FROM" not in level_columns()


@pytest.mark.parametrize(
    ("metric", "change", "expected"),
    [
        ("fulfilment.late_dispatch", {"numerator": "nobody"}, ("numerator", "no column 'nobody'; see")),
        ("fulfilment.late_dispatch", {"denominator": "fulfilment_orders - x1"}, ("denominator", "no column 'x1'")),
        ("stock.stockout_now", {"observed": "skus_outt"}, ("observed", "did you mean 'skus_out'?")),
        ("sales.forecast_break", {"feeds": ("sale",)}, ("feeds", "no feed 'sale'; did you mean 'sales'?")),
    ],
)
def test_what_does_not_exist_is_named(profile, metric, change, expected):
    changed = profile.metric(metric).model_copy(update=change)
    ((field, problem),) = unknown_names(changed)
    assert field == expected[0]
    assert expected[1] in problem
