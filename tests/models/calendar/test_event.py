"""Whom an event concerns, and which days it touches."""

from __future__ import annotations

from datetime import date

import pytest

from models.calendar.event import Event

EVENT = Event("e", "sale", (), "peak", date(2026, 11, 10), date(2026, 11, 11), scope="toys")


@pytest.mark.parametrize(
    ("category", "region", "concerned"), [("toys", "north", True), ("food", "toys", True), ("food", "north", False)]
)
def test_a_scope_is_a_category_or_a_region(category: str, region: str, concerned: bool) -> None:
    assert EVENT.concerns(category, region) is concerned


def test_an_empty_scope_concerns_all() -> None:
    assert Event("e", "sale", (), "peak", date(2026, 1, 1), date(2026, 1, 1)).concerns("", "")


@pytest.mark.parametrize(("first", "last", "touches"), [(9, 10, True), (11, 30, True), (1, 9, False), (12, 30, False)])
def test_first_and_last_day_belong_to_it(first: int, last: int, touches: bool) -> None:
    assert EVENT.touches(date(2026, 11, first), date(2026, 11, last)) is touches
