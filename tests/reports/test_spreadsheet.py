"""No cell is a formula, and numbers stay numbers."""

import csv
import io
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.spreadsheet import BYTE_ORDER_MARK, csv_text, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u3000=1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text):
    assert str(safe_cell(text)).startswith("'")


def test_other_cells_stay_what_they_are():
    assert safe_cell(-3.5) == -3.5
    assert safe_cell("a=b") == "a=b"
    assert safe_cell(date(2026, 11, 11)) == "2026-11-11"
    assert safe_cell(None) == ""
    assert safe_cell(math.nan) == ""


def test_file_opens_as_utf8_and_reads_back():
    text = csv_text(["商品", "=x"], [['a,"b"\nc', 1], ["=1", None]])
    assert text.startswith(BYTE_ORDER_MARK)
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows == [["商品", "'=x"], ['a,"b"\nc', "1"], ["'=1", ""]]


@given(st.text())
def test_no_text_survives_as_a_formula(text):
    cell = str(safe_cell(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
