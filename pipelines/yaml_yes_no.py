"""Yes and no in YAML where something else is meant: `amber: yes` must not become 1.0.

The idea: pydantic takes true for the number 1, wherever a number is asked for. So what was written is laid beside what
was made of it; a yes or no that did not stay one is a mistake with a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Location = tuple[int | str, ...]


def misread(written: Any, made: Any, location: Location = ()) -> Iterator[tuple[Location, bool]]:
    """Yield every yes or no that was read as something else, with its place.

    Parameters
    ----------
    written
        Values as YAML gives them.
    made
        The object that was made of them.
    """
    if isinstance(written, bool):
        if not isinstance(made, bool):
            yield location, written
    else:
        for step, inside, became in _parts(written, made):
            yield from misread(inside, became, (*location, step))


def _parts(written: Any, made: Any) -> Iterable[tuple[int | str, Any, Any]]:
    """Each value inside another, with what was made of it; nothing where the two have another shape."""
    if isinstance(written, Mapping):
        return _of_mapping(written, made)
    if isinstance(written, list) and isinstance(made, (list, tuple)) and len(written) == len(made):
        return zip(range(len(written)), written, made, strict=True)
    return ()


def _of_mapping(written: Mapping[Any, Any], made: Any) -> Iterator[tuple[int | str, Any, Any]]:
    if isinstance(made, BaseModel):
        names = {field.alias or name: name for name, field in type(made).model_fields.items()}
        known = {key: getattr(made, names.get(key, key), None) for key in written}
    elif isinstance(made, Mapping):
        known = dict(made)
    else:
        return
    yield from ((key, value, known[key]) for key, value in written.items() if known.get(key) is not None)


def said(value: bool) -> str:
    """The reason, for whoever wrote it."""
    return f"yes or no (true, false, on, off) is no number; found {value}"
