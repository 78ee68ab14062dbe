"""The comparison from the shell: nothing forecast, a day that was not, figures as JSON."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from pipelines import check_prophet
from pipelines.cli import main
from pipelines.workspace import Workspace


def test_nothing_forecast_and_unknown_days_are_named(tmp_path, monkeypatch):
    workspace = Workspace.at(tmp_path)
    with pytest.raises(FileNotFoundError, match="merchant-gps run"):
        check_prophet.check_prophet(workspace, None)
    monkeypatch.setattr(check_prophet, "days_forecast", lambda _: [date(2026, 1, 1), date(2026, 1, 3)])
    with pytest.raises(FileNotFoundError, match="2026-01-02 has not been forecast; .* 2026-01-01 to 2026-01-03"):
        check_prophet.check_prophet(workspace, date(2026, 1, 2))
    monkeypatch.setattr(check_prophet, "compare", lambda day: day.as_of)
    assert check_prophet.check_prophet(workspace, None) == date(2026, 1, 3)


def test_the_command_ends_with_one_where_they_disagree(tmp_path, monkeypatch, capfd):
    told = ["series: 4", "too far apart"]
    asked = SimpleNamespace(figures=lambda: {"series": 4}, told=lambda: told, complaints=["x"])
    monkeypatch.setattr(check_prophet, "check_prophet", lambda workspace, day: asked)
    for name in ("MERCHANT_GPS_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")
    from pipelines.init import make_workspace

    make_workspace(tmp_path / "shop", "neutral")

    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(tmp_path / "shop"), "check", *arguments])
        return ended.value.code, capfd.readouterr().out

    assert call("prophet") == (1, "series: 4\ntoo far apart\n")
    status, out = call("prophet", "--json")
    assert (status, json.loads(out)) == (1, {"series": 4})
    asked.complaints = []
    assert call("prophet")[0] in (0, None)
    assert call("weather")[0] == 2
