import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.peers.quartiles import peer_figures, round_figures

NAN = np.nan


def brute(value, groups, frozen, reader):
    peers = [
        frozen[i] for i in range(len(frozen)) if i != reader and groups[i] == groups[reader] and not np.isnan(frozen[i])
    ]
    below = sum(peer < value[reader] for peer in peers) + 0.5 * sum(peer == value[reader] for peer in peers)
    return np.quantile(peers, [0.25, 0.5, 0.75]), below / len(peers), len(peers)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_leaving_the_reader_out_agrees_with_doing_it_one_by_one(seed):
    generator = np.random.default_rng(seed)
    groups = generator.integers(0, 2, 14)
    groups[:6] = [0, 0, 0, 1, 1, 1]
    frozen = np.round(generator.normal(5, 2, 14), 1)
    frozen[13] = NAN
    value = np.round(frozen + generator.normal(0, 1, 14), 1)
    value[13] = 5.0
    found = peer_figures(value, groups, frozen, minimum=2, digits=6)
    for reader in range(14):
        quartiles, position, size = brute(value, groups, frozen, reader)
        assert found.size[reader] == size
        got = [found.p25[reader], found.p50[reader], found.p75[reader]]
        assert got == pytest.approx(quartiles, abs=1e-4)
        assert found.position[reader] == pytest.approx(position, abs=0.0051)


def test_small_groups_and_merchants_without_group_get_no_figure():
    found = peer_figures(np.arange(4.0), np.array([0, 0, 0, -1]), np.arange(4.0), minimum=3, digits=2)
    assert np.isnan(found.p50).all()
    assert np.isnan(found.position).all()
    found = peer_figures(np.arange(4.0), np.zeros(4, dtype=int), np.arange(4.0), minimum=3, digits=2)
    assert found.p50.tolist() == [2.0, 2.0, 1.0, 1.0]


def test_a_reader_without_value_has_no_position_but_sees_its_peers():
    found = peer_figures(np.array([NAN, 1.0, 2.0]), np.zeros(3, dtype=int), np.array([NAN, 1.0, 2.0]), 2, 2)
    assert np.isnan(found.position[0])
    assert found.p50[0] == 1.5


def test_nobody_has_a_value():
    found = peer_figures(np.full(3, NAN), np.zeros(3, dtype=int), np.full(3, NAN), 1, 2)
    assert np.isnan(found.p50).all()


def test_figures_are_rounded_to_two_digits():
    assert round_figures(np.array([0.03456, 123.4, -0.0512, 0.0, NAN]), 2).tolist()[:4] == pytest.approx(
        [0.035, 120, -0.051, 0]
    )
