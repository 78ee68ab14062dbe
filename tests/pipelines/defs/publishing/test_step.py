"""A day's pages: one per merchant, whole, in its language; one bad merchant stops nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.day import Day
from pipelines.defs.publishing import step
from pipelines.defs.publishing.context import page_context
from pipelines.defs.publishing.naming import page_names
from pipelines.defs.publishing.reading import read_events, read_facts
from pipelines.workspace import Workspace


def files(day):
    folder = step.day_folder(day)
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_page_per_merchant_in_its_language_with_its_spreadsheets(published_day):
    assert step.pages(published_day) == {"pages": 2}
    first, second = (step.page_path(published_day, merchant) for merchant in ("m-1", "m-2"))
    assert '<html lang="en">' in first.read_text(encoding="utf-8")
    assert "Mianyu &lt;b&gt;Home&lt;/b&gt;" in first.read_text(encoding="utf-8")
    assert '<html lang="zh-TW">' in second.read_text(encoding="utf-8")
    stem = first.stem
    assert files(published_day) == {f"{stem}.html", f"{stem}-forecast.csv", f"{stem}-stock.csv", second.name}
    assert "'=s" in (first.parent / f"{stem}-stock.csv").read_text(encoding="utf-8")


def test_the_day_is_shown_by_the_tower_and_not_before(published_day):
    step.pages(published_day)
    assert not (published_day.workspace.pages / "latest.json").exists()
    assert step.tower(published_day) == {"tower": 1}
    assert (published_day.workspace.pages / "latest.json").exists()
    page = step.tower_path(published_day)
    assert step.page_path(published_day, "m-1").name in page.read_text(encoding="utf-8")
    assert {name for name in files(published_day) if name.startswith("tower-")} == {
        f"{page.stem}.html", f"{page.stem}.zh-TW.html", f"{page.stem}.en.html", f"{page.stem}-merchants.js",
    }  # fmt: skip


def test_nothing_outside_the_pages_folder_links_a_merchant(published_day):
    step.pages(published_day)
    step.tower(published_day)
    door = (published_day.workspace.pages / "index.html").read_text(encoding="utf-8")
    assert page_names(published_day.workspace).name("m-1") not in door
    assert page_names(published_day.workspace).tower not in door


def test_again_gives_the_same_bytes(published_day):
    def contents():
        return {path.name: path.read_bytes() for path in step.day_folder(published_day).iterdir()}

    step.pages(published_day)
    step.tower(published_day)
    before = contents()
    step.pages(published_day)
    step.tower(published_day)
    assert contents() == before


def test_all_languages_when_asked(published_day):
    config = published_day.workspace.home / "config.yaml"
    config.write_text("buckets: 2\npublishing: {all_locales: true}\n", encoding="utf-8")
    day = Day(Workspace.at(published_day.workspace.home), published_day.as_of)
    assert step.pages(day) == {"pages": 2}
    stem = step.page_path(day, "m-1").stem
    assert {f"{stem}.html", f"{stem}.zh-CN.html", f"{stem}.zh-TW.html"} <= files(day)
    html = (step.day_folder(day) / f"{stem}.zh-CN.html").read_text(encoding="utf-8")
    assert f'href="{stem}.html" hreflang="en"' in html


def test_a_backtest_makes_no_pages(published_day):
    day = replace(published_day, kind="backtest", backtest="b")
    assert step.pages(day) == {"pages": 0}
    assert step.tower(day) == {"tower": 0}
    assert not published_day.workspace.pages.exists()


def test_one_bad_merchant_stops_nobody(published_day):
    folder = step.day_folder(published_day)
    folder.mkdir(parents=True)
    facts = list(read_facts(published_day, None, read_events(published_day)))
    facts[0] = replace(facts[0], money_at_risk="not a number")
    names = page_names(published_day.workspace)
    done = step.publish_facts(facts, page_context(published_day, {}), folder, names, all_locales=False)
    assert done.pages == 1
    assert [merchant for merchant, _ in done.failed] == ["m-1"]
    assert files(published_day) == {f"{names.name('m-2')}.html"}


def test_when_every_page_fails_the_step_says_why(published_day, monkeypatch):
    def broken(*args: object, **more: object) -> None:
        raise ValueError("broken template")

    monkeypatch.setattr(step, "render", broken)
    with pytest.raises(RuntimeError, match="broken template"):
        step.pages(published_day)


def test_two_processes_write_the_same_pages(published_day, monkeypatch):
    step.pages(published_day)
    before = {path.name: path.read_bytes() for path in step.day_folder(published_day).iterdir()}
    for path in step.day_folder(published_day).iterdir():
        path.unlink()
    monkeypatch.setattr(step, "_MERCHANTS", 1)  # a task per bucket
    assert step.pages(published_day) == {"pages": 2}
    assert {path.name: path.read_bytes() for path in step.day_folder(published_day).iterdir()} == before


def test_pages_of_merchants_with_path_like_ids_stay_in_the_folder(published_day, deliver):
    from datetime import date

    deliver("merchants", date(2026, 1, 2), {"merchant_id": "../../etc/passwd", "merchant_name": "x", "status": "open"})
    assert step.pages(published_day) == {"pages": 3}
    outside = [
        path
        for path in published_day.workspace.published.rglob("*.html")
        if path.parent != step.day_folder(published_day)
    ]
    assert outside == []
    assert isinstance(step.page_path(published_day, "../../etc/passwd"), Path)
