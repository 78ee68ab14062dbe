"""Every rule says how to mend what it refuses; words of strangers are shown harmlessly."""

from __future__ import annotations

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.rules import rules_of
from pipelines.contracts.wording import advice, shown, visible

OF_THE_READER = ("not_utf8", "open_quote", "quoting", "too_long", "nul", "fields: 3 instead of 7")


@pytest.mark.parametrize("rule", sorted({rule for feed in feeds().values() for _, rule in rules_of(feed).names}))
def test_every_rule_of_the_contract_says_what_to_write_instead(rule):
    assert advice(rule)


@pytest.mark.parametrize("rule", OF_THE_READER)
def test_every_rule_of_the_careful_reader_says_what_to_write_instead(rule):
    assert advice(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("buyers above orders", "whole"),
        ("above 5", "range"),
        ("above 1e+06", "range"),
        ("longer than 128 characters", "ids"),
        ("more than 90 days before delivery", "name the file"),
    ],
)
def test_rules_of_like_names_are_told_apart(rule, words):
    assert words in advice(rule)


def test_a_rule_nobody_knows_has_no_advice():
    assert advice("new rule") == ""


def test_what_steers_a_terminal_is_spelled_out():
    assert visible("a\x1b[2J\nb\u202ec\udcff商家") == "a\\x1b[2J\\nb\\u202ec\\udcff商家"


def test_long_names_are_shortened():
    assert shown("x" * 5) == "'xxxxx'"
    assert len(shown("x" * 1_000_000)) < 100
