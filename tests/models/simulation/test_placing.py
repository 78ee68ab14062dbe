import numpy as np
import pytest

from models.simulation.draws import Streams
from models.simulation.placing import LAUNCH_PRODUCTS, place_episodes
from models.simulation.scenarios import Scenario
from models.simulation.world import NEVER


def scenario(**changes):
    values = {
        "family": "traffic_drop", "effect": "traffic", "root_leg": "sales", "scope": "merchant", "share": 0.1,
        "onset_days_before_end": (20, 40), "duration_days": (5, 10), "ramp_days": (0, 4), "magnitude": (0.3, 0.6),
    }  # fmt: skip
    return Scenario.model_validate({**values, **changes})


@pytest.fixture
def place(made):
    platform = made.simulation.platform

    def run(*kinds):
        return place_episodes(kinds, platform.world, Streams(1), platform.lanes)

    return run


@pytest.fixture
def world(made):
    return made.simulation.platform.world


def test_placed_as_asked(place, world):
    episodes = place(scenario())
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


def test_recovery_comes_after_the_duration(place):
    episodes = place(scenario(duration_days=(5, 5), recovery_days=(3, 3)))
    assert (episodes.last - episodes.onset + 1 == 8).all()
    assert (episodes.recovery == 3).all()


def test_a_merchant_has_one_episode_of_its_own(place):
    episodes = place(scenario(share=0.3), scenario(family="service_backlog", effect="reply", share=0.3))
    assert len(np.unique(episodes.merchant)) == len(episodes.merchant)


def test_without_a_duration_it_is_still_active(place):
    assert (place(scenario(duration_days=None)).last == NEVER).all()


def test_a_region_is_one_episode_of_all_its_members(place, world):
    episodes = place(scenario(scope="region", values=("East China",)))
    assert set(episodes.number) == {0}
    assert set(episodes.merchant) == set(np.flatnonzero(world.region == world.regions.index("East China")))
    assert set(episodes.value) == {"East China"}


def test_drawn_categories_are_different_ones(place, world):
    episodes = place(scenario(scope="category", groups=3))
    assert len(set(episodes.value)) == 3
    assert set(episodes.number) == {0, 1, 2}
    for name in set(episodes.value):
        members = set(episodes.merchant[episodes.value == name])
        assert members == set(np.flatnonzero(world.category == world.categories.index(name)))


def test_a_carrier_takes_its_part_of_its_merchants(place, made):
    lanes = made.simulation.platform.lanes
    episodes = place(scenario(effect="carrier", scope="carrier", values=("Landlink",)))
    code = lanes.carriers.index("Landlink")
    assert (episodes.carrier == code).all()
    on = lanes.carrier == code
    assert episodes.merchant.tolist() == sorted(lanes.merchant[on])
    assert episodes.part == pytest.approx(lanes.share[on][np.argsort(lanes.merchant[on], kind="stable")])
    assert episodes.part.min() < 0.5 < episodes.part.max() == 1.0


def test_several_outages_of_a_platform_are_episodes_of_their_own(place, world):
    episodes = place(scenario(scope="platform", groups=2, onset_days_before_end=(5, 100)))
    assert set(episodes.number) == {0, 1}
    assert len(episodes.merchant) == 2 * world.size
    assert len(set(episodes.onset)) == 2


def test_only_a_shop_with_a_range_launches(place, world):
    episodes = place(scenario(effect="launch", share=1.0))
    assert world.products[episodes.merchant].min() >= LAUNCH_PRODUCTS


def test_an_unknown_region_or_carrier_is_named(place, made):
    with pytest.raises(ValueError, match="Atlantis"):
        place(scenario(scope="region", values=("Atlantis",)))
    with pytest.raises(ValueError, match="Pigeon"):
        place(scenario(effect="carrier", scope="carrier", values=("Pigeon",)))
    with pytest.raises(ValueError, match="needs the lanes"):
        place_episodes((scenario(effect="carrier", scope="carrier"),), made.simulation.platform.world, Streams(1))


def test_no_scenarios_no_episodes(place):
    assert not place().strength("traffic", 3, 4).any()
