import pytest
from pydantic import ValidationError

from models.simulation.parameters import SimulationParameters


@pytest.fixture
def shipped_values(made):
    return made.simulation.platform.parameters.model_dump()


def test_traits_are_found_by_name(made):
    traits = made.simulation.platform.parameters.traits()
    assert {"late_dispatch", "poor_buyers", "slow_reply", "unhappy"} <= set(traits)
    assert all(trait.root_leg for trait in traits.values() if trait.family)


def test_ages_must_begin_at_zero_and_rise(shipped_values):
    shipped_values["feeds"]["fulfilment_ages"] = (1, 3)
    with pytest.raises(ValidationError, match="must begin with 0"):
        SimulationParameters.model_validate(shipped_values)


def test_every_age_needs_its_share(shipped_values):
    shipped_values["after_sale"]["revealed"] = (0.5, 1.0)
    with pytest.raises(ValidationError, match="one share per"):
        SimulationParameters.model_validate(shipped_values)


def test_an_unknown_phase_is_named(shipped_values):
    shipped_values["demand"]["events"]["double_11"]["climax"] = {}
    with pytest.raises(ValidationError, match="climax"):
        SimulationParameters.model_validate(shipped_values)
