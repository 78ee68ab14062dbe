import json
from datetime import date

import pytest

from pipelines.cli import main
from pipelines.simulate import simulate
from pipelines.workspace import Workspace


@pytest.fixture
def call(tmp_path, capfd, monkeypatch):
    """A function that runs `merchant-gps --home TMP realism ...` and returns status, output and error text."""
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("MERCHANT_GPS_HOME", "")

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(tmp_path), "realism", *map(str, arguments)])
        said = capfd.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


def test_figures_for_people_and_for_scripts(call, tmp_path):
    simulate(Workspace.at(tmp_path), 5, 30, date(2026, 3, 30), 1)
    status, output, error = call("--json")
    assert status == 0, error
    assert json.loads(output)["apart"] == {}
    status, output, error = call()
    assert status == 0
    assert "days without an order" in output + error


def test_an_empty_workspace_says_what_to_do(call):
    status, _, error = call()
    assert status == 1
    assert "merchant-gps simulate, or import" in error
