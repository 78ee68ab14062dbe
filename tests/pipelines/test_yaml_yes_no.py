from pydantic import BaseModel, Field

from pipelines.yaml_yes_no import misread, said


class Limit(BaseModel):
    amber: float
    mark: bool = False


class Policy(BaseModel):
    limits: tuple[Limit, ...] = ()
    weights: dict[str, float] = {}
    first: Limit | None = Field(None, alias="from")
    either: bool | float = 0.0


def places(written):
    return [place for place, _ in misread(written, Policy.model_validate(written))]


def test_a_yes_that_became_a_number_is_found_wherever_it_stands():
    assert places({"limits": [{"amber": 2}, {"amber": True}]}) == [("limits", 1, "amber")]
    assert places({"weights": {"a": 1, "b": False}}) == [("weights", "b")]
    assert places({"from": {"amber": False}}) == [("from", "amber")]


def test_a_yes_that_is_meant_is_none():
    assert places({"limits": [{"amber": 0, "mark": True}], "either": False, "from": None}) == []


def test_another_shape_is_passed_over():
    assert list(misread({"a": True, "b": [True]}, None)) == []
    assert list(misread([True, False], (1.0,))) == []


def test_what_is_said():
    assert said(True) == "yes or no (true, false, on, off) is no number; found True"
