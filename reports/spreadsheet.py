"""CSV that a spreadsheet opens safely and in the right letters.

Names come from feeds and are hostile: a cell that begins like a formula gets an apostrophe before it (OWASP, "CSV
Injection"). The byte order mark tells Excel that the file is UTF-8.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers and days stay what they are."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    risky = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return "'" + text if risky else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A whole CSV file as text, with CRLF line ends (RFC 4180)."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue()
