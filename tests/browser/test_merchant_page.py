"""The merchant's page in a real browser: quiet, never wider than the screen, accessible, inert, printable."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe

from reports.formatting import LOCALES

pytestmark = pytest.mark.browser

KINDS = ("rich", "empty", "hostile")


def serious(page):
    """Faults that axe calls serious or critical, with where they are."""
    found = (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}).response
    )
    return [
        (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3])
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_opens_from_disk_quietly_and_fits(visit, kind, width, locale):
    visited = visit(f"{kind}-{locale}", width)
    assert visited.complaints == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("kind", ["rich", "empty"])
def test_accessible(visit, kind, width, scheme):
    page = visit(f"{kind}-en", width, scheme).page
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert serious(page) == []


def test_headline_route_and_first_action_are_seen_at_once_on_a_phone(visit):
    page = visit("rich-zh-CN", 390).page
    assert (
        page.locator(".action").first.bounding_box()["y"] + page.locator(".action").first.bounding_box()["height"]
        <= 844
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_whatever_can_be_touched_is_44_pixels_high(visit, width):
    page = visit("rich-en", width).page
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll('a, button, summary, input')).filter((each) => {
            const box = each.getBoundingClientRect();
            return box.width > 0 && box.top >= 0 && box.height < 43.5 && getComputedStyle(each).cursor !== 'default';
        }).map((each) => each.outerHTML.slice(0, 90) + ' ' + each.getBoundingClientRect().height)"""
    )
    assert small == []


def test_hostile_names_stay_text(visit):
    page = visit("hostile-en").page
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.locator("#chart").hover()
    assert page.evaluate("window.hacked") is None
    assert page.locator("h3", has_text="<script>window.hacked=1</script>").count() >= 1
    assert page.locator("#chart", has_text="</script><svg onload=window.hacked=1>").count() == 1
    assert page.evaluate("document.querySelectorAll('img, iframe').length") == 0


def test_inline_script_would_not_run(visit):
    visited = visit("rich-en")
    visited.page.evaluate(
        """() => { const script = document.createElement('script');
                   script.textContent = 'window.hacked = 1'; document.body.append(script); }"""
    )
    assert visited.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("locale", LOCALES)
def test_readable_without_javascript(visit, locale):
    page = visit(f"rich-{locale}", 360, java_script_enabled=False).page
    assert page.locator("h1").is_visible()
    assert page.locator(".station").count() == 8
    assert page.locator(".track").first.is_visible()
    assert page.locator("noscript p").is_visible()
    for name in (".forecast details.table:not(.parts)", ".forecast details.parts"):
        page.locator(f"{name} summary").click()
        assert page.locator(f"{name} tbody tr").count() == 28
        assert page.locator(f"{name} tbody tr").first.is_visible()
    assert page.locator(".mini").is_hidden()
    assert page.locator(".zoom").is_hidden()


def test_legs_below_the_first_three_are_folded_on_a_phone_and_open_on_a_desk(visit):
    phone = visit("rich-en", 390).page
    assert phone.locator("details.leg[open]").count() == 3
    assert phone.locator("details.leg").count() == 7
    assert visit("rich-en", 1280).page.locator("details.leg[open]").count() == 7


def test_a_station_leads_to_its_leg_and_opens_it(visit):
    page = visit("rich-en", 390).page
    assert not page.locator("#leg-after_sale").evaluate("leg => leg.open")
    page.locator(".station a[href='#leg-after_sale']").click()
    assert page.locator("#leg-after_sale").evaluate("leg => leg.open")


def test_small_route_follows_after_the_large_one(visit):
    page = visit("rich-en", 390).page
    assert page.locator(".mini").is_hidden()
    page.locator("#data-title").scroll_into_view_if_needed()
    page.locator(".mini").wait_for(state="visible")
    assert page.locator(".mini a").count() == 7


def test_zoom_leaves_the_event_out(visit, until):
    page = visit("rich-en").page
    top = "document.getElementById('chart')._fullLayout.yaxis.range[1]"
    everything = page.evaluate(top)
    page.get_by_role("button", name="Without the event").click()
    until(page, f"{top} < {everything} / 2")
    assert page.get_by_role("button", name="Without the event").get_attribute("aria-pressed") == "true"


def test_chart_follows_the_colour_scheme(visit, until):
    page = visit("rich-en").page
    colour = "document.getElementById('chart')._fullLayout.font.color"
    before = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    until(page, f"{colour} !== '{before}'")


def test_keyboard_begins_with_the_skip_link(visit):
    page = visit("rich-en").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_stations_are_read_in_the_order_of_the_route(visit):
    page = visit("rich-en", 390).page
    names = page.locator(".station a").evaluate_all("links => links.map((link) => link.hash)")
    assert names == [
        f"#leg-{leg}"
        for leg in ("stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_prints_on_a4_with_everything_open(visit, kind):
    page = visit(f"{kind}-en").page
    page.emulate_media(media="print")
    assert page.locator(".mini").is_hidden()
    pdf = page.pdf(format="A4", print_background=True)
    assert io.BytesIO(pdf).read(5) == b"%PDF-"
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 12


def test_print_is_on_white_even_in_the_dark(visit):
    page = visit("rich-en", scheme="dark").page
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(23, 32, 43)"
