import numpy as np
import pytest
from pydantic import ValidationError

from models.simulation.scenarios import Episodes, Scenario


def scenario(**changes):
    values = {
        "family": "traffic_drop", "effect": "traffic", "root_leg": "sales", "scope": "merchant", "share": 0.1,
        "onset_days_before_end": (20, 40), "duration_days": (5, 10), "ramp_days": (0, 4), "magnitude": (0.3, 0.6),
    }  # fmt: skip
    return Scenario.model_validate({**values, **changes})


def episode(onset=10, last=20, ramp=3, recovery=0, magnitude=0.8, kind=None, part=1.0):
    onset, last, ramp, recovery = (np.array([value]) for value in (onset, last, ramp, recovery))
    one = np.array([0])
    return Episodes(
        (kind or scenario(),), one, one, np.array([1]), np.array(["x"]), onset, last, ramp, recovery,
        np.array([magnitude]), np.array([-1]), np.array([part]),
    )  # fmt: skip


def strengths(made, days, effect="traffic"):
    return [float(made.strength(effect, day, 3)[1]) for day in days]


def test_strength_ramps_up_stays_and_ends():
    found = strengths(episode(), range(9, 23))
    assert found[:6] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 0.8])
    assert found[11:] == pytest.approx([0.8, 0, 0])
    assert not episode().strength("reply", 15, 3).any()
    assert episode().strength("traffic", 15, 3).tolist() == [0, 0.8, 0]


def test_strength_fades_over_the_recovery():
    assert strengths(episode(recovery=3), range(16, 22)) == pytest.approx([0.8, 0.8, 0.6, 0.4, 0.2, 0])


def test_a_recovery_that_begins_before_the_ramp_is_over_never_reaches_the_magnitude():
    found = strengths(episode(onset=10, last=15, ramp=4, recovery=4), range(9, 17))
    assert found == pytest.approx([0, 0.16, 0.32, 0.48, 0.48, 0.32, 0.16, 0])


def test_a_second_effect_has_its_part_of_the_strength():
    made = episode(kind=scenario(also={"conversion": 0.5}))
    assert strengths(made, [15]) == pytest.approx([0.8])
    assert strengths(made, [15], "conversion") == pytest.approx([0.4])


def test_a_merchant_that_is_touched_in_part_feels_that_part():
    assert strengths(episode(part=0.25), [15]) == pytest.approx([0.2])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"magnitude": (0.6, 0.3)}, "magnitude"),
        ({"recovery_days": (3, 1)}, "recovery_days"),
        ({"effect": "silence"}, "needs a feed"),
        ({"magnitude": (0.5, 1.5)}, "at most 1"),
        ({"harm_after": 1.0, "harm_sum": 1.0}, "not both"),
        ({"effect": "launch", "scope": "region"}, "product or merchant"),
        ({"also": {"earthquake": 1.0}}, "also"),
    ],
)
def test_what_cannot_be_is_refused(changes, problem):
    with pytest.raises(ValidationError, match=problem):
        scenario(**changes)


def test_a_surge_may_be_larger_than_the_usual():
    assert scenario(effect="surge", magnitude=(1.0, 3.0)).magnitude == (1.0, 3.0)
