"""The page at the door names the day and no merchant."""

from datetime import date

from reports.index import render_index


def test_door_says_the_day_in_three_languages_and_links_nowhere():
    html = render_index("<Haina> Mall", date(2026, 10, 30), {"style.css": "abc"})
    assert "2026年10月30日 周五" in html
    assert "2026年10月30日 週五" in html
    assert "Fri 30 Oct 2026" in html
    assert "&lt;Haina&gt; Mall" in html
    assert "<a " not in html
    assert "static/style.css?v=abc" in html
