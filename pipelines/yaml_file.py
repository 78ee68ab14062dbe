"""Policy, settings and calendars are YAML; this is the one door through which they enter.

The idea: a mistake in a file is answered with the file, the line and the reason, never with a stack trace, so that an
analyst who edits policy can mend it without a developer.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.yaml_limits import MOST_BYTES, refuse_deep, refuse_unfolding
from pipelines.yaml_words import describe, first_of, told
from pipelines.yaml_yes_no import misread, said

Model = TypeVar("Model", bound=BaseModel)


class PolicyFileError(ValueError):
    """A YAML file that cannot be used: says which file, which line and why."""

    def __init__(self, path: Path | str, line: int | None, reason: str) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {told(reason)}")
        self.path, self.line, self.reason = Path(path), line, reason


# The loader in C reads the contract in a tenth of the time; it is missing where PyYAML was built without libyaml.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _without_sixties(tag: str, pattern: re.Pattern[str]) -> re.Pattern[str]:
    numbers = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    return re.compile(f"(?!.*:)(?:{pattern.pattern})", pattern.flags) if tag in numbers else pattern


class _LoaderWithoutDuplicates(_SafeLoader):  # type: ignore[misc]
    """Safe loader that refuses a key given twice, because the second would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be one word", key_node.start_mark)
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key '{key}' stands twice (first on line {seen[key]})", key_node.start_mark
                )
            seen[key] = key_node.start_mark.line + 1
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping

    def construct_yaml_float(self, node: yaml.Node) -> float:
        value: float = super().construct_yaml_float(node)
        if value != value:  # NaN compares with nothing: as a limit it would never be passed
            raise yaml.constructor.ConstructorError(None, None, ".nan is no number; leave the key out", node.start_mark)
        return value

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:  # 2026-13-45 looks like a date, 9 x 5000 like a number
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None


# YAML 1.1 reads 22:00 as 1320 (sixties); people mean a time of day, which the models read from text.
_LoaderWithoutDuplicates.yaml_implicit_resolvers = {
    start: [(tag, _without_sixties(tag, pattern)) for tag, pattern in resolvers]
    for start, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}
_LoaderWithoutDuplicates.add_constructor("tag:yaml.org,2002:float", _LoaderWithoutDuplicates.construct_yaml_float)


def read_yaml(path: Path) -> tuple[Any, yaml.Node | None]:
    """Return the values of a YAML file and its node tree (for line numbers).

    Raises
    ------
    PolicyFileError
        When the file is missing, is not UTF-8, is not YAML, or is a bomb.
    """
    text = _text_of(path)
    try:
        refuse_deep(text, _SafeLoader)
        loader = _LoaderWithoutDuplicates(text)
        node = loader.get_single_node()
        refuse_unfolding(node)
        return (loader.construct_document(node) if node is not None else None), node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        hint = "; indent with spaces, not tabs" if mark and "\t" in _line(text, mark.line) else ""
        reason = f"not valid YAML: {error.problem or error}{hint}"
        raise PolicyFileError(path, mark.line + 1 if mark else None, reason) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PolicyFileError(path, line, "not valid YAML: a control character stands here; take it out") from None


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PolicyFileError(path, None, f"larger than {MOST_BYTES >> 20} MB; this is no file of policy")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        beside = ", ".join(sorted(other.name for other in path.parent.glob("*.yaml"))[:20])
        hint = f" (beside it: {beside})" if beside else ""
        reason = f"the file does not exist; copy it from the shipped data/ folder{hint}"
        raise PolicyFileError(path, None, reason) from None
    except IsADirectoryError:
        raise PolicyFileError(path, None, "a folder stands where a file is meant; take it away") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PolicyFileError(path, line, f"not UTF-8 at byte {error.start}; save it as UTF-8") from None


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number] if number < len(lines) else ""


def line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int | None:
    """Line (from 1) of a value at a pydantic error location, or of its nearest parent that exists."""
    line = node.start_mark.line + 1 if node else None
    for step in location:
        child = _child(node, step)
        if child is None:
            continue  # pydantic puts names of union members and validators into the location
        node, line = child
    return line


def _child(node: yaml.Node | None, step: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None


def load_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a typed, frozen object.

    Raises
    ------
    PolicyFileError
        With file, line and reason of the first mistake, and how many more there are.
    """
    values, node = read_yaml(path)
    try:
        made = model.model_validate(values if values is not None else {})
    except ValidationError as error:
        reason = describe(error, model) if node else f"the file is empty; {describe(error, model)}"
        raise PolicyFileError(path, line_of(node, first_of(error)["loc"]) or 1, reason) from None
    for place, value in misread(values, made):
        raise PolicyFileError(path, line_of(node, place), f"{'.'.join(map(str, place))}: {said(value)}")
    return made
