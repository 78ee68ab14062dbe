import pytest
from pydantic import ValidationError

from models.evaluation.policy import EvaluationPolicy


def test_a_leg_without_a_chain_stands_for_itself():
    policy = EvaluationPolicy(chains={"sales": ("sales", "service")})
    assert policy.chain("sales") == ("sales", "service")
    assert policy.chain("fulfilment") == ("fulfilment",)


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError):
        EvaluationPolicy.model_validate({"grace": 3})
