from datetime import date

import numpy as np

from models.calendar.event import Event
from models.simulation.season import make_season

FIRST = date(2025, 9, 29)  # a Monday


def event(phase, first, last, family="double_11"):
    return Event(f"{family}-{phase}", family, (("en", "x"),), phase, first, last)


def season(made, *events, length=60):
    return make_season(made.simulation.platform.parameters, events, FIRST, length)


def test_peak_wins_over_warm_up_and_unknown_families_do_nothing(made):
    found = season(
        made,
        event("warm_up", date(2025, 11, 1), date(2025, 11, 11)),
        event("peak", date(2025, 11, 10), date(2025, 11, 11)),
        event("peak", date(2025, 10, 5), date(2025, 10, 6), family="nobody_knows"),
    )
    lifts = made.simulation.platform.parameters.demand.events["double_11"]
    at = (date(2025, 11, 10) - FIRST).days
    assert np.exp(found.visitors[at]) == lifts["peak"].visitors
    assert np.exp(found.visitors[at - 1]) == lifts["warm_up"].visitors
    assert found.visitors[6] == 0
    assert found.depth[at] == lifts["peak"].depth


def test_events_beyond_both_ends_are_cut(made):
    found = season(made, event("peak", date(2025, 9, 1), date(2025, 9, 30)), length=5)
    assert (found.visitors > 0).tolist() == [True, True, False, False, False]


def test_weekends_are_marked(made):
    assert season(made, length=7).is_weekend.tolist() == [0, 0, 0, 0, 0, 1, 1]


def test_each_category_is_highest_in_its_month(made):
    parameters = made.simulation.platform.parameters
    year = make_season(parameters, [], date(2025, 1, 1), 365).yearly
    for column, entry in enumerate(parameters.categories.values()):
        month = date.fromordinal(date(2025, 1, 1).toordinal() + int(year[:, column].argmax())).month
        assert month == entry.season[0]
        assert np.exp(year[:, column].max()) - 1 <= entry.season[1] + 1e-9


def test_buyers_see_the_next_feast_from_near_enough(made):
    first, second = date(2025, 11, 11), date(2025, 11, 20)
    found = season(made, event("peak", first, first), event("peak", second, second, "double_12"))
    days = made.simulation.platform.parameters.stock.feast_days
    at = (first - FIRST).days
    assert found.feast_ends[at - days] == days
    assert found.feast_ends[at - days - 1] == 0
    assert found.feast_ends[at - 1] == 1
    assert found.feast_ends[at] == 9  # the next one
    assert found.feast_ends[at + 9] == 0


def test_holidays_without_demand_are_no_feast(made):
    found = season(made, event("peak", date(2025, 10, 10), date(2025, 10, 12), "spring_festival"))
    assert not found.feast_ends.any()
    assert found.holiday[11:14].all()
