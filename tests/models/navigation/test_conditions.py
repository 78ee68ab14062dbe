from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from models.navigation.conditions import AnyOf, Test, columns_read, holds

ROWS = pd.DataFrame(
    {
        "light": ["red", "amber", None, "green"],
        "chance": [0.9, 0.5, np.nan, 0.1],
        "flag": pd.Series([True, False, None, None], dtype=object),
    }
)


def passing(**test: object) -> list[bool]:
    return holds(ROWS, (Test.model_validate(test),)).tolist()


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"column": "light", "is": "red"}, [True, False, False, False]),
        ({"column": "light", "in": ["red", "amber"]}, [True, True, False, False]),
        ({"column": "light", "not_in": ["red"]}, [False, True, False, True]),
        ({"column": "chance", "at_least": 0.5}, [True, True, False, False]),
        ({"column": "chance", "above": 0.5}, [True, False, False, False]),
        ({"column": "chance", "at_most": 0.5}, [False, True, False, True]),
        ({"column": "chance", "below": 0.5, "at_least": 0.0}, [False, False, False, True]),
        ({"column": "chance", "known": True}, [True, True, False, True]),
        ({"column": "chance", "known": False}, [False, False, True, False]),
        ({"column": "flag", "is": True}, [True, False, False, False]),
        ({"column": "flag", "is": False}, [False, True, False, False]),
    ],
)
def test_what_is_not_known_fulfils_no_test(test: dict[str, object], expected: list[bool]) -> None:
    assert passing(**test) == expected


def test_all_conditions_must_hold_and_any_of_a_group() -> None:
    either = AnyOf.model_validate({"any": [{"column": "light", "is": "red"}, {"column": "chance", "below": 0.2}]})
    both = (either, Test(column="chance", at_least=0.5))
    assert holds(ROWS, (either,)).tolist() == [True, False, False, True]
    assert holds(ROWS, both).tolist() == [True, False, False, False]
    assert columns_read(both) == {"light", "chance"}


def test_a_test_that_asks_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="asks nothing"):
        Test(column="light")


def test_no_rows_pass_nothing() -> None:
    assert holds(ROWS.head(0), (Test(column="chance", above=0),)).tolist() == []
