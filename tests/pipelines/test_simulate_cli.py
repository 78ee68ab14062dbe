import json

import pytest

from pipelines.cli import main
from pipelines.init import make_workspace


@pytest.fixture
def call(tmp_path, capfd, monkeypatch):
    """A function that runs `merchant-gps --home TMP simulate ...` and returns status and what was said."""
    monkeypatch.setenv("COLUMNS", "250")  # a wide terminal: messages are not broken inside a path
    for name in ("MERCHANT_GPS_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # so that what the command sets is undone
    make_workspace(tmp_path, "neutral")

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(tmp_path), "simulate", *map(str, arguments)])
        said = capfd.readouterr()
        return ended.value.code or 0, said.out + said.err

    return run


def test_names_choose_scenarios_noise_and_platform(call, tmp_path):
    small = ("--merchants", 4, "--days", 30)
    status, said = call(*small, "--scenarios", "none", "--noise", "heavy_tailed", "--parameters", "small_sellers")
    assert status == 0, said
    assert "4 merchants, 30 days" in said
    assert json.loads((tmp_path / "truth" / "simulation.json").read_text())["noise"] == "heavy_tailed"


def test_what_is_not_known_is_said(call):
    status, said = call("--noise", "pink")
    assert status == 1
    assert "no noise is called 'pink'" in said
    status, said = call("--scenarios", "apocalypse")
    assert status == 1
    assert "known names: all, held_out, none" in " ".join(said.split())
