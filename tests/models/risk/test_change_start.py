import numpy as np
import pytest

from models.risk.change_start import change_start

NAN = np.nan


@pytest.mark.parametrize(
    ("z", "wanted"),
    [
        ([0, 0, 0, 3, 3, 3], 2),
        ([0, 0, 0, 0, 0, 4], 0),
        ([3, 3, 3, 0, 0, 0], 5),  # 9 / sqrt(6): what was bad and stopped still stands out as a whole
        ([0, 0, 0, 0, 0, 0], -1),
        ([0, 0, 3, NAN, 3, 3], 3),
        ([0, 0, 0, 3, 3, NAN], 2),
        ([-3, -3, -3, -3, -3, -3], -1),
        ([NAN] * 6, -1),
    ],
)
def test_since_when(z, wanted):
    assert change_start(np.array([z], dtype=float), days=28, clip=4, least=2).tolist() == [wanted]


def test_a_drift_in_noise_is_dated_within_two_days_most_of_the_time():
    generator = np.random.default_rng(5)
    z = generator.normal(size=(2000, 56))
    z[:, -10:] += 2
    found = change_start(z, days=28, clip=4, least=2)
    assert np.mean(np.abs(found - 9) <= 2) > 0.8


def test_no_further_back_than_asked():
    assert change_start(np.full((1, 56), 2.0), days=28, clip=4, least=2).tolist() == [27]
