import numpy as np

from models.risk.outlook.outcomes import Dormancy, RatingFall, VolumeCollapse, outcomes_of_merchants
from models.risk.outlook.settings import OutlookSettings
from tests.models.risk.outlook.conftest import history_of

SETTINGS = OutlookSettings()
AT, DAYS = 69, 100


def platform(**rows):
    """Five steady shops of 30 a day over 100 days, and those named."""
    units = np.full((5 + len(rows), DAYS), 30.0)
    for place, row in enumerate(rows.values()):
        units[5 + place] = row
    return history_of(units)


def after(value, before=30.0):
    return np.r_[np.full(AT + 1, before), np.full(DAYS - AT - 1, value)]


def judged(outcome, history, at=AT, horizon=14):
    standing = outcome.standing(history, at, outcome.middle(history, at))
    return standing, outcome.happened(history, at, horizon, standing.eligible)


def test_a_collapse_is_less_than_half_of_the_trailing_mean():
    _, happened = judged(VolumeCollapse(SETTINGS), platform(fallen=after(14.0), weak=after(16.0)))
    assert happened.tolist() == [0, 0, 0, 0, 0, 1, 0]


def test_a_day_without_a_row_counts_as_0():
    row = after(30.0)
    row[AT + 1 : AT + 9] = np.nan
    _, happened = judged(VolumeCollapse(SETTINGS), platform(closed=row))
    assert happened[-1] == 1


def test_what_all_lose_is_nobodys_collapse():
    history = platform(worse=after(30.0))
    history.units[:, AT + 1 :] *= 0.4
    history.units[-1, AT + 1 :] *= 0.4
    _, happened = judged(VolumeCollapse(SETTINGS), history)
    assert happened.tolist() == [0, 0, 0, 0, 0, 1]


def test_the_young_and_the_small_are_not_judged_and_told_why():
    young = np.r_[np.zeros(20), np.full(80, 30.0)]
    old_enough = np.r_[np.zeros(AT - 56), np.full(DAYS - AT + 56, 30.0)]
    standing, happened = judged(VolumeCollapse(SETTINGS), platform(young=young, old=old_enough, small=after(19, 19)))
    assert standing.eligible.tolist() == [True] * 5 + [False, True, False]
    assert standing.note.tolist() == [""] * 5 + ["too_new", "", "too_small"]
    assert np.isnan(happened[[5, 7]]).all()


def test_healthy_is_a_steady_week_and_a_sale_on_the_day():
    sick, silent = after(30.0), after(30.0)
    sick[AT - 6 : AT + 1] = 20
    silent[AT] = 0
    standing, _ = judged(VolumeCollapse(SETTINGS), platform(sick=sick, silent=silent))
    assert standing.healthy.tolist() == [True] * 5 + [False, False]
    assert standing.eligible.all()


def test_dormancy_is_no_sale_at_all_of_somebody_who_still_sells():
    gone, trickle, silent = after(0.0, 1.0), after(0.0, 1.0), after(0.0, 1.0)
    trickle[AT + 14] = 1
    silent[AT - 27 : AT + 1] = 0
    standing, happened = judged(Dormancy(SETTINGS), platform(gone=gone, trickle=trickle, silent=silent))
    assert happened[5:7].tolist() == [1, 0]
    assert standing.note[7] == "no_sales"
    assert np.isnan(happened[7])


def test_dormancy_still_healthy_is_a_sale_within_the_week():
    slow = after(0.0, 1.0)
    slow[AT - 6 : AT + 1] = 0
    standing, _ = judged(Dormancy(SETTINGS), platform(slow=slow))
    assert standing.eligible[5]
    assert not standing.healthy[5]


def test_a_rating_falls_by_three_tenths_of_a_star():
    count = np.full((4, DAYS), 1.0)
    count[2, AT + 1 :] = 0  # nobody writes any more
    count[3, : AT + 1] = 0  # nobody wrote before
    stars = np.full((4, DAYS), 4.8)
    stars[1, AT + 1 :] = 4.4
    history = history_of(np.full((4, DAYS), 30.0), reviews_count=count, reviews_rating_sum=count * stars)
    standing, happened = judged(RatingFall(SETTINGS), history)
    np.testing.assert_array_equal(happened, [0, 1, np.nan, np.nan])
    assert standing.note.tolist() == ["", "", "", "few_reviews"]
    assert standing.healthy.tolist() == [True, True, True, False]


def test_outcomes_have_names_of_their_own():
    assert [one.name for one in outcomes_of_merchants(SETTINGS)] == ["volume_collapse", "dormancy", "rating_fall"]
