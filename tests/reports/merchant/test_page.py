"""Whole pages: complete, escaped, small and quick."""

import re
from html.parser import HTMLParser

import pytest

from reports.formatting import LOCALES
from reports.merchant.page import render


class Tags(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]


def parsed(html):
    tags = Tags()
    tags.feed(html)
    return tags


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["rich", "empty", "hostile"])
def test_page_is_sound(facts, kind, locale):
    page = render(getattr(facts, kind)(locale), facts.CONTEXT, "name")
    tags = parsed(page.html)
    assert f'<html lang="{locale}">' in page.html
    assert tags.tags.count("h1") == 1
    assert len(tags.ids) == len(set(tags.ids))
    assert [tag for tag in tags.tags if tag in ("style", "iframe", "object", "base", "form", "img")] == []
    assert [a for a in tags.attributes if a[1] == "style" or a[1].startswith("on")] == []


def test_policy_allows_only_our_own_files(facts):
    html = render(facts.rich(), facts.CONTEXT, "name").html
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    sources = [
        value for tag, name, value in parsed(html).attributes if tag in ("script", "link") and name in ("src", "href")
    ]
    assert all(source.startswith(("../static/", "data:,")) for source in sources)


def test_nothing_hostile_becomes_markup(facts):
    html = render(facts.hostile(), facts.CONTEXT, "name").html
    scripts = re.findall(r"<script[^>]*>", html)
    assert len(scripts) == 2  # ours, and the data of the chart
    assert "<svg onload" not in html
    assert "<img" not in html
    assert "49" not in re.findall(r"<h3[^>]*>[^<]*7\*7[^<]*", html)[0]
    assert "&lt;script&gt;window.hacked=1&lt;/script&gt;" in html


def test_text_directions_of_names_stay_inside_their_element(facts):
    html = render(facts.hostile(), facts.CONTEXT, "name").html
    assert 'dir="auto">&lt;script&gt;window.hacked=1&lt;/script&gt;\u202e' in html


def test_pages_in_other_languages_are_linked(facts):
    html = render(facts.rich(), facts.CONTEXT, "name", "en", {"zh-CN": "name.html"}).html
    assert '<html lang="en">' in html
    assert 'href="name.html" hreflang="zh-CN"' in html


def test_a_page_is_small(facts):
    assert len(render(facts.rich(), facts.CONTEXT, "name").html.encode()) < 120_000
