"""Weekly origins that history allows, and what an origin may have seen."""

from __future__ import annotations

import pytest

from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import rolling_origins

POLICY = ForecastPolicy()


def test_origins_are_weekly_and_refits_monthly() -> None:
    origins = rolling_origins(400, POLICY)
    assert origins.known == tuple(400 - 7 * week for week in range(1, 17))
    assert origins.refits == (400, 372, 344, 316, 288)


def test_a_refit_has_seen_nothing_beyond_its_origin() -> None:
    origins = rolling_origins(400, POLICY)
    for known in origins.known:
        assert known - POLICY.calibration.refit_days < origins.refit_for(known) <= known


@pytest.mark.parametrize("history", [1, 13, 20])
def test_a_short_history_has_no_origins(history: int) -> None:
    origins = rolling_origins(history, POLICY)
    assert origins.known == ()
    assert origins.refits == (history,)


def test_an_error_is_usable_once_its_last_day_is_known() -> None:
    origins = rolling_origins(100, POLICY)
    usable = origins.usable(100, POLICY)  # horizon groups 1, 3, 7, 14, 28 and the sums of 7, 14, 28
    assert usable[0].tolist() == [True, True, True, False, False, True, False, False]
    assert usable[3].all()
    assert not origins.usable(origins.known[-1], POLICY).any()


def test_every_origin_is_served_by_one_refit() -> None:
    origins = rolling_origins(400, POLICY)
    served = [known for refit in origins.refits for known in origins.served_by(refit)]
    assert tuple(served) == origins.known
    assert origins.served_by(400) == ()


def test_two_years_have_origins_of_last_years_season_as_well() -> None:
    origins = rolling_origins(900, POLICY)
    assert origins.last_year == (550, 543, 536, 529, 522)  # 50 to 54 weeks back
    assert origins.known == (*origins.recent, *origins.last_year)
    assert origins.refits == (900, 872, 844, 816, 788, 536, 508)  # none in the months that nobody asks about
    assert origins.age(900)[-5:].tolist() == [14, 7, 0, 7, 14]
    assert origins.age(900)[0] == 7


def test_a_year_is_not_enough_for_last_years_season() -> None:
    assert rolling_origins(400, POLICY).last_year == ()  # 22 to 50 days before those weeks teach too little
    assert rolling_origins(425, POLICY).last_year == (75, 68, 61)
