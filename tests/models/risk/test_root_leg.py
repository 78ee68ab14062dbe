import numpy as np
import pytest

from models.risk.root_leg import root_legs, steps_upstream
from models.risk.settings import RootSettings

LEGS = ("stock_prep", "sales", "fulfilment", "experience")
CHAIN = {"stock_prep": ("sales",), "sales": ("fulfilment",), "fulfilment": ("experience",)}
STEPS = steps_upstream(LEGS, CHAIN)
SETTINGS = RootSettings(chain={}, p_value=0.02, tolerance_days=1, red_days_at_most=28)
CALM = (0.5, -1, -1)


def root_of(leg, **evidence):
    """Root of one merchant's leg; evidence is (p, days ago it moved, days red) by leg."""
    rows = [evidence.get(name, CALM) for name in LEGS]
    p, changed, red = (np.array([[row[part] for row in rows]]) for part in range(3))
    found = root_legs(p.astype(float), changed, red, STEPS, SETTINGS)
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
