from datetime import date

import pytest

from models.metrics.catalogue import LEGS
from pipelines.policy import load_profile, load_risk_settings
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError

NEUTRAL = {
    "stock.days_of_cover", "stock.stockout_now", "stock.in_stock_rate", "stock.promo_gap", "sales.forecast_break",
    "sales.traffic_drop", "sales.conversion_vs_peer", "sales.odd_price", "fulfilment.cancel_rate",
    "fulfilment.late_dispatch", "fulfilment.valid_tracking", "fulfilment.on_time_delivery", "fulfilment.pickup_48h",
    "service.first_reply_24h", "service.reply_3min", "service.bot_resolution", "service.human_share",
    "service.contacts_per_order", "service.staffing_gap",
    "after_sale.order_defect", "after_sale.case_unresolved", "after_sale.seller_refund", "after_sale.refund_hours",
    "after_sale.platform_intervention", "experience.negative_review", "experience.rating", "experience.nps",
    "experience.csat", "replenishment.below_reorder_point", "replenishment.late_inbound", "replenishment.excess_cover",
    "replenishment.sell_through", "replenishment.dead_stock", "data.stale",
}  # fmt: skip


def workspace(tmp_path, **files):
    folder = tmp_path / "policy" / "profiles"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Workspace.at(tmp_path)


def test_the_neutral_profile_is_complete(tmp_path):
    profile = load_profile(Workspace.at(tmp_path))
    assert set(profile.by_id) == NEUTRAL
    for leg in LEGS:
        assert any(metric.core for metric in profile.of_leg(leg)), leg
    late = profile.metric("fulfilment.late_dispatch")
    limit = late.limit_of("own", date(2026, 1, 1))
    assert (late.window_labels, late.min_n, late.min_bad) == (("10d", "30d"), 30, 3)
    assert (limit.amber, limit.red) == (0.03, 0.04)


def test_amazon_states_its_own_limits_and_inherits_the_rest(tmp_path):
    profile = load_profile(Workspace.at(tmp_path), "amazon_us")
    limits = {
        one.id: one.limit_of("platform", date(2026, 1, 1)).red
        for one in profile.metrics
        if one.limit_of("platform", date(2026, 1, 1))
    }
    assert limits == {
        "after_sale.order_defect": 0.01, "fulfilment.cancel_rate": 0.025, "fulfilment.late_dispatch": 0.04,
        "fulfilment.valid_tracking": 0.95, "fulfilment.on_time_delivery": 0.9,
    }  # fmt: skip
    assert profile.metric("fulfilment.cancel_rate").window_labels == ("7d",)
    on_time = profile.metric("fulfilment.on_time_delivery")
    assert on_time.limit_of("platform", date(2024, 9, 24)) is None
    assert on_time.limit_of("own", date(2024, 9, 24)).red == 0.9
    assert set(profile.by_id) == NEUTRAL


def test_a_new_metric_is_a_row_of_yaml(tmp_path):
    row = """
extends: neutral
metrics:
  - id: fulfilment.buyer_cancel
    leg: fulfilment
    kind: rate
    feeds: [fulfilment]
    numerator: fulfilment_cancelled_by_buyer
    denominator: fulfilment_orders
    windows: [14]
    min_n: 30
    unit: percent
    limits: [{kind: peer, min_effect: 0.02, mark: P, source: own}]
    name: {zh-CN: 买家取消率, zh-TW: 買家取消率, en: Cancelled by buyers}
    short: {zh-CN: 买家取消, zh-TW: 買家取消, en: Buyer cancels}
    how: {zh-CN: 买家取消的占比, zh-TW: 買家取消的占比, en: Share cancelled by buyers}
    good: {zh-CN: "{observed}", zh-TW: "{observed}", en: "{observed}"}
    bad: {zh-CN: "{observed}", zh-TW: "{observed}", en: "{observed}"}
"""
    profile = load_profile(workspace(tmp_path, neutral_plus=row), "neutral_plus")
    assert "fulfilment.buyer_cancel" in profile.by_id
    assert "fulfilment_cancelled_by_buyer" in profile.day_columns


def test_a_mistake_names_file_line_and_reason(tmp_path):
    text = "extends: neutral\nmetrics:\n  - id: fulfilment.late_dispatch\n    min_n: 30\n    min_bad: -1\n"
    with pytest.raises(PolicyFileError) as error:
        load_profile(workspace(tmp_path, bad=text), "bad")
    assert error.value.line == 5
    assert error.value.path.name == "bad.yaml"
    assert "fulfilment.late_dispatch.min_bad" in error.value.reason


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("extends: neutral\nmetrics:\n  - id: new.metric\n    kind: rate\n", 3, "numerator|leg|Field required"),
        ("extends: neutral\nmetrics:\n  - leg: sales\n", 3, "needs an id"),
        ("extends: neutral\nmetrics: 7\n", 2, "list of rows"),
        ("extends: neutral\ndrop: [no.such]\n", 2, "not inherited"),
        ("extends: nobody\n", None, "does not exist"),
        ("extends: bad\n", 1, "circle"),
        ("extends: neutral\nmetrics:\n  - {id: data.stale}\n  - {id: data.stale}\n", 4, "twice"),
        ("- 1\n", 1, "mapping"),
        ("extends: neutral\ncolouring: {red_probability: 2}\n", 2, "less than 1"),
    ],
)
def test_bad_profiles_are_refused(tmp_path, text, line, reason):
    with pytest.raises(PolicyFileError, match=reason) as error:
        load_profile(workspace(tmp_path, bad=text), "bad")
    assert error.value.line == line


def test_rows_can_be_dropped_and_sections_changed_in_part(tmp_path):
    text = "extends: neutral\nid: small\ndrop: [data.stale]\npeers: {minimum: 40}\n"
    profile = load_profile(workspace(tmp_path, small=text), "small")
    assert set(profile.by_id) == NEUTRAL - {"data.stale"}
    assert profile.peers.minimum == 40
    assert profile.peers.digits == 2
    assert len(profile.peers.groupings) > 3


def test_risk_settings_are_loaded_and_checked(tmp_path):
    settings = load_risk_settings(Workspace.at(tmp_path))
    assert set(settings.money.recoverable_share) == set(LEGS)
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "risk.yaml").write_text("money:\n  recoverable_share: {sales: 1}\n  p_bad_unknown: {}\n")
    with pytest.raises(PolicyFileError, match="recoverable_share lacks"):
        load_risk_settings(Workspace.at(tmp_path))
