"""The platform's page in a real browser, and its table with 100,000 merchants."""

import importlib.util
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from reports.formatting import LOCALES
from reports.tower.table import table_script

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("width", [360, 1280])
def test_opens_from_disk_quietly_and_fits(visit, width, locale):
    visited = visit(f"tower-{locale}", width)
    assert visited.complaints == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_accessible(visit, width, scheme):
    page = visit("tower-en", width, scheme).page
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}).response["violations"]
    assert [
        (fault["id"], fault["nodes"][0]["html"][:160]) for fault in found if fault["impact"] in ("serious", "critical")
    ] == []


def names(page):
    return page.locator("#shops tbody th a").all_inner_texts()


def test_search_sort_and_pages(visit, until):
    page = visit("tower-en").page
    assert len(names(page)) == 50
    assert page.locator(".shown").inner_text() == "1–50 of 120"
    page.get_by_role("button", name="Next").click()
    assert names(page)[0] == "Shop 50"
    page.locator("#find").fill("shop 11")
    until(page, "document.querySelector('.shown').textContent === '1–11 of 11'")
    assert names(page) == ["Shop 11", *(f"Shop {i}" for i in range(110, 120))]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="At risk, 14 d").click()
    assert names(page)[0] == "Shop 119"
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Rank").click()
    assert names(page)[0] == "Shop 11"
    page.locator("#find").fill("nobody")
    until(page, "document.querySelector('.shown').textContent === 'Nothing found.'")


@pytest.mark.parametrize("locale", LOCALES)
def test_script_writes_rows_as_the_page_does(visit, locale):
    """The first rows come from Python, later ones from the script: both must read alike."""
    written = visit(f"tower-{locale}", java_script_enabled=False).page
    drawn = visit(f"tower-{locale}").page
    rows = "rows => rows.map((row) => row.textContent)"
    assert drawn.locator("#shops tbody tr").evaluate_all(rows) == written.locator("#shops tbody tr").evaluate_all(rows)


def test_readable_without_javascript(visit):
    page = visit("tower-en", 360, java_script_enabled=False).page
    assert len(names(page)) == 50
    assert page.locator("noscript p").is_visible()
    assert page.locator(".find").is_hidden()


def test_a_hundred_thousand_merchants_do_not_stall(visit, until, site):
    spec = importlib.util.spec_from_file_location("many", Path(__file__).parents[1] / "reports" / "tower_facts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    html = (site / "tower-en.html").read_text(encoding="utf-8").replace("shops.js", "many.js")
    (site / "many.html").write_text(html, encoding="utf-8")
    script = table_script(module.merchants(100_000, name="<b>Shop"))
    (site / "many.js").write_text(script, encoding="utf-8")
    assert len(script) < 20_000_000
    page = visit("many").page
    until(page, "document.querySelector('.shown').textContent === '1–50 of 100,000'")
    assert page.locator("#shops tbody tr").count() == 50
    clicks = """(name) => { const start = performance.now();
        Array.from(document.querySelectorAll('#shops thead button')).find((each) => each.textContent === name).click();
        return performance.now() - start; }"""
    for name in ("At risk, 14 d", "Merchant", "First thing to do"):
        assert page.evaluate(clicks, name) < 30_000  # a hang, not a speed: about 200 ms here, texts about 1 s
    page.locator("#find").fill("shop 99999")
    until(page, "document.querySelector('.shown').textContent === '1–1 of 1'")
    assert names(page) == ["<b>Shop 99999"]
