import itertools

import numpy as np
import pytest

from models.simulation.after_sale import COLUMNS, after_sale_cohort, cases_of_day
from models.simulation.draws import Streams

AGES = (0, 7, 14, 30, 60)


def cohort(made, late=0.0, factor=1.0):
    platform = made.simulation.platform
    size = platform.world.size
    return after_sale_cohort(
        platform.parameters, platform.world, np.full(size, 2000), np.full(size, late), factor, AGES, 9, Streams(3)
    )


def test_versions_grow_and_keep_their_bounds(made):
    versions = cohort(made)
    for version in versions.values():
        assert set(version) == set(COLUMNS)
        assert (version["refunds_by_seller_fault"] <= version["refunds"]).all()
        assert (version["defective_orders"] <= version["orders"]).all()
    for younger, older in itertools.pairwise(AGES):
        for name in COLUMNS:
            assert (versions[younger][name] <= versions[older][name]).all()
    assert versions[0]["refunds"].sum() < 0.15 * versions[60]["refunds"].sum()


def test_late_parcels_and_feasts_bring_more_back(made):
    def rate(cohort_versions, name):
        return cohort_versions[60][name].sum() / cohort_versions[60]["orders"].sum()

    assert (
        rate(cohort(made, late=0.5), "refunds_by_seller_fault") > rate(cohort(made), "refunds_by_seller_fault") + 0.02
    )
    assert rate(cohort(made, factor=1.5), "refunds") > 1.3 * rate(cohort(made), "refunds")


def test_healthy_rates_are_those_of_the_parameters(made):
    healthy = ~made.simulation.platform.world.traits.in_tail["seller_refund"]
    last = cohort(made)[60]
    rate = last["refunds_by_seller_fault"][healthy].sum() / last["orders"][healthy].sum()
    assert rate == pytest.approx(made.simulation.platform.parameters.after_sale.seller_refund.mean, rel=0.15)


def test_hours_and_their_squares_belong_together(made):
    shape = made.simulation.platform.parameters.after_sale
    orders = np.full(400, 300.0)
    cases = cases_of_day(shape, orders, np.full(400, 0.05), np.zeros(400), 3, Streams(1))
    count, total, squares = (
        cases[name] for name in ("refunds_closed", "refund_hours_sum", "refund_hours_sum_of_squares")
    )
    assert total.sum() / count.sum() == pytest.approx(shape.refund_hours, rel=0.05)
    assert (
        squares * count >= total**2 - 0.2 * count * total - 1
    ).all()  # a mean of squares is no less than a squared mean
    assert (cases["cases_closed_unresolved"] <= cases["cases_closed"]).all()


def test_no_refunds_no_hours(made):
    shape = made.simulation.platform.parameters.after_sale
    cases = cases_of_day(shape, np.zeros(5), np.full(5, 0.1), np.zeros(5), 3, Streams(1))
    assert not cases["refund_hours_sum"].any()
    assert not cases["refund_hours_sum_of_squares"].any()
