"""The explanation on a terminal."""

from pipelines.explain.page import control_line, message_line, page, signal_line
from pipelines.explain.reading import explain
from pipelines.tables import tables

SIGNAL = dict.fromkeys(tables()["metric_signals"].columns) | {
    "metric": "fulfilment.late_dispatch", "window": "10d", "light": "red", "since": "2026-10-01", "numerator": 12.0,
    "denominator": 200.0, "observed": 0.06, "low": 0.03, "high": 0.1, "expected": 0.02, "limit_amber": 0.03,
    "limit_red": 0.04, "limit_kind": "own", "probability_over_limit": 0.99, "p_value": 2e-4, "detector": "cusum",
    "changed_on": "2026-09-28", "z": 3.4, "incident_scope": "platform:all", "peer_percentile": 0.12,
    "peer_group_size": 40, "breach_probability": 1.0, "more_bad_until_red": 0.0, "good_until_green": 160.0,
}  # fmt: skip


def test_a_metric_with_all_its_figures():
    assert signal_line(SIGNAL) == (
        "fulfilment.late_dispatch 10d: red since 2026-10-01, 12 of 200 = 0.06, interval 0.03 to 0.1, expected 0.02, "
        "own limits 0.03 to 0.04, P(over limit) 0.99, p 0.0002, by cusum, changed on 2026-09-28, z 3.4, "
        "explained by platform:all, better than 12% of 40 peers, P(breach) 1, more bad until red 0, "
        "good until green 160"
    )


def test_what_is_not_known_is_left_out():
    bare = dict.fromkeys(SIGNAL) | {"metric": "sales.x", "window": "7d", "light": "grey"}
    assert signal_line(bare) == "sales.x 7d: grey"


def test_the_control_in_one_line():
    control = {"p_value": 0.0041, "needed": 0.00032, "merchants": 500, "passed": 3, "level": 0.1, "legs": 8,
               "leg": "sales", "weight": 1.0}  # fmt: skip
    assert control_line(control, False) == (
        "control: p 0.0041 (smallest leg sales, 8 legs) > 0.00032 needed among 500 merchants, 3 passed, q 0.1: "
        "not flagged"
    )
    assert control_line({**control, "weight": 1.2}, True).endswith("q 0.1: flagged")
    assert control_line({**control, "p_value": None}, False) == "control: the merchant has no p-value"


def test_messages_say_why_not():
    message = {"event": "trigger", "alert_id": "A", "route": "chat", "status": "suppressed", "error": "over the cap"}
    assert message_line(message) == "not told: trigger of alert A to chat: over the cap"
    assert message_line({**message, "status": "sent", "error": None}) == "message: trigger of alert A to chat: sent"


def test_a_leg_alone_and_the_whole(routed):
    told = explain(routed.workspace, "m1")
    whole, leg, other = ("\n".join(page(told, name)) for name in ("", "fulfilment", "service"))
    assert whole.startswith("m1 Shop m1 on 2026-10-01")
    assert "    limit: probability 0.99 >= 0.975" in whole
    assert "fulfilment.late_dispatch 10d: red" in leg
    assert "fulfilment.late_dispatch 10d: red" not in other


def test_what_may_come_is_told_where_there_is_a_probability(routed):
    outlook = {"merchant_id": "m1", "horizon": 14}
    routed.put("merchant_outlook", routed.day(0).as_of, {**outlook, "outcome": "volume_collapse", "p": 0.12},
               {**outlook, "outcome": "dormancy", "note": "too_new"})  # fmt: skip
    told = explain(routed.workspace, "m1")
    assert [row["note"] for row in told.chapters["outlook"]] == ["too_new", None]
    lines = [line for line in page(told) if line.startswith("outlook")]
    assert lines == ["outlook volume_collapse within 14 days: p 0.12"]
