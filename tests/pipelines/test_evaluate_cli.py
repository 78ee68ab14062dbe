"""What each option asks for, and that JSON alone goes to standard output; the figures are other files' subject."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from pipelines import evaluate, evaluate_inject, instance, newest_day
from pipelines.cli import main


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the functions that do the work, by their name."""
    calls = {}

    def judged(workspace, *arguments):
        calls["judged"] = arguments
        return "figures"

    def injected(workspace, measure, until, weeks, seed, told):
        told("walking")
        calls["injected"] = (measure, until, weeks, seed)
        return SimpleNamespace(as_dict=lambda: {"found": []})

    monkeypatch.setattr(instance, "prepare_environment", lambda workspace: calls.update(home=workspace.home))
    monkeypatch.setattr(newest_day, "newest_complete_day", lambda workspace: date(2026, 10, 5))
    monkeypatch.setattr(evaluate, "evaluate_all", judged)
    monkeypatch.setattr(evaluate, "as_json", lambda result: json.dumps({"result": result}))
    monkeypatch.setattr(evaluate, "print_evaluation", lambda result, console: console.print(f"table of {result}"))
    monkeypatch.setattr(evaluate_inject, "injected_run", injected)
    monkeypatch.setattr(evaluate_inject, "print_run", lambda run, console: console.print("table of a run"))
    return calls


@pytest.fixture
def call(asked, tmp_path, capfd):
    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(tmp_path), "evaluate", *words])
        return ended.value.code or 0, capfd.readouterr().out.strip()

    return run


def test_unless_told_otherwise_the_default_backtest_is_judged_by_the_truth(call, asked, tmp_path):
    assert call() == (0, "table of figures")
    assert asked == {"home": tmp_path, "judged": ("default", False)}


def test_a_backtest_and_verdicts_are_passed_on_and_json_stands_alone(call, asked):
    status, out = call("--backtest", "b1", "--labels", "--json")
    assert (status, json.loads(out)) == (0, {"result": "figures"})
    assert asked["judged"] == ("b1", True)


def test_trouble_is_put_in_up_to_the_newest_day_unless_one_is_named(call, asked):
    assert call("--inject", "orders") == (0, "table of a run")
    assert asked["injected"] == ("orders", date(2026, 10, 5), 12, 1)
    assert "judged" not in asked
    status, out = call("--inject", "gmv", "--until", "2026-09-30", "--weeks", "3", "--seed", "7", "--json")
    assert (status, json.loads(out)) == (0, {"found": []})
    assert asked["injected"] == ("gmv", date(2026, 9, 30), 3, 7)


@pytest.mark.parametrize(
    "words", [("--weeks", "1"), ("--weeks", "53"), ("--until", "yesterday"), ("--seed", "x"), ("--measure", "orders")]
)
def test_wrong_usage_ends_with_two_before_anything_is_read(call, asked, words):
    assert call("--inject", "orders", *words) == (2, "")
    assert asked == {}


def test_what_cannot_be_judged_ends_with_one_and_its_reason(asked, monkeypatch, tmp_path, capfd):
    def nothing(*_):
        raise evaluate.NothingToEvaluate("run: merchant-gps simulate")

    monkeypatch.setattr(evaluate, "evaluate_all", nothing)
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(tmp_path), "evaluate", "--json"])
    said = capfd.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    assert "run: merchant-gps simulate" in said.err
