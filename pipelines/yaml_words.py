"""What is said about a mistake in a YAML file: which key, what is wrong, what to write instead, and never a secret.

The idea: pydantic knows what it expected, the model knows which keys there are; together they are enough to say how to
mend the file. Addresses are secrets, and people do write them where the name of a variable is asked for.
"""

from __future__ import annotations

import re
import reprlib
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.contracts.wording import visible

SECRET_KEYS = re.compile(r"(^|_)(url|token|secret|password|webhook|routing_key)", re.IGNORECASE)
ADDRESS = re.compile(r"://[^\s'\"),;]+")
KEYS_SHOWN = 25
_short = reprlib.Repr()
_short.maxlevel, _short.maxlist, _short.maxdict, _short.maxstring = 2, 4, 4, 80


def told(reason: str) -> str:
    """A reason in one line that cannot steer a terminal, without addresses, wherever somebody wrote them."""
    return ADDRESS.sub("://...", visible(" ".join(reason.split())))


def first_of(error: ValidationError) -> ErrorDetails:
    """The error to tell: an unknown key before a missing one, because a slip of the pen makes both."""
    errors = error.errors()
    return next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])


def describe(error: ValidationError, model: type[BaseModel], field: str | None = None) -> str:
    """Say what the first of pydantic's errors is, how to mend it, and how many more there are."""
    first = first_of(error)
    name = field if field is not None else ".".join(str(step) for step in first["loc"])
    more = f" ({error.error_count() - 1} more after it)" if error.error_count() > 1 else ""
    return f"{name}: {_what(first, model)}{more}" if name else f"{_what(first, model)}{more}"


def _what(first: ErrorDetails, model: type[BaseModel]) -> str:
    if first["type"] == "missing":
        return "missing; add this key"
    if first["type"] == "extra_forbidden":
        return f"unknown key{_did_you_mean(first['loc'], model)}"
    if first["type"] == "union_tag_invalid":
        context = first["ctx"]
        return f"{context['tag']!r} is none of {context['expected_tags']}"
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "value_error" and (isinstance(first["input"], (dict, list)) or repr(first["input"]) in reason):
        return reason  # a rule whose own sentence names what it found
    return f"{reason}; found {found(first['input'], first['loc'])}{_as_a_share(first)}"


def found(value: Any, location: tuple[int | str, ...] = ()) -> str:
    """A value in a few characters; addresses and whatever else may be a secret are not shown."""
    names = [str(step) for step in location]
    if isinstance(value, str) and ("://" in value or any(SECRET_KEYS.search(name) for name in names[-1:])):
        return "a text that may be a secret, and is not shown"
    shown = _short.repr(value)
    return "a value that holds an address, and is not shown" if "://" in shown else shown


def _as_a_share(first: ErrorDetails) -> str:
    """A hint where a percentage stands in place of a share."""
    context = first.get("ctx") or {}
    value = first["input"]
    share = context.get("lt", context.get("le")) == 1
    if share and isinstance(value, (int, float)) and 1 < value <= 100:
        return f"; a share is a part of 1: write {value / 100:g} for {value:g} %"
    return ""


def _did_you_mean(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    known = sorted(_known_keys(location, model))
    near = get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known here: {', '.join(known)}" if 0 < len(known) <= KEYS_SHOWN else "; leave it out"


def _known_keys(location: tuple[int | str, ...], model: type[BaseModel]) -> set[str]:
    """Keys that may stand where an unknown one stands; steps that are no fields (places, tags) are passed over."""
    models = [model]
    for step in location[:-1]:
        deeper = [found for one in models for found in _models_of(_fields(one).get(str(step)))]
        models = deeper or models
    return {name for one in models for name in _fields(one)}


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    """Models inside an annotation such as `tuple[A, ...]`, `dict[str, A]` or `A | B | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_of(part)]
