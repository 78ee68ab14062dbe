"""`merchant-gps explain` from outside."""

import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from pipelines.explain.command import explain

RUNNER = CliRunner()


@pytest.fixture
def call(routed, monkeypatch):
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(routed.workspace.home))
    app = Typer()
    app.command()(explain)
    return lambda *words: RUNNER.invoke(app, list(words))


def test_for_people_and_for_scripts(call):
    shown = call("m1", "--day", "2026-10-01")
    assert shown.exit_code == 0, shown.output
    assert "opened alert" in shown.output
    told = json.loads(call("m1", "--json").output)
    assert told["as_of"] == "2026-10-01"
    assert {"merchant", "control", "incidents", "alerts", "legs", "signals", "stock", "reasons", "messages"} <= set(
        told
    )
    assert told["reasons"][0]["text"]


@pytest.mark.parametrize(
    ("words", "status"),
    [(["nobody"], 1), (["m1", "--day", "2020-01-01"], 1), (["m1", "--backtest", "none"], 1), (["m1", "--leg", "x"], 2),
     (["m1", "--day", "soon"], 2), ([], 2)],
)  # fmt: skip
def test_exit_status(call, words, status):
    assert call(*words).exit_code == status


def test_hostile_names_cannot_steer_the_terminal(platform, monkeypatch):
    from pipelines.defs.alerting.step import alerts

    hostile = "\x1b]0;owned\x07\x1b[31m[bold]m\u202e1"
    platform.merchants(hostile, merchant_name="\x1b[2Jshop")
    platform.signals(platform.day(0).as_of, red=[hostile])
    alerts(platform.day(0))
    monkeypatch.setenv("MERCHANT_GPS_HOME", str(platform.workspace.home))
    app = Typer()
    app.command()(explain)
    for words in ([hostile], [hostile, "--json"], [hostile + "x"]):
        result = RUNNER.invoke(app, words)
        for character in ("\x1b", "\u202e", "\x07"):
            assert character not in result.output
