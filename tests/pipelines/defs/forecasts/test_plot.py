"""The plot is well-formed SVG, keeps gaps, and names cannot break out of it."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

from pipelines.defs.forecasts.plot import picture, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_every_stretch_without_a_gap_is_a_line() -> None:
    drawn = ElementTree.fromstring(svg("t", ["a", "b", "c", "d"], {"x": [1.0, None, 2.0, 4.0], "y": [None] * 4}))
    lines = drawn.findall(f"{NAMESPACE}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [1, 2]
    assert lines[1].attrib["points"].split()[1].endswith(",30.0")  # the largest value touches the top


def test_hostile_names_stay_text() -> None:
    drawn = ElementTree.fromstring(svg('<script>"', ["<b>"], {"</svg>": [1.0]}))
    texts = [text.text for text in drawn.findall(f"{NAMESPACE}text")]
    assert '<script>"' in texts
    assert "</svg>" in texts


def test_a_picture_is_markdown_with_the_drawing_inside() -> None:
    made = picture("gmv [all]", [], {})
    assert made.startswith("![gmv (all)](data:image/svg+xml;base64,")
    ElementTree.fromstring(base64.b64decode(made.split(",", 1)[1].rstrip(")")))
