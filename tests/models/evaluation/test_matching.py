import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.matching import match_alerts, prepare_episodes
from models.evaluation.policy import EvaluationPolicy

POLICY = EvaluationPolicy(grace_days=4, chains={"sales": ("sales", "service")})
ONSET = pd.Timestamp("2026-10-05")


def episodes(ended):
    row = {
        "episode_id": "e", "family": "f", "benign": False, "scope": "merchant", "scope_value": "A", "merchant_id": "A",
        "root_leg": "sales", "onset_on": ONSET, "first_observable_on": ONSET, "harm_on": None, "ended_on": ended,
    }  # fmt: skip
    return prepare_episodes(pd.DataFrame([row]), POLICY)


def opening(merchant, leg, day):
    row = {
        "alert_id": "1", "merchant_id": merchant, "leg": leg, "metric": "m", "opened_by": "limit", "opened_on": day,
        "named_root": leg,
        "incident_id": None,
    }  # fmt: skip
    return pd.DataFrame([row])


@given(
    offset=st.integers(-20, 40),
    length=st.none() | st.integers(0, 10),
    leg=st.sampled_from(["sales", "service", "fulfilment"]),
    merchant=st.sampled_from("AB"),
)
def test_belongs_exactly_when_merchant_time_and_chain_agree(offset, length, leg, merchant):
    ended = None if length is None else ONSET + pd.Timedelta(days=length)
    pairs = match_alerts(opening(merchant, leg, ONSET + pd.Timedelta(days=offset)), episodes(ended), POLICY)
    in_time = offset >= 0 and (length is None or offset <= length + POLICY.grace_days)
    assert len(pairs) == int(in_time and leg != "fulfilment" and merchant == "A")


def test_a_family_with_a_chain_of_its_own_is_matched_by_it():
    policy = POLICY.model_copy(update={"chains_of_families": {"f": ("fulfilment",)}})
    for leg, matched in (("fulfilment", 1), ("sales", 0)):
        assert len(match_alerts(opening("A", leg, ONSET), episodes(None), policy)) == matched
