from datetime import date

import pytest
from pydantic import ValidationError

from models.metrics.rules import CountRule, Limit, LookBack, Needs

PLATFORM = {"kind": "platform", "red": 0.02, "mark": "O", "source": "page"}
OWN = {"kind": "own", "amber": 0.01, "red": 0.02, "mark": "P", "source": "own"}
BANDS = [{"grade": "green", "up_to": 0.15}]


def limit(**changes):
    return Limit.model_validate(PLATFORM | changes)


def test_a_limit_holds_between_its_dates_both_included():
    one = limit(valid_from="2026-03-10", valid_until="2026-03-31")
    held = [one.holds_on(date(2026, 3, day)) for day in (9, 10, 31)] + [one.holds_on(date(2026, 4, 1))]
    assert held == [False, True, True, False]
    assert limit().holds_on(date(1999, 1, 1))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"red": None, "amber": 0.01}, "needs red"),
        (OWN | {"at_limit": "breach"}, "belongs to a platform limit"),
        (OWN | {"count": {"of": "buyers", "at_most": 3}}, "belongs to a platform limit"),
        (OWN | {"bands": BANDS, "beyond": "red"}, "belongs to a platform limit"),
        ({"bands": BANDS}, "go together"),
        ({"beyond": "red"}, "go together"),
        ({"count": {"of": "buyers * 2", "at_most": 3}}, "sum of columns"),
        ({"count": {"of": "buyers", "at_most": -1}}, "greater than or equal to 0"),
        ({"count": {"of": "buyers", "at_most": 3, "breach": "perhaps"}}, "both"),
        ({"at_limit": "perhaps"}, "allowed"),
        ({"valid_from": "2026-03-10", "valid_until": "2026-03-09"}, "is after"),
        ({"mark": "X"}, "mark"),
    ],
)
def test_what_cannot_work_is_refused(changes, reason):
    with pytest.raises(ValidationError, match=reason):
        limit(**changes)


def test_counted_columns_are_parsed():
    assert CountRule(of="a + b", at_most=2).expression.columns == ("a", "b")
    assert LookBack(counts="a", at_least=400).expression.columns == ("a",)
    assert Needs(counts="a - b", at_least=10, days=365).expression.terms == ((1, "a"), (-1, "b"))
    with pytest.raises(ValidationError):
        Needs(counts="a", at_least=10, days=401)
