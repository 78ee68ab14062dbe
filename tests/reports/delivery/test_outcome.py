"""What a delivery is given and returns cannot be changed on the way."""

from dataclasses import FrozenInstanceError

import pytest

from reports.delivery.outcome import Outcome


def test_outcomes_count_unless_said_otherwise_and_are_frozen(post):
    assert (Outcome(False).counts, Outcome(False).unreachable, Outcome(True).error) == (True, False, None)
    for value in (Outcome(True), post.parcel(), post.carrier(), post.keys):
        name = next(iter(value.__dataclass_fields__))
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
