"""Sentences with ``{placeholders}`` that somebody else wrote, filled in so that no text can do harm.

The one idea: texts of the policy are edited by people, and a page must be made whatever they wrote. A name in braces
that is known gives way to its value; every other brace stands for itself. ``str.format`` would read ``{x.__class__}``,
pad ``{x:>999999999}`` to a gigabyte, and raise over a name that it does not know.
"""

import re
from collections.abc import Mapping

_BRACES = re.compile(r"\{\{|\}\}|\{([^\W\d]\w*)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values in place of their names; the values themselves are not read for braces.

    Parameters
    ----------
    template : str
        A sentence with ``{name}`` for a value; ``{{`` and ``}}`` are single braces.
    values : mapping of str to str
        Formatted values by name.

    Returns
    -------
    str
        The sentence; a placeholder without a value is shown as it was written.
    """

    def shown(found: re.Match[str]) -> str:
        name = found[1]
        return found[0][0] if name is None else values.get(name, found[0])

    return _BRACES.sub(shown, template)


def names_in(template: str) -> frozenset[str]:
    """Names for which `fill` would put in a value."""
    return frozenset(name for name in _BRACES.findall(template) if name)
