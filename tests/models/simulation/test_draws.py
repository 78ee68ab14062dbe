import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.simulation.draws import Streams, cumulative_reveal, thin, trait_rates, two_piece_lognormal
from models.simulation.sections import Trait


def test_a_stream_depends_on_seed_subject_and_day_only():
    first = Streams(1).of("demand", 3).random(4)
    assert (first == Streams(1).of("demand", 3).random(4)).all()
    for other in (Streams(2).of("demand", 3), Streams(1).of("stock", 3), Streams(1).of("demand", 4)):
        assert (first != other.random(4)).any()


def test_two_piece_lognormal_has_the_quantiles_asked_for():
    values = two_piece_lognormal(np.random.default_rng(1), (0.024, 0.08, 0.65), 200_000)
    assert np.quantile(values, [0.1, 0.5, 0.9]) == pytest.approx([0.024, 0.08, 0.65], rel=0.03)


def test_trait_has_its_mean_and_its_tail():
    trait = Trait(mean=0.02, spread=0.3, tail=0.1, tail_range=(0.1, 0.4))
    rates, in_tail = trait_rates(np.random.default_rng(1), trait, 50_000)
    assert in_tail.mean() == pytest.approx(0.1, abs=0.005)
    assert rates[~in_tail].mean() == pytest.approx(0.02, rel=0.02)
    assert rates[in_tail].min() >= 0.1
    assert rates[in_tail].max() <= 0.4


def test_a_tail_that_begins_at_zero_is_refused():
    with pytest.raises(ValueError, match="begin above 0"):
        trait_rates(np.random.default_rng(1), Trait(mean=0.1, tail=0.1, tail_range=(0.0, 0.4)), 5)


def test_thinning_clips_shares():
    assert (thin(np.random.default_rng(1), np.array([5, 5]), np.array([1.7, -0.2])) == [5, 0]).all()


@given(
    final=st.lists(st.integers(0, 50), min_size=1, max_size=5),
    shares=st.lists(st.floats(0, 1), min_size=1, max_size=4).map(sorted),
)
def test_what_is_known_never_falls_and_ends_whole(final, shares):
    known = cumulative_reveal(np.random.default_rng(0), np.array(final), (*shares, 1.0))
    assert len(known) == len(shares) + 1
    assert (np.diff(np.array(known), axis=0) >= 0).all()
    assert (known[-1] == final).all()
