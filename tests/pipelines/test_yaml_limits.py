"""Bombs are found by counting, before anything is built."""

from __future__ import annotations

import pytest
import yaml

from pipelines.yaml_limits import DEEPEST, refuse_deep, refuse_unfolding

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_levels_are_counted_in_every_style(loader, opening):
    closing = {"[": "]", "{a: ": "}", "- ": ""}[opening]
    refuse_deep(opening * DEEPEST + "1" + closing * DEEPEST, loader)
    with pytest.raises(yaml.MarkedYAMLError, match="more than 50 levels"):
        refuse_deep(opening * (DEEPEST + 1) + "1" + closing * (DEEPEST + 1), loader)


def test_levels_side_by_side_do_not_add_up():
    refuse_deep("[" + "[], " * 1000 + "]", yaml.SafeLoader)


def node(text):
    return yaml.SafeLoader(text).get_single_node()


def test_aliases_count_as_what_they_stand_for():
    ten = "[" + ", ".join(["1"] * 10) + "]"
    refuse_unfolding(node(f"a: &a {ten}\nb: &b [{', '.join(['*a'] * 1000)}]\nc: [*b, *b]\n"))
    with pytest.raises(yaml.MarkedYAMLError, match="unfold to more than 500,000 values") as caught:
        refuse_unfolding(node(f"a: &a {ten}\nb: &b [{', '.join(['*a'] * 1000)}]\nc: [{', '.join(['*b'] * 50)}]\n"))
    assert caught.value.problem_mark.line == 2


def test_what_stands_for_itself_is_refused():
    with pytest.raises(yaml.MarkedYAMLError, match="part of"):
        refuse_unfolding(node("a: &a {b: [*a]}"))


def test_a_chain_of_aliases_ends():
    chain = "".join(f"a{number}: &a{number} [*a{number - 1}]\n" for number in range(1, 200))
    refuse_unfolding(node("a0: &a0 [1]\n" + chain))  # each link is known when the next one asks for it
    with pytest.raises(yaml.MarkedYAMLError, match="nest too deeply"):
        refuse_unfolding(node("top:\n  last: &a0 [1]\n" + chain).value[-1][1])


def test_an_empty_file_is_no_bomb():
    refuse_unfolding(None)
