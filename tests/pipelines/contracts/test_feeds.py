"""The contract is complete, and a mistake in it is answered with its place."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipelines.contracts.feeds import Contract, Feed, feed_key, feeds, lake_schema
from pipelines.yaml_file import PolicyFileError, load_yaml

LEGS = {"stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment"}


def test_all_feeds_are_described_and_merchants_come_first():
    assert list(feeds()) == [
        "merchants", "products", "stock", "inbound", "sales", "storefront", "fulfilment", "service", "service_hour",
        "roster", "after_sale", "cases", "reviews", "surveys", "consultations", "events", "plans", "feedback",
        "actions",
    ]  # fmt: skip
    for feed in feeds().values():
        assert feed.description
        assert all(column.description for column in feed.columns.values())
        assert set(feed.legs) <= LEGS


def test_keys_are_those_of_the_contract():
    assert feed_key("fulfilment") == ("date", "merchant_id", "carrier", "warehouse")
    assert feed_key("reviews") == ("review_id",)
    assert not feeds()["events"].by_merchant
    assert feeds()["sales"].dated
    assert not feeds()["reviews"].dated


def test_the_lake_adds_where_a_row_came_from():
    schema = lake_schema("sales")
    assert schema.names[-6:] == ["bucket", "known_on", "known_on_assumed", "file", "line", "known_month"]
    assert schema.field("units").type == pa.float64()
    assert schema.field("order_lines").type == pa.int64()
    assert "bucket" not in lake_schema("events").names


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("key: [gone]", "that the feed does not have: ['gone']"),
        ("key: [note]", "columns of the key must be required: ['note']"),
        ("parts: [{part: a, whole: gone}]", "that the feed does not have: ['gone']"),
        ("kind: weekly", "kind"),
        ("surprise: 1", "surprise"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(tmp_path, change, reason):
    lines = {
        "description": "d", "kind": "daily", "key": "[a]", "row_date": "a", "legs": "[]",
        "columns": "{a: {type: date, required: true, description: d}, note: {type: text, description: d}}",
    }  # fmt: skip
    name, value = change.split(": ", 1)
    lines[name] = value
    text = "feeds:\n  x:\n" + "".join(f"    {key}: {value}\n" for key, value in lines.items())
    path = tmp_path / "feeds.yaml"
    path.write_text(text)
    with pytest.raises(PolicyFileError, match=r"feeds\.yaml:\d") as error:
        load_yaml(path, Contract)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    "column",
    [
        {"type": "choice", "description": "d"},
        {"type": "text", "values": ("a",), "description": "d"},
        {"type": "count", "default": "0", "description": "d"},
        {"type": "count", "optional": True, "required": True, "description": "d"},
    ],
)
def test_columns_that_make_no_sense_are_refused(column):
    with pytest.raises(ValueError, match=r"choice|default|lack"):
        Feed(description="d", kind="append", key=("k",), row_date="k", legs=(), columns={"k": column})
