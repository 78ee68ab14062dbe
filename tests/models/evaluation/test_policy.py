from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from models.evaluation.policy import EvaluationPolicy
from models.metrics.catalogue import LEGS


def test_a_leg_without_a_chain_stands_for_itself():
    policy = EvaluationPolicy(chains={"sales": ("sales", "service")})
    assert policy.chain("sales") == ("sales", "service")
    assert policy.chain("fulfilment") == ("fulfilment",)


def test_a_family_may_have_a_chain_of_its_own():
    policy = EvaluationPolicy(chains={"sales": ("sales",)}, chains_of_families={"price_error": ("sales", "fulfilment")})
    assert policy.chain("sales", "price_error") == ("sales", "fulfilment")
    assert policy.chain("sales", "traffic_drop") == ("sales",)


def test_the_shipped_policy_speaks_of_legs_and_puts_trouble_in():
    shipped = Path(__file__).parents[3] / "data" / "policy" / "evaluation.yaml"
    policy = EvaluationPolicy.model_validate(yaml.safe_load(shipped.read_text(encoding="utf-8")))
    for chain in (*policy.chains.values(), *policy.chains_of_families.values()):
        assert set(chain) <= set(LEGS)
    assert set(policy.chains) == set(LEGS)
    assert {case.name: case.change for case in policy.injection.cases if not case.benign}["outage"] == -1.0
    assert policy.injection.days_after == 21


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError):
        EvaluationPolicy.model_validate({"grace": 3})
