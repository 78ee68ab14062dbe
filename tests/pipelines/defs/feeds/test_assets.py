"""A feed is an asset: thin, described, and never failing on content."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.defs.common import WorkspaceResource
from pipelines.defs.feeds.assets import feed_assets
from pipelines.defs.feeds.checks import feed_checks


def land(workspace, feed, name, *rows):
    path = workspace.landing / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([",".join(feeds()[feed].columns), *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def materialize(workspace):
    """Return a function that materializes feeds with their checks."""

    def run(*names):
        chosen = [asset for asset in feed_assets if asset.key.to_user_string() in names]
        checks = [
            check for check in feed_checks if {key.asset_key.to_user_string() for key in check.check_keys} & set(names)
        ]
        resource = WorkspaceResource(home=str(workspace.home))
        return dg.materialize([*chosen, *checks], resources={"workspace": resource}, raise_on_error=False)

    return run


def results(run):
    return {
        (result.asset_key.to_user_string(), result.check_name): (result.passed, result.severity)
        for result in run.get_asset_check_evaluations()
    }


def test_every_feed_is_an_asset_with_group_columns_and_owner():
    assert {asset.key.to_user_string() for asset in feed_assets} == set(feeds())
    for asset in feed_assets:
        (spec,) = asset.specs
        assert (spec.group_name, spec.description) == ("feeds", feeds()[spec.key.to_user_string()].description)
        assert spec.owners
        names = [column.name for column in spec.metadata["dagster/column_schema"].columns]
        assert names == list(feeds()[spec.key.to_user_string()].columns)


def test_a_day_of_feeds_with_metadata_an_analyst_can_read(workspace, materialize):
    land(workspace, "merchants", "2026-10-01.csv", "m1,,,,,,,,,,")
    land(workspace, "sales", "2026-10-01.csv", "2026-10-01,m1,a,1,1,1,1,1,0", "2026-10-01,m1,b,-1,1,1,1,1,0")
    run = materialize("merchants", "sales")
    assert run.success
    (made,) = run.asset_materializations_for_node("sales")
    assert made.metadata["dagster/row_count"].value == 1
    assert made.metadata["rows rejected"].value == 1
    assert "| 2026-10 | `▒` |" in made.metadata["coverage"].value
    assert {passed for passed, _ in results(run).values()} == {True}


def test_a_broken_file_is_an_error_of_a_check_and_not_of_the_run(workspace, materialize):
    land(workspace, "merchants", "2026-10-01.csv", "m1,,,,,,,,,,")
    land(workspace, "sales", "2026-10-01.csv", "2026-10-01,m1,a,1,1,1,1,1,0")
    land(workspace, "sales", "2026-10-03.csv", "2026-10-03,m1,a,1,1,1,1,1,0")
    (workspace.landing / "sales" / "2026-10-04.csv").write_text("date;merchant_id\n")
    run = materialize("merchants", "sales")
    assert run.success
    found = results(run)
    assert found["sales", "readable"] == (False, dg.AssetCheckSeverity.ERROR)
    assert found["sales", "accounted"][0]
    assert found["sales", "complete"] == (False, dg.AssetCheckSeverity.WARN)
    texts = [result.description for result in run.get_asset_check_evaluations() if result.check_name == "readable"]
    assert "sales/2026-10-04.csv: columns are divided by semicolons; write commas" in texts


def test_without_merchants_the_run_stops_and_says_why(workspace, materialize):
    run = materialize("merchants")
    assert not run.success
    (failure,) = run.get_step_failure_events()
    assert "no merchants are known" in failure.step_failure_data.error.cause.message
