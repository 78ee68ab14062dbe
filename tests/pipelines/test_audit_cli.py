"""What was missed and how often alerts were right, from the shell."""

import json

import pytest
from typer.testing import CliRunner

from pipelines.alerts_cli import app
from pipelines.feedback import alerts_now

RUNNER = CliRunner()


@pytest.fixture
def call(routed, monkeypatch):
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(routed.workspace.home))
    row = {"merchant_id": "m2\x1b[31m", "stratum": "small", "leg": "sales", "p_value": 0.03}
    routed.put(
        "audit_sample", routed.day(0).as_of, {**row, "audit_id": "AUDIT-A"},
        {**row, "audit_id": "AUDIT-B", "stratum": None, "leg": None, "p_value": None},
    )  # fmt: skip

    def run(*words):
        result = RUNNER.invoke(app, list(words))
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_the_sample_waits_for_verdicts_and_its_misses_are_counted(call):
    shown = call("audit")
    assert "2 audits in the 28 days to 2026-10-01" in shown
    assert shown.count("not looked at yet") == 2
    assert "missed, by size: no verdict yet" in shown
    assert "\x1b" not in shown
    assert "AUDIT-A: label noted" in call("label", "audit-a", "--verdict", "true")
    call("label", "AUDIT-B", "--verdict", "false")
    told = json.loads(call("audit", "--json"))
    assert {row["audit_id"]: row["verdict"] for row in told["sample"]} == {"AUDIT-A": "true", "AUDIT-B": "false"}
    assert [(row["stratum"], row["real"], row["labelled"]) for row in told["missed_by_size"]] == [
        ("small", 1, 1), ("unknown", 0, 1), ("all", 1, 2),
    ]  # fmt: skip
    assert "small          1 of 1 in trouble: 100% (21% to 100%)" in call("audit")


def test_precision_by_leg_and_door_and_the_share_that_follows(call, routed):
    assert "right, by leg: no verdict yet" in call("labels")
    call("label", alerts_now(routed.workspace).rows["alert_id"].iloc[0], "--verdict", "fixed")
    call("label", "AUDIT-A", "--verdict", "true")
    told = json.loads(call("labels", "--json"))
    assert [(row["stratum"], row["real"]) for row in told["right_by_leg"]] == [("fulfilment", 1), ("all", 1)]
    assert [row["stratum"] for row in told["right_by_door"]] == ["limit", "all"]
    control = {row["leg"]: row for row in told["control"]}
    assert control["sales"]["q"] == pytest.approx(0.075)  # an audit found trouble that was missed
    assert control["sales"]["moved_on"] == "2026-10-02"
    assert (control["fulfilment"]["q"], control["fulfilment"]["labels"]) == (0.05, 0)  # a limit is no anomaly
    assert "sales          0.075 since 2026-10-02; no verdict; 1 of 1 audits in trouble" in call("labels")
