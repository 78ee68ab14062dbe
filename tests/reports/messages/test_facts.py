"""Facts are typed, frozen and survive JSON."""

from datetime import date

import pytest
from pydantic import ValidationError

from reports.messages.facts import Action, MessageFacts, Subject

SUBJECT = {"reference": "A", "leg": "sales", "metric": "sales.x", "severity": "warning"}
FACTS = {
    "kind": "alert",
    "event": "trigger",
    "as_of": date(2026, 10, 1),
    "platform": "P",
    "currency": "CNY",
    "severity": "warning",
}


def test_there_and_back():
    made = MessageFacts(
        **FACTS,
        subjects=(Subject(**SUBJECT, first_actions={"en": "Call"}),),
        actions=(Action(text="Order", due_on=date(2026, 10, 2)),),
    )
    assert MessageFacts.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize("wrong", [{"kind": "poem"}, {"event": "shout"}, {"as_of": "soon"}, {"extra": 1}])
def test_refused(wrong):
    with pytest.raises(ValidationError):
        MessageFacts(**{**FACTS, "subjects": (), **wrong})


def test_frozen():
    with pytest.raises(ValidationError):
        Subject(**SUBJECT).leg = "service"
