import numpy as np
import pytest

from models.metrics.ratio import block_bootstrap, block_deviation, block_length, quotient, ratio_posterior


def test_closed_form_agrees_with_resampling():
    generator = np.random.default_rng(4)
    visitors = generator.integers(80, 120, (5, 30)).astype(float)
    level = np.cumsum(generator.normal(0, 0.004, (5, 30)), axis=1) + 0.05  # correlated days
    orders = np.round(visitors * level)
    block = block_length(30)
    closed = block_deviation(orders, visitors, block)
    drawn = block_bootstrap(orders, visitors, block, 4000, seed=7)
    assert closed == pytest.approx(drawn.std(axis=0), rel=0.15)
    assert drawn.mean(axis=0) == pytest.approx(quotient(orders, visitors), rel=0.02)


def test_correlated_days_give_a_wider_interval_than_single_days():
    waves = np.tile(np.r_[np.full(5, 2.0), np.full(5, 8.0)], 3)[None, :]
    total = np.full((1, 30), 100.0)
    assert block_deviation(waves, total, 5)[0] > 1.3 * block_deviation(waves, total, 1)[0]


def test_quotient_by_hand_and_scale():
    sold, stock = np.array([[2.0, 4.0, np.nan]]), np.array([[10.0, 10.0, np.nan]])
    assert quotient(sold, stock)[0] == pytest.approx(0.3)
    assert ratio_posterior(sold, stock, 90).mean[0] == pytest.approx(27)


def test_no_denominator_is_not_known():
    assert np.isnan(quotient(np.array([[1.0]]), np.array([[0.0]]))[0])
    assert np.isnan(quotient(np.full((1, 3), np.nan), np.full((1, 3), np.nan))[0])


def test_same_seed_same_draws():
    above, below = np.ones((2, 9)), np.full((2, 9), 4.0)
    assert (block_bootstrap(above, below, 3, 10, 1) == block_bootstrap(above, below, 3, 10, 1)).all()
