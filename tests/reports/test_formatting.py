"""Numbers as look.md writes them, in three languages."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import formatting as f

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        (90_000, "zh-CN", f"¥9.0{NBSP}万"),
        (90_000, "zh-TW", f"CN¥9.0{NBSP}萬"),
        (90_000, "en", "¥90.0k"),
        (90_000, "zh_CN", f"¥9.0{NBSP}万"),
        (4_250.4, "en", "¥4,250"),
        (4_250.4, "zh-CN", "¥4,250"),
        (-90_000, "en", "−¥90.0k"),
        (-0.2, "en", "¥0"),
        (9_999.4, "en", "¥9,999"),
        (9_999.6, "zh-CN", f"¥1.0{NBSP}万"),
        (99_999_999, "zh-CN", f"¥1.0{NBSP}亿"),
        (999_999, "en", "¥1.0m"),
        (3.2e9, "en", "¥3.2bn"),
        (None, "en", "—"),
        (math.nan, "zh-CN", "—"),
        (math.inf, "en", "—"),
    ],
)
def test_money(value, locale, text):
    assert f.money(value, "CNY", locale) == text


@pytest.mark.parametrize("locale", f.LOCALES)
@pytest.mark.parametrize("value", [1e15, 1e22, 1e300, 1.7e308, -1e300, 5e-324])
def test_figures_that_nobody_can_read_out_stay_short(value, locale):
    for text in (f.number(value, locale, 2), f.percent(value, locale), f.money(value, "CNY", locale)):
        assert 0 < len(text) < 30


def test_a_share_too_large_for_a_percentage_is_not_known():
    assert f.percent(1.7e308, "en") == f.UNKNOWN


def test_money_of_other_currencies_is_told_apart():
    assert f.money(120, "USD", "zh-CN") == "US$120"
    assert f.money(120, "USD", "en") == "$120"
    assert f.money(120, "TWD", "zh-TW") == "NT$120"


def test_number_and_percent_use_a_true_minus_and_fixed_decimals():
    assert f.number(-1234.56, "en", 1) == "−1,234.6"
    assert f.number(-0.04, "en", 1) == "0.0"
    assert f.percent(0.0314, "zh-CN") == "3.1%"
    assert f.percent(-0.0314, "en") == "−3.1%"
    assert f.percent(None, "en") == "—"


def test_days():
    singles = date(2026, 11, 11)
    assert f.day(singles, "zh-CN") == "11月11日 周三"
    assert f.day(singles, "zh-TW") == "11月11日 週三"
    assert f.day(singles, "en") == "Wed 11 Nov"
    assert f.day_short(singles, "en") == "11 Nov"
    assert f.day_long(singles, "en") == "Wed 11 Nov 2026"
    assert f.day(None, "en") == "—"


@pytest.mark.parametrize(
    ("name", "locale"),
    [("zh_Hant_HK", "zh-TW"), ("zh", "zh-CN"), ("EN-us", "en"), ("<script>", "en"), (None, "en"), (math.nan, "en")],
)
def test_any_locale_name_is_brought_to_one_of_three(name, locale):
    assert f.normalise_locale(name) == locale


@given(st.floats(min_value=-1e14, max_value=1e14), st.sampled_from(f.LOCALES))
def test_money_and_number_never_fail_and_keep_the_sign(value, locale):
    text = f.money(value, "CNY", locale)
    assert text.startswith("−") == (round(value) < 0)
    assert "-" not in text
    assert "-" not in f.number(value, locale, 2)
