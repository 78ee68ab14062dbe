from datetime import date

import dagster as dg
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.defs.common import WorkspaceResource, column_schema, daily_partitions, run_days, table_spec
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.tables import tables
from pipelines.workspace import HOME_VARIABLE


def described(table):
    return {column.name: column for column in column_schema(table).columns}


def test_columns_are_described_with_their_units():
    unit_price = feeds()["products"].columns["unit_price"]
    assert unit_price.unit == "money"
    assert described("products")["unit_price"].description == f"{unit_price.description} (money)"
    assert described("run_log")["seconds"].description == "Wall time (s)"
    assert described("run_log")["step"].description == "Step"  # no empty brackets


def test_an_open_table_shows_the_columns_that_follow_the_feeds():
    columns = described("merchant_day")
    assert set(columns) == set(merchant_day_schema().names) | set(tables()["merchant_day"].columns)
    assert columns["sales_units"].type == "double"


def test_a_table_is_told_with_its_key_its_group_and_its_own_words():
    spec = table_spec("segments", deps=["merchants"])
    assert (spec.key, spec.group_name) == (dg.AssetKey("segments"), tables()["segments"].group)
    assert spec.description == tables()["segments"].description
    assert spec.metadata["key"] == ", ".join(tables()["segments"].key)
    assert [dep.asset_key for dep in spec.deps] == [dg.AssetKey("merchants")]
    assert table_spec("segments", group="other").group_name == "other"


def test_partitions_are_days_of_the_platforms_zone_from_its_first_day(tmp_path, monkeypatch):
    (tmp_path / "config.yaml").write_text("timezone: Asia/Tokyo\nstart_on: 2026-02-03\n", encoding="utf-8")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    partitions = daily_partitions()
    assert partitions.timezone == "Asia/Tokyo"
    assert partitions.get_first_partition_key() == "2026-02-03"


class Run:
    """What a step sees of Dagster."""

    def __init__(self, *keys):
        self.partition_keys = list(keys)
        self.run = type("R", (), {"run_id": "run-1"})()


def test_a_run_of_many_days_goes_from_the_oldest_and_adds_the_rows_up(workspace):
    seen, asked = [], []

    def step(day):
        seen.append(day.as_of)
        return {"segments": 2}

    def details(day):
        asked.append(day.as_of)
        return {"segments": {"note": "n"}}

    resource = WorkspaceResource(home=str(workspace.home))
    results = run_days(Run("2026-01-02", "2026-01-01"), resource, "s", step, ["segments", "prompts"], details)
    first, second = list(results)
    assert seen == [date(2026, 1, 1), date(2026, 1, 2)]
    assert asked == [date(2026, 1, 2)]
    assert first.metadata == {"dagster/row_count": 4, "note": "n"}
    assert second.metadata == {"dagster/row_count": 0}
    logged = workspace.lake.read("run_log", ["as_of", "rows_out"]).to_pylist()
    assert sorted(logged, key=lambda row: row["as_of"]) == [
        {"as_of": date(2026, 1, 1), "rows_out": 2},
        {"as_of": date(2026, 1, 2), "rows_out": 2},
    ]


def test_an_unknown_table_is_an_error():
    with pytest.raises(KeyError, match="sails"):
        column_schema("sails")
