from datetime import date

import pytest
from pydantic import ValidationError

from models.metrics.review import Review


def review(**fields):
    return Review(**({"mark": "P", "source": "own"} | fields))


@pytest.mark.parametrize(
    ("as_of", "next_on", "ahead"),
    [
        (date(2026, 10, 29), date(2026, 11, 1), 2),  # it will see the 30th and 31st too
        (date(2026, 10, 31), date(2026, 11, 1), 0),  # it sees what is known today
        (date(2026, 11, 1), date(2026, 12, 1), 29),
        (date(2026, 12, 5), date(2027, 1, 1), 26),
    ],
)
def test_first_of_the_month(as_of, next_on, ahead):
    first = review(every="month", day=1)
    assert first.next_after(as_of) == next_on
    assert first.days_ahead(as_of) == ahead


def test_every_monday():
    monday = review(every="week", day="monday")
    assert monday.next_after(date(2026, 11, 1)) == date(2026, 11, 2)  # a Sunday
    assert monday.next_after(date(2026, 11, 2)) == date(2026, 11, 9)
    assert monday.days_ahead(date(2026, 11, 2)) == 6


def test_books_that_close_with_the_month_before():
    twentieth = review(every="month", day=20, closes="month_before")
    assert twentieth.last_day(date(2026, 11, 20)) == date(2026, 10, 31)
    assert twentieth.next_after(date(2026, 10, 25)) == date(2026, 11, 20)
    assert twentieth.days_ahead(date(2026, 10, 25)) == 6
    # On 5 November the review of the 20th is decided already; what comes counts on 20 December.
    assert twentieth.next_after(date(2026, 11, 5)) == date(2026, 12, 20)
    assert twentieth.days_ahead(date(2026, 11, 5)) == 25


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"every": "month", "day": 31}, "which every month has; found 31"),
        ({"every": "month", "day": "monday"}, "from 1 to 28"),
        ({"every": "week", "day": 1}, "such as monday; found 1"),
        ({"every": "week", "day": "someday"}, "such as monday; found someday"),
        ({"every": "week", "day": "monday", "closes": "month_before"}, "goes with every: month"),
        ({"every": "year", "day": 1}, "'month' or 'week'"),
    ],
)
def test_a_date_that_does_not_come_is_refused(fields, reason):
    with pytest.raises(ValidationError, match=reason):
        review(**fields)
