"""Values with their units."""

import math

import pytest

from reports.texts import catalogue
from reports.values import metric_value


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "locale", "text"),
    [
        (0.0314, "percent", 1, "en", "3.1%"),
        (13.14, "days", 1, "zh-CN", "13.1\u00a0天"),
        (13.14, "days", 1, "en", "13.1\u00a0d"),
        (90_000, "money", 0, "zh-TW", "CN¥9.0\u00a0萬"),
        (1234, "count", 0, "en", "1,234"),
        (4.756, "score", 2, "en", "4.76"),
        (None, "days", 0, "en", "—"),
        (math.nan, "percent", 0, "en", "—"),
    ],
)
def test_value_with_unit(value, unit, decimals, locale, text):
    assert metric_value(value, unit, decimals, catalogue(locale), "CNY") == text


def test_an_unknown_unit_says_which_text_is_missing():
    with pytest.raises(KeyError, match=r"unit\.parsecs"):
        metric_value(1, "parsecs", 0, catalogue("en"), "CNY")
