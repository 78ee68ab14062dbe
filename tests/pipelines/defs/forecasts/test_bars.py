"""Bars are as long as their values, marks stand where they should, and names stay text."""

from __future__ import annotations

from xml.etree import ElementTree

from pipelines.defs.forecasts.bars import BAR, LEFT, RIGHT, WIDTH, bars, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
FULL = WIDTH - LEFT - RIGHT


def drawn(*arguments):
    return ElementTree.fromstring(svg(*arguments))


def test_bars_are_proportional_and_what_is_not_known_has_none():
    picture = drawn("t", ["all", "new"], {"ours": [0.2, None], "naive": [0.4, 0.1]}, ())
    bars_drawn = picture.findall(f"{NAMESPACE}rect")
    assert [float(bar.attrib["width"]) for bar in bars_drawn] == [FULL / 2, FULL, FULL / 4]
    tops = [int(bar.attrib["y"]) for bar in bars_drawn]
    assert tops[1] - tops[0] == BAR  # side by side within a group


def test_a_mark_stands_at_its_share():
    line = drawn("t", ["all"], {"inside": [0.5]}, (0.8,)).find(f"{NAMESPACE}line")
    assert float(line.attrib["x1"]) == LEFT + FULL
    assert line.attrib["x1"] == line.attrib["x2"]


def test_hostile_segments_stay_text_and_nothing_known_draws_nothing():
    picture = drawn("<b>", ["</svg><script>"], {"<i>": [None]}, ())
    assert "</svg><script>" in [text.text for text in picture.findall(f"{NAMESPACE}text")]
    assert picture.findall(f"{NAMESPACE}rect") == []
    assert bars("orders [a]", [], {}, ()).startswith("![orders (a)](data:image/svg+xml;base64,")
