"""Conditions of the playbook: simple tests as data, evaluated over whole columns.

The idea: no expression language and nothing evaluated; a test names a column and what it must be. What is not known
fulfils no test (except the one that asks whether it is known), so no prompt is ever given without data.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.metrics.words import Frozen

Flags = NDArray[np.bool_]


class Test(Frozen):
    """A test of one column; every part that is given must hold.

    `is` (equal), `in` (one of), `not_in` (a value, but none of), `at_least`, `above`, `at_most`, `below` (numbers),
    `known` (has a value).
    """

    __test__ = False  # pytest: not a test case

    column: str
    equals: str | bool | None = Field(default=None, alias="is")
    among: tuple[str, ...] | None = Field(default=None, alias="in")
    not_in: tuple[str, ...] | None = None
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    known: bool | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Test:
        given = self.model_dump(exclude={"column"}, exclude_none=True)
        if not given:
            raise ValueError(
                f"the test of {self.column} asks nothing; give is, in, not_in, at_least, above, at_most, below or known"
            )
        return self


class AnyOf(Frozen):
    """Holds where at least one of its tests does."""

    any: tuple[Test, ...] = Field(min_length=2)


Condition = Test | AnyOf


def columns_read(conditions: tuple[Condition, ...]) -> frozenset[str]:
    """Columns that the conditions name."""
    tests = [
        test for condition in conditions for test in (condition.any if isinstance(condition, AnyOf) else (condition,))
    ]
    return frozenset(test.column for test in tests)


def holds(rows: pd.DataFrame, conditions: tuple[Condition, ...]) -> Flags:
    """Which rows fulfil all conditions; (n,) array of bool."""
    result = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        if isinstance(condition, AnyOf):
            result &= np.logical_or.reduce([_passes(rows, test) for test in condition.any])
        else:
            result &= _passes(rows, condition)
    return result


def _passes(rows: pd.DataFrame, test: Test) -> Flags:
    values = rows[test.column]
    result = np.ones(len(rows), dtype=bool)
    if test.known is not None:
        result &= values.notna().to_numpy() == test.known
    if test.equals is not None:
        result &= _equal(values, test.equals)
    if test.among is not None:
        result &= values.isin(test.among).to_numpy()
    if test.not_in is not None:
        result &= (values.notna() & ~values.isin(test.not_in)).to_numpy()
    numbers = [
        (np.greater_equal, test.at_least),
        (np.greater, test.above),
        (np.less_equal, test.at_most),
        (np.less, test.below),
    ]
    if any(border is not None for _, border in numbers):
        known: Any = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
        for compare, border in numbers:
            if border is not None:
                result &= compare(known, border)  # NaN compares as False
    return result


def _equal(values: pd.Series[Any], wanted: str | bool) -> Flags:
    return np.asarray((values == wanted).fillna(False).to_numpy(), dtype=bool)
