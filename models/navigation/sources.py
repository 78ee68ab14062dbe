"""What a situation of the playbook may look at: five tables of facts and their columns.

The idea: a condition that names a column which no fact has is refused when the playbook is loaded, not found empty on
some morning. Facts about the merchant itself can be used with every table.
"""

from __future__ import annotations

from typing import Literal

Source = Literal["merchants", "signals", "products", "feeds", "staffing"]

LEGS = ("stock_prep", "sales", "fulfilment", "service", "after_sale", "experience", "replenishment")

# One row per merchant; also joined to the rows of every other table.
MERCHANT_COLUMNS = frozenset(
    {
        "growth_stage", "size_class", "age_days", "gmv_14", "gmv_day", "units_day", "orders_day", "order_value",
        "gmv_7", "gmv_7_expected", "units_7", "units_7_expected", "units_7_high", "visitors_7", "visitors_7_expected",
        "surge", "surge_share", "above_band",
        "stock_out_money", "event_gap_money", "surplus_value",
        "event_name", "event_on", "event_starts_on", "event_ends_on", "event_in_days",
        "event_units", "event_gmv", "event_lift",
        "past_event_name", "past_event_ends_on", "past_event_days",
        "legs_red", "legs_amber", "legs_star", "legs_known", *(f"light_{leg}" for leg in LEGS),
    }
)  # fmt: skip

COLUMNS: dict[str, frozenset[str]] = {
    "merchants": frozenset(),
    # A row per merchant, metric and window.
    "signals": frozenset(
        {
            "metric", "metric_name", "window_days", "leg", "kind", "numerator", "denominator", "observed", "expected",
            "low", "high", "limit_amber", "limit_red", "limit", "probability_over_limit", "p_value", "peer_p25",
            "peer_p50", "peer_p75", "peer_best", "peer_percentile", "days_to_breach", "breach_on", "light", "leg_light",
            "since",
            "more_bad_until_red", "good_until_green", "change", "unit", "decimals", "decides_leg",
        }
    ),
    # A row per merchant and product.
    "products": frozenset(
        {
            "sku_id", "sku_name", "on_hand", "inbound", "inventory_position", "days_of_cover", "p_stock_out_14",
            "stock_out_on", "safety_stock", "reorder_point", "order_up_to", "order_qty", "order_by", "order_in_days",
            "excess_units", "excess_value", "class", "variability", "forecast_daily", "forecast_28", "lead_time_days",
            "unit_price", "stock_value", "listed_days", "days_since_sale", "dead_stock", "event_stock", "event_demand",
            "event_shortage", "event_order_qty", "event_gap", "at_reorder_point", "inbound_late_days",
            "inbound_late_units",
            "next_receipt_on",
            "lands_after_stock_out", "p_stock_out_before_receipt", "expected_lost_units", "money_at_risk", "free_stock",
            "hours_out",
        }
    ),
    # A row per merchant and feed that is not fresh.
    "feeds": frozenset(
        {"feed", "leg", "status", "connected", "merchant_connected", "last_on", "since", "days_silent"}
    ),
    # A row per merchant: the hour of the next two weeks that lacks most people, and what is lacking in all.
    "staffing": frozenset(
        {"date", "hour", "agents_needed", "agents_rostered", "gap", "gap_share", "hours_short", "sessions_short",
         "sessions", "agents_with_bot"}
    ),
}  # fmt: skip

# What tells two rows of one merchant apart; prompts about the same thing are one prompt.
SUBJECT: dict[str, str | None] = {
    "merchants": None, "signals": "metric", "products": "sku_id", "feeds": "feed", "staffing": None,
}  # fmt: skip


def columns_of(source: str) -> frozenset[str]:
    """Columns that a situation over this table may name."""
    return COLUMNS[source] | MERCHANT_COLUMNS
