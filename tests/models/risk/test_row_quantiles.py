"""Quantiles of ragged rows, beside NumPy's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.risk.row_quantiles import row_quantiles


def test_worked_by_hand():
    values = np.array([[3.0, 1.0, np.nan, 2.0], [np.nan, 7.0, np.nan, np.nan], [np.nan] * 4])
    np.testing.assert_allclose(row_quantiles(values, 0.25), [1.5, 7.0, np.nan])


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 9),
    st.integers(1, 30),
    st.floats(0, 1),
    st.sampled_from([0.0, 0.3, 0.95]),
)
def test_as_numpy_says(seed, rows, columns, share, missing):
    draws = np.random.default_rng(seed)
    values = np.where(draws.random((rows, columns)) < missing, np.nan, draws.normal(size=(rows, columns)))
    some = ~np.isnan(values).all(axis=1)
    found = row_quantiles(values, share)
    assert np.isnan(found[~some]).all()
    if some.any():
        np.testing.assert_allclose(found[some], np.nanquantile(values[some], share, axis=1), atol=1e-12)


@pytest.mark.parametrize("shape", [(0, 4), (3, 0)])
def test_nothing_to_read(shape):
    assert row_quantiles(np.empty(shape), 0.5).shape == (shape[0],)
