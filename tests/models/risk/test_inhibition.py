"""Whoever was rung for a grave trouble is not rung again for what follows from it."""

import pandas as pd
import pytest

from models.risk.inhibition import held_behind, shown_on
from models.risk.route_policy import InhibitionRule

CHAIN = {"sales": ["fulfilment"], "fulfilment": ["service"], "service": ["experience"]}
RULE = InhibitionRule(over="critical", holds=("warning", "notice"))


def alerts(*rows):
    return pd.DataFrame(list(rows), columns=["alert_id", "merchant_id", "leg", "severity"]).astype(object)


CRITICAL = ("C", "m1", "fulfilment", "critical")


@pytest.mark.parametrize(
    ("alert", "behind"),
    [
        (("W", "m1", "fulfilment", "warning"), "C"),  # the same leg
        (("W", "m1", "service", "warning"), "C"),  # the next leg
        (("W", "m1", "experience", "notice"), "C"),  # further down
        (("W", "m1", "sales", "warning"), None),  # upstream: it may be the cause
        (("W", "m1", "replenishment", "warning"), None),  # beside
        (("W", "m2", "fulfilment", "warning"), None),  # somebody else
        (("W", "m1", "service", "critical"), None),  # as grave
    ],
)
def test_what_is_held(alert, behind):
    assert held_behind(alerts(alert), alerts(CRITICAL, alert), [RULE], CHAIN).tolist() == [behind]


@pytest.mark.parametrize(("reach", "behind"), [("same", None), ("downstream", "C"), ("all", "C")])
def test_how_far_a_rule_reaches(reach, behind):
    rule = RULE.model_copy(update={"legs": reach})
    assert held_behind(alerts(("W", "m1", "service", "warning")), alerts(CRITICAL), [rule], CHAIN).tolist() == [behind]


def test_without_rules_or_troubles_everything_rings():
    ringing = alerts(("W", "m1", "service", "warning"))
    assert held_behind(ringing, alerts(CRITICAL), [], CHAIN).tolist() == [None]
    assert held_behind(ringing, alerts(), [RULE], CHAIN).tolist() == [None]
    assert held_behind(alerts(), alerts(CRITICAL), [RULE], CHAIN).empty


def test_the_chain_is_followed_to_its_end_and_circles_end():
    pairs = shown_on(CHAIN, ["fulfilment", "experience"])
    assert pairs.values.tolist() == [
        ["fulfilment", "experience"], ["fulfilment", "fulfilment"], ["fulfilment", "service"],
        ["experience", "experience"],
    ]  # fmt: skip
    assert len(shown_on({"a": ["b"], "b": ["a"]}, ["a"])) == 2
