import pytest
from pydantic import ValidationError

from models.simulation.sections import Section, Trait


class Oven(Section):
    degrees: int


def test_a_key_that_nobody_reads_is_refused():
    with pytest.raises(ValidationError, match="degres"):
        Oven.model_validate({"degrees": 200, "degres": 100})


def test_a_section_does_not_change():
    oven = Oven(degrees=200)
    with pytest.raises(ValidationError, match="frozen"):
        oven.degrees = 100


def test_a_rate_is_a_share():
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Trait(mean=3)
