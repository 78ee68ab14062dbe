"""The dictionary's page: sections in order, text as text."""

from reports.dictionary.page import STYLE, ColumnText, Section, render_dictionary, style_sheet

FEED = Section(
    "sales", "What was <b>paid</b>.", [("Key", "date, merchant_id")],
    [ColumnText("units", "decimal", True, 'Units "paid"', "0 or more")],
)  # fmt: skip
TABLE = Section("alerts", "Alerts.", [], [ColumnText("key", "text", False, "Key")])


def test_feeds_tell_what_must_be_given_and_tables_do_not():
    page = render_dictionary([FEED], [TABLE])
    assert '<h3 id="feed-sales">sales</h3>' in page
    assert '<a href="#table-alerts">alerts</a>' in page
    assert "<td>yes</td><td>0 or more</td><td>Units &#34;paid&#34;</td>" in page
    assert '<th scope="row"><code>key</code></th><td>text</td><td>Key</td>' in page
    assert page.index("feed-sales") < page.index("table-alerts")


def test_descriptions_are_text():
    page = render_dictionary([FEED], [])
    assert "What was &lt;b&gt;paid&lt;/b&gt;." in page
    assert f'href="{STYLE}"' in page


def test_the_style_sheet_knows_dark_screens():
    assert "prefers-color-scheme: dark" in style_sheet()
