"""When a platform next looks at its merchants, and which days it will then have before it.

Why: a merchant plans with "what will they see on the 20th", not with "what is it today". A review sees the days up to
the one before it, or, where the platform closes its books by month, those up to the end of the month before.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import model_validator

from models.metrics.words import Frozen

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_DAY_OF_ALL_MONTHS = 28


class Review(Frozen):
    """Dates on which merchants are reviewed: a day of each month, or a weekday.

    Parameters
    ----------
    day : int or str
        1 to 28 where `every` is month, the name of a weekday where it is week.
    closes : str
        `day_before`: the review sees the days before it. `month_before`: the days up to the end of the month before.
    """

    every: Literal["month", "week"]
    day: int | str
    closes: Literal["day_before", "month_before"] = "day_before"
    mark: Literal["O", "T", "P"]
    source: str

    @model_validator(mode="after")
    def _a_day_that_always_comes(self) -> Review:
        if self.every == "month":
            if isinstance(self.day, str) or not 1 <= self.day <= LAST_DAY_OF_ALL_MONTHS:
                raise ValueError(f"a monthly review needs a day from 1 to 28, which every month has; found {self.day}")
        elif self.day not in WEEKDAYS:
            raise ValueError(f"a weekly review needs a day such as monday; found {self.day}")
        elif self.closes == "month_before":
            raise ValueError("closes: month_before goes with every: month")
        return self

    def next_after(self, as_of: date) -> date:
        """First review after a day that will see the day, so that what comes still counts."""
        found = as_of + timedelta(days=1)
        while not self._is_review(found) or self.last_day(found) < as_of:
            found += timedelta(days=1)
        return found

    def last_day(self, review: date) -> date:
        """Last day that a review sees."""
        first = review.replace(day=1) if self.closes == "month_before" else review
        return first - timedelta(days=1)

    def days_ahead(self, as_of: date) -> int:
        """Days after `as_of` that the next review will see; 0 where it sees what is known today."""
        return (self.last_day(self.next_after(as_of)) - as_of).days

    def _is_review(self, day: date) -> bool:
        return day.day == self.day if self.every == "month" else WEEKDAYS[day.weekday()] == self.day
