"""Makes the pictures of the README anew from the default workspace: `make pictures`, after `make demo`.

Not a test: a small script beside the browser tests, so that the pictures show today's pages and nobody crops by hand.
"""

import shutil
import sys
from pathlib import Path

import duckdb
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from pipelines.defs.publishing.naming import page_names
from pipelines.workspace import Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# A page worth showing: something to do, something excellent, no leg without data.
WORTH_SHOWING = """
SELECT merchant_id, max(as_of)::VARCHAR AS day
FROM leg_status JOIN merchants USING (merchant_id)
WHERE as_of = (SELECT max(as_of) FROM leg_status) AND locale = $locale
GROUP BY merchant_id
ORDER BY least(count(*) FILTER (light = 'red'), 2) + least(count(*) FILTER (light = 'star'), 1)
    - count(*) FILTER (light = 'grey') DESC, merchant_id
LIMIT 1
"""
PICTURES = (  # name, language of the merchant (None: the tower), width, height, pixels per point, colours
    ("merchant-phone", "zh-CN", 390, 1688, 1.5, "light"),
    ("merchant-desktop", "en", 1280, 1000, 1.0, "light"),
    ("merchant-dark", "zh-TW", 1280, 1000, 1.0, "dark"),
    ("tower", None, 1280, 1000, 1.0, "light"),
)


def page_of(workspace: Workspace, locale: str | None) -> Path:
    """The page to show: a merchant's of the language, or the tower."""
    with duckdb.connect(str(workspace.home / "published/warehouse/latest.duckdb"), read_only=True) as warehouse:
        merchant, day = warehouse.execute(WORTH_SHOWING, {"locale": locale or "en"}).fetchall()[0]
    names = page_names(workspace)
    return workspace.home / "published/pages" / day / f"{names.name(merchant) if locale else names.tower}.html"


def take(browser: Browser, page: Path, width: int, height: int, scale: float, scheme: str, target: Path) -> None:
    """Open the page, wait for its charts, keep what stands above the fold of a tall window."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme=scheme
    )
    opened = context.new_page()
    opened.goto(page.as_uri())
    opened.wait_for_timeout(2000)
    opened.screenshot(path=str(target))
    context.close()
    Image.open(target).convert("RGB").save(target, optimize=True)  # a palette would turn amber into red


def main(home: Path, folder: Path) -> None:
    """Take all pictures."""
    workspace = Workspace.at(home)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, locale, width, height, scale, scheme in PICTURES:
            target = folder / f"{name}.png"
            take(browser, page_of(workspace, locale), width, height, scale, scheme, target)
            print(target)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
