"""The catalogues are complete, alike and safe."""

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

import reports
from reports.formatting import LOCALES
from reports.merchant.facts import LEGS
from reports.texts import catalogue

REPORTS = Path(reports.__file__).parent
KEY = r"""['"]([a-z_]+(?:\.[A-Za-z0-9_-]+)+)['"]"""
IN_CODE, IN_TEMPLATES = re.compile(r"(?:text|html|raw)\(\s*" + KEY), re.compile(KEY + r"\|[th]\b")


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_all_languages_have_the_same_keys():
    assert catalogue("zh-CN").keys == catalogue("zh-TW").keys == catalogue("en").keys
    assert len(catalogue("en").keys) > 300


def test_no_text_is_empty_and_placeholders_agree():
    english = catalogue("en")
    for key in english.keys:
        for locale in LOCALES:
            for n in (1, 2):
                text = catalogue(locale).raw(key, n)
                assert text.strip(), (key, locale)
                # a language may leave the count out ("Do this today"), never another value
                assert names_in(text) - {"n"} == names_in(english.raw(key, 2)) - {"n"}, (key, locale)


def test_every_key_that_code_and_templates_ask_for_exists():
    asked = set()
    ours = [
        path for part in ("merchant", "tower") for path in (REPORTS / part).rglob("*") if path.suffix in {".j2", ".py"}
    ]
    for path in [*ours, *REPORTS.glob("*.py")]:
        asked |= set((IN_TEMPLATES if path.suffix == ".j2" else IN_CODE).findall(path.read_text(encoding="utf-8")))
    assert len(asked) > 100
    assert asked <= catalogue("en").keys


def test_every_leg_light_and_mark_of_the_ruler_has_a_name():
    keys = catalogue("zh-CN").keys
    layout = yaml.safe_load((REPORTS / "merchant" / "layout.yaml").read_text(encoding="utf-8"))
    assert {f"legs.{leg}" for leg in LEGS} | {f"legs_short.{leg}" for leg in LEGS} <= keys
    assert {f"light.{light}" for light in ("red", "amber", "green", "star", "grey")} <= keys
    marks = {f"ruler.{'before' if day < 0 else 'after'}_{abs(day)}" for day in layout["ruler"] if day}
    assert marks <= keys


def test_traditional_and_simplified_are_not_the_same_catalogue():
    same = [key for key in catalogue("zh-CN").keys if catalogue("zh-CN").raw(key) == catalogue("zh-TW").raw(key)]
    assert len(same) < len(catalogue("zh-CN").keys) / 2


def test_plural_forms():
    assert catalogue("en").text("headline.red", n=1) == "1 leg needs you today"
    assert catalogue("en").text("headline.red", n=2) == "2 legs need you today"
    assert catalogue("zh-CN").text("headline.red", n=1) == "今天有 1 段要处理"


def test_values_are_escaped_and_only_our_own_markup_stays():
    html = catalogue("en").html("lead.money", money="<script>")
    assert str(html) == "Sales at risk in the next 14 days: <b>&lt;script&gt;</b>"


def test_a_missing_key_names_the_file():
    with pytest.raises(KeyError, match=r"reports/locales/en\.po"):
        catalogue("en").text("no.such.key")


def test_no_chinese_text_stands_in_code_or_templates():
    han = re.compile(r"[\u4e00-\u9fff]")
    paths = [path for part in ("merchant", "tower", "static") for path in (REPORTS / part).rglob("*")]
    lines = [
        (path.name, line.strip())
        for path in paths
        if path.suffix in {".py", ".j2", ".js", ".css"}
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [line for line in lines if han.search(line[1]) and "``" not in line[1] and '"""' not in line[1]] == []
