import numpy as np
import pytest

from models.risk.root_leg import Rise, root_legs, steps_upstream
from models.risk.settings import RootSettings

LEGS = ("stock_prep", "sales", "fulfilment", "experience")
CHAIN = {"stock_prep": ("sales",), "sales": ("fulfilment",), "fulfilment": ("experience",)}
STEPS = steps_upstream(LEGS, CHAIN)
SETTINGS = RootSettings(chain={}, p_value=0.02, tolerance_days=1, red_days_at_most=28)
CALM = (0.5, -1, -1)


def root_of(leg, rises=(), **evidence):
    """Root of one merchant's leg; evidence is (p, days ago it moved, days red) by leg."""
    rows = [evidence.get(name, CALM) for name in LEGS]
    p, changed, red = (np.array([[row[part] for row in rows]]) for part in range(3))
    found = root_legs(p.astype(float), changed, red, STEPS, SETTINGS, rises)
    return LEGS[found[0, LEGS.index(leg)]]


def test_steps_along_the_chain():
    assert STEPS[LEGS.index("experience")].tolist() == [3, 2, 1, 0]
    assert STEPS[LEGS.index("stock_prep")].tolist() == [0, -1, -1, -1]


def test_the_longest_way_counts_where_there_are_two():
    steps = steps_upstream(LEGS, {**CHAIN, "stock_prep": ("sales", "experience")})
    assert steps[LEGS.index("experience"), LEGS.index("stock_prep")] == 3


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        steps_upstream(LEGS, {**CHAIN, "experience": ("stock_prep",)})


def test_alone_a_leg_is_its_own_root():
    assert root_of("experience", experience=(1e-6, 3, -1)) == "experience"


def test_upstream_that_moved_first_is_the_root():
    assert root_of("experience", experience=(1e-6, 3, -1), fulfilment=(1e-4, 8, -1)) == "fulfilment"


def test_upstream_that_moved_later_is_not():
    assert root_of("experience", experience=(1e-6, 8, -1), fulfilment=(1e-4, 3, -1)) == "experience"


def test_a_day_between_them_is_no_order():
    assert root_of("experience", experience=(1e-6, 4, -1), fulfilment=(1e-4, 3, -1)) == "fulfilment"


def test_weak_evidence_upstream_does_not_count():
    assert root_of("experience", experience=(1e-6, 3, -1), fulfilment=(0.04, 8, -1)) == "experience"


def test_an_empty_shelf_has_no_p_value_but_a_red_light():
    assert root_of("sales", sales=(1e-6, 3, -1), stock_prep=(np.nan, -1, 5)) == "stock_prep"
    assert root_of("sales", sales=(1e-6, 3, -1), stock_prep=(np.nan, -1, 90)) == "sales"  # has long been so


def test_the_furthest_upstream_wins():
    found = root_of("experience", experience=(1e-6, 2, -1), fulfilment=(1e-4, 4, -1), sales=(1e-3, 4, -1))
    assert found == "sales"


def test_a_leg_that_is_red_by_a_limit_only_yields_to_what_moved_upstream():
    assert root_of("experience", fulfilment=(1e-4, 0, -1)) == "fulfilment"


def risen(root, p, days_ago, shows_on=("fulfilment",), may=True):
    legs = [LEGS.index(leg) for leg in shows_on]
    return Rise(LEGS.index(root), legs, np.array([p]), np.array([days_ago]), np.full((1, len(legs)), may))


LATE = {"fulfilment": (1e-4, 3, -1)}


def test_parcels_that_are_late_after_a_run_on_the_shop_began_with_the_run():
    assert root_of("fulfilment", [risen("stock_prep", 0.001, 6)], **LATE) == "stock_prep"


@pytest.mark.parametrize(("p", "days_ago"), [(0.03, 6), (np.nan, 6), (0.001, 1), (0.001, -1)])
def test_a_rise_that_is_weak_unknown_later_or_over_is_no_root(p, days_ago):
    assert root_of("fulfilment", [risen("stock_prep", p, days_ago)], **LATE) == "fulfilment"


def test_a_rise_is_the_root_only_where_its_trouble_shows():
    assert root_of("experience", [risen("stock_prep", 0.001, 6)], experience=(1e-4, 3, -1)) == "experience"


def test_a_rise_is_no_root_of_what_it_never_moves():
    assert root_of("fulfilment", [risen("stock_prep", 0.001, 6, may=False)], **LATE) == "fulfilment"


def test_the_first_rise_wins_over_the_next_and_over_legs_upstream():
    rises = [risen("sales", 0.001, 6), risen("stock_prep", 0.001, 6)]
    assert root_of("fulfilment", rises, stock_prep=(1e-6, 9, -1), **LATE) == "sales"


def test_a_sure_move_is_no_symptom_of_a_rate_that_has_long_been_red_and_did_not_move():
    long_red = (0.6, -1, 10)
    assert root_of("experience", experience=(1e-6, 3, -1), fulfilment=long_red) == "experience"
    assert root_of("experience", experience=(0.05, 3, 3), fulfilment=long_red) == "fulfilment"


def test_an_empty_shelf_explains_no_stars_that_surely_fell_while_sales_and_parcels_did_not_move():
    assert root_of("experience", experience=(1e-6, 3, -1), stock_prep=(np.nan, -1, 5)) == "experience"
    assert root_of("fulfilment", fulfilment=(1e-6, 3, -1), stock_prep=(np.nan, -1, 5)) == "stock_prep"


@pytest.mark.parametrize(("red_days", "root"), [(5, "stock_prep"), (10, "stock_prep"), (11, "sales")])
def test_a_state_explains_a_sure_move_for_a_week(red_days, root):
    assert root_of("sales", sales=(1e-6, 3, -1), stock_prep=(np.nan, -1, red_days)) == root
