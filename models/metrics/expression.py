"""Sums and differences of columns, as policy rows write them: `surveys_nps_promoters - surveys_nps_detractors`.

Nothing else is understood, so that a policy file can never run code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
_TERM = re.compile(r"\s*([+-])\s*([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Expression:
    """Columns with signs, e.g. ((1, "orders"), (-1, "cancelled"))."""

    terms: tuple[tuple[int, str], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(name for _, name in self.terms)

    def evaluate(self, column: Callable[[str], FloatArray]) -> FloatArray:
        """Sum of the signed columns; NaN (not known) in any of them makes the sum NaN."""
        first_sign, first = self.terms[0]
        total = first_sign * column(first)
        for sign, name in self.terms[1:]:
            total = total + sign * column(name)
        return total


def parse_expression(text: str) -> Expression:
    """Read an expression such as `a + b - c`.

    Raises
    ------
    ValueError
        When it is anything but column names joined by + and -.
    """
    signed = text.strip() if text.strip().startswith("-") else f"+ {text.strip()}"
    terms, position = [], 0
    for match in _TERM.finditer(signed):
        if match.start() != position:
            break
        terms.append((1 if match[1] == "+" else -1, match[2]))
        position = match.end()
    if not terms or signed[position:].strip():
        raise ValueError(f"{text!r} is not a sum of columns; write column names joined by + and -")
    return Expression(tuple(terms))
