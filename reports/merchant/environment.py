"""Templates of one language: texts are put in when a template is compiled, not when a page is made.

The one idea: a text without values is the same on every page of a language, so each language has an environment of its
own whose filter ``t`` is that language's catalogue; Jinja then evaluates ``{{ 'legs.title'|t }}`` once, escapes it and
joins it to the HTML around it. Shapes are drawn by their macros once and remembered.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from reports.formatting import LOCALES
from reports.texts import catalogue

_SHAPES = 4096  # shapes by light and word: a few hundred in all languages


@lru_cache(maxsize=len(LOCALES))
def environment(locale: str) -> Environment:
    """Templates of both kinds of page in a language; autoescape on, an unknown name is an error.

    Parameters
    ----------
    locale : str
        One of :data:`reports.formatting.LOCALES`.

    Returns
    -------
    jinja2.Environment
        With the filters ``t`` and ``h`` (a text by its key, plain or as HTML), ``shape`` and ``named`` (a light,
        silent or with a word for those who do not see it), and the constant ``fold``.
    """
    here = Path(__file__).parent
    loader = FileSystemLoader([here / "templates", here.parent / "tower" / "templates"])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.policies["json.dumps_kwargs"] = {"sort_keys": False, "separators": (",", ":"), "ensure_ascii": False}
    words = catalogue(locale)
    made.filters |= {"t": words.text, "h": words.html, "shape": _shape, "named": _named}
    made.globals["fold"] = _shapes().fold()
    return made


@lru_cache(maxsize=3 * len(LOCALES))
def template(name: str, locale: str) -> Template:
    """A compiled template of a language."""
    return environment(locale).get_template(name)


@lru_cache(maxsize=1)
def _shapes() -> Any:
    """Macros of the shapes; they hold no text, so that one environment serves all languages."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("shapes.html.j2").module


@lru_cache(maxsize=_SHAPES)
def _shape(light: str, extra: str = "") -> Markup:
    return Markup(_shapes().shape(light, extra))  # noqa: S704 - the macro escapes


@lru_cache(maxsize=_SHAPES)
def _named(light: str, word: str, extra: str = "") -> Markup:
    return Markup(_shapes().named(light, word, extra))  # noqa: S704 - the macro escapes
