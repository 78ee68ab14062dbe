"""The words of pages, from Babel catalogues: one ``.po`` file per language, keys instead of sentences in the code.

The one idea: a text is asked for by key, so no sentence stands in code or templates, and a key that a language lacks
is an error (and a failing test), never a silent fall-back to another language. Texts in the catalogues are ours and
may hold ``<b>``; the values put into them are not ours and are escaped.
"""

from collections.abc import Callable
from functools import lru_cache
from gettext import c2py
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup

from reports.formatting import LOCALES, normalise_locale, number

FOLDER = Path(__file__).parent / "locales"


class Catalogue:
    """All texts of one language.

    Parameters
    ----------
    locale : str
        One of :data:`reports.formatting.LOCALES`.
    forms : dict of str to tuple of str
        Plural forms by key; one form where the text has no count.
    plural : callable
        Index of the form for a count.
    """

    def __init__(self, locale: str, forms: dict[str, tuple[str, ...]], plural: Callable[[int], int]) -> None:
        self.locale = locale
        self._forms = forms
        self._plural = plural

    @property
    def keys(self) -> frozenset[str]:
        """Every key of the catalogue."""
        return frozenset(self._forms)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows a key."""
        return key in self._forms

    def raw(self, key: str, n: int | None = None) -> str:
        """The text as the catalogue has it, with its placeholders.

        Raises
        ------
        KeyError
            When the language lacks the key; names both.
        """
        forms = self._forms.get(key)
        if forms is None:
            raise KeyError(f"no text {key!r} in reports/locales/{self.locale}.po; add it in all three languages")
        return forms[0] if n is None or len(forms) == 1 else forms[self._plural(n)]

    def text(self, key: str, /, n: int | None = None, **values: object) -> str:
        """Plain text with its placeholders filled; `n` chooses the plural form and fills ``{n}``."""
        template = self.raw(key, n)
        if n is not None:
            values.setdefault("n", number(n, self.locale))
        return template.format(**values) if values else template

    def html(self, key: str, /, n: int | None = None, **values: object) -> Markup:
        """The same as HTML: the catalogue's own ``<b>`` stays, every value is escaped."""
        template = Markup(self.raw(key, n))  # noqa: S704 - our own text; values are escaped by Markup.format
        if n is not None:
            values.setdefault("n", number(n, self.locale))
        return template.format(**values) if values else template


@lru_cache(maxsize=4 * len(LOCALES))
def catalogue(locale: str, folder: Path = FOLDER) -> Catalogue:
    """Texts of a language, read once per process (free forms of the name are normalised)."""
    name = normalise_locale(locale)
    with (folder / f"{name}.po").open("rb") as file:
        messages = read_po(file, locale=name.replace("-", "_"), abort_invalid=True)
    forms: dict[str, tuple[str, ...]] = {}
    for message in messages:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        text = message.string
        forms[str(key)] = tuple(text) if isinstance(text, tuple | list) else (str(text),)
    return Catalogue(name, forms, c2py(messages.plural_expr))
