import numpy as np

from models.risk.detectors.two_of_three import scores

NAN = np.nan


def test_height_that_today_and_one_of_two_days_reach():
    z = np.array([[3.0, 0.0, 2.0, 5.0, 1.0]])
    # day 2: today 2, best before 3 -> 2; day 3: today 5, best before 2 -> 2; day 4: today 1
    assert scores(z)[0, 2:].tolist() == [2.0, 2.0, 1.0]


def test_a_single_bad_day_does_not_count():
    assert scores(np.array([[0.0, 0.0, 9.0]]))[0, -1] == 0


def test_days_that_are_not_known():
    z = np.array([[1.0, NAN, 2.0, NAN, NAN, 3.0]])
    found = scores(z)[0]
    assert found[2] == 1
    assert np.isnan(found[[0, 1, 3, 4, 5]]).all()
