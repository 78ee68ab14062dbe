import numpy as np

from models.risk.settling import settled

NAN = np.nan


def test_first_days_of_newcomers_say_nothing():
    scores = np.array([[1.0, 2, 3, 4, 5], [NAN, NAN, 3, 4, 5], [NAN, 2, NAN, NAN, 5], [1, NAN, 3, 4, 5], [NAN] * 5])
    expected = [[1, 2, 3, 4, 5], [NAN, NAN, NAN, NAN, 5], [NAN, NAN, NAN, NAN, 5], [1, NAN, 3, 4, 5], [NAN] * 5]
    np.testing.assert_array_equal(settled(scores, 2), expected)
    np.testing.assert_array_equal(settled(scores, 0), scores)
    assert np.isnan(settled(scores, 9)[1:3]).all()
