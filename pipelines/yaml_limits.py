"""Bombs in YAML: files that are small and unfold to more than a machine can hold, or nest deeper than a parser can go.

The idea: the events of a file are counted before anything is built from them, and the nodes that aliases share are
counted as often as they are used.
"""

from __future__ import annotations

from typing import Any

import yaml

MOST_BYTES = 4 << 20
DEEPEST = 50
MOST_VALUES = 500_000


def refuse_deep(text: str, loader: Any) -> None:
    """Raise where collections stand in one another too deeply, before a parser in C recurses into them."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise yaml.MarkedYAMLError(
                    problem=f"more than {DEEPEST} levels in one another",
                    problem_mark=event.start_mark,  # type: ignore[arg-type]
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def refuse_unfolding(root: yaml.Node | None) -> None:
    """Raise where aliases (`*name`) unfold to more values than a policy has, or to themselves."""
    if root is not None:
        _values(root, {}, set())


def _values(node: yaml.Node, known: dict[int, int], above: set[int]) -> int:
    """Values below a node, each alias counted as what it stands for."""
    if id(node) in known:
        return known[id(node)]
    if id(node) in above or len(above) > DEEPEST:
        raise _refusal(
            node, "an alias stands for what it is part of" if id(node) in above else "aliases nest too deeply"
        )
    above.add(id(node))
    total = 1 + sum(_values(child, known, above) for child in _children(node))
    above.discard(id(node))
    if total > MOST_VALUES:
        raise _refusal(node, f"aliases unfold to more than {MOST_VALUES:,} values")
    known[id(node)] = total
    return total


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _refusal(node: yaml.Node, reason: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=f"{reason}; write the values out", problem_mark=node.start_mark)
