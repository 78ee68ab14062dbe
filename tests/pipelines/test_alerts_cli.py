"""On-call's commands: what they print, and their exit status."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from pipelines.alerts_cli import app
from pipelines.defs.alerting.rows import Changes, new_row, write
from pipelines.feedback import alerts_now
from reports.messages.facts import MessageFacts

RUNNER = CliRunner()


@pytest.fixture
def call(routed, monkeypatch):
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(routed.workspace.home))

    def run(*words):
        return RUNNER.invoke(app, list(words))

    return run


@pytest.fixture
def alert(routed):
    return alerts_now(routed.workspace).rows["alert_id"].iloc[0]


def test_list_for_people_and_for_scripts(call, alert):
    shown = call("list")
    assert shown.exit_code == 0
    assert "1 alerts on 2026-10-01" in shown.output
    listed = json.loads(call("list", "--json").output)
    assert (listed["as_of"], listed["alerts"][0]["alert_id"]) == ("2026-10-01", alert)
    assert listed["alerts"][0]["opened_on"] == "2026-10-01"


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--merchant", "m1"], 1),
        (["--merchant", "m2"], 0),
        (["--leg", "fulfilment"], 1),
        (["--severity", "critical"], 0),
        (["--status", "open"], 1),
        (["--status", "resolved"], 0),
    ],
)
def test_list_filters(call, words, count):
    assert len(json.loads(call("list", "--json", *words).output)["alerts"]) == count


def test_show_tells_the_whole_chain(call, alert):
    chapters = json.loads(call("show", alert, "--json").output)
    assert chapters["alert"][0]["key"] == "fulfilment/dispatch/m1"
    assert chapters["signals"][0]["probability_over_limit"] == 0.99
    assert chapters["days"][0]["event"] == "opened"
    assert chapters["messages"][0]["status"] == "pending"
    text = call("show", alert)
    assert text.exit_code == 0
    assert "probability_over_limit 0.99" in text.output


def test_ack_snooze_resolve_label(call, alert):
    assert "acked" in call("ack", alert, "--by", "Li").output
    assert "snoozed" in call("snooze", alert.lower(), "--until", "2026-10-09").output
    assert "resolved" in call("resolve", alert).output
    assert call("label", alert, "--verdict", "true", "--comment", "was real").exit_code == 0
    said = json.loads(call("show", alert, "--json").output)["feedback"]
    assert [entry["action"] for entry in said] == ["ack", "snooze", "resolve", "label"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["show", "NOPE"], 1),
        (["ack", "NOPE"], 1),
        (["snooze", "ALERT", "--until", "2020-01-01"], 1),
        (["snooze", "ALERT"], 2),
        (["label", "ALERT", "--verdict", "perhaps"], 2),
        (["label", "ALERT"], 2),
        (["list", "--status", "loud"], 2),
        (["shout"], 2),
        (["ack"], 2),
    ],
)
def test_exit_status(call, alert, words, status):
    result = call(*(alert if word == "ALERT" else word for word in words))
    assert result.exit_code == status, result.output


def test_a_workspace_without_a_day_says_what_to_do(call, monkeypatch, tmp_path):
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(tmp_path / "empty"))
    assert call("list").exit_code == 1


def test_hostile_names_cannot_steer_the_terminal(platform, monkeypatch):
    from pipelines.defs.alerting.step import alerts

    hostile = "\x1b]0;owned\x07\x1b[31m[bold]m\u202e1"
    platform.merchants(hostile)
    platform.signals(platform.day(0).as_of, red=[hostile])
    alerts(platform.day(0))
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(platform.workspace.home))
    for words in (["list"], ["list", "--json"], ["show", alerts_now(platform.workspace).rows["alert_id"].iloc[0]]):
        result = RUNNER.invoke(app, words)
        assert result.exit_code == 0, result.output
        assert "\x1b" not in result.output
        assert "\u202e" not in result.output
        assert "\x07" not in result.output


def test_an_incident_is_taken_on_with_the_same_command(call, routed):
    facts = MessageFacts(
        kind="incident", event="trigger", as_of=routed.day(0).as_of, platform="P", currency="CNY", severity="critical",
        subjects=(),
    )  # fmt: skip
    name = "inc-0123456789ab"
    row = new_row(
        facts, routed.day(0).as_of, "hook", f"k:{name}", f"k:{name}:hook", datetime.now(UTC), incident_id=name
    )
    write(routed.workspace, Changes([row]))
    taken = call("ack", name.upper(), "--by", "Li")
    assert (taken.exit_code, taken.output.strip()) == (0, f"{name}: ack; nobody is told of it again")
    refused = call("resolve", name)
    assert refused.exit_code == 1
    assert call("ack", "inc-unheard-of").exit_code == 1
