"""Texts are cut to what a channel takes, at the border of a character, and say so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.messages.fit import fit, size

ENDING = "Shortened; all of it: https://gps.example.com/p.html"


def test_what_fits_stays_whole():
    assert fit("备货" * 10, 60, "bytes", ENDING) == "备货" * 10
    assert fit("备货" * 10, 20, "characters", ENDING) == "备货" * 10


@pytest.mark.parametrize(("unit", "kept"), [("characters", 46), ("bytes", 14), ("json_bytes", 6)])
def test_what_is_cut_says_so_with_the_link(unit, kept):
    cut = fit("备" * 500, 100, unit, ENDING)
    assert cut == "备" * kept + "…\n" + ENDING
    assert size(cut, unit) <= 100


@pytest.mark.parametrize("letter", ["e\u0301", "👩‍👩‍👧", "👍🏽", "❤️"])
def test_a_letter_of_several_code_points_is_never_halved(letter):
    for most in range(60, 120):
        kept = fit(letter * 60, most, "characters", ENDING).partition("…")[0]
        assert kept == letter * (len(kept) // len(letter))


def test_no_room_but_for_the_ending():
    assert fit("x" * 500, 20, "bytes", ENDING) == ENDING[:20]


@given(st.text(max_size=300), st.integers(60, 200), st.sampled_from(["characters", "bytes", "json_bytes"]))
def test_never_longer_than_allowed_and_always_valid(text, most, unit):
    text = text.encode("utf-8", "ignore").decode()
    cut = fit(text, most, unit, ENDING)
    assert size(cut, unit) <= most
    assert json.loads(json.dumps(cut)) == cut
    assert cut == text or cut.endswith(ENDING)
