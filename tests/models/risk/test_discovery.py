import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.risk.discovery import passes_control


def test_by_hand():
    p = np.array([0.01, 0.04, 0.03, 0.2, np.nan])  # thresholds of four: 0.025, 0.05, 0.075, 0.1
    assert passes_control(p, 0.1).tolist() == [True, True, True, False, False]
    assert not passes_control(np.array([0.2, 0.9]), 0.1).any()
    assert not passes_control(np.array([np.nan]), 0.1).any()


def test_false_discoveries_stay_below_q():
    generator = np.random.default_rng(9)
    shares = []
    for _ in range(300):
        p = generator.uniform(size=1000)
        p[:50] = generator.uniform(0, 1e-4, 50)
        flagged = passes_control(p, 0.1)
        shares.append(flagged[50:].sum() / max(flagged.sum(), 1))
    assert np.mean(shares) < 0.11


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_whoever_is_smaller_than_a_flagged_one_is_flagged(values, q):
    p = np.array(values)
    flagged = passes_control(p, q)
    if flagged.any():
        assert flagged[p <= p[flagged].max()].all()
