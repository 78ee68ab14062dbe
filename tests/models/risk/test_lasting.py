"""Mild evidence counts where one leg has it on most of the last days, today among them."""

import numpy as np
import pytest
from pydantic import ValidationError

from models.risk.lasting import lasting_leg
from models.risk.settings import LastingSettings

SETTINGS = LastingSettings(p_value=0.01, days=3, of=4)
EVEN = np.ones(2)


def days(*first_leg, second=0.5):
    """One merchant's p-values (days, 2 legs, 1)."""
    return np.array([[[one], [second]] for one in first_leg], dtype=float)


@pytest.mark.parametrize(
    ("p_values", "leg"),
    [
        ((0.5, 0.009, 0.009, 0.009), 0),
        ((0.009, 0.5, 0.009, 0.009), 0),
        ((0.009, 0.009, 0.009, 0.5), -1),  # today is calm
        ((0.009, 0.5, 0.5, 0.009), -1),
        ((0.5, 0.011, 0.009, 0.009), -1),
        ((np.nan, 0.009, 0.009, 0.009), 0),
        ((np.nan, np.nan, 0.009, 0.009), -1),
        ((0.009, 0.009, 0.009, 0.5, 0.5, 0.009), -1),  # older days are no part of it
    ],
)
def test_on_most_of_the_last_days(p_values, leg):
    assert lasting_leg(days(*p_values), EVEN, SETTINGS).tolist() == [leg]


def test_days_of_several_legs_are_not_added_up():
    mixed = days(0.009, 0.5, 0.009, 0.5)
    mixed[1::2, 1] = 0.009
    assert lasting_leg(mixed, EVEN, SETTINGS).tolist() == [-1]


def test_of_two_legs_that_last_the_worse_one_counts():
    assert lasting_leg(days(0.009, 0.009, 0.009, 0.009, second=0.001), EVEN, SETTINGS).tolist() == [1]


def test_verdicts_move_what_a_leg_may_have():
    lasts = days(0.009, 0.009, 0.009, 0.009, second=np.nan)
    assert lasting_leg(lasts, np.array([0.5, 1.0]), SETTINGS).tolist() == [-1]  # people said that it was often wrong
    assert lasting_leg(lasts * 0, np.array([0.0, 1.0]), SETTINGS).tolist() == [-1]


def test_chance_rarely_stays():
    """Noise whose days share six sevenths, as sums over a week do: far fewer last than are out on a day."""
    noise = np.random.default_rng(7).standard_normal((40_000, 60))
    weeks = np.stack([noise[:, day : day + 7].sum(axis=1) / np.sqrt(7) for day in range(54)])
    ranks = weeks.argsort(axis=1).argsort(axis=1)
    p_value = 1 - (ranks + 0.5) / weeks.shape[1]
    settings = LastingSettings(p_value=0.025)
    lasting = lasting_leg(p_value[-settings.of :, None, :], np.ones(1), settings) >= 0
    on_a_day = np.mean(p_value[-1] < settings.p_value)
    assert on_a_day == pytest.approx(settings.p_value, rel=0.1)
    assert 0 < lasting.mean() < on_a_day / 20


def test_more_days_than_there_are_is_refused():
    with pytest.raises(ValidationError, match="11 of 10 days can never be met"):
        LastingSettings(days=11, of=10)
