"""How the links of the chain answer to trouble: what a surge does to the warehouse, a fault to the stars.

The idea: a scenario pushes one link only; everything that follows from it, and how late, is said here once, so that no
family carries its own consequences.
"""

from __future__ import annotations

from models.simulation.sections import NotNegative, Positive, Section, Share


class Strain(Section):
    """Answers of the links; see `data/policy/simulation.yaml`, section `strain`.

    A capacity `*_slack` is the part above the usual load that a link still bears; of what comes beyond, all is late.
    """

    dispatch_slack: NotNegative = 1.0
    reply_slack: NotNegative = 1.0
    price_elasticity: Positive = 1.8
    price_demand_most: Positive = 6.0
    cancelled_by_underprice: Share = 0.4
    negative_by_fault: Share = 0.25
    seller_refund_by_fault: Share = 0.5
    unhappy_by_fault: Share = 0.8
    refund_by_late_delivery: Share = 0.1
    spike_by_seller: Share = 0.5
    fake_untracked: Share = 0.5
    fake_orders_per_buyer: Positive = 3.0
    fake_reviews_per_order: Share = 0.3
    fake_review_lag_days: NotNegative = 4
    reputation_memory: Share = 0.93
    reputation_conversion: NotNegative = 0.5
    launch_hype: NotNegative = 1.5
    launch_hype_days: Positive = 8.0
