import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.risk.detectors.cusum import scores

NAN = np.nan


def page(z, slack, clip):
    """The recursion as Page wrote it, one merchant."""
    total, out = 0.0, []
    for value in z:
        total = max(0.0, total + min(max(value, -clip), clip) - slack)
        out.append(total)
    return np.array(out)


def test_a_drift_gathers_and_a_calm_day_takes_off():
    z = np.array([[0.0, 2.0, 2.0, 2.0, 0.0]])
    assert scores(z, slack=1, clip=4, days=14).tolist() == [[-1.0, 1.0, 2.0, 3.0, 2.0]]


def test_one_day_counts_at_most_the_clip():
    assert scores(np.array([[0.0, 50.0]]), slack=1, clip=4, days=14)[0, -1] == 3


def test_a_day_without_residual_has_no_score_and_changes_nothing():
    z = np.array([[2.0, NAN, 2.0]])
    out = scores(z, slack=1, clip=4, days=14)
    assert np.isnan(out[0, 1])
    assert out[0, 2] == 2


def test_the_sum_forgets_what_is_older_than_its_days():
    z = np.array([[9.0, 9.0, 1.0, 1.0, 1.0]])
    assert scores(z, slack=1, clip=4, days=14)[0].tolist() == [3, 6, 6, 6, 6]
    assert scores(z, slack=1, clip=4, days=3)[0].tolist() == [3, 6, 6, 3, 0]


@given(arrays.arrays(np.float64, (1, 30), elements=st.floats(-8, 8)), st.floats(0, 2))
def test_with_enough_days_it_is_the_recursion(z, slack):
    wanted = page(z[0], slack, 4)
    found = scores(z, slack, 4, 30)[0]
    assert np.allclose(np.maximum(found, 0), wanted, atol=1e-9)
