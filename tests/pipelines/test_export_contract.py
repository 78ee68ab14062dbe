"""What is handed to a platform's engineers is what the reader takes."""

from __future__ import annotations

import csv
import re
import shutil

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.dictionary import dictionary
from pipelines.export_contract import allowed, examples, export_contract
from pipelines.tables import tables


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contract")
    assert str(export_contract(folder)).startswith(f"{folder}: templates/ and examples/ of {len(feeds())} feeds")
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_templates_are_a_header_and_nothing_else(folder):
    assert sorted(path.stem for path in (folder / "templates").iterdir()) == sorted(feeds())
    for name, feed in feeds().items():
        text = (folder / "templates" / f"{name}.csv").read_text(encoding="utf-8")
        assert text == ",".join(feed.columns) + "\n"


def test_every_example_is_accepted_whole_by_the_reader(folder, workspace):
    shutil.copytree(folder / "examples", workspace.landing)
    report = ingest(workspace)
    for name in feeds():
        (path,) = (folder / "examples" / name).iterdir()
        read, written = report.feeds[name], len(rows(path))
        assert (read.files, read.read, read.accepted, read.rejected, read.held) == (1, written, written, 0, 0), name


def test_every_column_is_filled_in_some_example(folder):
    for name, feed in feeds().items():
        (path,) = (folder / "examples" / name).iterdir()
        shown = rows(path)
        empty = [column for column in feed.columns if not any(row[column] for row in shown)]
        assert empty == [], name


def test_templates_are_accepted_too_and_say_nothing(folder, workspace):
    for name in feeds():
        (workspace.landing / name).mkdir(parents=True)
        shutil.copy(folder / "templates" / f"{name}.csv", workspace.landing / name / "2026-10-30.csv")
    report = ingest(workspace)
    assert {read.read for read in report.feeds.values()} == {0}
    assert not [
        entry for entry in workspace.lake.read("ingested_files").to_pylist() if entry["status"] == "quarantined"
    ]


def test_the_page_has_the_facts_of_the_dictionary(folder):
    page = (folder / "data-dictionary.html").read_text(encoding="utf-8")
    plain = (
        page.replace("&#39;", "'").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    )
    for name in [*feeds(), *tables()]:
        assert f">{name}</h3>" in plain
    for line in dictionary().splitlines():
        for cell in re.split(r"(?<!\\)\|", line)[1:-1] if line.startswith("| ") else ():
            assert cell.strip().replace("\\|", "|") in plain, line


def test_the_page_loads_its_style_and_nothing_else(folder):
    page = (folder / "data-dictionary.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="([^#"][^"]*)"', page) == ["data-dictionary.css"]
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "url(" not in (folder / "data-dictionary.css").read_text(encoding="utf-8")


def test_an_example_that_the_contract_does_not_know_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "examples.yaml"
    monkeypatch.setattr("pipelines.export_contract.EXAMPLES", path)
    path.write_text("feeds: {sales: {delivered_on: 2026-10-30, rows: [{units: 1}]}}", encoding="utf-8")
    with pytest.raises(ValueError, match="examples and feeds differ.*'storefront'"):
        examples()


def test_what_a_column_may_hold_in_words():
    sales, surveys = feeds()["sales"].columns, feeds()["surveys"].columns
    assert allowed(sales["on_promotion"]) == "0 to 1"
    assert allowed(sales["order_lines"]) == "0 or more"
    assert allowed(sales["sku_id"]) == "may be empty"
    assert allowed(surveys["kind"]) == "nps, csat"
    assert allowed(surveys["text"]) == ""
    assert allowed(feeds()["after_sale"].columns["defective_buyers"]) == "0 or more; the column may be left out"
    assert allowed(feeds()["merchants"].columns["status"]) == "open, suspended, closed; empty = open"
