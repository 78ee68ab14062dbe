import numpy as np
import pytest
from pydantic import ValidationError

from models.simulation.draws import Streams
from models.simulation.scenarios import Episodes, Scenario, place_episodes
from models.simulation.world import NEVER


def scenario(**changes):
    values = {
        "family": "traffic_drop", "effect": "traffic", "root_leg": "sales", "scope": "merchant", "share": 0.1,
        "onset_days_before_end": (20, 40), "duration_days": (5, 10), "ramp_days": (0, 4), "magnitude": (0.3, 0.6),
    }  # fmt: skip
    return Scenario.model_validate({**values, **changes})


def episode(onset=10, last=20, ramp=3, magnitude=0.8):
    one = [np.array([value]) for value in (onset, last, ramp)]
    return Episodes(
        (scenario(),), np.array([0]), np.array([0]), np.array([1]), np.array(["x"]), *one, np.array([magnitude])
    )


def test_strength_ramps_up_stays_and_ends():
    strength = [float(episode().strength("traffic", day, 3)[1]) for day in range(9, 23)]
    assert strength[:6] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 0.8])
    assert strength[11:] == pytest.approx([0.8, 0, 0])
    assert not episode().strength("reply", 15, 3).any()
    assert episode().strength("traffic", 15, 3).tolist() == [0, 0.8, 0]


def test_placed_as_asked(made):
    world = made.simulation.platform.world
    kind = scenario()
    episodes = place_episodes((kind,), world, Streams(1))
    assert len(episodes.number) == round(0.1 * world.size)
    assert len(np.unique(episodes.merchant)) == len(episodes.merchant)
    before_end = world.days - 1 - episodes.onset
    assert before_end.min() >= 20
    assert before_end.max() <= 40
    lasting = episodes.last - episodes.onset + 1
    assert lasting.min() >= 5
    assert lasting.max() <= 10
    assert (episodes.ramp <= 4).all()
    assert ((episodes.magnitude >= 0.3) & (episodes.magnitude <= 0.6)).all()


def test_a_merchant_has_one_episode_of_its_own(made):
    kinds = (scenario(share=0.3), scenario(family="service_backlog", effect="reply", share=0.3))
    episodes = place_episodes(kinds, made.simulation.platform.world, Streams(1))
    assert len(np.unique(episodes.merchant)) == len(episodes.merchant)


def test_without_a_duration_it_is_still_active(made):
    episodes = place_episodes((scenario(duration_days=None),), made.simulation.platform.world, Streams(1))
    assert (episodes.last == NEVER).all()


def test_a_region_is_one_episode_of_all_its_members(made):
    world = made.simulation.platform.world
    episodes = place_episodes((scenario(scope="region", values=("East China",)),), world, Streams(1))
    assert set(episodes.number) == {0}
    assert set(episodes.merchant) == set(np.flatnonzero(world.region == world.regions.index("East China")))
    assert set(episodes.value) == {"East China"}


def test_an_unknown_region_is_named(made):
    with pytest.raises(ValueError, match="Atlantis"):
        place_episodes((scenario(scope="region", values=("Atlantis",)),), made.simulation.platform.world, Streams(1))


def test_ranges_in_disorder_and_silence_without_a_feed_are_refused():
    with pytest.raises(ValidationError, match="magnitude"):
        scenario(magnitude=(0.6, 0.3))
    with pytest.raises(ValidationError, match="needs a feed"):
        scenario(effect="silence")


def test_no_scenarios_no_episodes(made):
    episodes = place_episodes((), made.simulation.platform.world, Streams(1))
    assert not episodes.strength("traffic", 3, 4).any()
