"""Policy, settings and calendars are YAML; this is the one door through which they enter.

The idea: a mistake in a file is answered with the file, the line and the reason, never with a stack trace, so that an
analyst who edits policy can mend it without a developer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class PolicyFileError(ValueError):
    """A YAML file that cannot be used: says which file, which line and why."""

    def __init__(self, path: Path | str, line: int | None, reason: str) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}")
        self.path, self.line, self.reason = Path(path), line, reason


# The loader in C reads the contract in a tenth of the time; it is missing where PyYAML was built without libyaml.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _LoaderWithoutDuplicates(_SafeLoader):  # type: ignore[misc]
    """Safe loader that refuses a key given twice, because the second would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key '{key}' stands twice (first on line {seen[key]})", key_node.start_mark
                )
            seen[key] = key_node.start_mark.line + 1
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(path: Path) -> tuple[Any, yaml.Node | None]:
    """Return the values of a YAML file and its node tree (for line numbers).

    Raises
    ------
    PolicyFileError
        When the file is missing, is not UTF-8 or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PolicyFileError(path, None, "the file does not exist; copy it from the shipped data/ folder") from None
    except UnicodeDecodeError as error:
        raise PolicyFileError(path, None, f"not UTF-8 at byte {error.start}; save it as UTF-8") from None
    try:
        loader = _LoaderWithoutDuplicates(text)
        node = loader.get_single_node()
        return (loader.construct_document(node) if node is not None else None), node
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise PolicyFileError(path, line, f"not valid YAML: {error.problem or error}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise PolicyFileError(path, None, f"not valid YAML: {error}") from None


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
        return model.model_validate(values if values is not None else {})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        more = f" ({error.error_count() - 1} more after it)" if error.error_count() > 1 else ""
        reason = f"{field}: {first['msg']}; found {first['input']!r:.80}{more}"
        raise PolicyFileError(path, line_of(node, first["loc"]), reason) from None
