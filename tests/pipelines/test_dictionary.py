import re

from pipelines.contracts.feeds import feeds
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.dictionary import _meaning, dictionary
from pipelines.tables import tables

TEXT = dictionary()
UNESCAPED = re.compile(r"(?<!\\)\|")


def section(name):
    return TEXT.split(f"### {name}\n")[1].split("\n### ")[0].split("\n## ")[0]


def test_every_feed_and_table_stands_there_once_with_every_column():
    headings = re.findall(r"^### (\w+)$", TEXT, re.MULTILINE)
    assert headings == [*feeds(), *tables()]
    for name, meaning in {**feeds(), **tables()}.items():
        for column in meaning.columns:
            assert f"\n| {column} | " in section(name), f"{name}.{column}"


def test_the_mart_shows_the_columns_that_follow_the_feeds():
    rows = re.findall(r"^\| (\w+) \|", section("merchant_day"), re.MULTILINE)
    assert sorted(rows) == sorted(["column", *merchant_day_schema().names])


def test_required_columns_units_and_retention_are_told():
    assert "| merchant_id | id | yes |" in section("merchants")
    assert "| merchant_name | text |  |" in section("merchants")
    assert "Wall time (s)" in section("run_log")
    assert "Kept 90 days." in section("rejected_rows")


def test_a_bar_in_a_text_does_not_make_a_column():
    assert _meaning("a|b", "x|y") == "a\\|b (x\\|y)"
    for name in feeds():
        rows = [line for line in section(name).splitlines() if line.startswith("|")]
        assert {len(UNESCAPED.findall(row)) for row in rows} == {5}, name
    for name in tables():
        rows = [line for line in section(name).splitlines() if line.startswith("|")]
        assert {len(UNESCAPED.findall(row)) for row in rows} == {4}, name
