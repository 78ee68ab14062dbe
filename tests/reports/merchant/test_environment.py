"""Templates of a language: texts are compiled in, values are escaped, shapes are those of the macros."""

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from reports.formatting import LOCALES
from reports.merchant.environment import environment, template
from reports.texts import catalogue


@pytest.mark.parametrize("locale", LOCALES)
def test_a_text_without_values_is_compiled_into_the_template(locale):
    compiled = environment(locale).compile("<h2>{{ 'legs.title'|t }}</h2>", raw=True)
    assert f"yield '<h2>{catalogue(locale).text('legs.title')}</h2>'" in compiled


def test_texts_are_plain_and_their_values_are_escaped():
    page = environment("en").from_string("{{ 'page.title'|t(merchant=name, day='1') }}{{ 'lead.money'|h(money=name) }}")
    shown = page.render(name="<b>&")
    assert "<b>&lt;b&gt;&amp;</b>" in shown
    assert shown.count("&lt;b&gt;&amp;") == 2


def test_shapes_are_drawn_with_their_word():
    page = environment("en").from_string("{{ light|shape }}{{ light|named(word) }}{{ fold }}")
    shown = page.render(light="red", word='"><script>')
    assert shown.count('href="#i-red"') == 2
    assert 'href="#i-fold"' in shown
    assert "<script>" not in shown
    assert isinstance(environment("en").globals["fold"], Markup)


def test_an_unknown_name_is_an_error():
    with pytest.raises(UndefinedError, match="nobody"):
        environment("en").from_string("{{ nobody }}").render()


def test_templates_of_both_pages_compile_in_every_language():
    assert all(template(name, locale) for name in ("merchant.html.j2", "tower.html.j2") for locale in LOCALES)
