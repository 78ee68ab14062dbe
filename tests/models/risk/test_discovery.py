import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.risk.discovery import needed_to_pass, passes_control


def test_by_hand():
    p = np.array([0.01, 0.04, 0.03, 0.2, np.nan])  # thresholds of four: 0.025, 0.05, 0.075, 0.1
    assert passes_control(p, 0.1).tolist() == [True, True, True, False, False]
    assert not passes_control(np.array([0.2, 0.9]), 0.1).any()
    assert not passes_control(np.array([np.nan]), 0.1).any()


def test_on_a_calm_day_a_least_threshold_is_enough():
    p = np.concatenate([[2e-4, 4e-4], np.full(998, 0.5)])  # by the share alone 5e-5 would be asked
    assert not passes_control(p, 0.05).any()
    assert passes_control(p, 0.05, least=3e-4).tolist() == [True] + [False] * 999
    assert needed_to_pass(p, 0.05, least=3e-4)[:2].tolist() == [3e-4, 3e-4]
    halved = np.where(p == 2e-4, 0.5, 1.0)  # a leg whose alarms were often false is asked for half
    assert not passes_control(p, 0.05, halved, least=3e-4).any()
    assert needed_to_pass(p, 0.05, halved, least=3e-4)[0] == 1.5e-4
    many = np.concatenate([np.full(100, 1e-3), np.full(900, 0.5)])  # where much is wrong the share asks for less
    assert passes_control(many, 0.05, least=3e-4).sum() == 100


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


def test_weights_by_hand():
    p = np.array([0.02, 0.02, 0.9, 0.9])  # thresholds of four: 0.025, 0.05
    assert passes_control(p, 0.1, np.array([1.6, 0.4, 1.0, 1.0])).tolist() == [True, True, False, False]
    assert passes_control(p, 0.1, np.array([1.6, 0.2, 1.1, 1.1])).tolist() == [True, False, False, False]
    assert passes_control(p, 0.1, np.ones(4)).tolist() == passes_control(p, 0.1).tolist()


def test_needed_by_hand():
    # Of 500 merchants three pass: 0.1 x 3 / 500 is needed of those, 0.1 x 4 / 500 of the next.
    p = np.concatenate([[1e-6, 2e-6, 5e-4], np.full(496, 0.5), [0.0041], [np.nan]])
    needed = needed_to_pass(p, 0.1)
    assert needed[:3].tolist() == [0.1 * 3 / 500] * 3
    assert needed[499] == 0.1 * 4 / 500
    assert np.isnan(needed[500])
    assert needed_to_pass(np.array([0.3]), 0.1).tolist() == [0.1]
    assert needed_to_pass(p, 0.1, np.where(p == 0.0041, 2.0, 1.0))[499] == 2 * 0.1 * 4 / 500


@given(
    st.lists(st.tuples(st.sampled_from([1e-9, 1e-4, 0.003, 0.02, 0.05, 0.3, 1.0]), st.sampled_from([0.5, 1.0, 2.0])),
             min_size=1, max_size=25),
    st.floats(0.01, 0.5),
    st.sampled_from([0.0, 0.001]),
)  # fmt: skip
def test_what_is_needed_is_just_enough(rows, q, least):
    p, weights = (np.array(values) for values in zip(*rows, strict=True))
    needed = needed_to_pass(p, q, weights, least)
    for place in range(len(p)):
        p_there = p.copy()
        p_there[place] = needed[place] * (1 - 1e-9)
        assert passes_control(p_there, q, weights, least)[place]
        p_there[place] = needed[place] * (1 + 1e-9)
        assert not passes_control(p_there, q, weights, least)[place]
