"""A real browser on pages that lie on disk, as a merchant opens them."""

import importlib.util
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pipelines.defs.publishing.files import publish_static, write_in
from reports.formatting import LOCALES
from reports.merchant.page import render
from reports.tower.page import render as render_tower
from reports.tower.table import table_script

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KINDS = ("rich", "empty", "hostile")


def load(name: str) -> ModuleType:
    """Load hand-made facts of tests/reports."""
    spec = importlib.util.spec_from_file_location(f"page_{name}", Path(__file__).parents[1] / "reports" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"page_{name}"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system; `make test` installs it where it is missing."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of three merchants and the tower in three languages, with the files that they share."""
    page_facts, platform = load("facts"), load("tower_facts")
    pages = tmp_path_factory.mktemp("pages")
    publish_static(pages)
    folder = pages / "2026-10-30"
    folder.mkdir()
    for locale in LOCALES:
        for kind in KINDS:
            page = render(getattr(page_facts, kind)(locale), page_facts.CONTEXT, f"{kind}-{locale}")
            write_in(folder, f"{kind}-{locale}.html", page.html)
        tower = platform.tower(page_facts)
        write_in(folder, f"tower-{locale}.html", render_tower(tower, page_facts.CONTEXT, locale, "shops.js", {}))
        write_in(folder, "shops.js", table_script(tower.merchants))
    return folder


class Visit:
    """An open page and everything it complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))

    def ready(self) -> "Visit":
        """Wait until the chart (where there is one) and the table are drawn."""
        self.page.wait_for_load_state("load")
        if self.page.locator("#chart-data").count():
            self.page.wait_for_selector("#chart .main-svg", state="attached", timeout=15_000)
        return self


def wait_until(page: Page, condition: str, seconds: float = 10) -> None:
    """Ask the page again until a condition holds; Playwright's own waiting needs eval, which our pages forbid."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came true: {condition}"
        page.wait_for_timeout(50)


@pytest.fixture
def until() -> Callable[..., None]:
    """The function that waits."""
    return wait_until


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator:
    """A function that opens a page of the site with a width, colour scheme and more."""
    contexts: list[BrowserContext] = []

    def open_page(name: str, width: int = 1280, scheme: str = "light", **more: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, **more)
        contexts.append(context)
        visited = Visit(context.new_page())
        visited.page.goto(f"file://{site / name}.html")
        return visited if more.get("java_script_enabled") is False else visited.ready()

    yield open_page
    for context in contexts:
        context.close()
